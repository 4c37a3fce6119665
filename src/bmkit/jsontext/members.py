"""Lists and objects that a scan has open, and what may be wrong between their members."""

from __future__ import annotations

import re
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING

from bmkit.jsontext.blanks import shown, stray
from bmkit.jsontext.errors import Fault
from bmkit.jsontext.tokens import CUT, LOST, is_quote, quoted_end, scalar_end, string_end, word_end

if TYPE_CHECKING:
    from bmkit.jsontext.positions import Lines

_COLON = re.compile(r"[ \t\r\n]*:")
_NUMBER = re.compile(r"[0-9]+")


Span = tuple[int, int, int]
"""Offsets of a member: its key, its value, and the end of its value, -1 where a scalar was only passed by."""


class Open:
    """A list or object whose end was not reached yet."""

    __slots__ = ("closer", "key", "key_end", "key_start", "members", "start")

    def __init__(self, char: str, start: int) -> None:
        self.closer = "]" if char == "[" else "}"
        self.start = start
        self.members: dict[str, Span] = {}
        self.key = ""
        self.key_start = self.key_end = -1

    def name(self) -> str:
        """Say what it is."""
        return "list" if self.closer == "]" else "object"

    def shown_key(self) -> str:
        """Give the last key for a message."""
        return f'"{shown(self.key)}"'


def key_of(text: str, at: int, faults: list[Fault]) -> tuple[str, int]:
    """Read a key, quoted as it may be: its name, and the offset behind it or CUT or LOST; adds its faults."""
    before = len(faults)
    if text[at] == '"':
        end = string_end(text, at, faults)
        if end < 0:
            return "", end
        return (
            JSONDecoder().raw_decode(text, at)[0] if len(faults) == before else text[at + 1 : end - 1]
        ), end
    if is_quote(text[at]):
        end = quoted_end(text, at, faults)
        return text[at + 1 : max(at + 1, end - 1)], end
    end = word_end(text, at)
    if end == at:
        faults.append(stray(text, at))
        return "", LOST
    if end == len(text):
        return "", CUT
    word = text[at:end]
    if _COLON.match(text, end) or not _NUMBER.match(word):
        faults.append(
            Fault("json.syntax", at, end, f"key {shown(word)} has no quotes", f'write "{shown(word)}"')
        )
    return word, end


def key_fault(text: str, top: Open, at: int) -> Fault:
    """Say what is wrong where a colon should follow the last key of `top`, at the offset `at`."""
    raw = text[top.key_start : top.key_end]
    if _NUMBER.fullmatch(raw):
        hint = "write a decimal point, not a comma, if this is a fraction"
        return Fault("json.syntax", top.key_start, top.key_end, f"{shown(raw)} is no key", hint)
    if text[at] in ",}":
        return Fault("json.syntax", top.key_start, top.key_end, f"key {top.shown_key()} has no value")
    return Fault("json.syntax", at, at + 1, f"a colon is missing after key {top.shown_key()}")


def trailing_comma(comma: int, closer: str) -> Fault:
    """Say that nothing follows a comma."""
    return Fault(
        "json.trailing-comma", comma, comma + 1, f"a comma stands before {closer}", "remove the comma"
    )


def repeated(text: str, lines: Lines, top: Open, first: Span, again: Span) -> Fault:
    """Say that a key stands twice: where, and with which values."""
    told = []
    values = []
    for key, start, known_end in (first, again):
        end = known_end if known_end >= 0 else scalar_end(text, start, [])
        values.append(text[start:end])
        told.append("line {}, column {} with ".format(*lines.position(key)) + shown(text[start:end]))
    same = values[0] == values[1]
    return Fault(
        "json.duplicate-key",
        top.key_start,
        top.key_end,
        f"key {top.shown_key()} stands twice: at {told[0]} and at {told[1]}",
        "remove one of them" if same else "keep the right one; most readers take the last without a word",
    )
