"""Stepping over sound values at the speed of the C scanner, so that only faulty ones are read slowly."""

from __future__ import annotations

import re
from bisect import bisect_left
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.jsontext.members import Span

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BLANK = r"[ \t\r\n]*+"
_SCALAR = r'(?:"[^"\\\x00-\x1f]*+"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null)'
_COMMA = re.compile(rf"{_BLANK},{_BLANK}")
# The first branch adds nothing to the second but makes lists of plain numbers three times faster.
_SCALARS = re.compile(rf"(?:[1-9][0-9]*+,{_BLANK}|{_SCALAR}{_BLANK},{_BLANK})*+")
_KEY = re.compile(rf'"([^"\\\x00-\x1f]*+)"{_BLANK}:{_BLANK}({_SCALAR}{_BLANK},{_BLANK})?')
_DELIMITERS = frozenset(" \t\r\n,]}")
# A list or object longer than this is entered, not leapt over: a fault far inside would else be met again
# at every level.
_WIDTH = 8192
_NARROW = 512
# Items of lists that are leapt over in a text, and members, each of which takes twice as long.
_ITEMS = 300_000
_MEMBERS = 150_000


class Leap:
    """Leaps over values of one text.

    `marks` are offsets that must not be leapt over; `stopped` is where the fast parser gave up, which found
    no key twice before.
    """

    def __init__(self, text: str, marks: list[int], stopped: int) -> None:
        self._text = text
        marks += [match.start() for match in _SURROGATE.finditer(text)]
        self._marks = sorted([*marks, max(0, stopped - 1), stopped, len(text)])
        self._stopped = stopped
        self._before = _scanner(JSONDecoder(parse_constant=_no_constant))
        self._behind = _scanner(JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_unlike))
        self._spare = 2 * len(text) + _WIDTH
        self._items = _ITEMS
        self._members = _MEMBERS

    def over(self, at: int) -> int:
        """Give the end of the value at `at` if it is sound and, unless a scalar, not too long; else -1."""
        text = self._text
        container = text[at] in "[{"
        if container and self._spare <= 0:
            return -1
        scan = self._before if at < self._stopped else self._behind
        end = len(text) + 1
        # Most containers are short, and copying is not free.
        for width in (_NARROW, _WIDTH) if container else (0,):
            try:
                end = at + scan(text[at : at + width], 0)[1] if width else scan(text, at)[1]
                break
            except (StopIteration, ValueError):
                self._spare -= width
            except RecursionError:
                # Deeper still would fail in the same way, at every level.
                self._spare = 0
                break
        if end > self._mark(at) or not (container or text[at] == '"' or text[end : end + 1] in _DELIMITERS):
            return -1
        return end

    def items(self, at: int) -> int:
        """Give the start of the first item from `at` on that is not sound or has no comma behind it."""
        text = self._text
        mark = self._mark(at)
        scan = self._before if at < self._stopped else self._behind
        while self._items > 0:
            self._items -= 1
            if text[at : at + 1] not in {"{", "["}:
                run = _SCALARS.match(text, at, mark)
                at = run.end() if run is not None else at
                if text[at : at + 1] not in {"{", "["}:
                    break
            try:
                end = at + scan(text[at : at + _NARROW], 0)[1]
            except (StopIteration, ValueError, RecursionError):
                end = self.over(at)
            if end < 0 or end > mark:
                break
            if text[end : end + 2] == ",{":
                at = end + 1
                continue
            comma = _COMMA.match(text, end)
            if comma is None:
                break
            at = comma.end()
        return at

    def members(self, at: int, known: dict[str, Span]) -> int:
        """Give the start of the first member from `at` on that is not new, sound and with a comma behind it.

        Those before are added to `known`.
        """
        text = self._text
        mark = self._mark(at)
        while self._members > 0:
            self._members -= 1
            key = _KEY.match(text, at, mark)
            if key is None or key[1] in known:
                break
            start = key.start(2)
            if start >= 0:
                known[key[1]] = (at, start, -1)
                at = key.end()
                continue
            start = key.end()
            end = self.over(start) if start < len(text) else -1
            comma = _COMMA.match(text, end) if end >= 0 else None
            if comma is None:
                break
            known[key[1]] = (at, start, end)
            at = comma.end()
        return at

    def _mark(self, at: int) -> int:
        return self._marks[min(bisect_left(self._marks, at), len(self._marks) - 1)]


def _scanner(decoder: JSONDecoder) -> Callable[[str, int], tuple[object, int]]:
    # An attribute that typeshed leaves out.
    found: Callable[[str, int], tuple[object, int]] = decoder.scan_once  # type: ignore[attr-defined]
    return found


def _unlike(pairs: list[tuple[str, object]]) -> object:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return None


def _no_constant(name: str) -> object:
    raise ValueError(name)
