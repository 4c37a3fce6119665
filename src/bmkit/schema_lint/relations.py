"""Whether what a kind declares of its values can hold: relations between fields, and plausible ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import pointer
from bmkit.schema.annotations import BrokenError, limit_of
from bmkit.schema_lint.annotations import near
from bmkit.schema_lint.fault import SchemaFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Field, Kind, Schemas
    from bmkit.schema.annotations import Plausible


def relation_faults(kind: Kind, schemas: Schemas) -> Iterator[SchemaFault]:
    """Check that every relation of a kind's fields names fields that there are, and of the right sort."""
    for field in kind.related:
        for relation in field.relations:
            try:
                limit_of(kind, field, relation, schemas)
            except BrokenError as broken:
                place, message = _place(kind, field, relation.name), f"{relation.name}: {broken}"
                yield SchemaFault("annotation", place, message, near(broken.word, broken.known))
    for field in kind.deep():
        if field.plausible is not None:
            message = _unfit(field, field.plausible)
            if message:
                yield SchemaFault("annotation", _place(kind, field, "x-plausible"), f"x-plausible: {message}")


def _unfit(field: Field, range_: Plausible) -> str:
    """Say why a range cannot be that of a field, "" if it can."""
    if field.type != "quantity":
        return f"{field.name} is no quantity"
    if range_.low >= range_.high:
        return f"low {range_.low} is not below high {range_.high}"
    if not any(_comparable(range_.unit, unit) for unit in field.units):
        return f"{range_.unit} does not measure what {', '.join(field.units)} do"
    return ""


def _comparable(unit: str, other: str) -> bool:
    if unit == other:
        return True
    from bmkit.ucum.parse import UnitError
    from bmkit.ucum.units import commensurable

    try:
        return commensurable(unit, other)
    except UnitError:
        return False


def _place(kind: Kind, field: Field, annotation: str) -> str:
    """Give the place of the annotation, or of the field that holds it where it stands in common/."""
    way: tuple[str, ...] = ("$defs", "record", "properties", field.path[0])
    own = kind.bundle["$defs"]["record"]["properties"][field.path[0]]
    declares = len(field.path) == 1 and annotation in own
    return pointer((*way, annotation) if declares else way)
