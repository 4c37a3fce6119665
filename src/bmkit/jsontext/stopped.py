"""What the fast parser's own complaint tells: where it stopped, and, where nothing better is known, why."""

from __future__ import annotations

import re

from bmkit.jsontext.errors import Fault

_AT = re.compile(r"(.*?)(?: at line (\d+) column (\d+))?\Z", re.DOTALL)
# What the parser says, what that means, and how it is said here; the first match wins.
_MEANINGS = (
    (r"duplicate key (.*)", "json.duplicate-key", "key {} stands twice in one object"),
    (r"trailing comma()", "json.trailing-comma", "a comma stands before a closing bracket"),
    (r"control character()", "json.control-character", "a control character stands inside a string"),
    (r"recursion limit()", "json.too-deep", "lists and objects are nested too deeply"),
    (r"EOF while()", "json.truncated", "the file ends in the middle of a value"),
    (r"trailing characters()", "json.text-after", "there is text after the end of the document"),
    (r"(?:surrogate|hex escape)()", "json.lone-surrogate", "an escape stands for half a character"),
    (r"out of range()", "json.too-many-digits", "a number has too many digits"),
    (r"InvalidOperation()", "json.number-overflow", "a number is too large"),
    (r"(.*)", "json.syntax", "the parser stopped here: {}"),
)


def stop_offset(data: bytes, why: str) -> int:
    """Give the code point near which the fast parser stopped, 0 if it does not say; `data` is UTF-8."""
    match = _AT.match(why)
    if match is None or match[2] is None:
        return 0
    start = 0
    for _ in range(int(match[2]) - 1):
        start = data.find(b"\n", start) + 1
    return len(data[: start + max(0, int(match[3]) - 1)].decode("utf-8", errors="ignore"))


def stop_fault(text: str, offset: int, why: str) -> Fault:
    """Make the fault of what only the fast parser saw, or what is too far away to be found again in time."""
    parsed = _AT.match(why)
    said = parsed[1] if parsed is not None else why
    at = max(0, min(offset, len(text) - 1))
    for words, rule, message in _MEANINGS:
        if (match := re.search(words, said)) is not None:
            return Fault(rule, at, min(at + 1, len(text)), message.format(match[1]))
    raise AssertionError(why)
