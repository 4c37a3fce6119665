"""How often and how long a regimen is given: whether what it says of that can be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import amount, in_unit, peak
from bmkit.rules.derived.value import has, quantity_of
from bmkit.rules.medication.regimens import PEERS, TIMES, peers, times_a_day
from bmkit.rules.rule import Faults, rule
from bmkit.wording import bare, quantity

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# More doses a day than one an hour are no regimen that anyone keeps.
_MOST_TIMES = 24
# What a regimen has whose interval may be that of its repetition.
_REPEATED = (*TIMES, "daily_dose", "course", "course_limit")


def _dosing(**fields: Any) -> dict[str, Any]:
    made = {
        "id": "zometa-4-mg",
        "product": "zometa",
        "route": "intravenous",
        "infusion_time": {"value": 15, "unit": "min"},
        "interval": {"low": 3, "high": 4, "unit": "wk"},
        **fields,
    }
    return {"dosing": [{name: value for name, value in made.items() if value is not None}]}


def _course(**duration: Any) -> dict[str, Any]:
    return {"id": "course", "product": "zometa", "duration": duration}


def _every(value: int, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit}


def _times(value: int, **fields: Any) -> dict[str, Any]:
    return {"value": value, "unit": "1", **fields}


_WEEK = _course(value=1, comparator="<=", unit="wk")


@rule(
    Severity.ERROR,
    good=[_dosing(), _dosing(doses_per_day=_times(4), interval=None)],
    bad=[
        _dosing(interval=_every(10, "min")),
        _dosing(doses_per_day=_times(30)),
        _dosing(infusion_time=_every(8, "h"), infusions_per_day=_times(4)),
    ],
)
def too_often(content: Content) -> Faults:
    """A dose is repeated faster than it can be given.

    The next infusion would start before the last one has ended, or a dose be due more than once an hour.
    """
    for record in content.of("dosing"):
        times, time = times_a_day(record), quantity_of(record, "infusion_time")
        hours = in_unit(time, "h") if time is not None else None
        if times is None:
            continue
        name = next(name for name in (*TIMES, "interval") if has(record, name))
        place, most = record.at(name, peak(record[name])), times[1]
        if most > _MOST_TIMES:
            message = f"{float(most):g} doses a day are more than one an hour"
            yield place, message, "correct how often it is given, or the unit of the interval"
        elif hours is not None and hours.low * most > _MOST_TIMES:
            shown = quantity(record["infusion_time"])
            message = f"{float(most):g} infusions of {shown} do not fit into a day"
            yield place, message, "correct how often it is given, or the infusion time"


@rule(
    Severity.ERROR,
    good=[
        _dosing(infusions_per_day=_times(1)),
        _dosing(doses_per_day=_times(5), interval=_every(4, "h")),
        _dosing(doses_per_day=_times(4, comparator="<="), interval={"low": 4, "high": 6, "unit": "h"}),
        _dosing(doses_per_day=_times(2), course=_every(2, "wk")),
    ],
    bad=[
        _dosing(doses_per_day=_times(4)),
        _dosing(infusions_per_day=_times(3)),
        _dosing(doses_per_day=_times(3), interval=_every(12, "h")),
    ],
)
def frequency_differs(content: Content) -> Faults:
    """There are more doses a day than the interval between them lets fit into one.

    Whoever keeps to the one gives many times what the other says.  Fewer may be right: nobody is woken for a
    dose.  So may the doses of a course be that is given again after the interval.
    """
    for record in content.of("dosing"):
        name = next((name for name in TIMES if quantity_of(record, name)), None)
        count, apart = quantity_of(record, name or ""), quantity_of(record, "interval")
        days = in_unit(apart, "d") if apart is not None else None
        course = quantity_of(record, "course")
        length = in_unit(course, "d") if course is not None else None
        if name is None or count is None or days is None or (length is not None and length.low < days.high):
            continue
        fewest, shortest = count.span()[0], days.span()[0]
        if fewest is not None and shortest is not None and fewest > 1 and fewest * shortest > 1:
            message = f"{name} {bare(record[name])} does not fit the interval {quantity(record['interval'])}"
            hint = "correct one of the two; of doses that are given for some days and again, give the course"
            yield record.at(name, peak(record[name])), message, hint


@rule(
    Severity.ERROR,
    good={**_dosing(course=_every(5, "d")), "course": [_WEEK]},
    bad=[
        {**_dosing(course=_every(10, "d")), "course": [_WEEK]},
        {"course": [_WEEK, {**_course(value=5, unit="wk"), "id": "one"}]},
    ],
)
def course_too_long(content: Content) -> Faults:
    """A course is longer than the limit that is stated for it.

    Whoever follows the one fact breaks the other.
    """
    for kind, name in (("dosing", "course"), ("course", "duration")):
        for record in content.of(kind):
            given = quantity_of(record, name)
            if given is None or given.bounded():
                continue
            for other, field in _limits(record, content):
                most = in_unit(amount(other[field]), given.unit)
                if most is not None and given.high > most.high:
                    shown = f'{bare(other[field])} of "{other.id}"'
                    message = f"{name} {bare(record[name])} is longer than the {shown}"
                    yield record.at(name, peak(record[name])), message, "correct one of the two"
                    break


@rule(
    Severity.WARNING,
    good=[
        {**_dosing(), "course": [_course(value=2, unit="a")]},
        {**_dosing(interval=_every(8, "h")), "course": [_course(value=2, unit="d")]},
        {**_dosing(doses_per_day=_times(1)), "course": [_course(value=5, unit="d")]},
        {**_dosing(course=_every(5, "d")), "course": [_course(value=5, unit="d")]},
    ],
    bad={**_dosing(), "course": [_course(value=2, unit="d")]},
)
def course_shorter_than_interval(content: Content) -> Faults:
    """A course ends before the second dose is due.

    Days stand where months or years are meant, or the interval is too long.  A regimen that says itself how
    long it is given, or how often a day, may be repeated as a whole after its interval.
    """
    for record in content.of("course"):
        given = quantity_of(record, "duration")
        if given is None or given.is_open() or not content.whole(record, *PEERS):
            continue
        around = [
            (other, turned)
            for other in peers(record, content)
            if not any(has(other, name) for name in _REPEATED)
            and (apart := quantity_of(other, "interval")) is not None
            and (turned := in_unit(apart, given.unit)) is not None
        ]
        if around and all(given.high < apart.low for _, apart in around):
            other = around[0][0]
            shown = f'{bare(other["interval"])} from one dose to the next, of "{other.id}"'
            message = f"duration {bare(record['duration'])} is shorter than the {shown}"
            yield record.at("duration", peak(record["duration"])), message, "correct one of the two"


def _limits(record: Record, content: Content) -> list[tuple[Record, str]]:
    """Give the records that limit how long the course of a record may be, with the field that says it."""
    courses = [(other, "duration") for other in peers(record, content, "course")]
    bounds = [(other, "course_limit") for other in peers(record, content)]
    return [
        (other, name)
        for other, name in [*courses, *bounds]
        if other is not record and (limit := quantity_of(other, name)) is not None
        if name == "course_limit" or limit.comparator in {"<", "<="}
    ]
