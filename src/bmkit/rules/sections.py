"""Sections: the parts of the article that facts name as their source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(Severity.ERROR)
def heading_outside(content: Content) -> Faults:
    """The heading of a section lies outside the section.

    Either the heading is that of another section, or the ends of this one are wrong.
    """
    for section in content.list_records("section"):
        heading, start, end = (
            section.value.get("heading"),
            section.value.get("start"),
            section.value.get("end"),
        )
        if isinstance(heading, dict) and start is not None and end is not None:
            for name in ("start", "end"):
                if not start <= heading[name] <= end:
                    message = (
                        f"{name} {heading[name]} is outside the section, which goes from {start} to {end}"
                    )
                    hint = "correct the heading, or where the section starts and ends"
                    yield section.locate_field("heading", name), message, hint
                    break
