"""The quantities that records state, field by field; those that are the same number stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.content.record import Part
    from bmkit.schema import Field

Found = tuple["Record", tuple["Part", ...], dict[str, Any]]
"""A record, the way in it to a quantity, and the quantity."""

_MEMBERS = ("value", "low", "high", "comparator", "unit")


class Stated(NamedTuple):
    """A quantity of a field, and all records that state it: the way to it, and how it is written there.

    Content says few different things of a field, and many times: what is judged by its number alone is judged
    once.  4 and 4.0 are one number, and may be written as either in `found`.
    """

    field: Field
    value: dict[str, Any]
    found: list[Found]


def stated(content: Content) -> list[Stated]:
    """Give every quantity of the well-shaped records; found once."""
    return content.once(_stated)


def _stated(content: Content) -> list[Stated]:
    made: list[Stated] = []
    for kind in content.kinds():
        records = content.of(kind.name) if kind.quantities else ()
        for field in kind.quantities if records else ():
            groups: dict[tuple[Any, ...], Stated] = {}
            for record, parts, value in _of(field, records):
                key = tuple(map(value.get, _MEMBERS))
                group = groups.get(key)
                if group is None:
                    group = groups[key] = Stated(field, value, [])
                    made.append(group)
                group.found.append((record, parts, value))
    return made


def _of(field: Field, records: Any) -> Iterator[Found]:
    """Give the quantities of a field."""
    name = field.path[0]
    if len(field.path) == 1 and not field.many:
        return ((record, (name,), record.value[name]) for record in records if name in record.value)
    return (
        (record, parts, value)
        for record in records
        if name in record.value
        for parts, value in record.values(field)
    )
