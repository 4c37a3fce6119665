"""Lists and objects that a scan has open, and what may be wrong between their members."""

from __future__ import annotations

import re
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING

from bmkit.jsontext.blanks import make_stray_fault, shorten_token
from bmkit.jsontext.errors import TextFault
from bmkit.jsontext.tokens import (
    END_CUT_OFF,
    END_UNKNOWN,
    find_foreign_quoted_end,
    find_scalar_end,
    find_string_end,
    find_word_end,
    is_foreign_quote,
)

if TYPE_CHECKING:
    from bmkit.jsontext.positions import Lines

_COLON_AFTER_BLANKS = re.compile(r"[ \t\r\n]*:")
_DIGITS = re.compile(r"[0-9]+")


MemberOffsets = tuple[int, int, int]
"""Offsets of a member: its key, its value, and the end of its value, -1 where a scalar was only passed by."""


class OpenContainer:
    """A list or object whose end was not reached yet."""

    __slots__ = ("closer", "key", "key_end", "key_start", "members", "start")

    def __init__(self, opener: str, start: int) -> None:
        self.closer = "]" if opener == "[" else "}"
        self.start = start
        self.members: dict[str, MemberOffsets] = {}
        self.key = ""
        self.key_start = self.key_end = -1

    def format_type(self) -> str:
        """Say what it is."""
        return "list" if self.closer == "]" else "object"

    def format_key(self) -> str:
        """Give the last key for a message."""
        return f'"{shorten_token(self.key)}"'


def parse_key(text: str, offset: int, faults: list[TextFault]) -> tuple[str, int]:
    """Read a key, quoted as it may be: its name, and the offset behind it or CUT or LOST; adds its faults."""
    fault_count = len(faults)
    if text[offset] == '"':
        end = find_string_end(text, offset, faults)
        if end < 0:
            return "", end
        return (
            JSONDecoder().raw_decode(text, offset)[0]
            if len(faults) == fault_count
            else text[offset + 1 : end - 1]
        ), end
    if is_foreign_quote(text[offset]):
        end = find_foreign_quoted_end(text, offset, faults)
        return text[offset + 1 : max(offset + 1, end - 1)], end
    end = find_word_end(text, offset)
    if end == offset:
        faults.append(make_stray_fault(text, offset))
        return "", END_UNKNOWN
    if end == len(text):
        return "", END_CUT_OFF
    word = text[offset:end]
    if _COLON_AFTER_BLANKS.match(text, end) or not _DIGITS.match(word):
        faults.append(
            TextFault(
                "json.syntax",
                offset,
                end,
                f"key {shorten_token(word)} has no quotes",
                f'write "{shorten_token(word)}"',
            )
        )
    return word, end


def make_missing_colon_fault(text: str, container: OpenContainer, offset: int) -> TextFault:
    """Say what is wrong where a colon should follow the last key of `top`, at the offset `at`."""
    key_token = text[container.key_start : container.key_end]
    if _DIGITS.fullmatch(key_token):
        hint = "write a decimal point, not a comma, if this is a fraction"
        return TextFault(
            "json.syntax",
            container.key_start,
            container.key_end,
            f"{shorten_token(key_token)} is no key",
            hint,
        )
    if text[offset] in ",}":
        return TextFault(
            "json.syntax",
            container.key_start,
            container.key_end,
            f"key {container.format_key()} has no value",
        )
    return TextFault(
        "json.syntax", offset, offset + 1, f"a colon is missing after key {container.format_key()}"
    )


def make_trailing_comma_fault(comma_offset: int, closer: str) -> TextFault:
    """Say that nothing follows a comma."""
    return TextFault(
        "json.trailing-comma",
        comma_offset,
        comma_offset + 1,
        f"a comma stands before {closer}",
        "remove the comma",
    )


def make_duplicate_key_fault(
    text: str, lines: Lines, container: OpenContainer, first: MemberOffsets, second: MemberOffsets
) -> TextFault:
    """Say that a key stands twice: where, and with which values."""
    occurrences = []
    value_texts = []
    for key_start, value_start, known_value_end in (first, second):
        value_end = known_value_end if known_value_end >= 0 else find_scalar_end(text, value_start, [])
        value_texts.append(text[value_start:value_end])
        occurrences.append(
            "line {}, column {} with ".format(*lines.to_line_column(key_start))
            + shorten_token(text[value_start:value_end])
        )
    is_same_value = value_texts[0] == value_texts[1]
    return TextFault(
        "json.duplicate-key",
        container.key_start,
        container.key_end,
        f"key {container.format_key()} stands twice: at {occurrences[0]} and at {occurrences[1]}",
        "remove one of them"
        if is_same_value
        else "keep the right one; most readers take the last without a word",
    )
