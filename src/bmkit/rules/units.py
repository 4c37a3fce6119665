"""Units: UCUM codes in fields without a closed list of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import find_stated_quantities
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart
    from bmkit.schema import Field

_UCUM_SOURCE = "Regenstrief Institute, The Unified Code for Units of Measure (UCUM)"
_OPEN_UNIT_SCHEMA = {
    "x-unit": "mass",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "value": {"type": "number"},
        "low": {"type": "number"},
        "high": {"type": "number"},
        "unit": {"type": "string"},
    },
}
_INFUSION_SCHEMAS = {"infusion": {"dose": _OPEN_UNIT_SCHEMA}}


def _make_infusion_unit_example(unit: str) -> dict[str, Any]:
    return {"schemas": _INFUSION_SCHEMAS, "infusion": [{"id": "one", "dose": {"value": 4, "unit": unit}}]}


@rule(
    Severity.ERROR,
    good=_make_infusion_unit_example("mg"),
    bad=_make_infusion_unit_example("mgs"),
    source=_UCUM_SOURCE,
    fix="write the UCUM code of the unit",
    guards_dose=True,
)
def unknown(content: Content) -> Faults:
    """A unit is not a UCUM unit.

    Programs cannot convert or compare the quantity, and people guess what was meant.
    """
    for record, _, parts, code in _iter_open_units(content):
        from bmkit.suggest import format_suggestion
        from bmkit.ucum.names import UNIT_WORDS, suggest_unit
        from bmkit.ucum.units import is_valid_unit

        if not is_valid_unit(code):
            suggestion = suggest_unit(code, [*_COMMON_UNITS, *UNIT_WORDS])
            hint = format_suggestion(suggestion, "write the unit as its UCUM code")
            yield record.locate_field(*parts, "unit"), f'"{code}" is not a UCUM unit', hint


@rule(
    Severity.ERROR,
    good=_make_infusion_unit_example("ug"),
    bad=[
        _make_infusion_unit_example("mL"),
        _make_infusion_unit_example("mg/d"),
        _make_infusion_unit_example("MG"),
    ],
    source=_UCUM_SOURCE,
    fix="write a unit that measures what the field holds",
    guards_dose=True,
)
def wrong_dimension(content: Content) -> Faults:
    """A unit measures something other than its field.

    A mass in millilitres, or in "MG", which is megagauss, is a different quantity from that of the field.
    """
    for record, field, parts, code in _iter_open_units(content):
        from bmkit.ucum.dimensions import has_dimension, list_dimension_names, title_dimension
        from bmkit.ucum.units import is_valid_unit

        if (
            field.dimension in list_dimension_names()
            and is_valid_unit(code)
            and not has_dimension(code, field.dimension)
        ):
            message = f'"{code}" is no unit of {title_dimension(field.dimension)}'
            yield record.locate_field(*parts, "unit"), message, "look the number and its unit up"


_COMMON_UNITS = (
    "kg",
    "g",
    "mg",
    "ug",
    "ng",
    "L",
    "dL",
    "mL",
    "uL",
    "mol",
    "mmol",
    "umol",
    "m",
    "cm",
    "mm",
    "%",
    "Gy",
    "Bq",
)


def _iter_open_units(content: Content) -> Iterator[tuple[Record, Field, tuple[PathPart, ...], str]]:
    """Yield the unit of each quantity whose field has no closed list of units."""
    for stated_quantity in find_stated_quantities(content):
        if not stated_quantity.field.units and isinstance(stated_quantity.value.get("unit"), str):
            for record, parts, value in stated_quantity.occurrences:
                yield record, stated_quantity.field, parts, value["unit"]
