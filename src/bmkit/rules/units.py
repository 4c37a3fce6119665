"""Units: UCUM codes in fields without a closed list of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import find_stated_quantities
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart
    from bmkit.rules.derived.amounts import QuantityOccurrence
    from bmkit.schema import Field

_UCUM_SOURCE = "Regenstrief Institute, The Unified Code for Units of Measure (UCUM)"


@rule(Severity.ERROR, source=_UCUM_SOURCE, fix="write the UCUM code of the unit")
def unknown(content: Content) -> Faults:
    """A unit is not a UCUM unit.

    Programs cannot convert or compare the quantity, and people guess what was meant.
    """
    for record, field, parts, code in _iter_open_units(content):
        from bmkit.suggest import propose_meant
        from bmkit.ucum.dimensions import list_dimension_names, list_unit_codes
        from bmkit.ucum.names import suggest_unit
        from bmkit.ucum.units import is_valid_unit

        if not is_valid_unit(code):
            # What the field refuses is no help.
            name = field.dimension if field.dimension in list_dimension_names() else "measurement"
            hint = propose_meant(suggest_unit(code, list_unit_codes(name)), "write the unit as its UCUM code")
            yield record.locate_field(*parts, "unit"), f'"{code}" is not a UCUM unit', hint


@rule(Severity.ERROR, source=_UCUM_SOURCE, fix="write a unit that measures what the field holds")
def wrong_dimension(content: Content) -> Faults:
    """A unit measures something other than its field.

    A mass in millilitres, or in "MG", which is megagauss, is a different quantity from that of the field.
    """
    for record, field, parts, code in _iter_open_units(content):
        from bmkit.suggest import propose_meant
        from bmkit.ucum.dimensions import (
            find_equal_code,
            has_dimension,
            list_dimension_names,
            title_dimension,
        )
        from bmkit.ucum.units import is_valid_unit

        if (
            field.dimension in list_dimension_names()
            and is_valid_unit(code)
            and not has_dimension(code, field.dimension)
        ):
            equal_code = find_equal_code(code, field.dimension)
            hint = propose_meant(equal_code, "look the number and its unit up")
            message = f'"{code}" is no unit of {title_dimension(field.dimension)}'
            if equal_code:
                message = f'"{code}" is not how the table of dimensions writes this unit'
            yield record.locate_field(*parts, "unit"), message, hint


_INTERNATIONAL_UNIT, _USP_UNIT = "[iU]", "[USP'U]"
_UNIT_NAMES = {_INTERNATIONAL_UNIT: "international units", _USP_UNIT: "USP units"}


@rule(
    Severity.WARNING,
    source=_UCUM_SOURCE,
    fix="look up which units the label means, and write the same in all records of the product",
)
def international_beside_usp(content: Content) -> Faults:
    """A product is in international units in one record and in USP units in another.

    They are different units, and no factor converts one to the other.
    """
    occurrences_by_product: dict[tuple[str, str], dict[str, list[QuantityOccurrence]]] = {}
    for stated_quantity in find_stated_quantities(content):
        unit = stated_quantity.value.get("unit", "")
        symbol = next((symbol for symbol in (_INTERNATIONAL_UNIT, _USP_UNIT) if symbol in unit), "")
        for occurrence in stated_quantity.occurrences if symbol else ():
            product = occurrence[0].find_value("product")
            if isinstance(product, str):
                occurrences_by_symbol = occurrences_by_product.setdefault((occurrence[0].folder, product), {})
                occurrences_by_symbol.setdefault(symbol, []).append(occurrence)
    for (_, product), occurrences_by_symbol in occurrences_by_product.items():
        if len(occurrences_by_symbol) == 1:
            continue
        rarer, other = sorted(
            occurrences_by_symbol, key=lambda symbol: (len(occurrences_by_symbol[symbol]), symbol)
        )
        other_id = min(record.id for record, _, _ in occurrences_by_symbol[other])
        for record, parts, _ in occurrences_by_symbol[rarer]:
            message = (
                f'{product} is in {_UNIT_NAMES[rarer]} here, and in {_UNIT_NAMES[other]} in "{other_id}"'
            )
            yield record.locate_field(*parts, "unit"), message, "look up which units the label means"


def _iter_open_units(content: Content) -> Iterator[tuple[Record, Field, tuple[PathPart, ...], str]]:
    """Yield the unit of each quantity whose field has no closed list of units."""
    for stated_quantity in find_stated_quantities(content):
        if not stated_quantity.field.units and isinstance(stated_quantity.value.get("unit"), str):
            for record, parts, value in stated_quantity.occurrences:
                yield record, stated_quantity.field, parts, value["unit"]
