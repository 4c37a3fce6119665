"""Sections: the parts of the article that facts name as their source."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content


def _make_section(
    section_id: str, order: int, start: int, end: int, parent: str | None = None
) -> dict[str, Any]:
    section = {"id": section_id, "order": order, "start": start, "end": end}
    return section if parent is None else {**section, "parent": parent}


@rule(
    Severity.ERROR,
    good={"article": [{"id": "article", "length": 10}], "section": [_make_section("a", 1, 0, 10)]},
    bad={"article": [{"id": "article", "length": 9}], "section": [_make_section("a", 1, 0, 10)]},
)
def outside(content: Content) -> Faults:
    """A section goes beyond the end of the article.

    Its spans then point at no words.
    """
    lengths = {article.folder: article["length"] for article in content.list_records("article")}
    for section in content.list_records("section"):
        length = lengths.get(section.folder)
        if length is not None and (section["end"] or 0) > length:
            message = f"end {section['end']} is above {length}, the length of the article"
            yield section.locate_field("end"), message, "correct the end, or the length of the article"


_HEADING = {"start": 2, "end": 8, "digest": "0123456789abcdef"}


@rule(
    Severity.ERROR,
    good={"section": [{**_make_section("a", 1, 0, 10), "heading": _HEADING}]},
    bad=[
        {"section": [{**_make_section("a", 1, 3, 10), "heading": _HEADING}]},
        {"section": [{**_make_section("a", 1, 0, 7), "heading": _HEADING}]},
    ],
)
def heading_outside(content: Content) -> Faults:
    """The heading of a section lies outside the section.

    Either the heading is that of another section, or the ends of this one are wrong.
    """
    for section in content.list_records("section"):
        heading, start, end = section.value.get("heading"), section["start"], section["end"]
        if isinstance(heading, dict) and start is not None and end is not None:
            for name in ("start", "end"):
                if not start <= heading[name] <= end:
                    message = (
                        f"{name} {heading[name]} is outside the section, which goes from {start} to {end}"
                    )
                    hint = "correct the heading, or where the section starts and ends"
                    yield section.locate_field("heading", name), message, hint
                    break


@rule(
    Severity.ERROR,
    good={
        "section": [
            _make_section("a", 1, 0, 10),
            _make_section("b", 2, 0, 5, "a"),
            _make_section("c", 3, 10, 20),
        ]
    },
    bad={"section": [_make_section("a", 1, 0, 10), _make_section("b", 2, 9, 20)]},
)
def overlap(content: Content) -> Faults:
    """Two sections overlap, and neither belongs to the other.

    A fact in the words of both could have either as its source.
    """
    sections_by_parent: dict[tuple[str, str], list[Any]] = {}
    for section in content.list_records("section"):
        if section["start"] is not None and section["end"] is not None:
            sections_by_parent.setdefault((section.folder, section["parent"] or ""), []).append(section)
    for sections in sections_by_parent.values():
        sections.sort(key=lambda section: (section["start"], section["end"]))
        for previous, following in pairwise(sections):
            if following["start"] < previous["end"]:
                message = f'start {following["start"]} is before the end {previous["end"]} of "{previous.id}"'
                hint = "correct one of the two ends, or name the one as parent of the other"
                yield following.locate_field("start"), message, hint


@rule(
    Severity.ERROR,
    good={"section": [_make_section("a", 1, 0, 10), _make_section("b", 2, 10, 20)]},
    bad=[
        {"section": [_make_section("a", 2, 0, 10), _make_section("b", 1, 10, 20)]},
        {"section": [_make_section("a", 1, 0, 10), _make_section("b", 1, 10, 20)]},
    ],
)
def out_of_order(content: Content) -> Faults:
    """The numbers of sections do not follow the text.

    Sheets and pages then show the facts in another order than the article.
    """
    sections_by_folder: dict[str, list[Any]] = {}
    for section in content.list_records("section"):
        if section["start"] is not None and section["end"] is not None:
            sections_by_folder.setdefault(section.folder, []).append(section)
    for sections in sections_by_folder.values():
        # A section comes before its own sections, of which one may start with it.
        sections.sort(key=lambda section: (section["start"], -section["end"]))
        for previous, following in pairwise(sections):
            if following["order"] <= previous["order"]:
                message = (
                    f"order {following['order']} is not above order "
                    f'{previous["order"]} of "{previous.id}" before it'
                )
                yield following.locate_field("order"), message, "number the sections in the order of the text"
