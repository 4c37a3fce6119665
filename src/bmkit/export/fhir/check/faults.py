"""What a check says of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bmkit.export.fhir.ids import Json


class Fault(NamedTuple):
    """One thing that is wrong: with which resource, where in it, and what; `rule` is who says so."""

    resource: str
    path: str
    rule: str
    message: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.resource} {self.path}: {self.message} [{self.rule}]"


def called(made: Json) -> str:
    """A resource as people find it: its type, and what it is about rather than its id."""
    marks = made.get("identifier") or ()
    own = marks if isinstance(marks, dict) else marks[0] if marks else {}
    name = own.get("value") if isinstance(own, dict) else ""
    return f"{made.get('resourceType', '?')} {name or made.get('id', '?')}"
