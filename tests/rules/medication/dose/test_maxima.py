"""Maxima for the same patients are the same."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_messages


def make_limit(value: int, comparator: str = "<=", **fields: Any) -> dict[str, Any]:
    most = {"value": value, "comparator": comparator, "unit": "mg/d"}
    limit_record = {"id": f"limit-{value}", "product": "paracetamol", "route": "oral", "per": "per day"}
    return {**limit_record, "maximum_daily": most, **fields}


def make_quantity(*numbers: int, comparator: str = "", unit: str = "mg") -> dict[str, Any]:
    ends = {"value": numbers[0]} if len(numbers) == 1 else dict(zip(("low", "high"), numbers, strict=True))
    return {**ends, **({"comparator": comparator} if comparator else {}), "unit": unit}


NOTES = [
    {"id": "both", "category": "contradiction", "article_says": "4,000 mg in one place, 8000 mg in another"},
    {"id": "liver", "category": "contradiction", "article_says": "harms the liver, and does not"},
]


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({}, True),
        ({"per": "at one time"}, False),
        ({"route": "intravenous"}, False),
        ({"population": "children"}, False),
        ({"product": "ibuprofen"}, False),
        ({"maximum_daily": make_quantity(4, comparator="<=", unit="g/d")}, False),
        ({"maximum_daily": make_quantity(8, comparator="<=", unit="g/d")}, True),
        ({"notes": ["both"]}, False),
        ({"notes": ["liver"]}, True),
    ],
)
def test_two_maxima_for_the_same_patients_are_one(other: dict[str, Any], differs: bool) -> None:
    notes = {"notes": other["notes"]} if "notes" in other else {}
    limits = [make_limit(4000, **notes), {**make_limit(8000), **other}]
    assert bool(list_messages("dose.maxima-differ", dose_limit=limits, editorial_note=NOTES)) is differs


def test_two_maxima_without_comparators_are_a_contradiction_only() -> None:
    limits = [
        make_limit(4000, maximum_daily=make_quantity(most, unit="mg/d"), id=f"l{most}")
        for most in (4000, 8000)
    ]
    assert not list_messages("dose.maxima-differ", dose_limit=limits)
    assert list_messages("agreement.contradiction", dose_limit=limits)
