"""Sources: where the article states a fact, as a section and spans of its text."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content, Record

# If this many spans lie outside a section, the section is reported.
_MIN_SPANS_AGAINST_SECTION = 3
_SPAN_HINT = "correct the span, or name the section that it stands in"


def _make_sourced_fact(*spans: tuple[int, int], section: str = "symptoms") -> list[dict[str, Any]]:
    span_values = [{"start": start, "end": end} for start, end in spans]
    return [{"id": "one", "source": {"section": section, "spans": span_values}}]


_EXAMPLE_ARTICLE = [{"id": "article", "length": 1000}]
_EXAMPLE_SECTION = [{"id": "symptoms", "start": 100, "end": 300}]


@rule(
    Severity.ERROR,
    good={"incidence": _make_sourced_fact((100, 120), (120, 140))},
    bad=[
        {"incidence": _make_sourced_fact((100, 120), (110, 140))},
        {"incidence": _make_sourced_fact((200, 210), (100, 120))},
    ],
)
def overlap(content: Content) -> Faults:
    """Two spans of a fact overlap, or are not in the order of the text.

    Words that are counted twice or read in another order may state something that the article does not.
    """
    for record, _, spans in _list_sources(content):
        for index in range(1, len(spans)):
            previous, span = spans[index - 1], spans[index]
            if span["start"] < previous["end"]:
                place = record.locate_field("source", "spans", index, "start")
                if span["end"] <= previous["start"]:
                    message = (
                        f"the span that starts at {span['start']} is "
                        f"after the one that starts at {previous['start']}"
                    )
                    yield place, message, "put the spans in the order of the text"
                else:
                    yield (
                        place,
                        f"start {span['start']} is before the end {previous['end']} of the span above",
                    )


@rule(
    Severity.ERROR,
    good={
        "article": _EXAMPLE_ARTICLE,
        "section": _EXAMPLE_SECTION,
        "incidence": _make_sourced_fact((100, 300)),
    },
    bad=[
        {"article": _EXAMPLE_ARTICLE, "incidence": _make_sourced_fact((990, 1010), section="")},
        {"section": _EXAMPLE_SECTION, "incidence": _make_sourced_fact((90, 110))},
        {"section": _EXAMPLE_SECTION, "incidence": _make_sourced_fact((290, 301))},
        {
            "section": [{"id": "symptoms", "start": 250, "end": 300}],
            "incidence": _make_sourced_fact((100, 110), (120, 130), (140, 150), (260, 270)),
        },
    ],
)
def outside(content: Content) -> Faults:
    """A span lies outside its section or outside the article.

    The fact is then based on other words than those of its section, or on none.  If most spans of a section
    lie outside it, the section is wrong.
    """
    lengths = {article.folder: article["length"] for article in content.list_records("article")}
    sections = {(section.folder, section.id): section for section in content.list_records("section")}
    for section_key, misplaced in _find_misplaced_spans(content, lengths, sections).items():
        section, length = sections.get(section_key), lengths.get(section_key[0])
        within_article = [span for span in misplaced if length is None or span.end <= length]
        for span in misplaced:
            if span not in within_article:
                message = f"end {span.end} is above {length}, the length of the article"
                yield (
                    span.record.locate_field(*span.path, "end"),
                    message,
                    "correct the span, or the length of the article",
                )
        if section is not None:
            yield from _find_outside_section(section, within_article, content)


def _find_outside_section(section: Record, misplaced: list[_PlacedSpan], content: Content) -> Faults:
    """Yield the spans that lie outside their section, or the section if most of its spans do."""
    start, end = section["start"], section["end"]
    if len(misplaced) >= _MIN_SPANS_AGAINST_SECTION:
        section_key = (section.folder, section.id)
        span_count = sum(
            len(spans)
            for record, section_id, spans in _list_sources(content)
            if (record.folder, section_id) == section_key
        )
        if 2 * len(misplaced) > span_count:
            wrong_end = "start" if any(span.start < start for span in misplaced) else "end"
            message = f"{len(misplaced)} of {span_count} spans of its facts lie outside {start} to {end}"
            yield section.locate_field(wrong_end), message, "correct where the section starts and ends"
            return
    section_phrase = f'the section "{section.id}", which goes from {start} to {end}'
    for span in misplaced:
        if start <= span.start <= end:
            yield (
                span.record.locate_field(*span.path, "end"),
                f"end {span.end} is outside {section_phrase}",
                _SPAN_HINT,
            )
        else:
            yield (
                span.record.locate_field(*span.path, "start"),
                f"start {span.start} is outside {section_phrase}",
                _SPAN_HINT,
            )


class _PlacedSpan(NamedTuple):
    """A span of a record's source, and its path."""

    record: Record
    path: tuple[str, str, int]
    start: int
    end: int


def _find_misplaced_spans(
    content: Content, lengths: dict[str, int], sections: dict[tuple[str, str], Record]
) -> dict[tuple[str, str], list[_PlacedSpan]]:
    """Return the spans that lie outside the article or their section, by folder and section."""
    section_bounds = {
        section_key: (section["start"], section["end"]) for section_key, section in sections.items()
    }
    misplaced: dict[tuple[str, str], list[_PlacedSpan]] = {}
    for record, section_id, spans in _list_sources(content):
        section_key = (record.folder, section_id)
        length = lengths.get(record.folder, inf)
        start, end = section_bounds.get(section_key, (0, inf))
        for index, span in enumerate(spans):
            if span["start"] < start or span["start"] > end or span["end"] > end or span["end"] > length:
                placed_span = _PlacedSpan(record, ("source", "spans", index), span["start"], span["end"])
                misplaced.setdefault(section_key, []).append(placed_span)
    return misplaced


@per_content
def _list_sources(content: Content) -> list[tuple[Record, str, list[dict[str, int]]]]:
    """Return the source of every record that has one: its section and its spans."""
    sources = []
    for record in content.iter_records():
        source = record.value.get("source")
        if isinstance(source, dict) and isinstance(source.get("spans"), list):
            sources.append((record, source.get("section", ""), source["spans"]))
    return sources
