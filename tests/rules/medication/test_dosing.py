"""How often a dose is given, and how much is given in a time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.rules.example_records import make_quantity, make_regimen, make_total

from bmkit.rules.examples import build_content
from bmkit.rules.medication.dosing import find_amount_in, find_counts_in, find_exposure, find_period_total

DAY, WEEK = 1, 7
EVERY_8_H = {"interval": make_quantity(8, unit="h")}
EVERY_4_WK = {"interval": make_quantity(4, unit="wk")}
DAYS = {"days": [1, 8, 15], "cycle": make_quantity(4, unit="wk")}


def make_record(**fields: Any) -> Any:
    (record,) = build_content({"regimen": [make_regimen(**fields)]}).list_records_of_role("regimen")
    return record


@pytest.mark.parametrize(
    ("fields", "days", "counts"),
    [
        ({}, DAY, None),
        (EVERY_8_H, DAY, (3, 3)),
        ({"interval": make_quantity(6, 8, unit="h")}, DAY, (3, 4)),
        ({"interval": make_quantity(6, unit="h", comparator=">=")}, DAY, (0, 4)),
        ({"times_per_day": make_quantity(3, unit="1")}, WEEK, (21, 21)),
        ({"times_per_day": make_quantity(3, unit="1", comparator="<=")}, DAY, (0, 3)),
        # One at least, even in a time that is shorter than the interval.
        (EVERY_4_WK, DAY, (1, 1)),
        (EVERY_4_WK, 8 * WEEK, (2, 2)),
        ({**EVERY_8_H, "course": make_quantity(2, unit="d")}, WEEK, (6, 6)),
        ({**EVERY_8_H, "administration_count": make_quantity(4, unit="1")}, WEEK, (4, 4)),
        ({"once": True}, WEEK, (1, 1)),
        ({"as_needed": True, "least_interval": make_quantity(6, unit="h")}, DAY, (0, 4)),
        ({"as_needed": True}, DAY, None),
        (DAYS, DAY, (1, 1)),
        (DAYS, WEEK, (1, 1)),
        (DAYS, 8, (2, 2)),
        (DAYS, 8 * WEEK, (6, 6)),
        ({**DAYS, "times_per_day": make_quantity(2, unit="1")}, WEEK, (2, 2)),
    ],
)
def test_the_doses_of_a_time_are_counted(
    fields: dict[str, Any], days: int, counts: tuple[int, int] | None
) -> None:
    found = find_counts_in(make_record(dose=make_quantity(1), **fields), Fraction(days))
    assert (found and tuple(map(int, found))) == counts


@pytest.mark.parametrize(
    ("fields", "total"),
    [
        ({}, None),
        ({**make_total(1600)}, (1600, "mg", 1)),
        ({"total": make_quantity(14), "total_in": make_quantity(1, unit="wk")}, (14, "mg", 7)),
        ({"total": make_quantity(14)}, None),
    ],
)
def test_a_total_has_its_period(fields: dict[str, Any], total: tuple[int, str, int] | None) -> None:
    found = find_period_total(make_record(**fields))
    assert (found and (int(found.amount.low), found.amount.unit, int(found.days))) == total


@pytest.mark.parametrize(
    ("fields", "amount"),
    [
        ({"dose": make_quantity(10), **EVERY_8_H}, (30, 30, "mg")),
        ({"dose": make_quantity(5, 10), **EVERY_8_H}, (15, 30, "mg")),
        ({"dose": make_quantity(10)}, None),
        ({"rate": make_quantity(2, unit="mg/kg/h")}, (48, 48, "mg/kg")),
        (
            {"rate": make_quantity(2, unit="mg/h"), "administration_time": make_quantity(3, unit="h")},
            (6, 6, "mg"),
        ),
    ],
)
def test_what_is_given_in_a_day_is_added_up(
    fields: dict[str, Any], amount: tuple[int, int, str] | None
) -> None:
    found = find_amount_in(make_record(**fields), Fraction(DAY))
    assert (found and (int(found.low), int(found.high), found.unit)) == amount


@pytest.mark.parametrize(
    ("fields", "daily"),
    [
        ({"dose": make_quantity(28), **EVERY_4_WK}, (1, 1, "mg/d")),
        ({"total": make_quantity(14), "total_in": make_quantity(1, unit="wk")}, (2, 2, "mg/d")),
        ({"rate": make_quantity(1, unit="[USP'U]/kg/h")}, (24, 24, "[USP'U]/kg/d")),
        ({"dose": make_quantity(28), "once": True}, None),
        ({"dose": make_quantity(28)}, None),
    ],
)
def test_the_average_of_a_day(fields: dict[str, Any], daily: tuple[int, int, str] | None) -> None:
    found = find_exposure(make_record(**fields))
    assert (found and (int(found.low), int(found.high), found.unit)) == daily
