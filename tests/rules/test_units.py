"""A unit where any will do is of UCUM and of the dimension of its field; no hint leads to another unit."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_broken_rules, list_issues

QUANTITY = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{name: {"type": "number"} for name in ("value", "low", "high")},
        "unit": {"type": "string"},
    },
}


def make_example(dimension: str, unit: str) -> dict[str, Any]:
    return {
        "schemas": {"infusion": {"dose": {**QUANTITY, "x-unit": dimension}}},
        "infusion": [{"id": "one", "dose": {"value": 4, "unit": unit}}],
    }


@pytest.mark.parametrize(
    ("dimension", "unit", "hint"),
    [
        ("mass", "mgs", 'did you mean "mg"?'),
        ("mass", "µg", 'did you mean "ug"?'),
        ("mass", "mcg", 'did you mean "ug"?'),
        ("dose", "mcg per kg", 'did you mean "ug/kg"?'),
        ("dose", "units", "write the unit as its UCUM code"),
        # What the field refuses is not offered.
        ("mass", "hours", "write the unit as its UCUM code"),
        ("dose", "mcg/h", "write the unit as its UCUM code"),
        ("dose-rate", "mcg/h", 'did you mean "ug/h"?'),
    ],
)
def test_an_unknown_unit_leads_to_what_the_field_takes(dimension: str, unit: str, hint: str) -> None:
    (issue,) = list_issues("units.unknown", **make_example(dimension, unit))
    assert issue.hint == hint


@pytest.mark.parametrize(
    ("dimension", "unit", "message", "hint"),
    [
        ("mass", "mg/kg", '"mg/kg" is no unit of mass', "look the number and its unit up"),
        ("dose", "mg/h", '"mg/h" is no unit of dose', "look the number and its unit up"),
        ("share", "mg/kg", '"mg/kg" is no unit of share', "look the number and its unit up"),
        (
            "mass-per-body-weight-rate",
            "mg/(kg.d)",
            '"mg/(kg.d)" is not how the table of dimensions writes this unit',
            'did you mean "mg/kg/d"?',
        ),
    ],
)
def test_a_unit_of_another_dimension_leads_to_none(
    dimension: str, unit: str, message: str, hint: str
) -> None:
    (issue,) = list_issues("units.wrong-dimension", **make_example(dimension, unit))
    assert (issue.message, issue.hint) == (message, hint)


@pytest.mark.parametrize("unit", ["mg/kg", "[USP'U]", "{puff}", "mL"])
def test_a_group_takes_the_units_of_all_its_dimensions(unit: str) -> None:
    assert list_broken_rules("units", make_example("dose", unit)) == set()


def test_a_code_is_no_text_of_a_reader() -> None:
    assert list_broken_rules("writing", make_example("dose", "ug")) == set()
