"""Quotes inside a text that are not escaped: telling such a string from one that only lacks its comma."""

from __future__ import annotations

import re

from bmkit.jsontext.errors import TextFault

# What stands behind a string whose end is its end: a separator, a comment, or what only lacks its comma.
_CHARACTERS_AFTER_STRING = frozenset(",:;|=]}[{/#")
_COMPLETE_STRING = re.compile(r'"[^"\r\n]*"[ \t]*(?:[,:\]}\r\n]|\Z)')
_TEXT_UP_TO_QUOTE = re.compile(r'[ \t]+[^\s\d",:;|=/#{}\[\]\'`-][^",:{}\[\]\r\n]*"')
_QUOTE_ON_LINE = re.compile(r'[^"\r\n]*"')
_KEY_CLOSE = re.compile(r'[^\r\n]*"[ \t]*:')
_VALUE_CLOSE = r'[^\r\n]*?"[ \t]*(?=[\r\n]|\Z|[}\]][}\], \t]*(?:[\r\n{"\[]|\Z)|,[ \t]*(?:[\r\n]|\Z|'
_VALUE_CLOSE_BY_BRACKET = {
    "}": re.compile(_VALUE_CLOSE + r'"[^"\r\n]*"[ \t]*:))'),
    "]": re.compile(_VALUE_CLOSE + r'[\[{]|"[^"\r\n]*"[ \t]*[,\]]))'),
}


def find_unescaped_key_quote(text: str, end: int) -> TextFault | None:
    """Return the fault of a key that ends before the offset `end` if its last quote belongs to its text."""
    is_fault = _is_closed_early(text, end) and _KEY_CLOSE.match(text, end) is not None
    return _make_unescaped_quote_fault(end) if is_fault else None


def find_unescaped_quote(text: str, end: int) -> TextFault | None:
    """Return the fault of a string value that ends before the offset `end`, likewise."""
    return _make_unescaped_quote_fault(end) if _is_closed_early(text, end) else None


def find_text_end(text: str, offset: int, closer: str) -> int:
    """Return where a string with unescaped quotes ends, the offset itself if that cannot be told.

    The offset is behind one of these quotes, and `closer` the bracket that ends the list or object around.
    """
    close = _VALUE_CLOSE_BY_BRACKET[closer].match(text, offset)
    return close.end() if close is not None else offset


def _is_closed_early(text: str, end: int) -> bool:
    """Return whether the quote before the offset `end`, which closes a string, rather belongs to its text."""
    char = text[end : end + 1]
    if char == '"':
        return _COMPLETE_STRING.match(text, end) is None
    if char in {" ", "\t"}:
        return _TEXT_UP_TO_QUOTE.match(text, end) is not None
    return (
        char.isprintable()
        and char not in _CHARACTERS_AFTER_STRING
        and _QUOTE_ON_LINE.match(text, end) is not None
    )


def _make_unescaped_quote_fault(end: int) -> TextFault:
    message, hint = 'a quote inside a text is written \\"', 'write \\" for each of them, or single quotes'
    return TextFault("json.syntax", end - 1, end, message, hint)
