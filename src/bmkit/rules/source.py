"""Sources: where the article says a fact, as a section and spans of its text."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content, Record

# From so many spans on it is not they that are told to be wrong.
_MANY = 3
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
        {
            "section": [{"id": "symptoms", "start": 250, "end": 300}],
            "incidence": _fact((100, 110), (120, 130), (140, 150), (260, 270)),
        },
    ],
)
def outside(content: Content) -> Faults:
    """A span lies outside its section, or outside the article.

    The fact then rests on other words than the ones that its section holds, or on none.  Where most spans of
    a section lie outside, it is the section that is wrong.
    """
    lengths = {article.folder: article["length"] for article in content.of("article")}
    sections = {(section.folder, section.id): section for section in content.of("section")}
    for key, spans in _misplaced(content, lengths, sections).items():
        section, length = sections.get(key), lengths.get(key[0])
        inside = [one for one in spans if length is None or one.end <= length]
        for one in spans:
            if one not in inside:
                message = f"end {one.end} is above {length}, the length of the article"
                yield one.record.at(*one.at, "end"), message, "correct the span, or the length of the article"
        if section is not None:
            yield from _outside(section, inside, content)


def _outside(section: Record, misplaced: list[_Span], content: Content) -> Faults:
    """Tell of the spans that lie outside their section, or of the section if most of its spans do."""
    start, end = section["start"], section["end"]
    if len(misplaced) >= _MANY:
        own = (section.folder, section.id)
        every = sum(
            len(spans) for record, name, spans in content.once(_sources) if (record.folder, name) == own
        )
        if 2 * len(misplaced) > every:
            wrong = "start" if any(one.start < start for one in misplaced) else "end"
            message = f"{len(misplaced)} of {every} spans of its facts lie outside {start} to {end}"
            yield section.at(wrong), message, "correct where the section starts and ends"
            return
    whole = f'the section "{section.id}", which goes from {start} to {end}'
    for one in misplaced:
        if start <= one.start <= end:
            yield one.record.at(*one.at, "end"), f"end {one.end} is outside {whole}", _MEND
        else:
            yield one.record.at(*one.at, "start"), f"start {one.start} is outside {whole}", _MEND


class _Span(NamedTuple):
    """A span of a record's source, and the way to it."""

    record: Record
    at: tuple[str, str, int]
    start: int
    end: int


def _misplaced(
    content: Content, lengths: dict[str, int], sections: dict[tuple[str, str], Record]
) -> dict[tuple[str, str], list[_Span]]:
    """Give the spans that lie outside the article or their section, by folder and section."""
    ends = {key: (section["start"], section["end"]) for key, section in sections.items()}
    found: dict[tuple[str, str], list[_Span]] = {}
    for record, name, spans in content.once(_sources):
        key = (record.folder, name)
        length = lengths.get(record.folder, inf)
        start, end = ends.get(key, (0, inf))
        for number, span in enumerate(spans):
            if span["start"] < start or span["start"] > end or span["end"] > end or span["end"] > length:
                one = _Span(record, ("source", "spans", number), span["start"], span["end"])
                found.setdefault(key, []).append(one)
    return found


def _sources(content: Content) -> list[tuple[Record, str, list[dict[str, int]]]]:
    """Give the source of every record that has one: its section and its spans."""
    found = []
    for record in content.records():
        source = record.value.get("source")
        if isinstance(source, dict) and isinstance(source.get("spans"), list):
            found.append((record, source.get("section", ""), source["spans"]))
    return found
