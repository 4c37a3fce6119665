"""Named dimensions: the table of what each unit measures, and conversion within a dimension.

UCUM's algebra knows base units alone: to it mg/kg is a share, a puff a mole, and mg/kg/d a radioactivity.  So
quantities are compared and converted by the names of the table, and never because the algebra lets them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

DIMENSIONS_FILE = "common/dimensions.json"
_ALL_DIMENSIONS = "*"

# Content has some dozens of units, and each dose is compared with many.
_REMEMBERED_PAIRS = 4096


class NamedDimension(NamedTuple):
    """A dimension: its name, title and description, the QUDT quantity kind ("" for none) and its units.

    `factors` holds for each UCUM code how much one of it is in `unit`, in digits ("1/1000"); `zeros` what the
    zero of a scale is in `unit`, of scales that start elsewhere.
    """

    name: str
    title: str
    description: str
    quantity_kind: str
    unit: str
    factors: dict[str, str]
    zeros: dict[str, str]


class DimensionGroup(NamedTuple):
    """Dimensions that a field may have together: the names of its members in the order of the table."""

    name: str
    title: str
    description: str
    members: tuple[str, ...]


class DimensionTable(NamedTuple):
    """The dimensions and groups by name, and for each code the dimensions that it is a unit of."""

    dimensions: dict[str, NamedDimension]
    groups: dict[str, DimensionGroup]
    names_by_code: dict[str, list[str]]


@lru_cache(maxsize=1)
def read_dimensions() -> DimensionTable:
    """Return the table, read once."""
    from bmkit.jsontext import parse_json
    from bmkit.shipped import read_shipped_schema_file

    document: dict[str, Any] = parse_json(read_shipped_schema_file(DIMENSIONS_FILE))
    dimensions = {
        name: NamedDimension(
            name,
            entry["title"],
            entry["description"],
            entry.get("quantity_kind", ""),
            entry["unit"],
            entry["units"],
            entry.get("zeros", {}),
        )
        for name, entry in document["dimensions"].items()
    }
    groups = {
        name: DimensionGroup(
            name,
            entry["title"],
            entry["description"],
            tuple(dimensions if entry["dimensions"] == [_ALL_DIMENSIONS] else entry["dimensions"]),
        )
        for name, entry in document["groups"].items()
    }
    names_by_code: dict[str, list[str]] = {}
    for dimension in dimensions.values():
        for code in dimension.factors:
            names_by_code.setdefault(code, []).append(dimension.name)
    return DimensionTable(dimensions, groups, names_by_code)


def list_dimension_names() -> list[str]:
    """Return what x-unit may name: every group and every dimension."""
    table = read_dimensions()
    return [*table.groups, *table.dimensions]


def list_members(name: str) -> tuple[str, ...]:
    """Return the dimensions of a group, of a dimension itself alone; KeyError if there is no such name."""
    table = read_dimensions()
    return table.groups[name].members if name in table.groups else (table.dimensions[name].name,)


def list_unit_codes(name: str) -> list[str]:
    """Return the codes of a dimension or a group; KeyError if there is no such name."""
    table = read_dimensions()
    return list(
        dict.fromkeys(code for member in list_members(name) for code in table.dimensions[member].factors)
    )


@lru_cache(maxsize=_REMEMBERED_PAIRS)
def name_dimension(code: str, within: str = "") -> str:
    """Return the dimension that a unit measures, "" if the table does not know the unit.

    Of several (mL/min is a clearance, and the speed of an infusion) it is the one that `within`, a dimension
    or a group, has, and else the first.
    """
    table = read_dimensions()
    names = table.names_by_code.get(code, [])
    if len(names) > 1 and (within in table.dimensions or within in table.groups):
        members = list_members(within)
        names = [name for name in names if name in members] or names
    return names[0] if names else ""


def has_dimension(code: str, name: str) -> bool:
    """Return whether a unit is one of the named dimension or group; KeyError if there is no such name."""
    return any(code in read_dimensions().dimensions[member].factors for member in list_members(name))


def find_equal_code(code: str, name: str) -> str:
    """Return the code of a dimension or group that is the same unit as a code spelt otherwise, "" if none.

    "mg/(kg.d)" is "mg/kg/d"; KeyError if there is no such name.
    """
    components = _sort_components(code)
    return next((other for other in list_unit_codes(name) if _sort_components(other) == components), "")


def _sort_components(code: str) -> list[tuple[str, int]]:
    """Return the units of a code with their exponents, without the order and brackets; [] for no unit."""
    from bmkit.ucum.parse import UnitError, parse_unit

    if "{" in code:
        return [(code, 1)]
    try:
        components = parse_unit(code)
    except UnitError:
        return []
    return sorted(
        (f"{part.prefix} {part.atom.code if part.atom else part.number}", part.exponent)
        for part in components
    )


def share_dimension(code: str, other_code: str, within: str = "") -> bool:
    """Return whether values can be converted between two units: they are of one dimension, or the same."""
    if code == other_code:
        return True
    name = name_dimension(code, within)
    return bool(name) and name == name_dimension(other_code, within)


def convert_between(
    value: Decimal | Fraction | int, from_code: str, to_code: str, within: str = ""
) -> Fraction:
    """Return the value in the unit `to_code` that `value` is in the unit `from_code`, exactly.

    `within` is the dimension or group of the field, where it is known.  Raises UnitError if the units are not
    of one dimension; a unit that the table does not know can be converted to itself only.
    """
    from fractions import Fraction

    if from_code == to_code:
        return Fraction(value)
    factor, summand = _find_conversion(from_code, to_code, within)
    product = Fraction(value) * factor
    return product + summand if summand else product


@lru_cache(maxsize=_REMEMBERED_PAIRS)
def _find_conversion(from_code: str, to_code: str, within: str) -> tuple[Fraction, Fraction]:
    """Return what a value is multiplied by, and what is added then, to convert it between two units."""
    from fractions import Fraction

    from_name, to_name = name_dimension(from_code, within), name_dimension(to_code, within)
    if not from_name or from_name != to_name:
        from bmkit.ucum.parse import UnitError

        raise UnitError(
            f"{from_code} cannot be converted to {to_code}: "
            f"{_describe_dimension(from_name)} is not {_describe_dimension(to_name)}"
        )
    dimension = read_dimensions().dimensions[from_name]
    to_factor = Fraction(dimension.factors[to_code])
    shift = Fraction(dimension.zeros.get(from_code, 0)) - Fraction(dimension.zeros.get(to_code, 0))
    return Fraction(dimension.factors[from_code]) / to_factor, shift / to_factor


def _describe_dimension(name: str) -> str:
    return title_dimension(name) if name else "a unit outside the table of dimensions"


def title_dimension(name: str) -> str:
    """Return the name of a dimension or group in words for a sentence: "mass per body weight"."""
    table = read_dimensions()
    title = (table.groups[name] if name in table.groups else table.dimensions[name]).title
    return title if title[:2].isupper() else title[0].lower() + title[1:]
