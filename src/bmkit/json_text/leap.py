"""Stepping over sound values at the speed of the C scanner, so that only faulty ones are read slowly."""

from __future__ import annotations

import re
from bisect import bisect_left
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING

from bmkit.json_text.numbers import doubtful_offsets

if TYPE_CHECKING:
    from collections.abc import Callable

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_OUTERMOST = 2
_DELIMITERS = frozenset(" \t\r\n,]}")


class Leap:
    """Leaps over values of one text; remembers where it must not leap.

    `stopped` is the offset near which the fast parser gave up, -1 if it did not.
    """

    def __init__(self, text: str, stopped: int) -> None:
        self._text = text
        marks = doubtful_offsets(text)
        marks += [match.start() for match in _SURROGATE.finditer(text)]
        if stopped >= 0:
            marks += [max(0, stopped - 1), stopped]
        self._marks = sorted(marks)
        decoder = JSONDecoder(object_pairs_hook=_unlike, parse_constant=_no_constant)
        self._scan: Callable[[str, int], tuple[object, int]] = decoder.scan_once  # type: ignore[attr-defined] # typeshed leaves it out
        # Characters that may still be read in vain: a fault deep inside would else be met at every level.
        self._spare = 2 * len(text) + 1000

    def over(self, at: int, depth: int) -> int:
        """Give the end of the value at `at` if it is sound as a whole, else -1.

        `depth` is the number of open containers: the outermost hold the fault and are never leapt over.
        """
        text = self._text
        opener = text[at]
        inside = opener in "[{"
        if inside and (depth < _OUTERMOST or self._spare <= 0):
            return -1
        try:
            end = self._scan(text, at)[1]
        except StopIteration as error:
            self._spend(at, error.value)
            return -1
        except (ValueError, RecursionError) as error:
            self._spend(at, getattr(error, "pos", None))
            return -1
        if not inside and opener != '"' and end < len(text) and text[end] not in _DELIMITERS:
            return -1
        mark = bisect_left(self._marks, at)
        if mark < len(self._marks) and self._marks[mark] < end:
            self._spend(at, end)
            return -1
        return end

    def _spend(self, start: int, end: object) -> None:
        # Not every failure says where it stopped; then it is taken for a long way.
        far = end if isinstance(end, int) else start + len(self._text) // 10
        self._spare -= max(0, far - start) + 20


def _unlike(pairs: list[tuple[str, object]]) -> object:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return None


def _no_constant(name: str) -> object:
    raise ValueError(name)
