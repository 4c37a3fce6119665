"""Quantities are compared within a named dimension, and times of the calendar with some leeway."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.rules.rule_runs import list_broken_rules, list_messages

from bmkit.rules.derived.amounts import (
    are_unequal,
    contradict,
    convert_to,
    has_only_dimensions,
    lies_within,
    to_amount,
)
from bmkit.schema import Field


def make_value(value: Any, unit: str, **others: Any) -> dict[str, Any]:
    return {"value": value, "unit": unit, **others}


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "dimension", "expected"),
    [
        (4, "mg", "ug", "", 4000),
        (15, "mg/kg", "ug/kg", "dose", 15000),
        (60, "mg/kg/d", "mg/kg/h", "dose-rate", Fraction(5, 2)),
        (25, "ug/h", "mg/d", "dose-rate", Fraction(3, 5)),
        (2, "mL/min", "mL/h", "dose-rate", 120),
        (37, "MBq/kg", "kBq/kg", "dose", 37000),
        (1, "%", "mg/kg", "", None),
        (15, "mg/kg", "mg", "dose", None),
        (60, "mL/min", "mL/h", "kidney-function", None),
        (60, "mL/min", "mL/h", "", None),
        (1, "mg/kg/d", "Bq", "", None),
        (1, "[iU]", "[USP'U]", "dose", None),
        (1, "{tbl}", "{puff}", "dose", None),
        (1, "made-up", "made-up", "", 1),
    ],
)
def test_an_amount_is_converted_within_its_dimension(
    value: int, from_unit: str, to_unit: str, dimension: str, expected: Any
) -> None:
    converted = convert_to(to_amount(make_value(value, from_unit), dimension), to_unit)
    assert (converted.high if converted is not None else None) == expected


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        (make_value(6, "mo"), make_value(26, "wk"), True),
        (make_value(12, "mo"), make_value(365, "d"), True),
        (make_value(1, "a"), make_value(52, "wk"), True),
        (make_value(1, "mo"), make_value(4, "wk"), False),
        (make_value(6, "mo"), make_value(24, "wk"), False),
        (make_value(26, "wk"), make_value(183, "d"), False),
        (make_value(6, "h"), make_value(361, "min"), False),
    ],
)
def test_a_month_is_no_number_of_weeks(first: dict[str, Any], second: dict[str, Any], is_same: bool) -> None:
    for value, other in ((first, second), (second, first)):
        assert contradict(value, other) is not is_same
        assert are_unequal(value, other) is not is_same
        assert lies_within(to_amount(value), to_amount(other)) is is_same


USUAL = {"id": "usual", "product": "zometa", "interval": {"low": 4, "high": 26, "unit": "wk"}}
PRODUCT = {"id": "zometa"}


@pytest.mark.parametrize(
    ("interval", "rules"),
    [
        (make_value(6, "mo"), set()),
        (make_value(26, "wk"), set()),
        (make_value(6, "d"), {"wrong-unit"}),
    ],
)
def test_six_months_are_a_usual_interval_of_26_weeks(interval: dict[str, Any], rules: set[str]) -> None:
    regimen = {"id": "a", "product": "zometa", "route": "intravenous", "interval": interval}
    example = {
        "product": [PRODUCT],
        "route": [{"id": "intravenous"}],
        "usual-dose": [USUAL],
        "regimen": [regimen],
    }
    assert list_broken_rules("slip", example) & {"wrong-unit", "far-off"} == rules


@pytest.mark.parametrize(
    ("unit", "value", "is_clear"),
    [
        ("d", 30, True),
        ("d", 90, True),
        ("d", 730, False),
        ("mo", 120, True),
        ("mo", 18, True),
        ("mo", 300, False),
        ("min", 180, False),
    ],
)
def test_a_customary_time_is_clear(unit: str, value: int, is_clear: bool) -> None:
    results = [{"id": "a", "tumour": "melanoma", "estimate": make_value(value, unit)}]
    assert (list_messages("times.unclear-unit", result=results) == []) is is_clear


@pytest.mark.parametrize(
    ("field", "is_dose"),
    [
        ({"dimension": "mass"}, True),
        ({"dimension": "dose"}, True),
        ({"dimension": "dose-rate"}, False),
        ({"dimension": "measurement"}, False),
        ({"units": ("mg", "mg/kg")}, True),
        ({"units": ("mg", "%")}, False),
        ({}, False),
    ],
)
def test_a_field_is_of_a_group_if_all_that_it_takes_is(field: dict[str, Any], is_dose: bool) -> None:
    assert has_only_dimensions(Field("a", ("a",), "", "", "quantity", **field), "dose") is is_dose
