"""What the words for a mistake are made from, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bmkit.content.record import Part
    from bmkit.shape.fault import Schema
    from bmkit.shape.pick import Mistake

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


class Case(NamedTuple):
    """A mistake with all that its words are made from.

    `name` is what the faulty value is called, `want` the value of the failed keyword, `holder` the schema in
    which it stands, `value` the faulty value and `owner` the name of the object that holds it.
    """

    mistake: Mistake
    schema: Schema
    value: Any
    want: Any
    holder: dict[str, Any]
    name: str
    owner: str


def leave_out(case: Case) -> str:
    """Advise to leave a field out, if its object can do without it."""
    way = case.mistake.fault.way
    for holder, step in reversed(list(zip(case.schema.holders(way), way, strict=True))):
        if step == "properties":
            return f"leave {case.name} out" if case.name not in holder.get("required", ()) else ""
    return ""
