"""What the fast parser's own complaint tells: where it stopped, and, where nothing better is known, why."""

from __future__ import annotations

import re

from bmkit.json_text.faults import Fault

_AT = re.compile(r"(.*?)(?: at line (\d+) column (\d+))?\Z", re.DOTALL)
# First match wins; the words are those of jiter.
_RULES = (
    ("duplicate key", "json.duplicate-key"),
    ("trailing comma", "json.trailing-comma"),
    ("control character", "json.control-character"),
    ("recursion limit", "json.too-deep"),
    ("EOF while", "json.truncated"),
    ("trailing characters", "json.text-after"),
    ("surrogate", "json.lone-surrogate"),
    ("hex escape", "json.lone-surrogate"),
    ("out of range", "json.too-many-digits"),
    ("InvalidOperation", "json.number-overflow"),
)


def stop_offset(data: bytes, why: str) -> int:
    """Give the code point near which the fast parser stopped, -1 if it does not say; `data` is UTF-8."""
    match = _AT.match(why)
    if match is None or match[2] is None:
        return -1
    start = 0
    for _ in range(int(match[2]) - 1):
        start = data.find(b"\n", start) + 1
    return len(data[: start + max(0, int(match[3]) - 1)].decode("utf-8", errors="ignore"))


def stop_fault(text: str, offset: int, why: str) -> Fault:
    """Make the fault of what only the fast parser saw, or what is too far away to be found again in time."""
    rule = next((rule for words, rule in _RULES if words in why), "json.syntax")
    at = max(0, min(offset, len(text) - 1))
    match = _AT.match(why)
    said = match[1] if match is not None else why
    return Fault(rule, at, min(at + 1, len(text)), f"the parser stopped here: {said[:1].lower()}{said[1:]}")
