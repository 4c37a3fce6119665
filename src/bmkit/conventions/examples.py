"""Whether the examples of fields fit the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import pointer
from bmkit.conventions.fault import SchemaFault
from bmkit.shape.fault import Schema, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Field, Kind
    from bmkit.shape import Shapes


def unfit_examples(kind: Kind, shapes: Shapes) -> Iterator[SchemaFault]:
    """Check every example of every field: one document holds them all, each in a record of its own."""
    cases: list[tuple[Field, int, tuple[Any, ...]]] = []
    records: list[dict[str, Any]] = []
    for field, way in _fields(kind.fields, ()):
        for number, example in enumerate(field.examples):
            record, path = _wrapped(example, way)
            cases.append((field, number, ("records", len(records), *path)))
            records.append(record)
    document = {"$schema": "", "records": records}
    # What a record lacks beside the example is nobody's fault.
    by_record: dict[Any, list[Any]] = {}
    for fault in shapes.faults(kind, document):
        if fault.path[:1] == ("records",) and len(fault.path) > 1:
            by_record.setdefault(fault.path[1], []).append(fault)
    for place, faults in by_record.items():
        field, number, path = cases[int(place)]
        inner = [fault for fault in faults if fault.path[: len(path)] == path]
        if inner:
            # Only a faulty schema pays for these imports.
            from bmkit.shape.pick import mistakes
            from bmkit.shape.words import say

            schema = Schema(kind.bundle)
            for mistake in mistakes(inner, schema, document):
                said = say(mistake, schema, value_at(document, mistake.fault.path), kind.name)
                at = _pointer(kind, field, number, (*mistake.fault.path[len(path) :], *said.parts))
                yield SchemaFault("example", at, f"the example does not fit: {said.message}", said.hint)


def _fields(fields: tuple[Field, ...], above: tuple[Field, ...]) -> Iterator[tuple[Field, tuple[Field, ...]]]:
    for field in fields:
        way = (*above, field)
        yield field, way
        yield from _fields(field.fields, way)


def _wrapped(example: Any, way: tuple[Field, ...]) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """Put an example into a record; give the record, and the way from it to the example."""
    value = example
    path: tuple[Any, ...] = ()
    for depth, field in enumerate(reversed(way)):
        # The example of a list is the list, but what lies below a list lies in one of its items.
        is_list = field.many and depth > 0
        value = {field.name: [value] if is_list else value}
        path = (field.name, 0, *path) if is_list else (field.name, *path)
    return value, path


def _pointer(kind: Kind, field: Field, number: int, inside: tuple[Any, ...]) -> str:
    """Give the place of an example, or of the field where the example stands in common/."""
    at: tuple[Any, ...] = ("$defs", "record", "properties", field.path[0])
    node = kind.bundle["$defs"]["record"]["properties"][field.path[0]]
    if len(field.path) == 1 and "examples" in node:
        at = (*at, "examples", number, *inside)
    return pointer(at)
