"""Maxima for the same patients are the same."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_limit, make_quantity
from tests.rules.rule_runs import list_messages

NOTES = [
    {"id": "both", "category": "contradiction", "article_says": "4,000 mg in one place, 8000 mg in another"},
    {"id": "liver", "category": "contradiction", "article_says": "harms the liver, and does not"},
]


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({}, True),
        ({"route": "intravenous"}, False),
        ({"population": "children"}, False),
        ({"product": "ibuprofen"}, False),
        ({"maximum": make_quantity(4, comparator="<=", unit="g")}, False),
        ({"maximum": make_quantity(8, comparator="<=", unit="g")}, True),
        ({"notes": ["both"]}, False),
        ({"notes": ["liver"]}, True),
    ],
)
def test_two_maxima_for_the_same_patients_are_one(other: dict[str, Any], differs: bool) -> None:
    notes = {"notes": other["notes"]} if "notes" in other else {}
    limits = [make_limit(4000, "mg/d", **notes), {**make_limit(8000, "mg/d"), **other}]
    assert bool(list_messages("dose.maxima-differ", dose_limit=limits, editorial_note=NOTES)) is differs


def test_two_maxima_without_comparators_are_a_contradiction_only() -> None:
    limits = [make_limit(4000, "mg/d", maximum=make_quantity(most), id=f"l{most}") for most in (4000, 8000)]
    assert not list_messages("dose.maxima-differ", dose_limit=limits)
    assert list_messages("agreement.contradiction", dose_limit=limits)
