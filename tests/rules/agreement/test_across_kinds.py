"""Quantities of two kinds are compared only if they are about the same."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_iron_facts
from tests.rules.rule_runs import list_issues

RULE = "agreement.differs-across-kinds"

HOURS = {"value": 2, "unit": "h"}


AFTER = {"lasting": HOURS, "relation": "after taking it"}
LATER = {"lasting": {"value": 4, "unit": "h"}, "event": "taking"}
TIME = {"activity": "taking", "stance": "required", "time": {"value": 4, "unit": "h"}, "event": "taking-iron"}
BEFORE = {**AFTER, "relation": "before taking it"}
NOT_LESS = {"value": 4, "comparator": ">=", "unit": "h"}


@pytest.mark.parametrize(
    ("example", "differs"),
    [
        (make_iron_facts(AFTER, LATER), True),
        (make_iron_facts({**AFTER, "lasting": {"value": 240, "unit": "min"}}, LATER), False),
        (make_iron_facts({**AFTER, "form": "tablet"}, {**LATER, "form": "capsule"}), False),
        (make_iron_facts({**AFTER, "product": "zometa"}, LATER), False),
        (make_iron_facts({**AFTER, "substance": "zinc"}, LATER), False),
        (make_iron_facts(BEFORE, LATER), False),
        (make_iron_facts(AFTER, {**LATER, "lasting": NOT_LESS}), False),
        (make_iron_facts(AFTER, {**LATER, "stance": "allowed"}), False),
        (make_iron_facts(BEFORE, {**TIME, "relation": "after"}), True),
        (make_iron_facts(AFTER, {**TIME, "relation": "before"}), True),
        (make_iron_facts(AFTER, {**TIME, "relation": "after"}), False),
    ],
)
def test_waits_are_compared_if_they_are_the_same_wait(example: dict[str, Any], differs: bool) -> None:
    assert bool(list_issues(RULE, **example)) is differs


def make_regimen(record_id: str, dose: int, times: int, **fields: Any) -> dict[str, Any]:
    daily = {"value": dose, "comparator": ">", "unit": "mg/d"}
    count = {"value": times, "unit": "1"}
    return {"id": record_id, "product": "bonefos", "daily_dose": daily, "times_per_day": count, **fields}


@pytest.mark.parametrize(
    ("dosings", "pointer"),
    [
        ([make_regimen("a", 1600, 2)], ""),
        ([make_regimen("a", 1600, 2), make_regimen("b", 3200, 3)], ""),
        ([make_regimen("b", 3200, 3)], "/records/0/dose/value"),
        ([make_regimen("b", 3200, 2)], "/records/0/dose/value"),
        ([make_regimen("a", 1600, 3)], "/records/0/parts/value"),
        ([make_regimen("a", 1600, 3), make_regimen("b", 3200, 2)], "/records/0/parts/value"),
        ([make_regimen("a", 1600, 3, population="renal")], ""),
        ([make_regimen("a", 1600, 3, daily_dose={"value": 1600, "unit": "mg/d"})], ""),
    ],
)
def test_the_dose_that_is_divided_is_that_of_a_regimen(dosings: list[dict[str, Any]], pointer: str) -> None:
    above, parts = {"value": 1600, "comparator": ">", "unit": "mg/d"}, {"value": 2, "unit": "1"}
    divided = {"id": "i", "product": "bonefos", "activity": "dividing-the-daily-dose", "stance": "required"}
    example = {"regimen": dosings, "instruction": [{**divided, "dose": above, "parts": parts}]}
    pointers = [issue.place.pointer for issue in list_issues(RULE, **example)]
    assert pointers == ([pointer] if pointer else [])
