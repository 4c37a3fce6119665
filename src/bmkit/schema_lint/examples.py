"""Whether the examples of fields fit the fields."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bmkit.schema_lint.annotations import SchemaFault, choose_fitting_hint
from bmkit.shape.faults import BundledSchema, select_instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Field, Kind
    from bmkit.shape import ShapeChecker
    from bmkit.shape.faults import ShapeFault


def find_unfit_examples(kind: Kind, shape_checker: ShapeChecker) -> Iterator[SchemaFault]:
    """Yield the examples that do not fit their field.

    One document holds them all: the first examples of all fields make a record, the first examples of their
    sub-fields the next, and so on, so that little is missing from any.
    """
    records: dict[tuple[int, int], dict[str, Any]] = {}
    indexes: dict[tuple[int, int], int] = {}
    placed_examples: list[tuple[Field, int, tuple[Any, ...]]] = []
    for field, field_chain in _walk_field_chains(kind.fields, ()):
        for index, example in enumerate(field.examples):
            record_key = (len(field_chain), index)
            record = records.setdefault(record_key, {})
            record_index = indexes.setdefault(record_key, len(indexes))
            example_path = ("records", record_index, *_place_example(record, field_chain, example))
            placed_examples.append((field, index, example_path))
    document = {"$schema": "", "records": list(records.values())}
    faults = shape_checker.find_faults(kind, document)
    # Fields that exclude each other meet here; that is not the fault of their examples.
    faults_by_record: dict[Any, list[ShapeFault]] = {}
    for fault in faults:
        if fault.keyword != "false" and len(fault.instance_path) > 2:  # noqa: PLR2004
            faults_by_record.setdefault(fault.instance_path[1], []).append(fault)
    for field, index, example_path in placed_examples:
        example_faults = [
            fault
            for fault in faults_by_record.get(example_path[1], ())
            if fault.instance_path[: len(example_path)] == example_path
        ]
        for message, hint, inner_path in _iter_example_messages(
            example_faults, kind, document, example_path, shape_checker
        ):
            yield SchemaFault("example", _locate_example(kind, field, index, inner_path), message, hint)


def _iter_example_messages(
    faults: list[ShapeFault],
    kind: Kind,
    document: Any,
    example_path: tuple[Any, ...],
    shape_checker: ShapeChecker,
) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    # Only a faulty schema pays for these imports.
    from bmkit.shape.messages import describe_mistake
    from bmkit.shape.mistakes import find_mistakes

    schema = BundledSchema(kind.bundled_schema)
    for mistake in find_mistakes(faults, schema, document):
        shape_message = describe_mistake(
            mistake, schema, select_instance(document, mistake.fault.instance_path), kind.name
        )
        inner_path = (*mistake.fault.instance_path[len(example_path) :], *shape_message.subpath)
        # One record is tried by itself: the others may be many.
        list_name, record_index, *path_in_record = mistake.fault.instance_path
        hint = choose_fitting_hint(
            shape_message,
            (list_name, 0, *path_in_record),
            {**document, list_name: [document[list_name][record_index]]},
            partial(shape_checker.find_faults, kind),
        )
        yield f"the example does not fit: {shape_message.text}", hint, inner_path


def _walk_field_chains(
    fields: tuple[Field, ...], parents: tuple[Field, ...]
) -> Iterator[tuple[Field, tuple[Field, ...]]]:
    for field in fields:
        field_chain = (*parents, field)
        yield field, field_chain
        yield from _walk_field_chains(field.fields, field_chain)


def _place_example(record: dict[str, Any], field_chain: tuple[Field, ...], example: Any) -> tuple[Any, ...]:
    """Put an example into a record where its field stands, and return the path to it."""
    example_path: list[Any] = []
    container = record
    for field in field_chain[:-1]:
        example_path.append(field.name)
        child = container.setdefault(field.name, [{}] if field.is_list else {})
        if field.is_list:
            example_path.append(0)
            child = child[0]
        container = child
    container[field_chain[-1].name] = example
    return (*example_path, field_chain[-1].name)


def _locate_example(kind: Kind, field: Field, index: int, inner_path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the place of an example, or of the field where the example stands in common/."""
    schema_path: tuple[Any, ...] = ("$defs", "record", "properties", field.path[0])
    property_schema = kind.bundled_schema["$defs"]["record"]["properties"][field.path[0]]
    if len(field.path) == 1 and "examples" in property_schema:
        schema_path = (*schema_path, "examples", index, *inner_path)
    return schema_path
