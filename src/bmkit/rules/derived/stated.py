"""The quantities that records state, field by field; those that are the same number stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.content.record import PathPart
    from bmkit.schema import Field

QuantityOccurrence = tuple["Record", tuple["PathPart", ...], dict[str, Any]]
"""A record, the way in it to a quantity, and the quantity."""

_QUANTITY_MEMBERS = ("value", "low", "high", "comparator", "unit")


class StatedQuantity(NamedTuple):
    """A quantity of a field, and all records that state it: the way to it, and how it is written there.

    Content says few different things of a field, and many times: what is judged by its number alone is judged
    once.  4 and 4.0 are one number, and may be written as either in `found`.
    """

    field: Field
    value: dict[str, Any]
    occurrences: list[QuantityOccurrence]


def find_stated_quantities(content: Content) -> list[StatedQuantity]:
    """Give every quantity of the well-shaped records; found once."""
    return content.compute_once(_group_stated_quantities)


def _group_stated_quantities(content: Content) -> list[StatedQuantity]:
    quantities: list[StatedQuantity] = []
    for kind in content.list_kinds():
        records = content.list_records(kind.name) if kind.quantity_fields else ()
        for field in kind.quantity_fields if records else ():
            groups: dict[tuple[Any, ...], StatedQuantity] = {}
            for record, parts, value in _iter_field_quantities(field, records):
                key = tuple(map(value.get, _QUANTITY_MEMBERS))
                group = groups.get(key)
                if group is None:
                    group = groups[key] = StatedQuantity(field, value, [])
                    quantities.append(group)
                group.occurrences.append((record, parts, value))
    return quantities


def _iter_field_quantities(field: Field, records: Any) -> Iterator[QuantityOccurrence]:
    """Give the quantities of a field."""
    name = field.path[0]
    if len(field.path) == 1 and not field.is_list:
        return ((record, (name,), record.value[name]) for record in records if name in record.value)
    return (
        (record, parts, value)
        for record in records
        if name in record.value
        for parts, value in record.values(field)
    )
