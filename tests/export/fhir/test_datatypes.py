"""Quantities of FHIR: a code for programs, a unit for people."""

from __future__ import annotations

import pytest

from bmkit.export.fhir.check.own_rules import find_quantity_faults
from bmkit.export.fhir.datatypes import build_quantity, to_daily_amount


@pytest.mark.parametrize(
    ("number", "unit", "code", "text"),
    [
        (2, "{puff}", "1", "puffs"),
        (1, "{puff}", "1", "puff"),
        (8, "{puff}/d", "/d", "puffs per day"),
        (1, "{tbl}", "1", "tablet"),
        (2, "{score}", "1", "points"),
        (15, "mg/kg", "mg/kg", "mg per kg"),
        (18, "[USP'U]/kg/h", "[USP'U]/kg/h", "units per kg per hour"),
        (60, "mL/min/{1.73_m2}", "mL/min/{1.73_m2}", "mL per minute per 1.73 m²"),
        (5, "[drp]", "[drp]", "drops"),
    ],
)
def test_what_is_only_counted_has_the_code_1_and_its_word(
    number: int, unit: str, code: str, text: str
) -> None:
    quantity = build_quantity(number, unit)
    assert (quantity["code"], quantity["unit"]) == (code, text)
    assert list(find_quantity_faults("one", "dose", quantity)) == []


def test_another_word_than_that_of_the_code_is_a_fault() -> None:
    quantity = {**build_quantity(8, "{puff}/d"), "unit": "puffs per hour"}
    (fault,) = find_quantity_faults("one", "dose", quantity)
    assert "/d is called" in fault.message


def test_a_dose_per_kg_and_day_is_one_per_kg_in_a_day() -> None:
    assert to_daily_amount({"value": 75, "unit": "mg/kg/d"}) == {"value": 75, "unit": "mg/kg"}
    with pytest.raises(ValueError, match="not an amount a day"):
        to_daily_amount({"value": 75, "unit": "mg/kg"})
