"""Whether the examples of fields fit the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import pointer
from bmkit.schema_lint.fault import SchemaFault
from bmkit.shape.faults import Schema, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Field, Kind
    from bmkit.shape import Shapes
    from bmkit.shape.faults import Fault


def unfit_examples(kind: Kind, shapes: Shapes) -> Iterator[SchemaFault]:
    """Check every example of every field.

    One document holds them all: the first examples of all fields make a record, the first examples of their
    sub-fields the next, and so on, so that little is missing from any.
    """
    records: dict[tuple[int, int], dict[str, Any]] = {}
    cases: list[tuple[Field, int, tuple[Any, ...]]] = []
    for field, way in _fields(kind.fields, ()):
        for number, example in enumerate(field.examples):
            key = (len(way), number)
            record = records.setdefault(key, {})
            cases.append((field, number, ("records", list(records).index(key), *_put(record, way, example))))
    document = {"$schema": "", "records": list(records.values())}
    found = shapes.faults(kind, document)
    # Fields that exclude each other meet here; that is not the fault of their examples.
    found = [fault for fault in found if fault.keyword != "false" and len(fault.path) > 2]  # noqa: PLR2004
    for field, number, path in cases if found else ():
        inner = [fault for fault in found if fault.path[: len(path)] == path]
        for message, hint, inside in _said(inner, kind, document, path):
            yield SchemaFault("example", _pointer(kind, field, number, inside), message, hint)


def _said(
    faults: list[Fault], kind: Kind, document: Any, path: tuple[Any, ...]
) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    # Only a faulty schema pays for these imports.
    from bmkit.shape.messages import say
    from bmkit.shape.mistakes import mistakes

    schema = Schema(kind.bundle)
    for mistake in mistakes(faults, schema, document):
        said = say(mistake, schema, value_at(document, mistake.fault.path), kind.name)
        inside = (*mistake.fault.path[len(path) :], *said.parts)
        yield f"the example does not fit: {said.message}", said.hint, inside


def _fields(fields: tuple[Field, ...], above: tuple[Field, ...]) -> Iterator[tuple[Field, tuple[Field, ...]]]:
    for field in fields:
        way = (*above, field)
        yield field, way
        yield from _fields(field.fields, way)


def _put(record: dict[str, Any], way: tuple[Field, ...], example: Any) -> tuple[Any, ...]:
    """Put an example into a record where its field stands; give the way to it."""
    path: list[Any] = []
    here = record
    for field in way[:-1]:
        path.append(field.name)
        inside = here.setdefault(field.name, [{}] if field.many else {})
        if field.many:
            path.append(0)
            inside = inside[0]
        here = inside
    here[way[-1].name] = example
    return (*path, way[-1].name)


def _pointer(kind: Kind, field: Field, number: int, inside: tuple[Any, ...]) -> str:
    """Give the place of an example, or of the field where the example stands in common/."""
    at: tuple[Any, ...] = ("$defs", "record", "properties", field.path[0])
    node = kind.bundle["$defs"]["record"]["properties"][field.path[0]]
    if len(field.path) == 1 and "examples" in node:
        at = (*at, "examples", number, *inside)
    return pointer(at)
