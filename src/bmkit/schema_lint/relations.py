"""Whether what a kind declares of its values can hold: relations between fields, and plausible ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import format_pointer
from bmkit.schema.annotations import BrokenRelationError, resolve_limit_field
from bmkit.schema_lint.fault import SchemaFault
from bmkit.suggest import suggest_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Field, Kind, Schemas
    from bmkit.schema.annotations import PlausibleRange


def find_relation_faults(kind: Kind, schemas: Schemas) -> Iterator[SchemaFault]:
    """Check that every relation of a kind's fields names fields that there are, and of the right sort."""
    for field in kind.related_fields:
        for relation in field.relations:
            try:
                resolve_limit_field(kind, field, relation, schemas)
            except BrokenRelationError as error:
                fault_pointer, message = (
                    _locate_annotation(kind, field, relation.keyword),
                    f"{relation.keyword}: {error}",
                )
                yield SchemaFault(
                    "annotation",
                    fault_pointer,
                    message,
                    suggest_hint(error.unknown_name, error.known_names),
                )
    for field in kind.walk_fields():
        if field.plausible_range is not None:
            message = _explain_unfit_range(field, field.plausible_range)
            if message:
                yield SchemaFault(
                    "annotation", _locate_annotation(kind, field, "x-plausible"), f"x-plausible: {message}"
                )


def _explain_unfit_range(field: Field, plausible_range: PlausibleRange) -> str:
    """Say why a range cannot be that of a field, "" if it can."""
    if field.type != "quantity":
        return f"{field.name} is no quantity"
    if plausible_range.low >= plausible_range.high:
        return f"low {plausible_range.low} is not below high {plausible_range.high}"
    if not any(_is_comparable_unit(plausible_range.unit, unit) for unit in field.units):
        return f"{plausible_range.unit} does not measure what {', '.join(field.units)} do"
    return ""


def _is_comparable_unit(unit: str, other: str) -> bool:
    if unit == other:
        return True
    from bmkit.ucum.parse import UnitError
    from bmkit.ucum.units import are_commensurable

    try:
        return are_commensurable(unit, other)
    except UnitError:
        return False


def _locate_annotation(kind: Kind, field: Field, annotation: str) -> str:
    """Give the place of the annotation, or of the field that holds it where it stands in common/."""
    schema_path: tuple[str, ...] = ("$defs", "record", "properties", field.path[0])
    property_schema = kind.bundled_schema["$defs"]["record"]["properties"][field.path[0]]
    is_declared_here = len(field.path) == 1 and annotation in property_schema
    return format_pointer((*schema_path, annotation) if is_declared_here else schema_path)
