"""The doses of regimens, at one time and in a day, compared with the maxima."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    are_disjoint,
    convert_to,
    find_quantity,
    format_amount,
    has_value,
    locate_upper_end,
    make_quantity_fault,
)
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.medication.dose_limits import find_exceeded_limit
from bmkit.rules.medication.regimens import FREQUENCY_FIELDS, find_daily_amount, iter_regimens
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from bmkit.content import Content


def _make_daily_limit(limit_id: str, milligrams: int, population: str = "") -> dict[str, Any]:
    limit = {"id": limit_id, "product": "bonefos", "route": "oral", "per": "per day"}
    maximum = {"value": milligrams, "comparator": "<=", "unit": "mg/d"}
    return {**limit, "maximum_daily": maximum, **({"population": population} if population else {})}


def _make_daily_regimen(milligrams: int, **fields: Any) -> dict[str, Any]:
    regimen = {"id": "one", "product": "bonefos", "route": "oral"}
    return {**regimen, "daily_dose": {"value": milligrams, "unit": "mg/d"}, **fields}


def _make_daily_amount(milligrams: int, comparator: str) -> dict[str, Any]:
    return {"value": milligrams, "comparator": comparator, "unit": "mg/d"}


def _make_repeated_dose_example(dose: Any, **fields: Any) -> dict[str, Any]:
    dose_members = dose if isinstance(dose, dict) else {"value": dose}
    regimen = {"id": "one", "product": "bonefos", "dose": {**dose_members, "unit": "mg"}, **fields}
    return {**_LIMIT_CONTENT, "regimen": [regimen]}


def _make_doses_per_day(**count: Any) -> dict[str, Any]:
    return {"times_per_day": {**count, "unit": "1"}}


def _make_interval(unit: str = "h", **time: int) -> dict[str, Any]:
    return {"interval": {**time, "unit": unit}}


_EXAMPLE_POPULATIONS = [
    {"id": "renal-failure", "label": "patients with renal failure", "conditions": ["renal-failure"]},
    {"id": "osteolysis", "label": "patients with osteolysis", "conditions": ["osteolysis"]},
]
_EXAMPLE_CONDITIONS = [
    {"id": "renal-failure", "label": "renal failure"},
    {"id": "osteolysis", "label": "osteolysis"},
]
_LIMIT_CONTENT = {
    "population": _EXAMPLE_POPULATIONS,
    "condition": _EXAMPLE_CONDITIONS,
    "dose-limit": [_make_daily_limit("all", 3600), _make_daily_limit("renal", 1600, "renal-failure")],
}


@rule(
    Severity.ERROR,
    good=[
        {**_LIMIT_CONTENT, "regimen": [_make_daily_regimen(3200)]},
        {**_LIMIT_CONTENT, "regimen": [_make_daily_regimen(1600, population="renal-failure")]},
        {
            **_LIMIT_CONTENT,
            "regimen": [{**_make_daily_regimen(0), "daily_dose": _make_daily_amount(1600, ">")}],
        },
    ],
    bad=[
        {**_LIMIT_CONTENT, "regimen": [_make_daily_regimen(4000)]},
        {**_LIMIT_CONTENT, "regimen": [_make_daily_regimen(3200, population="renal-failure")]},
        {
            **_LIMIT_CONTENT,
            "regimen": [{**_make_daily_regimen(0), "daily_dose": _make_daily_amount(3600, ">=")}],
        },
        {
            **_LIMIT_CONTENT,
            "regimen": [{"id": "one", "product": "bonefos", "dose": {"value": 5, "unit": "g"}}],
        },
    ],
    source=WHO_MEDICATION_WITHOUT_HARM,
    fix="correct the dose or the maximum, whichever is wrong",
)
def above_maximum(content: Content) -> Faults:
    """A dose is above the maximum that is stated for its patients.

    Maxima for the patients count before those for all.  If none is stated for them, a dose above every
    maximum of the product is still too high.  A dose without an upper end, "more than 1600 mg", must start
    below the maximum.
    """
    for record in iter_regimens(content):
        for field_name in ("dose", "daily_dose"):
            dose = find_quantity(record, field_name)
            exceeded_limit = find_exceeded_limit(record, dose, content) if dose is not None else None
            if dose is not None and exceeded_limit is not None:
                verdict = exceeded_limit.describe_excess(dose)
                hint = f"correct one of the two ({exceeded_limit.limit.file})"
                yield make_quantity_fault(record, field_name, verdict, hint, keep_comparator=dose.is_open())


@rule(
    Severity.ERROR,
    good=[
        _make_repeated_dose_example(800, **_make_doses_per_day(value=4)),
        _make_repeated_dose_example({"low": 450, "high": 900}, **_make_interval(low=4, high=6)),
        _make_repeated_dose_example({"low": 300, "high": 900}, **_make_interval(value=4)),
    ],
    bad=[
        _make_repeated_dose_example(1600, **_make_doses_per_day(value=3)),
        _make_repeated_dose_example(1600, **_make_interval(value=6)),
        _make_repeated_dose_example({"low": 1600, "high": 3200}, **_make_interval(low=4, high=6)),
    ],
    source=WHO_MEDICATION_WITHOUT_HARM,
)
def total_above_maximum(content: Content) -> Faults:
    """The doses of a day together are above the daily maximum.

    Each dose may be right, but patients who take it as often as stated take too much.  "450 to 900 mg every 4
    to 6 hours, at most 3600 mg a day" is right: taken seldom enough, the doses stay below the maximum.
    """
    for record in iter_regimens(content):
        daily_total = find_daily_amount(record)
        lowest_total = daily_total._replace(high=daily_total.low) if daily_total is not None else None
        exceeded_limit = (
            find_exceeded_limit(record, lowest_total, content) if lowest_total is not None else None
        )
        if daily_total is not None and exceeded_limit is not None:
            place = locate_upper_end(record, "dose")
            excess = exceeded_limit.describe_excess(lowest_total or daily_total)
            message = f"the doses of a day add up to {format_amount(daily_total)}, which {excess}"
            yield place, message, "correct the dose or how often it is given"


@rule(
    Severity.WARNING,
    good=[
        _make_repeated_dose_example({"low": 400, "high": 800}, **_make_doses_per_day(value=4)),
        _make_repeated_dose_example(
            {"low": 800, "high": 1600}, **_make_doses_per_day(value=3, comparator="<=")
        ),
        _make_repeated_dose_example({"low": 800, "high": 1600}, **_make_interval(value=8)),
        _make_repeated_dose_example(
            {"low": 800, "high": 1600},
            **_make_doses_per_day(value=3),
            daily_dose=_make_daily_amount(3600, "<="),
        ),
    ],
    bad=[
        _make_repeated_dose_example({"low": 800, "high": 1600}, **_make_doses_per_day(value=3)),
        _make_repeated_dose_example(1200, **_make_doses_per_day(low=2, high=4)),
    ],
    source=WHO_MEDICATION_WITHOUT_HARM,
)
def total_may_exceed(content: Content) -> Faults:
    """The doses of a day together may add up to more than the daily maximum.

    Only the lowest stated doses stay below it.  "Every 4 to 6 hours" is not reported, because there the
    maximum limits how often; but readers of a number of doses a day rely on it.
    """
    for record in iter_regimens(content):
        daily_counts = [
            daily_count
            for field_name in FREQUENCY_FIELDS
            if (daily_count := find_quantity(record, field_name)) is not None
        ]
        daily_total = find_daily_amount(record) if daily_counts and not daily_counts[0].is_capped() else None
        if daily_total is None or daily_total.is_open() or has_value(record, "daily_dose"):
            continue
        exceeded_limit = find_exceeded_limit(record, daily_total, content)
        if (
            exceeded_limit is not None
            and find_exceeded_limit(record, daily_total._replace(high=daily_total.low), content) is None
        ):
            place = locate_upper_end(record, "dose")
            highest_total = format_amount(daily_total._replace(low=daily_total.high))
            excess = exceeded_limit.describe_excess(daily_total)
            message = f"the doses of a day may add up to {highest_total}, which {excess}"
            yield place, message, "state in daily_dose the most that may be given, or correct the regimen"


@rule(
    Severity.ERROR,
    good=[
        {
            "regimen": [
                _make_daily_regimen(
                    1600, dose={"value": 800, "unit": "mg"}, times_per_day={"value": 2, "unit": "1"}
                )
            ]
        },
        _make_repeated_dose_example(
            900, **_make_interval(low=4, high=6), daily_dose=_make_daily_amount(3600, "<=")
        ),
    ],
    bad={
        "regimen": [
            _make_daily_regimen(
                1600, dose={"value": 800, "unit": "mg"}, times_per_day={"value": 3, "unit": "1"}
            )
        ]
    },
)
def total_differs(content: Content) -> Faults:
    """The doses of a day do not add up to the daily dose.

    Dose, number of doses and daily dose are all stated; one of the three is wrong.
    """
    for record in iter_regimens(content):
        daily_total, daily_dose = find_daily_amount(record), find_quantity(record, "daily_dose")
        converted_total = (
            convert_to(daily_total, daily_dose.unit)
            if daily_total is not None and daily_dose is not None
            else None
        )
        if (
            daily_dose is not None
            and converted_total is not None
            and are_disjoint(converted_total, daily_dose)
        ):
            daily_dose_text = format_quantity(record["daily_dose"])
            total_text = format_amount(converted_total)
            message = f"the doses of a day add up to {total_text}, but the daily dose is {daily_dose_text}"
            place = locate_upper_end(record, "daily_dose")
            yield place, message, "correct the dose, the number of doses or the daily dose"
