"""Whether the units that a quantity may have are units, and measure what the quantity is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import pointer
from bmkit.schema_lint.fault import SchemaFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content.record import Part


def unit_faults(node: dict[str, Any], way: tuple[Part, ...]) -> Iterator[SchemaFault]:
    """Check the dimension of a quantity's schema, which stands at the end of `way`, and its list of units."""
    from bmkit.suggest import suggest
    from bmkit.ucum.dimensions import DIMENSIONS, measures
    from bmkit.ucum.units import is_valid

    dimension = node["x-unit"]
    if isinstance(dimension, str) and dimension not in DIMENSIONS:
        meant = suggest(dimension, DIMENSIONS)
        hint = f'did you mean "{meant}"?' if meant else f"the dimensions are {', '.join(DIMENSIONS)}"
        yield SchemaFault("unit", pointer((*way, "x-unit")), f'there is no dimension "{dimension}"', hint)
    for here, codes in _lists(node):
        for number, code in enumerate(codes):
            place = pointer((*way, *here, number))
            if not isinstance(code, str) or not is_valid(code):
                yield SchemaFault("unit", place, f'"{code}" is not a unit of UCUM')
            elif isinstance(dimension, str) and dimension in DIMENSIONS and not measures(code, dimension):
                yield SchemaFault("unit", place, f'"{code}" does not measure {dimension}')


def _lists(node: dict[str, Any]) -> Iterator[tuple[tuple[Part, ...], list[Any]]]:
    """Give the lists of units: the annotation itself, or the closed list of the unit."""
    if isinstance(node["x-unit"], list):
        yield ("x-unit",), node["x-unit"]
    unit = node.get("properties", {}).get("unit")
    if isinstance(unit, dict) and isinstance(unit.get("enum"), list):
        yield ("properties", "unit", "enum"), unit["enum"]
