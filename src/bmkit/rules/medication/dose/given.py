"""How much is given at one time and in a day, beside how much may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import disjoint, in_unit, peak, said
from bmkit.rules.derived.dose_text import HARM
from bmkit.rules.derived.value import has, quantity_of
from bmkit.rules.medication.dose_limits import exceeded
from bmkit.rules.medication.regimens import TIMES, a_day, regimens
from bmkit.rules.rule import Faults, rule
from bmkit.wording import bare, quantity

if TYPE_CHECKING:
    from bmkit.content import Content


def _limit(name: str, value: int, population: str = "") -> dict[str, Any]:
    made = {"id": name, "product": "bonefos", "route": "oral", "per": "per day"}
    most = {"value": value, "comparator": "<=", "unit": "mg/d"}
    return {**made, "maximum_daily": most, **({"population": population} if population else {})}


def _daily(value: int, **fields: Any) -> dict[str, Any]:
    made = {"id": "one", "product": "bonefos", "route": "oral"}
    return {**made, "daily_dose": {"value": value, "unit": "mg/d"}, **fields}


def _mg_a_day(value: int, comparator: str) -> dict[str, Any]:
    return {"value": value, "comparator": comparator, "unit": "mg/d"}


def _doses(dose: Any, **fields: Any) -> dict[str, Any]:
    given = dose if isinstance(dose, dict) else {"value": dose}
    made = {"id": "one", "product": "bonefos", "dose": {**given, "unit": "mg"}, **fields}
    return {**_LIMITS, "dosing": [made]}


def _times(**count: Any) -> dict[str, Any]:
    return {"doses_per_day": {**count, "unit": "1"}}


def _every(unit: str = "h", **time: int) -> dict[str, Any]:
    return {"interval": {**time, "unit": unit}}


_PATIENTS = [
    {"id": "renal-failure", "label": "patients with renal failure", "conditions": ["renal-failure"]},
    {"id": "osteolysis", "label": "patients with osteolysis", "conditions": ["osteolysis"]},
]
_CONDITIONS = [
    {"id": "renal-failure", "label": "renal failure"},
    {"id": "osteolysis", "label": "osteolysis"},
]
_LIMITS = {
    "population": _PATIENTS,
    "condition": _CONDITIONS,
    "dose-limit": [_limit("all", 3600), _limit("renal", 1600, "renal-failure")],
}


@rule(
    Severity.ERROR,
    good=[
        {**_LIMITS, "dosing": [_daily(3200)]},
        {**_LIMITS, "dosing": [_daily(1600, population="renal-failure")]},
        {**_LIMITS, "dosing": [{**_daily(0), "daily_dose": _mg_a_day(1600, ">")}]},
    ],
    bad=[
        {**_LIMITS, "dosing": [_daily(4000)]},
        {**_LIMITS, "dosing": [_daily(3200, population="renal-failure")]},
        {**_LIMITS, "dosing": [{**_daily(0), "daily_dose": _mg_a_day(3600, ">=")}]},
        {**_LIMITS, "dosing": [{"id": "one", "product": "bonefos", "dose": {"value": 5, "unit": "g"}}]},
    ],
    source=HARM,
    fix="correct the dose or the maximum, whichever is wrong",
)
def above_maximum(content: Content) -> Faults:
    """A dose is above the maximum that is stated for its patients.

    Of several maxima those for the patients count before those for all.  Where none is stated for them, a
    dose above every maximum of the product is one too many all the same.  A dose without an upper end, "more
    than 1600 mg", must start below the maximum.
    """
    for record in regimens(content):
        for name in ("dose", "daily_dose"):
            given = quantity_of(record, name)
            found = exceeded(record, given, content) if given is not None else None
            if given is not None and found is not None:
                shown = quantity(record[name]) if given.is_open() else bare(record[name])
                message = f"{name} {shown} {found.said(given)}"
                place = record.at(name, peak(record[name]))
                yield place, message, f"correct one of the two ({found.limit.file})"


@rule(
    Severity.ERROR,
    good=[
        _doses(800, **_times(value=4)),
        _doses({"low": 450, "high": 900}, **_every(low=4, high=6)),
        _doses({"low": 300, "high": 900}, **_every(value=4)),
    ],
    bad=[
        _doses(1600, **_times(value=3)),
        _doses(1600, **_every(value=6)),
        _doses({"low": 1600, "high": 3200}, **_every(low=4, high=6)),
    ],
    source=HARM,
)
def total_above_maximum(content: Content) -> Faults:
    """The doses of a day together are above the daily maximum.

    Each of them may be right; whoever takes them as often as stated takes too much.  "450 to 900 mg every 4
    to 6 hours, at most 3600 mg a day" is right: taken seldom enough, the doses stay below the maximum.
    """
    for record in regimens(content):
        total = a_day(record)
        least = total._replace(high=total.low) if total is not None else None
        found = exceeded(record, least, content) if least is not None else None
        if total is not None and found is not None:
            place = record.at("dose", peak(record["dose"]))
            message = f"the doses of a day come to {said(total)}: that {found.said(least or total)}"
            yield place, message, "correct the dose or how often it is given"


@rule(
    Severity.WARNING,
    good=[
        _doses({"low": 400, "high": 800}, **_times(value=4)),
        _doses({"low": 800, "high": 1600}, **_times(value=3, comparator="<=")),
        _doses({"low": 800, "high": 1600}, **_every(value=8)),
        _doses({"low": 800, "high": 1600}, **_times(value=3), daily_dose=_mg_a_day(3600, "<=")),
    ],
    bad=[
        _doses({"low": 800, "high": 1600}, **_times(value=3)),
        _doses(1200, **_times(low=2, high=4)),
    ],
    source=HARM,
)
def total_may_exceed(content: Content) -> Faults:
    """The doses of a day together may come to more than the daily maximum.

    With the least of what is stated they stay below it.  So they do every 4 to 6 hours, where the maximum
    says how often that may be; but whoever reads how many doses a day there are counts on that number.
    """
    for record in regimens(content):
        counts = [count for name in TIMES if (count := quantity_of(record, name)) is not None]
        total = a_day(record) if counts and not counts[0].is_capped() else None
        if total is None or total.is_open() or has(record, "daily_dose"):
            continue
        found = exceeded(record, total, content)
        if found is not None and exceeded(record, total._replace(high=total.low), content) is None:
            place = record.at("dose", peak(record["dose"]))
            most = said(total._replace(low=total.high))
            message = f"the doses of a day may come to {most}: that {found.said(total)}"
            yield place, message, "say in daily_dose how much it may be at most, or correct the regimen"


@rule(
    Severity.ERROR,
    good=[
        {
            "dosing": [
                _daily(1600, dose={"value": 800, "unit": "mg"}, doses_per_day={"value": 2, "unit": "1"})
            ]
        },
        _doses(900, **_every(low=4, high=6), daily_dose=_mg_a_day(3600, "<=")),
    ],
    bad={
        "dosing": [_daily(1600, dose={"value": 800, "unit": "mg"}, doses_per_day={"value": 3, "unit": "1"})]
    },
)
def total_differs(content: Content) -> Faults:
    """The doses of a day do not come to the daily dose.

    Dose, number of doses and daily dose are stated together; one of the three is wrong.
    """
    for record in regimens(content):
        total, daily = a_day(record), quantity_of(record, "daily_dose")
        turned = in_unit(total, daily.unit) if total is not None and daily is not None else None
        if daily is not None and turned is not None and disjoint(turned, daily):
            stated = quantity(record["daily_dose"])
            message = f"the doses of a day come to {said(turned)}, and the daily dose is {stated}"
            place = record.at("daily_dose", peak(record["daily_dose"]))
            yield place, message, "correct the dose, the number of doses or the daily dose"
