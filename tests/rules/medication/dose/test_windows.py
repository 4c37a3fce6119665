"""Limits of a time, a course, a life, a speed; totals beside doses; plans."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_quantity, make_regimen
from tests.rules.rule_runs import RULES, list_messages

DOSE_RULES = sorted(
    rule_id for rule_id in RULES if rule_id.startswith("dose.") or rule_id == "infusion.too-fast"
)
DAILY = {"interval": make_quantity(1, unit="d")}
WEEKLY = {"interval": make_quantity(1, unit="wk")}
FOR_5_WK = {"course": make_quantity(5, unit="wk")}


def make_cap(most: float, per: str, unit: str = "mg", **fields: Any) -> dict[str, Any]:
    maximum = make_quantity(most, unit=unit, comparator="<=")
    return {"id": f"max-{most}", "product": "p", "per": per, "maximum": maximum, **fields}


def make_weekly_cap(most: float) -> dict[str, Any]:
    return make_cap(most, "time", window=make_quantity(1, unit="wk"))


def list_broken(**example: Any) -> list[str]:
    return [rule_id for rule_id in DOSE_RULES if list_messages(rule_id, **example)]


@pytest.mark.parametrize(
    ("cap", "fields", "broken"),
    [
        (make_weekly_cap(20), {"dose": make_quantity(20), **WEEKLY}, []),
        (make_weekly_cap(20), {"dose": make_quantity(25)}, ["dose.above-maximum"]),
        (make_weekly_cap(20), {"dose": make_quantity(5), **DAILY}, ["dose.total-above-maximum"]),
        (
            make_weekly_cap(20),
            {"total": make_quantity(5), "total_in": make_quantity(1, unit="d")},
            ["dose.total-above-maximum"],
        ),
        # Of a total that is not said to be given each day all is given once.
        (
            make_weekly_cap(20),
            {"total": make_quantity(5), "total_in": make_quantity(1, unit="d"), **WEEKLY},
            [],
        ),
        (
            make_weekly_cap(20),
            {"total": make_quantity(5, comparator="<="), "total_in": make_quantity(1, unit="d")},
            [],
        ),
        (
            make_weekly_cap(20),
            {"total": make_quantity(30), "total_in": make_quantity(1, unit="wk")},
            ["dose.above-maximum"],
        ),
        # All of a week may be given on one day; on average at least so much.
        (
            make_cap(3, "time", window=make_quantity(1, unit="d")),
            {"total": make_quantity(28), "total_in": make_quantity(1, unit="wk")},
            ["dose.above-maximum"],
        ),
        (
            make_cap(3, "time", unit="mg/kg", window=make_quantity(1, unit="d")),
            {"dose": make_quantity(5)},
            ["dose.fits-no-body"],
        ),
        (
            make_cap(75, "time", unit="mg/kg", window=make_quantity(24, unit="h")),
            {"dose": make_quantity(15, unit="mg/kg"), "interval": make_quantity(4, unit="h")},
            ["dose.total-above-maximum"],
        ),
        (
            make_cap(75, "time", unit="mg/kg", window=make_quantity(24, unit="h")),
            {"dose": make_quantity(15, unit="mg/kg"), "interval": make_quantity(4, 6, unit="h")},
            [],
        ),
        (make_cap(500, "course"), {"dose": make_quantity(100), **WEEKLY, **FOR_5_WK}, []),
        (
            make_cap(400, "course"),
            {"dose": make_quantity(100), **WEEKLY, **FOR_5_WK},
            ["dose.total-above-maximum"],
        ),
        (
            make_cap(400, "lifetime"),
            {"dose": make_quantity(100), "administration_count": make_quantity(5, unit="1")},
            ["dose.total-above-maximum"],
        ),
        (make_cap(400, "lifetime"), {"dose": make_quantity(100), "once": True}, []),
        (make_cap(400, "lifetime"), {"dose": make_quantity(500)}, ["dose.above-maximum"]),
        (make_cap(20, "administration"), {"dose": make_quantity(25)}, ["dose.above-maximum"]),
        (make_cap(20, "administration"), {"dose": make_quantity(15), **DAILY}, []),
        (
            make_cap(20, "administration"),
            {
                "total": make_quantity(80),
                "total_in": make_quantity(1, unit="d"),
                "times_per_day": make_quantity(2, unit="1"),
            },
            ["dose.above-maximum"],
        ),
        (
            make_cap(10, "speed", unit="mg/min"),
            {"dose": make_quantity(1000), "administration_time": make_quantity(30, unit="min")},
            ["infusion.too-fast"],
        ),
        (
            make_cap(10, "speed", unit="mg/min"),
            {"dose": make_quantity(1000), "administration_time": make_quantity(2, unit="h")},
            [],
        ),
        (make_cap(10, "speed", unit="mg/min"), {"rate": make_quantity(1, unit="g/h")}, ["infusion.too-fast"]),
        (make_cap(10, "speed", unit="mg/min"), {"rate": make_quantity(500, unit="mg/h")}, []),
        (
            make_cap(40, "time", window=make_quantity(1, unit="d")),
            {"rate": make_quantity(2, unit="mg/h")},
            ["dose.total-above-maximum"],
        ),
    ],
)
def test_a_limit_binds_what_it_counts(cap: dict[str, Any], fields: dict[str, Any], broken: list[str]) -> None:
    assert list_broken(dose_limit=[cap], regimen=[make_regimen(**fields)]) == broken


ADULTS = {
    "id": "adults",
    "bands": [{"characteristic": "age", "range": make_quantity(18, comparator=">=", unit="a")}],
}
CHILDREN = {"id": "children", "bands": [{"characteristic": "age", "range": make_quantity(2, 12, unit="a")}]}
RENAL = {"id": "renal", "conditions": ["renal"]}
TERMS = {
    "characteristic": [{"id": "age", "sort": "age"}],
    "condition": [{"id": "renal", "weakens": "kidney"}],
    "population": [ADULTS, CHILDREN, RENAL],
}


@pytest.mark.parametrize(
    ("limited", "dosed", "is_bound"),
    [
        ("", "adults", True),
        ("", "", True),
        ("adults", "adults", True),
        # What one group may have is nothing to another, or to all.
        ("renal", "", False),
        ("children", "", False),
        ("children", "adults", False),
        ("adults", "renal", False),
    ],
)
def test_a_limit_binds_those_whom_it_names(limited: str, dosed: str, is_bound: bool) -> None:
    def name(patients: str) -> dict[str, str]:
        return {"population": patients} if patients else {}

    limits = [make_cap(10, "administration", **name(limited))]
    regimens = [make_regimen(dose=make_quantity(20), **name(dosed))]
    assert bool(list_messages("dose.above-maximum", **TERMS, dose_limit=limits, regimen=regimens)) is is_bound


FORTY_A_DAY = {"total": make_quantity(40), "total_in": make_quantity(1, unit="d")}
FOUR_EVERY_6_H = {"dose": make_quantity(4), "interval": make_quantity(6, unit="h")}


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({}, True),
        ({"dose": make_quantity(10)}, False),
        ({"route": "intravenous"}, False),
        ({"population": "children"}, False),
        ({"phase": "start"}, False),
        ({"option": "b"}, False),
        ({"as_needed": True}, False),
        ({"as_needed": False}, True),
        ({"product": "q"}, False),
    ],
)
def test_a_total_is_held_against_the_doses_of_another_record(other: dict[str, Any], differs: bool) -> None:
    regimens = [make_regimen(**FORTY_A_DAY), make_regimen(id="two", **{**FOUR_EVERY_6_H, **other})]
    assert bool(list_messages("dose.total-differs", **TERMS, regimen=regimens)) is differs
