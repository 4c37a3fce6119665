"""Sources: where the article says a fact, as a section and spans of its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content, Record

_MEND = "correct the span, or name the section that it stands in"


def _fact(*spans: tuple[int, int], section: str = "symptoms") -> list[dict[str, Any]]:
    made = [{"start": start, "end": end} for start, end in spans]
    return [{"id": "one", "source": {"section": section, "spans": made}}]


_ARTICLE = [{"id": "article", "length": 1000}]
_SECTION = [{"id": "symptoms", "start": 100, "end": 300}]


@rule(
    Severity.ERROR,
    good={"incidence": _fact((100, 120), (120, 140))},
    bad=[{"incidence": _fact((100, 120), (110, 140))}, {"incidence": _fact((200, 210), (100, 120))}],
)
def overlap(content: Content) -> Faults:
    """Two spans of a fact overlap, or do not stand in the order of the text.

    Words counted twice, or read in another order, may say something that the article does not.
    """
    for record, _, spans in content.once(_sources):
        for number in range(1, len(spans)):
            before, here = spans[number - 1], spans[number]
            if here["start"] < before["end"]:
                place = record.at("source", "spans", number, "start")
                if here["end"] <= before["start"]:
                    message = f"the span from {here['start']} stands after the one from {before['start']}"
                    yield place, message, "put the spans in the order of the text"
                else:
                    yield place, f"start {here['start']} is before the end {before['end']} of the span above"


@rule(
    Severity.ERROR,
    good={"article": _ARTICLE, "section": _SECTION, "incidence": _fact((100, 300))},
    bad=[
        {"article": _ARTICLE, "incidence": _fact((990, 1010), section="")},
        {"section": _SECTION, "incidence": _fact((90, 110))},
        {"section": _SECTION, "incidence": _fact((290, 301))},
    ],
)
def outside(content: Content) -> Faults:
    """A span lies outside its section, or outside the article.

    The fact then rests on other words than the ones that its section holds, or on none.
    """
    lengths = {article.folder: article["length"] for article in content.of("article")}
    sections = {(section.folder, section.id): section for section in content.of("section")}
    ends = {key: (section["start"], section["end"]) for key, section in sections.items()}
    for record, name, spans in content.once(_sources):
        length = lengths.get(record.folder)
        start, end = ends.get((record.folder, name), (0, None))
        for number, span in enumerate(spans):
            at = ("source", "spans", number)
            if length is not None and span["end"] > length:
                message = f"end {span['end']} is above {length}, the length of the article"
                yield record.at(*at, "end"), message, "correct the span, or the length of the article"
            elif end is not None and not start <= span["start"] <= end:
                section = _range(sections[record.folder, name])
                yield record.at(*at, "start"), f"start {span['start']} is outside {section}", _MEND
            elif end is not None and span["end"] > end:
                section = _range(sections[record.folder, name])
                yield record.at(*at, "end"), f"end {span['end']} is outside {section}", _MEND


def _range(section: Record) -> str:
    return f'the section "{section.id}", which goes from {section["start"]} to {section["end"]}'


def _sources(content: Content) -> list[tuple[Record, str, list[dict[str, int]]]]:
    """Give the source of every record that has one: its section and its spans."""
    found = []
    for record in content.records():
        source = record.value.get("source")
        if isinstance(source, dict) and isinstance(source.get("spans"), list):
            found.append((record, source.get("section", ""), source["spans"]))
    return found
