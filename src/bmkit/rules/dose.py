"""Doses: how much is given, beside how much may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.reading.amount import Amount, in_unit, peak, said
from bmkit.rules.reading.doses import HARM
from bmkit.rules.reading.lineage import lineage
from bmkit.rules.reading.patients import closest, traits
from bmkit.rules.reading.regimen import a_day, of_same, regimens
from bmkit.rules.reading.value import quantity_of, text
from bmkit.rules.rule import Faults, rule
from bmkit.wording import bare, quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

# Words for patients whose kidneys or liver do not clear the medicine as others' do.
_WEAKER = ("renal", "kidney", "hepatic", "liver")
_DAILY = "maximum_daily"


def _limit(name: str, value: int, population: str = "") -> dict[str, Any]:
    made = {"id": name, "product": "bonefos", "route": "oral", "per": "per day"}
    most = {"value": value, "comparator": "<=", "unit": "mg/d"}
    return {**made, "maximum_daily": most, **({"population": population} if population else {})}


def _daily(value: int, **fields: Any) -> dict[str, Any]:
    made = {"id": "one", "product": "bonefos", "route": "oral"}
    return {**made, "daily_dose": {"value": value, "unit": "mg/d"}, **fields}


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
    ],
    bad=[
        {**_LIMITS, "dosing": [_daily(4000)]},
        {**_LIMITS, "dosing": [_daily(3200, population="renal-failure")]},
        {**_LIMITS, "dosing": [{"id": "one", "product": "bonefos", "dose": {"value": 5, "unit": "g"}}]},
    ],
    source=HARM,
    fix="correct the dose or the maximum, whichever is wrong",
)
def above_maximum(content: Content) -> Faults:
    """A dose is above the maximum that is stated for its patients.

    Of several maxima those for the patients count before those for all.  Where none is stated for them, a
    dose above every maximum of the product is one too many all the same.
    """
    for record in regimens(content):
        for name in ("dose", "daily_dose"):
            given = quantity_of(record, name)
            limit, most = _exceeded(record, given, content) if given is not None else (None, None)
            if limit is not None and most is not None:
                message = f"{name} {bare(record[name])} is above {_most(most, limit)}"
                yield record.at(name, peak(record[name])), message, f"correct one of the two ({limit.file})"


@rule(
    Severity.ERROR,
    good={
        **_LIMITS,
        "dosing": [
            {
                "id": "one",
                "product": "bonefos",
                "dose": {"value": 800, "unit": "mg"},
                "doses_per_day": {"value": 4, "unit": "1"},
            }
        ],
    },
    bad=[
        {
            **_LIMITS,
            "dosing": [
                {
                    "id": "one",
                    "product": "bonefos",
                    "dose": {"value": 1600, "unit": "mg"},
                    "doses_per_day": {"value": 3, "unit": "1"},
                }
            ],
        },
        {
            **_LIMITS,
            "dosing": [
                {
                    "id": "one",
                    "product": "bonefos",
                    "dose": {"value": 1600, "unit": "mg"},
                    "interval": {"value": 6, "unit": "h"},
                }
            ],
        },
    ],
    source=HARM,
)
def total_above_maximum(content: Content) -> Faults:
    """The doses of a day together are above the daily maximum.

    Each of them may be right; whoever takes them as often as stated takes too much.
    """
    for record in regimens(content):
        total = a_day(record)
        limit, most = _exceeded(record, total, content) if total is not None else (None, None)
        if total is not None and limit is not None and most is not None:
            message = f"the doses of a day come to {said(total)}, above {_most(most, limit)}"
            yield (
                record.at("dose", peak(record["dose"])),
                message,
                "correct the dose or how often it is given",
            )


@rule(
    Severity.ERROR,
    good={
        "dosing": [_daily(1600, dose={"value": 800, "unit": "mg"}, doses_per_day={"value": 2, "unit": "1"})]
    },
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
        if daily is not None and turned is not None and (turned.high < daily.low or daily.high < turned.low):
            stated = quantity(record["daily_dose"])
            message = f"the doses of a day come to {said(turned)}, and the daily dose is {stated}"
            place = record.at("daily_dose", peak(record["daily_dose"]))
            yield place, message, "correct the dose, the number of doses or the daily dose"


@rule(
    Severity.ERROR,
    good=_LIMITS,
    bad=[
        {**_LIMITS, "dose-limit": [_limit("all", 3600), _limit("renal", 16000, "renal-failure")]},
        {
            **_LIMITS,
            "dose-limit": [_limit("some", 1600, "osteolysis"), _limit("renal", 3600, "renal-failure")],
        },
    ],
)
def renal_above_general(content: Content) -> Faults:
    """A maximum for weak kidneys or a weak liver is above the maximum for others.

    These patients clear the medicine more slowly and may be given less, not more: the two were mixed up, or
    one of them is mistyped.
    """
    for record in content.of("dose-limit"):
        whole = content.whole(record, "dose-limit", "population", "condition")
        if not whole or not _is_weaker(record, content):
            continue
        others = [other for other in of_same(record, content, "dose-limit") if not _is_weaker(other, content)]
        general = [other for other in others if not traits(other, content)]
        for name in ("maximum", _DAILY):
            mine = quantity_of(record, name)
            bounds = [(other, quantity_of(other, name)) for other in general or others]
            known = [
                (other, turned)
                for other, one in bounds
                if mine and one and (turned := in_unit(one, mine.unit))
            ]
            if mine is not None and known and all(mine.high > one.high for _, one in known):
                other, one = max(known, key=lambda pair: pair[1].high)
                message = f'{name} {bare(record[name])} is above the {said(one)} for others, of "{other.id}"'
                yield record.at(name, peak(record[name])), message, "correct one of the two"


def _exceeded(record: Record, given: Amount, content: Content) -> tuple[Record | None, Amount | None]:
    """Give the limit that an amount exceeds and its maximum, None and None if it exceeds none."""
    limits = [
        (limit, most)
        for limit in of_same(record, content, "dose-limit")
        for most in _maxima(limit, given.unit)
    ]
    # Without the limit for these patients another one would be held against them.
    if not limits or not content.whole(record, "dose-limit", "population", "condition", "route"):
        return None, None
    # A limit by day for some patients leaves the limit at one time for all as it is.
    by_period: dict[str, list[Record]] = {}
    for limit, _ in limits:
        by_period.setdefault(text(limit, "per"), []).append(limit)
    own = [limit for some in by_period.values() for limit in closest(some, record, content)]
    for limit, most in limits:
        if limit in own and given.high > most.high:
            return limit, most
    highest = max(limits, key=lambda pair: pair[1].high)
    return highest if not own and given.low > highest[1].high else (None, None)


def _maxima(limit: Record, unit: str) -> Iterator[Amount]:
    """Give what a limit allows, in the unit of a dose or of a daily dose; one dose is a day's at least."""
    for name in ("maximum", _DAILY):
        most = quantity_of(limit, name)
        if most is not None:
            is_daily = name == _DAILY or text(limit, "per") == "per day"
            plain = most._replace(unit=most.unit.removesuffix("/d"))
            # What may be given at one time says nothing of what may be given in a day.
            turned = in_unit(plain, unit.removesuffix("/d")) if is_daily or not unit.endswith("/d") else None
            if turned is not None:
                yield turned._replace(unit=unit)


def _most(most: Amount, limit: Record) -> str:
    return f'the maximum of {said(most)} that "{limit.id}" states'


def _is_weaker(limit: Record, content: Content) -> bool:
    """Say whether a limit is for patients with weak kidneys or a weak liver."""
    conditions = [value for name, value in traits(limit, content) if name == "conditions"]
    return any(
        word in one
        for name in conditions
        for one in lineage(content, "condition", name, limit)
        for word in _WEAKER
    )
