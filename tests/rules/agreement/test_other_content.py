"""What other labels, trials and guidelines say is not called a contradiction, and their slips are."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.agreement.administrations import make_quantity
from tests.rules.rule_runs import list_broken_rules

TERMS = {
    "characteristic": [
        {"id": "clearance", "sort": "kidney function"},
        {"id": "age", "sort": "age"},
        {"id": "weight", "sort": "body weight"},
        {"id": "risk", "sort": "risk"},
        {"id": "breast-feeding", "sort": "breast-feeding"},
    ],
    "population": [
        {"id": name, "bands": [{"characteristic": characteristic, "range": make_quantity(ends)}]}
        for name, characteristic, ends in (
            ("clearance-30-39", "clearance", "30-39 mL/min"),
            ("clearance-40-49", "clearance", "40-49 mL/min"),
            ("clearance-below-30", "clearance", "< 30 mL/min"),
            ("months-1-11", "age", "1-11 mo"),
            ("years-1-4", "age", "1-4 a"),
            ("years-2-12", "age", "2-12 a"),
            ("from-50-kg", "weight", ">= 50 kg"),
        )
    ]
    + [{"id": "breast-feeding", "bands": [{"characteristic": "breast-feeding", "word": "yes"}]}],
    "arm": [{"id": "radium"}, {"id": "placebo"}],
    "study": [{"id": "one-trial"}, {"id": "another-trial"}],
}
QUANTITIES = (
    *("dose", "rate", "interval", "administration_time", "total", "total_in", "maximum", "window"),
    *("least_interval", "radiation_dose", "estimate", "time_point", "change_dose", "change_every"),
)


def make_records(kind: str, *facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts of one kind; "4 mg" is written as a quantity."""
    records = [
        {"id": f"fact-{index}"}
        | {name: make_quantity(value) if name in QUANTITIES else value for name, value in fact.items()}
        for index, fact in enumerate(facts)
    ]
    return {**TERMS, kind: records}


def make_regimens(*facts: dict[str, Any]) -> dict[str, Any]:
    return make_records("regimen", *({"product": "p", "route": "oral", **fact} for fact in facts))


DAILY = {"product": "p", "per": "time", "window": "1 d"}
RIGHT = {
    "a dose table": make_regimens(
        {"dose": "4 mg"},
        {"dose": "3.3 mg", "population": "clearance-40-49"},
        {"dose": "3 mg", "population": "clearance-30-39"},
    ),
    "bands of age": make_regimens(
        {"dose": "125 mg", "population": "months-1-11"}, {"dose": "250 mg", "population": "years-1-4"}
    ),
    "adults by weight, children by kilogram": make_regimens(
        {"dose": "1000 mg", "interval": "6 h", "population": "from-50-kg"},
        {"dose": "15 mg/kg", "interval": "6 h", "population": "years-2-12"},
    ),
    "a loading dose, then a rate": make_regimens(
        {"dose": "80 [iU]/kg", "plan": "start", "step": 1},
        {"rate": "18 [iU]/kg/h", "plan": "start", "step": 2},
    ),
    "a taper": make_regimens(
        *({"dose": f"{40 - 5 * step} mg", "plan": "taper", "step": step + 1} for step in range(4))
    ),
    "two choices": make_regimens(
        {"dose": "1000 mg", "interval": "6 h", "option": "a"},
        {"dose": "650 mg", "interval": "4 h", "option": "b"},
    ),
    "by weight or by surface": make_regimens(
        {"dose": "7.5 mg", "interval": "1 wk"}, {"dose": "10 mg/m2", "interval": "1 wk"}
    ),
    "regular and as needed": make_regimens(
        {"dose": "5-10 mg", "interval": "4 h"},
        {"dose": "5-10 mg", "least_interval": "1-2 h", "as_needed": True},
    ),
    "activity and activity per kilogram": make_regimens({"dose": "37 MBq/kg"}, {"dose": "2600 MBq"}),
    "quick and slow release": make_regimens(
        {"dose": "10 mg", "interval": "4 h", "form": "tablet"},
        {"dose": "30 mg", "interval": "12 h", "form": "slow-tablet"},
    ),
    "the limit of a group": make_records(
        "dose-limit",
        {**DAILY, "maximum": "<= 4 g"},
        {**DAILY, "maximum": "<= 75 mg/kg", "population": "years-2-12"},
        {**DAILY, "maximum": "<= 2 g", "population": "clearance-below-30"},
        {"product": "p", "per": "administration", "maximum": "<= 1 g"},
    ),
    "two schedules of radiation": make_records(
        "radiotherapy",
        {"condition": "bone-metastasis", "radiation_dose": "8 Gy", "fractions": 1},
        {"condition": "bone-metastasis", "radiation_dose": "30 Gy", "fractions": 10},
    ),
    "the arms of a trial": make_records(
        "result",
        {"study": "one-trial", "arm": "radium", "statistic": "median", "estimate": "14.9 mo"},
        {"study": "one-trial", "arm": "placebo", "statistic": "median", "estimate": "11.3 mo"},
    ),
    "two time points": make_records(
        "result",
        {"study": "one-trial", "statistic": "share", "time_point": "1 a", "estimate": "66 %"},
        {"study": "one-trial", "statistic": "share", "time_point": "5 a", "estimate": "18 %"},
    ),
    "two studies": make_records(
        "result",
        {"study": "one-trial", "outcome": "pain", "statistic": "hazard ratio", "estimate": "0.82 1"},
        {"study": "another-trial", "outcome": "pain", "statistic": "hazard ratio", "estimate": "1.7 1"},
    ),
    "a contraindication for some": make_records(
        "caution",
        {"product": "p", "stance": "use with care"},
        {"product": "p", "stance": "contraindicated", "population": "breast-feeding"},
        {"product": "p", "stance": "not recommended", "population": "clearance-below-30"},
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_called_wrong(name: str) -> None:
    assert list_broken_rules("agreement", RIGHT[name]) == set()


def repeat_with_slip(example: dict[str, Any], kind: str, field: str) -> dict[str, Any]:
    """Return the example with its first fact again, ten times as much of a field."""
    first = example[kind][0]
    slipped = {
        name: float(number) * 10 if name in {"value", "low", "high"} else number
        for name, number in first[field].items()
    }
    return {**example, kind: [*example[kind], {**first, "id": "again", field: slipped}]}


@pytest.mark.parametrize(
    ("name", "kind", "field"),
    [
        ("a dose table", "regimen", "dose"),
        ("bands of age", "regimen", "dose"),
        ("a loading dose, then a rate", "regimen", "dose"),
        ("a taper", "regimen", "dose"),
        ("two choices", "regimen", "interval"),
        ("activity and activity per kilogram", "regimen", "dose"),
        ("quick and slow release", "regimen", "dose"),
        ("the limit of a group", "dose-limit", "maximum"),
        ("two schedules of radiation", "radiotherapy", "radiation_dose"),
        ("the arms of a trial", "result", "estimate"),
        ("two time points", "result", "estimate"),
        ("two studies", "result", "estimate"),
    ],
)
def test_the_same_again_with_a_digit_too_many_is_a_contradiction(name: str, kind: str, field: str) -> None:
    broken = list_broken_rules("agreement", repeat_with_slip(RIGHT[name], kind, field))
    assert "contradiction" in broken
