"""Stepping over sound values at the speed of the C scanner, so that only faulty ones are read slowly."""

from __future__ import annotations

import re
from bisect import bisect_left
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.jsontext.members import MemberOffsets

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_BLANK = r"[ \t\r\n]*+"
_SCALAR = r'(?:"[^"\\\x00-\x1f]*+"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null)'
_COMMA = re.compile(rf"{_BLANK},{_BLANK}")
# The first branch adds nothing to the second but makes lists of plain numbers three times faster.
_SCALAR_ITEMS = re.compile(rf"(?:[1-9][0-9]*+,{_BLANK}|{_SCALAR}{_BLANK},{_BLANK})*+")
_MEMBER_START = re.compile(rf'"([^"\\\x00-\x1f]*+)"{_BLANK}:{_BLANK}({_SCALAR}{_BLANK},{_BLANK})?')
_DELIMITERS = frozenset(" \t\r\n,]}")
# A list or object longer than this is entered, not leapt over: a fault far inside would else be met again
# at every level.
_LONG_SLICE = 8192
_SHORT_SLICE = 512
# Items of lists that are leapt over in a text, and members, each of which takes twice as long.
_MAX_SKIPPED_ITEMS = 300_000
_MAX_SKIPPED_MEMBERS = 150_000


class ValueSkipper:
    """Leaps over values of one text.

    `marks` are offsets that must not be leapt over; `stopped` is where the fast parser gave up, which found
    no key twice before.
    """

    def __init__(self, text: str, barriers: list[int], stop_offset: int) -> None:
        self._text = text
        barriers += [match.start() for match in _SURROGATE_ESCAPE.finditer(text)]
        self._barriers = sorted([*barriers, max(0, stop_offset - 1), stop_offset, len(text)])
        self._stop_offset = stop_offset
        self._scan_before_stop = _make_value_scanner(JSONDecoder(parse_constant=_refuse_constant))
        self._scan_after_stop = _make_value_scanner(
            JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated_keys)
        )
        self._retry_budget = 2 * len(text) + _LONG_SLICE
        self._item_budget = _MAX_SKIPPED_ITEMS
        self._member_budget = _MAX_SKIPPED_MEMBERS

    def skip_value(self, offset: int) -> int:
        """Give the end of the value at `at` if it is sound and, unless a scalar, not too long; else -1."""
        text = self._text
        is_container = text[offset] in "[{"
        if is_container and self._retry_budget <= 0:
            return -1
        scan_once = self._scan_before_stop if offset < self._stop_offset else self._scan_after_stop
        end = len(text) + 1
        # Most containers are short, and copying is not free.
        for slice_length in (_SHORT_SLICE, _LONG_SLICE) if is_container else (0,):
            try:
                end = (
                    offset + scan_once(text[offset : offset + slice_length], 0)[1]
                    if slice_length
                    else scan_once(text, offset)[1]
                )
                break
            except (StopIteration, ValueError):
                self._retry_budget -= slice_length
            except RecursionError:
                # Deeper still would fail in the same way, at every level.
                self._retry_budget = 0
                break
        if end > self._find_next_barrier(offset) or not (
            is_container or text[offset] == '"' or text[end : end + 1] in _DELIMITERS
        ):
            return -1
        return end

    def skip_items(self, offset: int) -> int:
        """Give the start of the first item from `at` on that is not sound or has no comma behind it."""
        text = self._text
        barrier = self._find_next_barrier(offset)
        scan_once = self._scan_before_stop if offset < self._stop_offset else self._scan_after_stop
        while self._item_budget > 0:
            self._item_budget -= 1
            if text[offset : offset + 1] not in {"{", "["}:
                scalar_run = _SCALAR_ITEMS.match(text, offset, barrier)
                offset = scalar_run.end() if scalar_run is not None else offset
                if text[offset : offset + 1] not in {"{", "["}:
                    break
            try:
                end = offset + scan_once(text[offset : offset + _SHORT_SLICE], 0)[1]
            except (StopIteration, ValueError, RecursionError):
                end = self.skip_value(offset)
            if end < 0 or end > barrier:
                break
            if text[end : end + 2] == ",{":
                offset = end + 1
                continue
            comma_match = _COMMA.match(text, end)
            if comma_match is None:
                break
            offset = comma_match.end()
        return offset

    def skip_members(self, offset: int, known_members: dict[str, MemberOffsets]) -> int:
        """Give the start of the first member from `at` on that is not new, sound and with a comma behind it.

        Those before are added to `known`.
        """
        text = self._text
        barrier = self._find_next_barrier(offset)
        while self._member_budget > 0:
            self._member_budget -= 1
            member_match = _MEMBER_START.match(text, offset, barrier)
            if member_match is None or member_match[1] in known_members:
                break
            value_start = member_match.start(2)
            if value_start >= 0:
                known_members[member_match[1]] = (offset, value_start, -1)
                offset = member_match.end()
                continue
            value_start = member_match.end()
            value_end = self.skip_value(value_start) if value_start < len(text) else -1
            comma_match = _COMMA.match(text, value_end) if value_end >= 0 else None
            if comma_match is None:
                break
            known_members[member_match[1]] = (offset, value_start, value_end)
            offset = comma_match.end()
        return offset

    def _find_next_barrier(self, offset: int) -> int:
        return self._barriers[min(bisect_left(self._barriers, offset), len(self._barriers) - 1)]


def _make_value_scanner(decoder: JSONDecoder) -> Callable[[str, int], tuple[object, int]]:
    # An attribute that typeshed leaves out.
    scan_once: Callable[[str, int], tuple[object, int]] = decoder.scan_once  # type: ignore[attr-defined]
    return scan_once


def _refuse_repeated_keys(members: list[tuple[str, object]]) -> object:
    if len(dict(members)) != len(members):
        raise ValueError("a key stands twice")
    return None


def _refuse_constant(constant: str) -> object:
    raise ValueError(constant)
