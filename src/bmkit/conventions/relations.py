"""Whether what a kind declares of its values can hold: relations between fields, and plausible ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import pointer
from bmkit.conventions.annotations import near
from bmkit.conventions.fault import SchemaFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.schema import Field, Kind, Schemas
    from bmkit.schema.relations import Plausible, Relation

_NUMBERS = ("integer", "number")


class _BrokenError(Exception):
    """A relation that leads nowhere; the arguments are the message and a hint."""


def relation_faults(kind: Kind, schemas: Schemas) -> Iterator[SchemaFault]:
    """Check that every relation of a kind's fields names fields that there are, and of the right sort."""
    for field in kind.related:
        for relation in field.relations:
            try:
                _check(kind, field, relation, schemas)
            except _BrokenError as broken:
                message, hint = broken.args
                yield SchemaFault(
                    "annotation", _place(kind, field, relation.name), f"{relation.name}: {message}", hint
                )

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
    from bmkit.units.algebra import commensurable
    from bmkit.units.grammar import UnitError

    try:
        return commensurable(unit, other)
    except UnitError:
        return False


def _check(kind: Kind, field: Field, relation: Relation, schemas: Schemas) -> None:
    if relation.name == "x-sum":
        if field.maximum is None or not _sort(field):
            raise _BrokenError("the field needs numbers and a maximum, which is the whole", "")
        for name in (relation.field, *relation.same):
            _named(kind.fields, name, f"{kind.name} has")
        return
    if relation.kind:
        if relation.kind not in schemas:
            raise _BrokenError(f'there is no kind "{relation.kind}"', near(relation.kind, schemas.names))
        other = schemas.kind(relation.kind)
        for name in relation.same:
            one = _named(kind.fields, name, f"{kind.name} has")
            two = _named(other.fields, name, f"{other.name} has")
            if (one.type, one.ref) != (two.type, two.ref):
                raise _BrokenError(f"{name} is another sort of field in {other.name}", "")
        found = _named(other.fields, relation.field, f"{other.name} has")
    else:
        found = _target(kind, field, relation.field, schemas)
    if found is field:
        raise _BrokenError(f"{field.name} is related to itself", "")
    if not _sort(field) or _sort(field) != _sort(found):
        raise _BrokenError(f"{field.name} and {relation.field} cannot be compared", "")
    if (
        relation.name != "x-same-dimension"
        and field.dimension
        and found.dimension not in {"", field.dimension}
    ):
        raise _BrokenError(
            f"{field.name} is a {field.dimension}, and {relation.field} a {found.dimension}", ""
        )


def _target(kind: Kind, field: Field, path: str, schemas: Schemas) -> Field:
    """Give the field that "end" or "parent.end" means beside `field`."""
    beside: Sequence[Field] = kind.fields
    for name in field.path[:-1]:
        beside = next(part.fields for part in beside if part.name == name)
    first, _, second = path.partition(".")
    found = _named(beside, first, "beside it there is")
    if not second:
        return found
    if found.type != "reference" or found.ref not in schemas:
        raise _BrokenError(f"{first} does not refer to a record, so {path} leads nowhere", "")
    return _named(schemas.kind(found.ref).fields, second, f"{found.ref} has")


def _named(fields: Sequence[Field], name: str, where: str) -> Field:
    for field in fields:
        if field.name == name:
            return field
    raise _BrokenError(f'{where} no field "{name}"', near(name, [field.name for field in fields]))


def _sort(field: Field) -> str:
    """Say what sort of amount a field holds: numbers, quantities or dates; "" for none."""
    if field.type in _NUMBERS:
        return "number"
    return "quantity" if field.type == "quantity" else "date" if field.format == "date" else ""


def _place(kind: Kind, field: Field, annotation: str) -> str:
    """Give the place of the annotation, or of the field that holds it where it stands in common/."""
    way: tuple[str, ...] = ("$defs", "record", "properties", field.path[0])
    own = kind.bundle["$defs"]["record"]["properties"][field.path[0]]
    declares = len(field.path) == 1 and annotation in own
    return pointer((*way, annotation) if declares else way)
