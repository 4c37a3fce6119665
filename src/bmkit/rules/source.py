"""Sources: where the article says a fact, as a section and spans of its text."""

from __future__ import annotations

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
    articles = {article.folder: article for article in content.of("article")}
    sections = {(section.folder, section.id): section for section in content.of("section")}
    for (folder, name), spans in content.once(_by_section).items():
        article, section = articles.get(folder), sections.get((folder, name))
        length = article["length"] if article is not None else None
        beyond = [one for one in spans if length is not None and one.end > length]
        for one in beyond:
            message = f"end {one.end} is above {length}, the length of the article"
            yield one.record.at(*one.at, "end"), message, "correct the span, or the length of the article"
        if section is None:
            continue
        start, end = section["start"], section["end"]
        misplaced = [one for one in spans if one not in beyond and not start <= one.start <= one.end <= end]
        if len(misplaced) >= _MANY and 2 * len(misplaced) > len(spans):
            wrong = "start" if any(one.start < start for one in misplaced) else "end"
            message = f"{len(misplaced)} of {len(spans)} spans of its facts lie outside {start} to {end}"
            yield section.at(wrong), message, "correct where the section starts and ends"
            continue
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


def _by_section(content: Content) -> dict[tuple[str, str], list[_Span]]:
    """Give the spans of all sources by folder and section."""
    found: dict[tuple[str, str], list[_Span]] = {}
    for record, name, spans in content.once(_sources):
        group = found.setdefault((record.folder, name), [])
        for number, span in enumerate(spans):
            group.append(_Span(record, ("source", "spans", number), span["start"], span["end"]))
    return found


def _sources(content: Content) -> list[tuple[Record, str, list[dict[str, int]]]]:
    """Give the source of every record that has one: its section and its spans."""
    found = []
    for record in content.records():
        source = record.value.get("source")
        if isinstance(source, dict) and isinstance(source.get("spans"), list):
            found.append((record, source.get("section", ""), source["spans"]))
    return found
