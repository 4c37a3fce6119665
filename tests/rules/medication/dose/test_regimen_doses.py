"""Doses and their daily totals are compared with the maximum for their patients."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import (
    make_daily_count,
    make_interval,
    make_limit,
    make_quantity,
    make_regimen,
    make_total,
)
from tests.rules.rule_runs import list_messages

CONDITIONS = [
    {"id": "pain", "label": "pain"},
    {"id": "bone-pain", "label": "bone pain", "parent": "pain"},
    {"id": "renal-failure", "label": "renal failure"},
]
POPULATIONS = [
    {"id": "with-pain", "label": "patients with pain", "conditions": ["pain"]},
    {"id": "with-both", "label": "patients with both", "conditions": ["pain", "renal-failure"]},
    {"id": "children", "label": "children", "age_group": "child"},
    {"id": "nobody", "label": "patients of whom only the name is known"},
]
TERMS = {"condition": CONDITIONS, "population": POPULATIONS}
TOTALS = ("dose.above-maximum", "dose.total-above-maximum", "dose.total-may-exceed", "dose.total-differs")


@pytest.mark.parametrize(
    ("limits", "patients", "is_above"),
    [
        ([make_limit(10)], {}, True),
        ([make_limit(20)], {}, False),
        ([make_limit(10), make_limit(20, population="with-pain")], {"population": "with-pain"}, False),
        ([make_limit(20), make_limit(10, population="with-pain")], {"population": "with-pain"}, True),
        ([make_limit(20), make_limit(10, population="with-pain")], {}, False),
        ([make_limit(10, population="with-pain")], {"condition": "bone-pain"}, True),
        ([make_limit(10, condition="pain"), make_limit(20)], {"population": "with-both"}, True),
        (
            [make_limit(10, condition="pain"), make_limit(20, condition="renal-failure")],
            {"population": "with-both"},
            True,
        ),
        (
            [make_limit(20, population="with-both"), make_limit(10, condition="pain")],
            {"population": "with-both"},
            False,
        ),
        (
            [make_limit(10, population="children"), make_limit(20, population="nobody")],
            {"population": "with-pain"},
            False,
        ),
        (
            # A limit binds those whom it names.
            [make_limit(10, population="children"), make_limit(12, population="nobody")],
            {"population": "with-pain"},
            False,
        ),
        (
            [make_limit(10, population="children")],
            {},
            False,
        ),
        ([make_limit(10, population="nobody")], {"population": "nobody"}, True),
        ([make_limit(10, route="intravenous")], {}, False),
        ([make_limit(10, product="q")], {}, False),
    ],
)
def test_the_maximum_for_the_patients_counts(
    limits: list[dict[str, Any]], patients: dict[str, str], is_above: bool
) -> None:
    record = make_regimen(dose=make_quantity(15), **patients)
    assert bool(list_messages("dose.above-maximum", **TERMS, dose_limit=limits, regimen=[record])) is is_above


def test_units_do_not_hide_a_dose_above_the_maximum() -> None:
    assert list_messages(
        "dose.above-maximum",
        **TERMS,
        dose_limit=[make_limit(3600, "mg/d")],
        regimen=[make_regimen(**make_total(4, unit="g"))],
    )
    assert list_messages(
        "dose.above-maximum",
        **TERMS,
        dose_limit=[make_limit(3600, "mg/d")],
        regimen=[make_regimen(dose=make_quantity(4, unit="g"))],
    )
    assert not list_messages(
        "dose.above-maximum",
        **TERMS,
        dose_limit=[make_limit(3600, "mg/d")],
        regimen=[make_regimen(dose=make_quantity(3, unit="g"))],
    )


def test_what_may_be_given_at_one_time_does_not_bound_a_day() -> None:
    assert not list_messages(
        "dose.above-maximum",
        **TERMS,
        dose_limit=[make_limit(10)],
        regimen=[make_regimen(**make_total(15))],
    )


def test_a_limit_of_the_day_for_some_leaves_the_limit_at_one_time_for_all() -> None:
    limits = [make_limit(10), make_limit(100, "mg/d", population="with-pain")]
    assert list_messages(
        "dose.above-maximum",
        **TERMS,
        dose_limit=limits,
        regimen=[make_regimen(dose=make_quantity(15), population="with-pain")],
    )


@pytest.mark.parametrize(
    ("often", "is_above"),
    [
        ({"times_per_day": make_quantity(2, unit="1")}, False),
        ({"times_per_day": make_quantity(3, unit="1")}, True),
        ({"interval": make_quantity(12, unit="h")}, False),
        ({"interval": make_quantity(8, unit="h")}, True),
        ({"interval": {"low": 6, "high": 8, "unit": "h"}}, True),
        ({"interval": {"low": 8, "high": 12, "unit": "h"}}, False),
        ({"interval": {"value": 4, "comparator": ">=", "unit": "h"}}, False),
        ({"times_per_day": {"value": 4, "comparator": "<=", "unit": "1"}}, False),
        ({"times_per_day": {"low": 3, "high": 4, "unit": "1"}}, True),
        ({"interval": make_quantity(2, unit="d")}, False),
        ({}, False),
    ],
)
def test_the_doses_of_a_day_are_added_up(often: dict[str, Any], is_above: bool) -> None:
    limits, record = [make_limit(2500, "mg/d")], make_regimen(dose=make_quantity(1000), **often)
    assert (
        bool(list_messages("dose.total-above-maximum", **TERMS, dose_limit=limits, regimen=[record]))
        is is_above
    )
    assert not list_messages("dose.above-maximum", **TERMS, dose_limit=limits, regimen=[record])


def test_the_words_for_a_dose_above_the_maximum_name_both_and_the_limit() -> None:
    (message,) = list_messages(
        "dose.above-maximum",
        **TERMS,
        dose_limit=[make_limit(10)],
        regimen=[make_regimen(dose=make_quantity(15))],
    )
    assert message == 'dose 15 mg is above the maximum of 10 mg in "limit-10"'


@pytest.mark.parametrize(
    ("value", "comparator", "most", "is_above"),
    [
        (4000, "", "<=", False),
        (4000, "<=", "<=", False),
        (4000, ">=", "<=", True),
        (4000, ">", "<=", True),
        (5000, ">", "<=", True),
        (1600, ">", "<=", False),
        (1600, ">=", "<=", False),
        (4000, "", "<", True),
        (4000, "<=", "<", True),
        (4000, "<", "<", False),
        (5000, "<", "<=", True),
    ],
)
def test_the_comparators_of_a_dose_and_of_its_maximum_are_read(
    value: int, comparator: str, most: str, is_above: bool
) -> None:
    regimen_record = make_regimen(**make_total(value, comparator=comparator))
    assert (
        bool(
            list_messages(
                "dose.above-maximum", dose_limit=[make_limit(4000, "mg/d", most)], regimen=[regimen_record]
            )
        )
        is is_above
    )


def test_the_words_for_an_open_dose_and_for_one_that_reaches_its_maximum() -> None:
    (message,) = list_messages(
        "dose.above-maximum",
        dose_limit=[make_limit(4000, "mg/d")],
        regimen=[make_regimen(dose=make_quantity(5000, comparator=">"))],
    )
    assert message == (
        'dose above 5,000 mg has no upper end below the maximum of 4,000 mg in 1 day in "limit-4000"'
    )
    (message,) = list_messages(
        "dose.above-maximum",
        dose_limit=[make_limit(4000, "mg/d", "<")],
        regimen=[make_regimen(dose=make_quantity(4000))],
    )
    assert message == 'dose 4,000 mg is not below the maximum of 4,000 mg in 1 day in "limit-4000"'


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"dose": make_quantity(1000), **make_interval(4, 6)}, []),
        ({"dose": make_quantity(500, 1000), **make_interval(4, 6)}, []),
        ({"dose": make_quantity(500, 1000), **make_interval(4)}, []),
        (
            {
                "dose": make_quantity(1000),
                **make_interval(4, 6),
                **make_total(4000, comparator="<="),
            },
            [],
        ),
        ({"dose": make_quantity(1000), **make_daily_count(4, comparator="<=")}, []),
        ({"dose": make_quantity(500, 1000), **make_daily_count(6, comparator="<=")}, []),
        ({"dose": make_quantity(1000, comparator="<="), **make_interval(4)}, []),
        ({"dose": make_quantity(1000), **make_interval(4)}, ["dose.total-above-maximum"]),
        ({"dose": make_quantity(1000), **make_interval(3, 4)}, ["dose.total-above-maximum"]),
        ({"dose": make_quantity(1000), **make_daily_count(6)}, ["dose.total-above-maximum"]),
        ({"dose": make_quantity(1000, 2000), **make_daily_count(5)}, ["dose.total-above-maximum"]),
        ({"dose": make_quantity(1000, comparator=">"), **make_daily_count(4)}, ["dose.total-above-maximum"]),
        (
            {"dose": make_quantity(5000), **make_interval(24)},
            ["dose.above-maximum", "dose.total-above-maximum"],
        ),
        ({"dose": make_quantity(500, 1000), **make_daily_count(6)}, ["dose.total-may-exceed"]),
        ({"dose": make_quantity(1000), **make_daily_count(3, 5)}, ["dose.total-may-exceed"]),
        ({"dose": make_quantity(500, 1000), **make_daily_count(4)}, []),
        (
            {"dose": make_quantity(500), **make_interval(6), **make_total(3000)},
            ["dose.total-differs"],
        ),
    ],
)
def test_every_4_to_6_hours_at_most_4_g_a_day_is_right(fields: dict[str, Any], faults: list[str]) -> None:
    example = {"dose_limit": [make_limit(4000, "mg/d")], "regimen": [make_regimen(**fields)]}
    assert [rule_id for rule_id in TOTALS if list_messages(rule_id, **example)] == faults
