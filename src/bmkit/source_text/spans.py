"""Where the words of spans stand in a text, also after it was revised: the same, moved, altered or gone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.source_text.reading import digest_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TOKEN_START = re.compile(r"(?<!\w)\w|(?<=[\w\s])[^\w\s]")
# Words shorter than a clause stand in a text more than once, by chance.
_MIN_CLAUSE = 40
_NEARBY = 4000
_MAX_DIGESTS = 4_000_000
"""How many pieces of a text are tried for all spans together: some seconds, whatever the size of the text."""


class Outcome(Enum):
    """What became of the words of a span."""

    EXACT = "exact"
    MOVED = "moved"
    AMBIGUOUS = "ambiguous"
    ALTERED = "altered"
    ABSENT = "absent"


class Span(NamedTuple):
    """A piece of a text in code points, with the digest of its words."""

    start: int
    end: int
    digest: str

    @property
    def length(self) -> int:
        """How many code points it has."""
        return self.end - self.start


class FoundSpan(NamedTuple):
    """A span in a text: where its words stand now, or what stands now between those of its neighbours.

    What is altered may be gone all the same: who reads what stands there now can tell.
    """

    outcome: Outcome
    start: int
    end: int


def to_span(value: dict[str, Any]) -> Span:
    """Return the span of a record."""
    return Span(value["start"], value["end"], value["digest"])


def find_spans(text: str, spans: Iterable[Span]) -> dict[Span, FoundSpan]:
    """Return what became of each span in a text.

    What is not found at its place is looked for where its neighbours went, then nearby, then once in the
    whole text.  Words that may stand elsewhere by chance are moved only if a neighbour went the same way.
    """
    return _SpanSearch(text, sorted(set(spans))).find_all()


class _SpanSearch:
    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._spans = spans
        self._shifts: dict[Span, int] = {}
        self._tries_left = _MAX_DIGESTS
        self._starts_by_digest: dict[str, list[int]] = defaultdict(list)
        for span in spans:
            self._starts_by_digest[span.digest].append(span.start)
        self._starts: list[int] | None = None

    def find_all(self) -> dict[Span, FoundSpan]:
        for span in self._spans:
            if self._stands_at(span, span.start):
                self._shifts[span] = 0
        if len(self._shifts) == len(self._spans):
            return {span: FoundSpan(Outcome.EXACT, span.start, span.end) for span in self._spans}
        self._follow_neighbours()
        self._search_nearby()
        candidates = self._search_everywhere()
        while self._accept(candidates):
            self._follow_neighbours()
        return {span: self._judge(span, candidates) for span in self._spans}

    def _stands_at(self, span: Span, start: int) -> bool:
        if start < 0 or start + span.length > len(self._text):
            return False
        return digest_text(self._text[start : start + span.length]) == span.digest

    def _follow_neighbours(self) -> None:
        """Look for each span where the nearest known one before it went, and then the one after it."""
        for spans in (self._spans, self._spans[::-1]):
            shift = 0
            for span in spans:
                if span in self._shifts:
                    shift = self._shifts[span]
                elif (
                    shift
                    and self._stands_at(span, span.start + shift)
                    and self._is_free(span, shift)
                    and self._keeps_order(span, shift)
                ):
                    self._shifts[span] = shift

    def _is_free(self, span: Span, shift: int) -> bool:
        """Return whether no other span of the same words was found there."""
        return all(
            start + other_shift != span.start + shift
            for start in self._starts_by_digest[span.digest]
            if (other_shift := self._shifts.get(Span(start, start + span.length, span.digest))) is not None
        )

    def _keeps_order(self, span: Span, shift: int) -> bool:
        """Return whether the words would still stand behind those before them, and before those behind."""
        known = sorted(self._shifts)
        index = bisect_left(known, span)
        before, after = known[max(0, index - 1) : index], known[index : index + 1]
        return all(
            other.end > span.start or other.end + self._shifts[other] <= span.start + shift
            for other in before
        ) and all(
            other.start < span.end or span.end + shift <= other.start + self._shifts[other] for other in after
        )

    def _search_nearby(self) -> None:
        """Look for clauses around their places; each that is found shows where those beside it went."""
        starts = self._list_starts()
        for span in self._spans:
            if span in self._shifts or span.length < _MIN_CLAUSE:
                continue
            low, high = bisect_left(starts, span.start - _NEARBY), bisect_left(starts, span.start + _NEARBY)
            found = self._find_starts(span.length, starts[low:high], {span.digest})
            if self._accept({span: found[span.digest]}):
                self._follow_neighbours()

    def _search_everywhere(self) -> dict[Span, list[int]]:
        """Return where the words of each span that is not known yet stand, a length at a time."""
        spans_by_length: dict[int, list[Span]] = defaultdict(list)
        for span in self._spans:
            if span not in self._shifts:
                spans_by_length[span.length].append(span)
        found: dict[Span, list[int]] = {}
        for length, spans in spans_by_length.items():
            starts = self._find_starts(length, self._list_starts(), {span.digest for span in spans})
            found |= {span: starts[span.digest] for span in spans}
        return found

    def _find_starts(self, length: int, starts: Sequence[int], digests: set[str]) -> dict[str, list[int]]:
        """Return where words of a length and one of the digests start, as long as tries are left."""
        found: dict[str, list[int]] = {digest: [] for digest in digests}
        tried = starts[: self._tries_left]
        self._tries_left -= len(tried)
        for start in tried:
            digest = digest_text(self._text[start : start + length])
            if digest in digests and start + length <= len(self._text):
                found[digest].append(start)
        return found

    def _list_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [match.start() for match in _TOKEN_START.finditer(self._text)]
        return self._starts

    def _accept(self, candidates: dict[Span, list[int]]) -> bool:
        """Take the places that are sure; whether there were any."""
        sure: dict[Span, int] = {}
        for span, starts in candidates.items():
            if span in self._shifts or len(starts) != 1 or span.length < _MIN_CLAUSE:
                continue
            if self._is_free(span, starts[0] - span.start):
                sure[span] = starts[0] - span.start
        self._shifts |= sure
        return bool(sure)

    def _judge(self, span: Span, candidates: dict[Span, list[int]]) -> FoundSpan:
        shift = self._shifts.get(span)
        if shift is not None:
            start = span.start + shift
            return FoundSpan(Outcome.MOVED if shift else Outcome.EXACT, start, start + span.length)
        before, after = self._find_neighbour_shifts(span)
        start, end = max(0, span.start + before), min(len(self._text), span.end + after)
        if 2 * (end - start) >= span.length:
            outcome = Outcome.ALTERED
        else:
            outcome, end = Outcome.ABSENT, max(start, end)
        return FoundSpan(Outcome.AMBIGUOUS if candidates.get(span) else outcome, start, end)

    def _find_neighbour_shifts(self, span: Span) -> tuple[int, int]:
        known = sorted(self._shifts)
        index = bisect_left(known, span)
        before = self._shifts[known[index - 1]] if index else 0
        after = self._shifts[known[index]] if index < len(known) else before
        return before, after
