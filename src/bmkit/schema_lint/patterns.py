"""Whether a pattern means the same to ECMA-262, which JSON Schema names, to jsonschema-rs and to Python."""

from __future__ import annotations

import re

# What all read alike.  Python's $ also allows a line end behind it, which its engine corrects.  \d, \w,
# \s and \b are not among it: they mean letters, digits and blanks of more or of fewer scripts.
_ESCAPE = r"\\(?:[\^$\\.*+?()\[\]{}|/-]|[tnrfv]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})"
_BRACKET_ITEM = rf"(?:{_ESCAPE}|(?!--|&&|~~|\|\|)[^\[\]\\])"
_QUANTIFIER = r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??(?![*+?{])"
_PORTABLE_PART = re.compile(
    rf"{_ESCAPE}|\[(?!\^\])\^?{_BRACKET_ITEM}+\]|\((?:\?[:=!]|(?!\?))|\)|{_QUANTIFIER}|[^\\\[\](){{}}*+?]"
)
_BRACKET_BEGINNING = re.compile(rf"\[\^?{_BRACKET_ITEM}*")
# The part that is reported where the pattern goes on with none of those.
_UNPORTABLE_PART = re.compile(
    r"\\[pPuk][{<][^}>]*[}>]|\\.?|\(\?P?<?(?:[=!]|\w+>)?|\{[0-9,]*\}?[*+?{]?|[*+?]{2,3}|.?", re.DOTALL
)
_BRACKETS_BY_ESCAPE = {r"\d": "[0-9]", r"\D": "[^0-9]", r"\w": "[A-Za-z0-9_]", r"\W": "[^A-Za-z0-9_]"}


def find_unportable_part(pattern: str) -> str:
    """Return the first part of a pattern that engines read differently, "" if there is none."""
    position = 0
    while position < len(pattern):
        portable = _PORTABLE_PART.match(pattern, position)
        if portable is None:
            bracket = _BRACKET_BEGINNING.match(pattern, position)
            stop = bracket.end() if bracket else position
            unportable = _UNPORTABLE_PART.match(pattern, stop)
            part = unportable[0] if unportable else ""
            return part if part.startswith("\\") else pattern[position:stop] + part
        position = portable.end()
    return ""


def explain_pattern_fault(pattern: str) -> tuple[str, str]:
    """Return what is wrong with a pattern and how to write it; "" and "" if all engines read it alike."""
    part = find_unportable_part(pattern)
    if part:
        return f"the pattern has {part}, which engines read differently", _advise_portable_form(part)
    try:
        re.compile(pattern)
    except re.error as error:
        return f"the pattern cannot be read: {error}", ""
    return "", ""


def _advise_portable_form(part: str) -> str:
    if part in _BRACKETS_BY_ESCAPE:
        return f"write {_BRACKETS_BY_ESCAPE[part]}"
    if not part.startswith("\\"):
        return "write it with characters, brackets, groups and quantifiers alone"
    return "list the characters that are meant in brackets" if part[1:2].isalnum() else "remove the backslash"
