"""Quotes inside a text that were not escaped: they close it too early, and it ends elsewhere."""

from __future__ import annotations

import re

from bmkit.jsontext.errors import Fault

_LINE = re.compile(r"[^\r\n]*")
# What stands behind a string whose end is its end: a separator, a comment, or what only lacks its comma.
_ENDS = frozenset(",:;|=]}[{/#")
_COMPLETE = re.compile(r'"[^"\r\n]*"[ \t]*(?:[,:\]}\r\n]|\Z)')
_SPACED = re.compile(r'[ \t]+[^\s\d",:;|=/#{}\[\]\'`-][^",:{}\[\]\r\n]*"')
_CLOSED = r'"[ \t]*(?=[\r\n]|\Z|[}\]][}\], \t]*(?:[\r\n{"\[]|\Z)|,[ \t]*(?:[\r\n]|\Z|'
_VALUE_END = {
    "}": re.compile(_CLOSED + r'"[^"\r\n]*"[ \t]*:))'),
    "]": re.compile(_CLOSED + r'[\[{]|"[^"\r\n]*"[ \t]*[,\]]))'),
    "": re.compile(r'"[ \t]*(?=[\r\n]|\Z)'),
}
_KEY_END = re.compile(r'"(?=[ \t]*:)')


def closed_early(text: str, end: int) -> bool:
    """Tell whether the quote before the offset `end`, which closes a string, rather belongs to its text."""
    char = text[end : end + 1]
    if char == '"':
        return _COMPLETE.match(text, end) is None
    if char in {" ", "\t"}:
        return _SPACED.match(text, end) is not None
    return char.isprintable() and char not in _ENDS and text.find('"', end, _line_end(text, end)) > 0


def real_end(text: str, end: int, closer: str) -> int:
    """Give the offset behind the quote that most likely ends a value which was closed early before `end`.

    `closer` is the bracket that will close what the value stands in, "" for nothing.  -1 if no quote of the
    line is followed by what follows a value.
    """
    found = _VALUE_END[closer].search(text, end, _line_end(text, end) + 1)
    return found.start() + 1 if found is not None else -1


def real_key_end(text: str, end: int) -> int:
    """Give the same for a key; -1 if none of the line's quotes is followed by a colon."""
    found = _KEY_END.search(text, end, _line_end(text, end))
    return found.end() if found is not None else -1


def next_line(text: str, at: int) -> int:
    """Give the end of the line, and of a comma there the start."""
    end = _line_end(text, at)
    rest = text[at:end].rstrip()
    return at + len(rest) - rest.endswith(",")


def unescaped(end: int) -> Fault:
    """Say that the quote before the offset `end` should have been escaped."""
    message = 'a quote inside a text is written \\"'
    return Fault("json.syntax", end - 1, end, message, 'write \\" for each of them, or single quotes')


def _line_end(text: str, at: int) -> int:
    line = _LINE.match(text, at)
    return line.end() if line is not None else at
