"""Whether the units that a quantity may have are units, and measure what the quantity is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import format_pointer
from bmkit.schema_lint.fault import SchemaFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content.record import PathPart


def find_unit_faults(subschema: dict[str, Any], schema_path: tuple[PathPart, ...]) -> Iterator[SchemaFault]:
    """Check the dimension of a quantity's schema, which stands at the end of `way`, and its list of units."""
    from bmkit.suggest import suggest_hint
    from bmkit.ucum.dimensions import UNIT_BY_DIMENSION, has_dimension
    from bmkit.ucum.units import is_valid_unit

    dimension = subschema["x-unit"]
    if isinstance(dimension, str) and dimension not in UNIT_BY_DIMENSION:
        hint = suggest_hint(
            dimension, UNIT_BY_DIMENSION, f"the dimensions are {', '.join(UNIT_BY_DIMENSION)}"
        )
        yield SchemaFault(
            "unit", format_pointer((*schema_path, "x-unit")), f'there is no dimension "{dimension}"', hint
        )
    for list_path, codes in _iter_unit_lists(subschema):
        for index, code in enumerate(codes):
            code_pointer = format_pointer((*schema_path, *list_path, index))
            if not isinstance(code, str) or not is_valid_unit(code):
                yield SchemaFault("unit", code_pointer, f'"{code}" is not a unit of UCUM')
            elif (
                isinstance(dimension, str)
                and dimension in UNIT_BY_DIMENSION
                and not has_dimension(code, dimension)
            ):
                yield SchemaFault("unit", code_pointer, f'"{code}" does not measure {dimension}')


def _iter_unit_lists(subschema: dict[str, Any]) -> Iterator[tuple[tuple[PathPart, ...], list[Any]]]:
    """Give the lists of units: the annotation itself, or the closed list of the unit."""
    if isinstance(subschema["x-unit"], list):
        yield ("x-unit",), subschema["x-unit"]
    unit_schema = subschema.get("properties", {}).get("unit")
    if isinstance(unit_schema, dict) and isinstance(unit_schema.get("enum"), list):
        yield ("properties", "unit", "enum"), unit_schema["enum"]
