"""The facts of an article held against its text: where their spans stand now, and what these state."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.issue import Issue, Severity
from bmkit.source_text.facts import (
    QUANTITY,
    REFERENCE,
    WORD,
    Held,
    find_opposite,
    hold_fact,
    list_headings,
    list_spans,
    read_fact,
    to_stated_quantity,
)
from bmkit.source_text.reading import Reader, Reading, describe_quantities
from bmkit.source_text.seal import list_sourced_records
from bmkit.source_text.spans import FoundSpan, Outcome, Span, find_spans, to_span
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bmkit.content import Content, Record

_LABELS = {QUANTITY: "quantities", REFERENCE: "references", WORD: "closed words"}


class TextCheck(NamedTuple):
    """What came of holding an article against a text.

    `outcomes` counts the different spans by outcome; `counts` the values of facts by sort, and of references
    also by kind, each with "stated", "excused" or "neither".
    """

    issues: list[Issue]
    outcomes: Counter[Outcome]
    counts: Counter[tuple[str, str]]

    def list_summary_lines(self) -> list[str]:
        """Return the figures, a line for each sort of values."""
        spans = ", ".join(
            f"{self.outcomes[outcome]} {outcome.value}" for outcome in Outcome if self.outcomes[outcome]
        )
        lines = [f"spans: {spans or 'none'}"]
        for sort in dict.fromkeys((*_LABELS, *sorted(name for name, _ in self.counts))):
            verdicts = [
                f"{self.counts[sort, verdict]} {verdict}" for verdict in ("stated", "excused", "neither")
            ]
            label = _LABELS.get(sort, f"  {sort}")
            lines.append(f"{label}: {', '.join(verdicts)}")
        return lines


def check_text(
    content: Content, folder_name: str, text: str, sealed: Mapping[str, Reading] | None = None
) -> TextCheck:
    """Hold the facts of an article against a text; `sealed` has what was read in its spans, by digest.

    ReaderError if the text cannot be read.
    """
    return _TextChecker(content, folder_name, text, sealed or {}).check()


class _TextChecker:
    def __init__(self, content: Content, folder_name: str, text: str, sealed: Mapping[str, Reading]) -> None:
        self._content = content
        self._text = text
        self._sealed = sealed
        self._reader = Reader(content, folder_name)
        self._readings: dict[str, Reading] = {}
        self._records = list_sourced_records(content, folder_name)
        headings = (heading for record in self._records for heading in list_headings(record, content))
        spans = {to_span(value) for record in self._records for value in list_spans(record)}
        self._found = find_spans(text, spans | {to_span(heading) for heading in headings})
        self._own_spans = spans
        self._changes: dict[Span, str] = {}

    def check(self) -> TextCheck:
        issues = [issue for record in self._records for issue in self._iter_span_issues(record)]
        counts: Counter[tuple[str, str]] = Counter()
        for record in self._records:
            if record.kind.group == "fact" and self._stands(record):
                stated, context_terms = read_fact(record, self._content, self._read)
                for held in hold_fact(record, stated, context_terms, self._content):
                    _count(held, counts)
                    issues += self._iter_held_issues(record, held, stated)
        outcomes = Counter(self._name_outcome(span) for span in self._own_spans)
        return TextCheck(issues, outcomes, counts)

    def _name_outcome(self, span: Span) -> Outcome:
        outcome = self._found[span].outcome
        return Outcome.ABSENT if outcome is Outcome.ALTERED and not self._changes[span] else outcome

    def _stands(self, record: Record) -> bool:
        """Return whether all words that state a fact stand in the text as they were."""
        return all(
            self._found[to_span(value)].outcome in {Outcome.EXACT, Outcome.MOVED}
            for value in list_spans(record)
            if value.get("as") != "context"
        )

    def _read(self, value: dict[str, Any]) -> Reading:
        span = to_span(value)
        found = self._found[span]
        if found.outcome not in {Outcome.EXACT, Outcome.MOVED}:
            return Reading()
        if span.digest not in self._readings:
            self._readings[span.digest] = self._reader.read(self._text[found.start : found.end])
        return self._readings[span.digest]

    def _iter_span_issues(self, record: Record) -> Iterator[Issue]:
        for index, value in enumerate(list_spans(record)):
            span = to_span(value)
            found = self._found[span]
            place = record.locate_field("source", "spans", index, "start")
            if found.outcome is Outcome.MOVED:
                message = f"the words of the span stand at {found.start} now, and not at {span.start}"
                yield Issue(
                    place, "source.moved", Severity.WARNING, message, f"write {found.start} and {found.end}"
                )
            elif found.outcome is Outcome.AMBIGUOUS:
                message = (
                    "the words of the span stand elsewhere, and nothing says that they are those of the fact"
                )
                yield Issue(
                    place, "source.ambiguous", Severity.ERROR, message, "look the fact up in the text anew"
                )
            elif found.outcome in {Outcome.ALTERED, Outcome.ABSENT}:
                if change := self._changes.setdefault(span, self._describe_change(record, span, found)):
                    message = f"the text says something else there now: {change}"
                    hint = "correct the fact and its span, if the new text is right"
                    yield Issue(place, "source.altered", Severity.ERROR, message, hint)
                else:
                    message = "the words of the span are not in the text"
                    hint = "take the fact out, or say where the text states it"
                    yield Issue(place, "source.absent", Severity.ERROR, message, hint)

    def _describe_change(self, record: Record, span: Span, found: FoundSpan) -> str:
        """Return what is said otherwise where a span stood, "" if its words are gone altogether."""
        if found.outcome is Outcome.ABSENT:
            return ""
        now = self._reader.read(self._text[found.start : found.end])
        before = self._sealed.get(span.digest) or self._guess_reading(record)
        units = {quantity.unit for quantity in before.quantities}
        is_alike = (
            any(quantity.unit in units for quantity in now.quantities)
            or before.terms & now.terms
            or before.words & now.words
        )
        if not is_alike:
            return ""
        gone = describe_quantities(before.quantities - now.quantities)
        new = describe_quantities(now.quantities - before.quantities)
        if gone:
            return f"{gone} is not there" + (f", but {new}" if new else "")
        lost_terms = sorted(before.terms - now.terms)
        if lost_terms:
            return f"{', '.join(lost_terms)} is not named"
        if span.digest in self._sealed and before.negations != now.negations:
            return f'{now.negations} times "not" instead of {before.negations}'
        return "in other words"

    def _guess_reading(self, record: Record) -> Reading:
        """Return what a fact says that is not stated by its other spans, where what was read is not known."""
        stated, _ = read_fact(record, self._content, self._read)
        missing = [
            held.claim for held in hold_fact(record, stated, frozenset(), self._content) if not held.is_stated
        ]
        return Reading(
            frozenset(to_stated_quantity(claim) for claim in missing if claim.sort == QUANTITY),
            frozenset(
                f"{claim.field.target_kind}/{claim.value}" for claim in missing if claim.sort == REFERENCE
            ),
        )

    def _iter_held_issues(self, record: Record, held: Held, stated: Reading) -> Iterator[Issue]:
        claim = held.claim
        if held.is_stated or held.is_excused:
            return
        place = record.locate_field(*claim.parts)
        excuse = ".".join([claim.path, *held.missing[:1]]).rstrip(".")
        hint = f'correct it or its spans, or let a note explain "{excuse}"'
        if claim.sort == QUANTITY:
            words = format_value(claim.value, claim.field._replace(is_list=False), self._content, record)
            parts = " and ".join(part for part in held.missing if part)
            message = f"the text does not state {words}" + (f": its {parts} is another" if parts else "")
            read = describe_quantities(stated.quantities)
            message += f"; it states {read}" if read else ""
            yield Issue(place, "source.unstated", Severity.ERROR, message, hint)
        elif claim.sort == REFERENCE:
            message = f'the text does not name the {claim.field.target_kind} "{claim.value}"'
            yield Issue(place, "source.unnamed", Severity.WARNING, message, hint)
        elif opposite := find_opposite(held.claim, stated):
            message = f'the text says {opposite}, and not "{claim.value}"'
            yield Issue(place, "source.opposite", Severity.WARNING, message, hint)


def _count(held: Held, counts: Counter[tuple[str, str]]) -> None:
    verdict = "stated" if held.is_stated else "excused" if held.is_excused else "neither"
    counts[held.claim.sort, verdict] += 1
    if held.claim.sort == REFERENCE:
        counts[held.claim.field.target_kind, verdict] += 1
