"""What the fast parser's own complaint tells: where it stopped, and, where nothing better is known, why."""

from __future__ import annotations

import re

from bmkit.jsontext.errors import TextFault

_PARSER_MESSAGE = re.compile(r"(.*?)(?: at line (\d+) column (\d+))?\Z", re.DOTALL)
# What the parser says, what that means, and how it is said here; the first match wins.
_PARSER_FAULTS = (
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


def locate_parser_stop(data: bytes, parser_message: str) -> int:
    """Give the code point near which the fast parser stopped, 0 if it does not say; `data` is UTF-8."""
    match = _PARSER_MESSAGE.match(parser_message)
    if match is None or match[2] is None:
        return 0
    line_start = 0
    for _ in range(int(match[2]) - 1):
        line_start = data.find(b"\n", line_start) + 1
    return len(data[: line_start + max(0, int(match[3]) - 1)].decode("utf-8", errors="ignore"))


def make_parser_stop_fault(text: str, offset: int, parser_message: str) -> TextFault:
    """Make the fault of what only the fast parser saw, or what is too far away to be found again in time."""
    message_match = _PARSER_MESSAGE.match(parser_message)
    complaint = message_match[1] if message_match is not None else parser_message
    start = max(0, min(offset, len(text) - 1))
    for pattern, rule_id, message in _PARSER_FAULTS:
        if (match := re.search(pattern, complaint)) is not None:
            return TextFault(rule_id, start, min(start + 1, len(text)), message.format(match[1]))
    raise AssertionError(parser_message)
