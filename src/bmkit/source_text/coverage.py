"""Every number of a text, and whether a fact claims it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from bmkit.source_text.facts import list_spans, select_stating
from bmkit.source_text.numbers import find_numbers, split_pieces
from bmkit.source_text.quantities import read_quantities
from bmkit.source_text.reading import Reader, to_read_quantity
from bmkit.source_text.seal import list_sealed_facts
from bmkit.source_text.spans import Outcome, Span, find_spans, to_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bmkit.content import Content, Record

CLAIMED, NAMED, WORDED, UNCLAIMED = "claimed", "in the name of a term", "in a closed word", "unclaimed"
MARKER = "marker of a reference"
"""What becomes of a number; one that the settings ignore has their reason, and no share counts a marker."""

_NUMBER_SIGN = "#"
_MARKERS = re.compile(r"\[\s*\d+(?:\s*[-,;\u2013]\s*\d+)*\s*\]")


class NumberToken(NamedTuple):
    """A number of a text from `start` to `end`: what becomes of it, or the reason to ignore it."""

    start: int
    end: int
    verdict: str
    is_ignored: bool = False


class Coverage(NamedTuple):
    """The numbers of a text, in order."""

    tokens: list[NumberToken]

    @property
    def percentage(self) -> float:
        """The share of the numbers that are not ignored which are not unclaimed; 100 of none."""
        counted = [token for token in self.tokens if not token.is_ignored]
        claimed = sum(token.verdict != UNCLAIMED for token in counted)
        return 100 * claimed / len(counted) if counted else 100.0

    def list_summary_lines(self) -> list[str]:
        """Return how many numbers there are of each verdict and reason, and the share that is claimed."""
        verdicts = Counter(token.verdict for token in self.tokens if not token.is_ignored)
        reasons = Counter(token.verdict for token in self.tokens if token.is_ignored)
        counts = [f"{verdicts[verdict]} {verdict}" for verdict in (CLAIMED, NAMED, WORDED, UNCLAIMED)]
        lines = [f"{len(self.tokens)} numbers: {', '.join(counts)}, {sum(reasons.values())} ignored"]
        lines += [f"  ignored: {count} {reason}" for reason, count in sorted(reasons.items())]
        # Rounded down: 98.96 % is not yet 99 %.
        return [*lines, f"{int(self.percentage * 10) / 10:.1f} % of those not ignored are claimed"]


def measure_coverage(
    content: Content, folder_name: str, text: str, reasons_by_phrase: Mapping[str, str]
) -> Coverage:
    """Return what becomes of each number of a text; ReaderError if it cannot be read.

    `reasons_by_phrase` has the phrases whose numbers are no facts; "#" in one is any number.
    """
    claimed = sorted(_find_claimed(content, folder_name, text))
    reader = Reader(content, folder_name)
    patterns = [(_compile_phrase(phrase), reason) for phrase, reason in reasons_by_phrase.items()]
    tokens: list[NumberToken] = []
    index = 0
    for start, line in split_pieces(text):
        numbers = [number for number in find_numbers(line) if number.kind != "article"]
        ranges = _list_ranges(line, reader) if numbers else []
        ignored = [
            (match.start(), match.end(), reason)
            for pattern, reason in (patterns if numbers else ())
            for match in pattern.finditer(line)
        ]
        ignored += [(*match.span(), MARKER) for match in _MARKERS.finditer(line)]
        for number in numbers:
            token_start, token_end = start + number.start, start + number.end
            while index < len(claimed) and claimed[index][1] <= token_start:
                index += 1
            covering = [
                *(
                    (CLAIMED, False)
                    for low, high in claimed[index : index + 1]
                    if low < token_end and token_start < high
                ),
                *(
                    (verdict, False)
                    for low, high, verdict in ranges
                    if low <= number.start and number.end <= high
                ),
                *(
                    (reason, True)
                    for low, high, reason in ignored
                    if low < number.end and number.start < high
                ),
                (UNCLAIMED, False),
            ]
            tokens.append(NumberToken(token_start, token_end, *covering[0]))
    return Coverage(tokens)


def _list_ranges(line: str, reader: Reader) -> list[tuple[int, int, str]]:
    """List where a line has names of terms and words of closed lists."""
    return [
        (start, end, verdict)
        for index, verdict in ((reader.term_index, NAMED), (reader.word_index, WORDED))
        for start, end in index.iter_places(line)
    ]


def _compile_phrase(phrase: str) -> re.Pattern[str]:
    words = [r"[\d.,]+" if word == _NUMBER_SIGN else re.escape(word) for word in phrase.split()]
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)


def _find_claimed(content: Content, folder_name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where a text states a number that a fact has from there."""
    facts_by_span: dict[Span, list[Record]] = defaultdict(list)
    for record in list_sealed_facts(content, folder_name):
        for value in list_spans(record):
            if value.get("as") != "context":
                facts_by_span[to_span(value)].append(record)
    for span, found in find_spans(text, facts_by_span).items():
        if found.outcome not in {Outcome.EXACT, Outcome.MOVED}:
            continue
        quantities, _ = read_quantities(text[found.start : found.end])
        readings = {to_read_quantity(quantity) for quantity in quantities if quantity.unit}
        stated = {
            reading for record in facts_by_span[span] for reading in select_stating(record, readings, content)
        }
        for quantity in quantities:
            if to_read_quantity(quantity) in stated:
                yield found.start + quantity.start, found.start + quantity.end
