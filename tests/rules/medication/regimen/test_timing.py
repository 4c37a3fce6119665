"""Interval, number of doses and course of a regimen fit each other."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_daily_count, make_interval, make_quantity, make_regimen
from tests.rules.rule_runs import list_messages


@pytest.mark.parametrize(
    ("fields", "is_too_often"),
    [
        ({**make_interval(8), **make_daily_count(3)}, False),
        ({**make_interval(8), **make_daily_count(4)}, True),
        ({**make_interval(8, 12), **make_daily_count(3)}, False),
        ({**make_interval(24), **make_daily_count(1)}, False),
        ({**make_interval(24), **make_daily_count(2)}, True),
        ({**make_interval(12), **make_daily_count(2, 3)}, False),
        ({**make_daily_count(2), "interval": make_quantity(12, comparator="<=", unit="h")}, False),
        ({**make_daily_count(3), "interval": make_quantity(12, comparator=">=", unit="h")}, True),
        (
            {
                **make_daily_count(4),
                "interval": make_quantity(3, unit="wk"),
                "course": make_quantity(2, unit="wk"),
            },
            False,
        ),
        (
            {
                **make_daily_count(4),
                "interval": make_quantity(3, unit="wk"),
                "course": make_quantity(1, unit="a"),
            },
            True,
        ),
    ],
)
def test_as_many_doses_a_day_as_the_interval_lets_in(fields: dict[str, Any], is_too_often: bool) -> None:
    assert bool(list_messages("regimen.frequency-differs", regimen=[make_regimen(**fields)])) is is_too_often


def test_a_course_that_another_interval_fits_is_right() -> None:
    course = {"id": "c", "product": "p", "route": "oral", "duration": make_quantity(2, unit="d")}
    monthly, daily = (make_regimen(id=unit, interval=make_quantity(1, unit=unit)) for unit in ("mo", "d"))
    assert list_messages("regimen.course-shorter-than-interval", course=[course], regimen=[monthly])
    assert not list_messages(
        "regimen.course-shorter-than-interval", course=[course], regimen=[monthly, daily]
    )
    open_ = {**course, "duration": make_quantity(2, comparator=">=", unit="d")}
    assert not list_messages("regimen.course-shorter-than-interval", course=[open_], regimen=[monthly])
