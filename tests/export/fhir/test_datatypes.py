"""Quantities of FHIR: a code for programs, a unit for people."""

from __future__ import annotations

import pytest

from bmkit.export.fhir.check.own_rules import find_quantity_faults
from bmkit.export.fhir.datatypes import build_quantity, split_flow


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


@pytest.mark.parametrize(
    ("unit", "amount_unit", "time_unit"),
    [("mg/kg/d", "mg/kg", "d"), ("mg/d", "mg", "d"), ("{tbl}/wk", "{tbl}", "wk"), ("mg/kg", "mg/kg", "")],
)
def test_an_amount_in_a_time_is_an_amount_and_a_unit_of_time(
    unit: str, amount_unit: str, time_unit: str
) -> None:
    assert split_flow({"value": 75, "unit": unit}) == ({"value": 75, "unit": amount_unit}, time_unit)
