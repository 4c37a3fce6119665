"""A dose can be made of tablets, and a tablet can be taken."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_quantity, make_regimen, make_total
from tests.rules.rule_runs import list_messages


def make_tablets(strengths: tuple[int, ...], *instructions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "regimen": [make_regimen(form="tablet", **fields)],
        "presentation": [
            {"id": f"t{value}", "product": "p", "form": "tablet", "strength": make_quantity(value)}
            for value in strengths
        ],
        "instruction": [
            {"id": f"i{number}", "product": "p", "form": "tablet", **instruction}
            for number, instruction in enumerate(instructions)
        ],
    }


TERMS: dict[str, Any] = {
    "form": [{"id": "tablet", "state": "tablet"}, {"id": "capsule", "state": "capsule"}],
    "activity": [
        {"id": "a-01", "does": "swallow whole"},
        {"id": "a-02", "does": "divide"},
        {"id": "a-03", "does": "chew"},
        {"id": "taking-with-water"},
    ],
}
WHOLE = {"activity": "a-01", "stance": "required"}
HALVES = {"activity": "a-02", "stance": "allowed", "parts": {"value": 2, "unit": "1"}}


@pytest.mark.parametrize(
    ("example", "is_broken"),
    [
        (make_tablets((400, 800), WHOLE, dose=make_quantity(1200)), False),
        (make_tablets((400, 800), WHOLE, dose=make_quantity(1000)), True),
        (make_tablets((400, 800), WHOLE, **make_total(3600)), False),
        (make_tablets((800,), WHOLE, dose=make_quantity(400)), True),
        (make_tablets((800,), HALVES, dose=make_quantity(400)), False),
        (make_tablets((800,), dose=make_quantity(400)), False),
        (make_tablets((800,), dose=make_quantity(200)), True),
        (make_tablets((800,), WHOLE, dose={"low": 800, "high": 1000, "unit": "mg"}), True),
        (make_tablets((800,), WHOLE, dose={"value": 1000, "comparator": ">", "unit": "mg"}), False),
        (make_tablets((800,), {**WHOLE, "strength": make_quantity(400)}, dose=make_quantity(400)), False),
        (make_tablets((300, 500), WHOLE, dose=make_quantity(700)), True),
        (make_tablets((300, 500), WHOLE, dose=make_quantity(1100)), False),
        (make_tablets((), WHOLE, dose=make_quantity(700)), False),
        (make_tablets((1,), WHOLE, dose=make_quantity(10**9)), False),
    ],
)
def test_a_dose_is_made_of_whole_tablets_or_of_parts_that_may_be_cut(
    example: dict[str, Any], is_broken: bool
) -> None:
    assert bool(list_messages("tablets.indivisible-dose", **TERMS, **example)) is is_broken


@pytest.mark.parametrize(
    ("other", "is_contradiction"),
    [
        ({"activity": "a-03", "stance": "contraindicated"}, True),
        ({"activity": "a-03", "stance": "contraindicated", "form": "capsule"}, False),
        ({"activity": "a-03", "stance": "contraindicated", "product": "zometa"}, False),
        ({"activity": "a-03", "stance": "allowed"}, False),
        ({"activity": "taking-with-water", "stance": "contraindicated"}, False),
    ],
)
def test_a_tablet_may_be_taken_in_some_way(other: dict[str, Any], is_contradiction: bool) -> None:
    tablet = {"product": "bonefos", "form": "tablet"}
    whole = {"id": "a", **tablet, "activity": "a-01", "stance": "not recommended"}
    example = {"instruction": [whole, {"id": "b", **tablet, **other}]}
    assert bool(list_messages("tablets.contradiction", **TERMS, **example)) is is_contradiction
