"""Quantities are read with their comparator: no dose without an upper end."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_messages

USUAL = {
    "id": "usual",
    "label": "P",
    "product": "p",
    "dose": {"value": 4, "unit": "mg"},
    "interval": {"low": 3, "high": 4, "unit": "wk"},
    "strength": {"value": 4, "unit": "mg"},
}
ENDS = {"<": (None, "lower"), "<=": (None, "lower"), ">": ("upper", None), ">=": ("upper", None), "about": ()}


@pytest.mark.parametrize("comparator", ENDS)
@pytest.mark.parametrize(
    ("kind", "field", "value", "unit"),
    [
        ("regimen", "dose", 4, "mg"),
        ("regimen", "interval", 3, "wk"),
        ("presentation", "strength", 4, "mg"),
    ],
)
def test_the_dangerous_end_is_never_open(
    kind: str, field: str, value: int, unit: str, comparator: str
) -> None:
    quantity: dict[str, Any] = {"value": value, "comparator": comparator, "unit": unit}
    records = {"usual_dose": [USUAL], kind: [{"id": "one", "product": "p", field: quantity}]}
    dangerous_end = "lower" if field == "interval" else "upper"
    messages = list_messages("dose.no-safe-end", **records)
    assert bool(messages) is (dangerous_end in ENDS[comparator])
    assert all(message.endswith(f"has no {dangerous_end} end") for message in messages)
