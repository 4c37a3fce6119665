"""What the words for a mistake are made from, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content.record import Part
    from bmkit.shape.faults import Schema
    from bmkit.shape.mistakes import Mistake

NAMELESS = ("the record", "the file")


class Said(NamedTuple):
    """What is said of a mistake: the fault's name in the family "shape", the words, and where to point.

    `parts` lead on from the faulty value, `key` says that the member's key is meant.
    """

    fault: str
    message: str
    hint: str = ""
    parts: tuple[Part, ...] = ()
    key: bool = False


def nobody(_kind: str, _target: str) -> str:
    """Know no record: for a document that stands in no content."""
    return ""


class Case(NamedTuple):
    """A mistake with all that its words are made from.

    `name` is what the faulty value is called, `want` the value of the failed keyword, `holder` the schema in
    which it stands, `value` the faulty value and `owner` the name of the object that holds it.  `meant` gives
    for a kind and what should be an id the id of the record that is most likely meant, "" if there is none.
    """

    mistake: Mistake
    schema: Schema
    value: Any
    want: Any
    holder: dict[str, Any]
    name: str
    owner: str
    meant: Callable[[str, str], str] = nobody

    @property
    def ref(self) -> str:
        """The kind that the value refers to, "" if it is no reference; a list may say it for its items."""
        way = self.mistake.fault.way
        for step, holder in reversed(list(zip(way, self.schema.holders(way), strict=True))):
            if step == "properties":
                break
            if isinstance(holder, dict) and isinstance(holder.get("x-ref"), str):
                return str(holder["x-ref"])
        return ""

    @property
    def quantity(self) -> dict[str, Any]:
        """The schema of the quantity of which the value is a part, {} if it is part of none."""
        way = self.mistake.fault.way
        holders = self.schema.holders(way)
        at = max((at for at, step in enumerate(way) if step == "properties"), default=-1)
        holder = holders[at] if at >= 0 else {}
        return holder if isinstance(holder, dict) and "x-unit" in holder else {}

    @property
    def is_item(self) -> bool:
        """Whether the value stands in a list."""
        path = self.mistake.fault.path
        return bool(path) and isinstance(path[-1], int)


def leave_out(case: Case) -> str:
    """Advise to leave a field out, if its object can do without it."""
    way = case.mistake.fault.way
    for holder, step in reversed(list(zip(case.schema.holders(way), way, strict=True))):
        if step == "properties":
            return f"leave {case.name} out" if case.name not in holder.get("required", ()) else ""
    return ""
