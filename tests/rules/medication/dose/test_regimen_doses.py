"""Limits and comparators: what an open dose exceeds, what flexible doses come to, which facts must agree."""

from __future__ import annotations

from typing import Any

import pytest

from bmkit.rules import load_all_rules
from bmkit.rules.examples import build_content

RULES = {rule.id: rule for rule in load_all_rules()}
TOTALS = ("dose.above-maximum", "dose.total-above-maximum", "dose.total-may-exceed", "dose.total-differs")


def told(name: str, **example: Any) -> list[str]:
    kinds = {kind.replace("_", "-"): records for kind, records in example.items()}
    return [issue.message for issue in RULES[name](build_content(kinds))]


def limit(value: int, comparator: str = "<=", **fields: Any) -> dict[str, Any]:
    most = {"value": value, "comparator": comparator, "unit": "mg/d"}
    made = {"id": f"limit-{value}", "product": "paracetamol", "route": "oral", "per": "per day"}
    return {**made, "maximum_daily": most, **fields}


def dosing(**fields: Any) -> dict[str, Any]:
    return {"id": "one", "product": "paracetamol", "route": "oral", **fields}


def mg(*numbers: int, comparator: str = "", unit: str = "mg") -> dict[str, Any]:
    ends = {"value": numbers[0]} if len(numbers) == 1 else dict(zip(("low", "high"), numbers, strict=True))
    return {**ends, **({"comparator": comparator} if comparator else {}), "unit": unit}


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
    given = dosing(daily_dose=mg(value, comparator=comparator, unit="mg/d"))
    assert bool(told("dose.above-maximum", dose_limit=[limit(4000, most)], dosing=[given])) is is_above


def test_the_words_for_an_open_dose_and_for_one_that_reaches_its_maximum() -> None:
    (message,) = told(
        "dose.above-maximum", dose_limit=[limit(4000)], dosing=[dosing(dose=mg(5000, comparator=">"))]
    )
    assert message == ('dose above 5,000 mg has no upper end below the maximum of 4,000 mg in "limit-4000"')
    (message,) = told("dose.above-maximum", dose_limit=[limit(4000, "<")], dosing=[dosing(dose=mg(4000))])
    assert message == 'dose 4,000 mg is not below the maximum of 4,000 mg in "limit-4000"'


def hours(*numbers: int) -> dict[str, Any]:
    return {"interval": mg(*numbers, unit="h")}


def times(*numbers: int, comparator: str = "") -> dict[str, Any]:
    return {"doses_per_day": mg(*numbers, comparator=comparator, unit="1")}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"dose": mg(1000), **hours(4, 6)}, []),
        ({"dose": mg(500, 1000), **hours(4, 6)}, []),
        ({"dose": mg(500, 1000), **hours(4)}, []),
        ({"dose": mg(1000), **hours(4, 6), "daily_dose": mg(4000, comparator="<=", unit="mg/d")}, []),
        ({"dose": mg(1000), **times(4, comparator="<=")}, []),
        ({"dose": mg(500, 1000), **times(6, comparator="<=")}, []),
        ({"dose": mg(1000, comparator="<="), **hours(4)}, []),
        ({"dose": mg(1000), **hours(4)}, ["dose.total-above-maximum"]),
        ({"dose": mg(1000), **hours(3, 4)}, ["dose.total-above-maximum"]),
        ({"dose": mg(1000), **times(6)}, ["dose.total-above-maximum"]),
        ({"dose": mg(1000, 2000), **times(5)}, ["dose.total-above-maximum"]),
        ({"dose": mg(1000, comparator=">"), **times(4)}, ["dose.total-above-maximum"]),
        ({"dose": mg(5000), **hours(24)}, ["dose.above-maximum", "dose.total-above-maximum"]),
        ({"dose": mg(500, 1000), **times(6)}, ["dose.total-may-exceed"]),
        ({"dose": mg(1000), **times(3, 5)}, ["dose.total-may-exceed"]),
        ({"dose": mg(500, 1000), **times(4)}, []),
        ({"dose": mg(500), **hours(6), "daily_dose": mg(3000, unit="mg/d")}, ["dose.total-differs"]),
    ],
)
def test_every_4_to_6_hours_at_most_4_g_a_day_is_right(fields: dict[str, Any], found: list[str]) -> None:
    example = {"dose_limit": [limit(4000)], "dosing": [dosing(**fields)]}
    assert [name for name in TOTALS if told(name, **example)] == found


def test_a_total_of_flexible_doses_is_usual_if_it_may_be() -> None:
    usual = {"id": "usual", "label": "P", "product": "paracetamol", "daily_dose": mg(2000, 4000, unit="mg/d")}
    for fields, found in (
        ({**hours(4, 6)}, False),
        ({**times(4, 6)}, False),
        ({**hours(3, 4)}, True),
        ({**times(1)}, True),
    ):
        example = {"dose_range": [usual], "dosing": [dosing(dose=mg(1000), **fields)]}
        assert bool(told("slip.unusual", **example)) is found


NOTES = [
    {"id": "both", "category": "contradiction", "article_says": "4,000 mg in one place, 8000 mg in another"},
    {"id": "liver", "category": "contradiction", "article_says": "harms the liver, and does not"},
]


@pytest.mark.parametrize(
    ("other", "is_told"),
    [
        ({}, True),
        ({"per": "at one time"}, False),
        ({"route": "intravenous"}, False),
        ({"population": "children"}, False),
        ({"product": "ibuprofen"}, False),
        ({"maximum_daily": mg(4, comparator="<=", unit="g/d")}, False),
        ({"maximum_daily": mg(8, comparator="<=", unit="g/d")}, True),
        ({"notes": ["both"]}, False),
        ({"notes": ["liver"]}, True),
    ],
)
def test_two_maxima_for_the_same_patients_are_one(other: dict[str, Any], is_told: bool) -> None:
    notes = {"notes": other["notes"]} if "notes" in other else {}
    limits = [limit(4000, **notes), {**limit(8000), **other}]
    assert bool(told("dose.maxima-differ", dose_limit=limits, editorial_note=NOTES)) is is_told


def test_two_maxima_without_comparators_are_told_as_a_contradiction_only() -> None:
    limits = [limit(4000, maximum_daily=mg(most, unit="mg/d"), id=f"l{most}") for most in (4000, 8000)]
    assert not told("dose.maxima-differ", dose_limit=limits)
    assert told("agreement.contradiction", dose_limit=limits)


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({**hours(8), **times(3)}, False),
        ({**hours(8), **times(4)}, True),
        ({**hours(8, 12), **times(3)}, False),
        ({**hours(24), **times(1)}, False),
        ({**hours(24), **times(2)}, True),
        ({**hours(12), **times(2, 3)}, False),
        ({**times(2), "interval": mg(12, comparator="<=", unit="h")}, False),
        ({**times(3), "interval": mg(12, comparator=">=", unit="h")}, True),
        ({**times(4), "interval": mg(3, unit="wk"), "course": mg(2, unit="wk")}, False),
        ({**times(4), "interval": mg(3, unit="wk"), "course": mg(1, unit="a")}, True),
    ],
)
def test_as_many_doses_a_day_as_the_interval_lets_in(fields: dict[str, Any], is_told: bool) -> None:
    assert bool(told("regimen.frequency-differs", dosing=[dosing(**fields)])) is is_told


def test_a_course_that_another_interval_fits_is_right() -> None:
    course = {"id": "c", "product": "paracetamol", "route": "oral", "duration": mg(2, unit="d")}
    monthly, daily = (dosing(id=unit, interval=mg(1, unit=unit)) for unit in ("mo", "d"))
    assert told("regimen.course-shorter-than-interval", course=[course], dosing=[monthly])
    assert not told("regimen.course-shorter-than-interval", course=[course], dosing=[monthly, daily])
    open_ = {**course, "duration": mg(2, comparator=">=", unit="d")}
    assert not told("regimen.course-shorter-than-interval", course=[open_], dosing=[monthly])


def test_without_any_list_of_dose_ranges_each_product_is_told_of_once() -> None:
    products = [{"id": "paracetamol"}, {"id": "ibuprofen"}]
    doses = [
        dosing(id=f"{name}-{route}", product=name, route=route, dose=mg(1000))
        for name in ("paracetamol", "ibuprofen")
        for route in ("oral", "intravenous")
    ]
    assert len(told("completeness.no-usual-range", product=products, dosing=doses)) == 2


FORMS = [
    {"id": "solution-for-injection"},
    {"id": "infusion-solution"},
    {"id": "solution-for-injection-or-infusion"},
    {"id": "powder-for-injection", "parent": "solution-for-injection"},
]
ROUTES = [{"id": "intravenous"}, {"id": "slow-intravenous-injection", "parent": "intravenous"}]


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({}, True),
        ({"form": "infusion-solution"}, True),
        ({"form": "solution-for-injection-or-infusion"}, True),
        ({"form": "solution-for-injection"}, False),
        ({"form": "powder-for-injection"}, False),
        ({"route": "slow-intravenous-injection"}, False),
    ],
)
@pytest.mark.parametrize("rule", ["infusion.no-time", "infusion.no-volume"])
def test_an_injection_has_neither_time_nor_volume(rule: str, fields: dict[str, Any], is_told: bool) -> None:
    given = {**dosing(product="morphine", route="intravenous", dose=mg(5), **hours(4)), **fields}
    assert bool(told(rule, form=FORMS, route=ROUTES, dosing=[given])) is is_told
