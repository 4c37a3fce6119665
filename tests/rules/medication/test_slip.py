"""An unusual dose is reported once, by the slip that explains it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_limit, make_quantity, make_regimen, make_total
from tests.rules.rule_runs import RULES, list_issues, list_messages

RANGE = {
    "id": "p-oral",
    "label": "P, oral",
    "product": "p",
    "route": "oral",
    "dose": {"low": 2, "high": 6, "unit": "mg"},
    "administration_time": {"low": 15, "high": 120, "unit": "min"},
}
ALL_SLIPS = tuple(sorted(name for name in RULES if name.startswith("slip.")))
SLIPS = ("slip.tenfold", "slip.thousandfold", "slip.wrong-unit", "slip.unusual")


def list_slips(rule_ids: tuple[str, ...], **example: Any) -> list[str]:
    return [rule_id for rule_id in rule_ids if list_messages(rule_id, **example)]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"dose": make_quantity(4)}, None),
        ({"dose": make_quantity(4000, unit="ug")}, None),
        ({"administration_time": make_quantity(2, unit="h")}, None),
        ({"dose": make_quantity(40)}, "slip.tenfold"),
        ({"dose": make_quantity(400)}, "slip.tenfold"),
        ({"dose": {"low": 2, "high": 60, "unit": "mg"}}, "slip.tenfold"),
        ({"dose": make_quantity(4000)}, "slip.thousandfold"),
        ({"dose": make_quantity(4, unit="g")}, "slip.wrong-unit"),
        ({"dose": make_quantity(4, unit="ug")}, "slip.wrong-unit"),
        ({"administration_time": make_quantity(15, unit="h")}, "slip.wrong-unit"),
        ({"dose": make_quantity(8)}, "slip.unusual"),
        ({"dose": {"value": 8, "comparator": "<=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 8, "comparator": ">=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 1, "comparator": "<=", "unit": "mg"}}, None),
        ({"dose": {"value": 1, "comparator": ">=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 3, "comparator": ">=", "unit": "mg"}}, None),
        ({"dose": {"value": 80, "comparator": "<=", "unit": "mg"}}, "slip.tenfold"),
        ({"administration_time": {"value": 3, "comparator": ">=", "unit": "h"}}, None),
        ({"administration_time": {"value": 13, "comparator": ">=", "unit": "min"}}, "slip.unusual"),
        ({"administration_time": {"value": 13, "comparator": "<=", "unit": "min"}}, "slip.unusual"),
        ({"dose": make_quantity(40), "product": "q"}, None),
        ({"dose": make_quantity(40), "route": "intravenous"}, None),
        ({"dose": make_quantity(40), "route": "by-tube"}, "slip.tenfold"),
    ],
)
def test_a_slip_is_reported_once(fields: dict[str, Any], fault: str | None) -> None:
    routes = [{"id": "oral"}, {"id": "by-tube", "parent": "oral"}, {"id": "intravenous"}]
    example = {"usual_dose": [RANGE], "regimen": [make_regimen(**fields)], "route": routes}
    assert list_slips(SLIPS, **example) == ([fault] if fault else [])


def test_a_slip_of_one_end_is_reported_at_that_end() -> None:
    usual_dose = {"low": 2, "high": 60, "unit": "mg"}
    (issue,) = list_issues("slip.tenfold", usual_dose=[RANGE], regimen=[make_regimen(dose=usual_dose)])
    assert issue.place.pointer == "/records/0/dose/high"
    assert (
        issue.message
        == "dose 2–60 mg is outside the usual 2–6 mg of P, oral; a tenth of 60 mg (6 mg) is inside"
    )


GRAM = {"id": "g-oral", "label": "G, oral", "product": "p", "route": "oral"}
OFTEN = {**GRAM, "dose": {"low": 500, "high": 1000, "unit": "mg"}}
MONTHLY = {**GRAM, "dose": make_quantity(4), "interval": {"value": 4, "unit": "wk"}}
BY_DAY = {**GRAM, **make_total(1600, 3200)}
FIXED = {**GRAM, "dose": make_quantity(4)}
EIGHT = {"times_per_day": make_quantity(8, unit="1")}


@pytest.mark.parametrize(
    ("usual", "fields", "fault", "message"),
    [
        (
            {**GRAM, "dose": {"low": 5, "high": 20, "unit": "mg"}},
            {"dose": make_quantity(60)},
            "slip.tenfold",
            "dose 60 mg is outside the usual 5–20 mg of G, oral; a tenth of it (6 mg) is inside",
        ),
        (
            FIXED,
            {"dose": make_quantity(40)},
            "slip.tenfold",
            "dose 40 mg is ten times the usual 4 mg of G, oral",
        ),
        (
            {**GRAM, "dose": {"low": 40, "high": 60, "unit": "mg"}},
            {"dose": make_quantity(5)},
            "slip.tenfold",
            "dose 5 mg is outside the usual 40–60 mg of G, oral; ten times it (50 mg) is inside",
        ),
        (
            OFTEN,
            {"dose": make_quantity(1000), **EIGHT},
            "slip.tenfold",
            (
                "dose 1,000 mg, 8,000 mg per day in all, is outside the usual 500–4,000 mg per day of G, "
                "oral; a tenth of it (800 mg per day) is inside"
            ),
        ),
        (
            OFTEN,
            {**make_total(5000)},
            "slip.tenfold",
            (
                "total 5,000 mg in 1 day is outside the usual 500–4,000 mg per day of G, oral; "
                "a tenth of it (500 mg) is inside"
            ),
        ),
        (
            MONTHLY,
            {**make_total(4)},
            "slip.far-off",
            "total 4 mg in 1 day is far from the usual 4 mg every 4 weeks of G, oral",
        ),
        (
            BY_DAY,
            {"dose": make_quantity(16000)},
            "slip.tenfold",
            (
                "dose 16,000 mg is outside the usual 1,600–3,200 mg in 1 day of G, oral; "
                "a tenth of it (1,600 mg) is inside"
            ),
        ),
    ],
)
def test_the_words_for_an_unusual_dose_name_the_range_that_it_was_compared_with(
    usual: dict[str, Any], fields: dict[str, Any], fault: str, message: str
) -> None:
    assert list_messages(fault, usual_dose=[usual], regimen=[make_regimen(**fields)]) == [message]


def test_a_limit_with_a_slip_is_far_from_the_usual_doses() -> None:
    limit = make_limit(14000, "mg/d", id="most")
    (message,) = list_messages("slip.tenfold", usual_dose=[BY_DAY], dose_limit=[limit])
    assert message == (
        "maximum 14,000 mg is far from the usual 1,600–3,200 mg in 1 day of G, oral; "
        "a tenth of it (1,400 mg) is near it"
    )


@pytest.mark.parametrize(
    ("milligrams", "faults"),
    [
        # The dose alone says all.
        (
            80,
            [
                (
                    "slip.tenfold",
                    "dose 80 mg is outside the usual 4–16 mg of G, oral; a tenth of it (8 mg) is inside",
                )
            ],
        ),
        (16, []),
        # At one time it may be right, but not in a day.
        (20, [("slip.unusual", "dose 20 mg is outside the usual 4–16 mg of G, oral")]),
    ],
)
def test_a_dose_and_its_daily_total_are_reported_once(milligrams: int, faults: list[tuple[str, str]]) -> None:
    usual = {
        **GRAM,
        "dose": {"low": 4, "high": 16, "unit": "mg"},
        **make_total(32),
    }
    twice = make_regimen(dose=make_quantity(milligrams), times_per_day=make_quantity(2, unit="1"))
    assert faults == [
        (rule_id, message)
        for rule_id in ALL_SLIPS
        for message in list_messages(rule_id, usual_dose=[usual], regimen=[twice])
    ]


def test_the_daily_total_is_reported_if_it_is_further_from_usual_than_the_dose() -> None:
    usual = {**GRAM, "dose": {"low": 4, "high": 16, "unit": "mg"}}
    often = make_regimen(dose=make_quantity(20), times_per_day=make_quantity(20, unit="1"))
    assert list_slips(ALL_SLIPS, usual_dose=[usual], regimen=[often]) == ["slip.tenfold"]


ROUTES = [{"id": "oral"}, {"id": "intravenous"}, {"id": "intravenous-drip", "parent": "intravenous"}]
INFUSED = {"id": "i", "label": "P, infused", "product": "p", "route": "intravenous"}


def make_daily(milligrams: int) -> dict[str, Any]:
    return {**make_total(milligrams)}


DAILY_300_MG = make_daily(300)


@pytest.mark.parametrize(
    ("infused", "fields", "faults"),
    [
        (DAILY_300_MG, make_daily(1600), ["slip.other-route"]),
        (DAILY_300_MG, {"dose": make_quantity(800)}, ["slip.tenfold"]),
        # It may be one of the doses of a day by mouth.
        ({"dose": make_quantity(300)}, {"dose": make_quantity(800)}, ["slip.other-route"]),
        (DAILY_300_MG, {"dose": make_quantity(800), **EIGHT}, ["slip.far-off"]),
        (DAILY_300_MG, make_daily(3000), ["slip.tenfold"]),
        (DAILY_300_MG, make_daily(3600), ["slip.far-off"]),
        (DAILY_300_MG, make_daily(360), ["slip.unusual"]),
        (DAILY_300_MG, DAILY_300_MG, []),
    ],
)
def test_a_dose_that_is_usual_by_another_route_is_an_error(
    infused: dict[str, Any], fields: dict[str, Any], faults: list[str]
) -> None:
    ranges = [BY_DAY, {**INFUSED, **infused}]
    record = make_regimen(**{**fields, "route": "intravenous-drip"})
    example = {"usual_dose": ranges, "regimen": [record], "route": ROUTES}
    assert list_slips(ALL_SLIPS, **example) == faults


def test_the_hint_for_a_slip_says_by_which_route_the_dose_would_be_usual() -> None:
    record = make_regimen(route="intravenous", **make_total(3000))
    ranges = [BY_DAY, {**INFUSED, **make_total(300)}]
    (issue,) = list_issues("slip.tenfold", usual_dose=ranges, regimen=[record])
    assert issue.message == "total 3,000 mg in 1 day is ten times the usual 300 mg in 1 day of P, infused"
    assert issue.hint == "it is the usual 1,600–3,200 mg in 1 day of G, oral: correct the route or the number"


def test_a_total_of_flexible_doses_is_usual_if_it_may_be() -> None:
    usual = {
        "id": "usual",
        "label": "P",
        "product": "paracetamol",
        **make_total(2000, 4000),
    }
    for fields, is_unusual in (
        ({"interval": {"low": 4, "high": 6, "unit": "h"}}, False),
        ({"times_per_day": {"low": 4, "high": 6, "unit": "1"}}, False),
        ({"interval": {"low": 3, "high": 4, "unit": "h"}}, True),
        ({"times_per_day": {"value": 1, "unit": "1"}}, True),
    ):
        example = {
            "usual_dose": [usual],
            "regimen": [make_regimen(product="paracetamol", dose=make_quantity(1000), **fields)],
        }
        assert bool(list_messages("slip.unusual", **example)) is is_unusual
