"""Quotes inside a text that were not escaped: they close it too early, and it ends elsewhere."""

from __future__ import annotations

import re

from bmkit.jsontext.errors import TextFault

_REST_OF_LINE = re.compile(r"[^\r\n]*")
# What stands behind a string whose end is its end: a separator, a comment, or what only lacks its comma.
_CHARACTERS_AFTER_STRING = frozenset(",:;|=]}[{/#")
_COMPLETE_STRING = re.compile(r'"[^"\r\n]*"[ \t]*(?:[,:\]}\r\n]|\Z)')
_TEXT_UP_TO_QUOTE = re.compile(r'[ \t]+[^\s\d",:;|=/#{}\[\]\'`-][^",:{}\[\]\r\n]*"')
_VALUE_CLOSE = r'"[ \t]*(?=[\r\n]|\Z|[}\]][}\], \t]*(?:[\r\n{"\[]|\Z)|,[ \t]*(?:[\r\n]|\Z|'
_VALUE_CLOSE_BY_BRACKET = {
    "}": re.compile(_VALUE_CLOSE + r'"[^"\r\n]*"[ \t]*:))'),
    "]": re.compile(_VALUE_CLOSE + r'[\[{]|"[^"\r\n]*"[ \t]*[,\]]))'),
    "": re.compile(r'"[ \t]*(?=[\r\n]|\Z)'),
}
_KEY_CLOSE = re.compile(r'"(?=[ \t]*:)')


def is_closed_early(text: str, end: int) -> bool:
    """Tell whether the quote before the offset `end`, which closes a string, rather belongs to its text."""
    char = text[end : end + 1]
    if char == '"':
        return _COMPLETE_STRING.match(text, end) is None
    if char in {" ", "\t"}:
        return _TEXT_UP_TO_QUOTE.match(text, end) is not None
    return (
        char.isprintable()
        and char not in _CHARACTERS_AFTER_STRING
        and text.find('"', end, _find_line_end(text, end)) > 0
    )


def find_real_value_end(text: str, end: int, closer: str) -> int:
    """Give the offset behind the quote that most likely ends a value which was closed early before `end`.

    `closer` is the bracket that will close what the value stands in, "" for nothing.  -1 if no quote of the
    line is followed by what follows a value.
    """
    match = _VALUE_CLOSE_BY_BRACKET[closer].search(text, end, _find_line_end(text, end) + 1)
    return match.start() + 1 if match is not None else -1


def find_real_key_end(text: str, end: int) -> int:
    """Give the same for a key; -1 if none of the line's quotes is followed by a colon."""
    match = _KEY_CLOSE.search(text, end, _find_line_end(text, end))
    return match.end() if match is not None else -1


def find_line_value_end(text: str, offset: int) -> int:
    """Give the end of the line, and of a comma there the start."""
    line_end = _find_line_end(text, offset)
    rest_of_line = text[offset:line_end].rstrip()
    return offset + len(rest_of_line) - rest_of_line.endswith(",")


def make_unescaped_quote_fault(end: int) -> TextFault:
    """Say that the quote before the offset `end` should have been escaped."""
    message = 'a quote inside a text is written \\"'
    return TextFault("json.syntax", end - 1, end, message, 'write \\" for each of them, or single quotes')


def _find_line_end(text: str, offset: int) -> int:
    match = _REST_OF_LINE.match(text, offset)
    return match.end() if match is not None else offset
