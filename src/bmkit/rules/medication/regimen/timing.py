"""How often and for how long a regimen is given: whether that is possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    convert_to,
    find_quantity,
    has_value,
    locate_upper_end,
    make_quantity_fault,
    to_amount,
)
from bmkit.rules.medication.regimens import (
    FREQUENCY_FIELDS,
    PATIENT_KINDS,
    find_doses_per_day,
    find_peer_records,
)
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity, format_without_comparator

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# Nobody follows a regimen of more than one dose an hour.
_MAX_DOSES_PER_DAY = 24
# With one of these fields, the interval may be that between repetitions of the whole regimen.
_REPETITION_FIELDS = (*FREQUENCY_FIELDS, "daily_dose", "course", "course_limit")


def _make_zometa_infusion(**fields: Any) -> dict[str, Any]:
    regimen = {
        "id": "zometa-4-mg",
        "product": "zometa",
        "route": "intravenous",
        "administration_time": {"value": 15, "unit": "min"},
        "interval": {"low": 3, "high": 4, "unit": "wk"},
        **fields,
    }
    return {"regimen": [{field_name: value for field_name, value in regimen.items() if value is not None}]}


def _make_course(**duration: Any) -> dict[str, Any]:
    return {"id": "course", "product": "zometa", "duration": duration}


def _make_time_quantity(value: int, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit}


def _make_daily_count(value: int, **fields: Any) -> dict[str, Any]:
    return {"value": value, "unit": "1", **fields}


_ONE_WEEK_COURSE = _make_course(value=1, comparator="<=", unit="wk")


@rule(
    Severity.ERROR,
    good=[_make_zometa_infusion(), _make_zometa_infusion(times_per_day=_make_daily_count(4), interval=None)],
    bad=[
        _make_zometa_infusion(interval=_make_time_quantity(10, "min")),
        _make_zometa_infusion(times_per_day=_make_daily_count(30)),
        _make_zometa_infusion(
            administration_time=_make_time_quantity(8, "h"), infusions_per_day=_make_daily_count(4)
        ),
    ],
)
def too_often(content: Content) -> Faults:
    """A dose is repeated faster than it can be given.

    The next infusion would start before the last one has ended, or a dose would be due more than once an
    hour.
    """
    for record in content.list_records("regimen"):
        times_per_day, administration_time = (
            find_doses_per_day(record),
            find_quantity(record, "administration_time"),
        )
        hours = convert_to(administration_time, "h") if administration_time is not None else None
        if times_per_day is None:
            continue
        field_name = next(
            field_name for field_name in (*FREQUENCY_FIELDS, "interval") if has_value(record, field_name)
        )
        place, max_times = locate_upper_end(record, field_name), times_per_day[1]
        if max_times > _MAX_DOSES_PER_DAY:
            message = f"{float(max_times):g} doses a day are more than one an hour"
            yield place, message, "correct how often it is given, or the unit of the interval"
        elif hours is not None and hours.low * max_times > _MAX_DOSES_PER_DAY:
            infusion_time_text = format_quantity(record["administration_time"])
            message = f"{float(max_times):g} infusions of {infusion_time_text} do not fit into a day"
            yield place, message, "correct how often it is given, or the infusion time"


@rule(
    Severity.ERROR,
    good=[
        _make_zometa_infusion(infusions_per_day=_make_daily_count(1)),
        _make_zometa_infusion(times_per_day=_make_daily_count(5), interval=_make_time_quantity(4, "h")),
        _make_zometa_infusion(
            times_per_day=_make_daily_count(4, comparator="<="), interval={"low": 4, "high": 6, "unit": "h"}
        ),
        _make_zometa_infusion(times_per_day=_make_daily_count(2), course=_make_time_quantity(2, "wk")),
    ],
    bad=[
        _make_zometa_infusion(times_per_day=_make_daily_count(4)),
        _make_zometa_infusion(infusions_per_day=_make_daily_count(3)),
        _make_zometa_infusion(times_per_day=_make_daily_count(3), interval=_make_time_quantity(12, "h")),
    ],
)
def frequency_differs(content: Content) -> Faults:
    """More doses a day are stated than the interval between them allows.

    Patients who follow one take many times the dose of the other.  Fewer doses may be right, because nobody
    is woken for a dose; and so may be the doses of a course that is repeated after the interval.
    """
    for record in content.list_records("regimen"):
        field_name = next(
            (field_name for field_name in FREQUENCY_FIELDS if find_quantity(record, field_name)), None
        )
        daily_count, interval = find_quantity(record, field_name or ""), find_quantity(record, "interval")
        interval_days = convert_to(interval, "d") if interval is not None else None
        course = find_quantity(record, "course")
        course_days = convert_to(course, "d") if course is not None else None
        if (
            field_name is None
            or daily_count is None
            or interval_days is None
            or (course_days is not None and course_days.low < interval_days.high)
        ):
            continue
        lowest_count, shortest_interval = daily_count.find_extremes()[0], interval_days.find_extremes()[0]
        if (
            lowest_count is not None
            and shortest_interval is not None
            and lowest_count > 1
            and lowest_count * shortest_interval > 1
        ):
            verdict = f"does not fit the interval {format_quantity(record['interval'])}"
            hint = (
                "correct one of the two; add the course if the doses are given for some days and then again"
            )
            yield make_quantity_fault(record, field_name, verdict, hint)


@rule(
    Severity.ERROR,
    good={**_make_zometa_infusion(course=_make_time_quantity(5, "d")), "course": [_ONE_WEEK_COURSE]},
    bad=[
        {**_make_zometa_infusion(course=_make_time_quantity(10, "d")), "course": [_ONE_WEEK_COURSE]},
        {"course": [_ONE_WEEK_COURSE, {**_make_course(value=5, unit="wk"), "id": "one"}]},
    ],
)
def course_too_long(content: Content) -> Faults:
    """A course is longer than the limit that is stated for it.

    Patients who follow one of the two facts break the other.
    """
    for kind, field_name in (("regimen", "course"), ("course", "duration")):
        for record in content.list_records(kind):
            duration = find_quantity(record, field_name)
            if duration is None or duration.is_bounded():
                continue
            for other, limit_field in _list_course_limits(record, content):
                converted_limit = convert_to(to_amount(other[limit_field]), duration.unit)
                if converted_limit is not None and duration.high > converted_limit.high:
                    limit_phrase = f'{format_without_comparator(other[limit_field])} of "{other.id}"'
                    verdict = f"is longer than the {limit_phrase}"
                    yield make_quantity_fault(record, field_name, verdict, "correct one of the two")
                    break


@rule(
    Severity.WARNING,
    good=[
        {**_make_zometa_infusion(), "course": [_make_course(value=2, unit="a")]},
        {
            **_make_zometa_infusion(interval=_make_time_quantity(8, "h")),
            "course": [_make_course(value=2, unit="d")],
        },
        {
            **_make_zometa_infusion(times_per_day=_make_daily_count(1)),
            "course": [_make_course(value=5, unit="d")],
        },
        {
            **_make_zometa_infusion(course=_make_time_quantity(5, "d")),
            "course": [_make_course(value=5, unit="d")],
        },
    ],
    bad={**_make_zometa_infusion(), "course": [_make_course(value=2, unit="d")]},
)
def course_shorter_than_interval(content: Content) -> Faults:
    """A course ends before the second dose is due.

    Days are stated instead of months or years, or the interval is too long.  A regimen that itself states how
    long it is given, or how often a day, may be repeated as a whole after its interval.
    """
    for record in content.list_records("course"):
        duration = find_quantity(record, "duration")
        if duration is None or duration.is_open() or not content.is_complete(record, *PATIENT_KINDS):
            continue
        peer_intervals = [
            (other, converted_interval)
            for other in find_peer_records(record, content)
            if not any(has_value(other, field_name) for field_name in _REPETITION_FIELDS)
            and (interval := find_quantity(other, "interval")) is not None
            and (converted_interval := convert_to(interval, duration.unit)) is not None
        ]
        if peer_intervals and all(duration.high < interval.low for _, interval in peer_intervals):
            other = peer_intervals[0][0]
            interval_phrase = f'interval {format_without_comparator(other["interval"])} of "{other.id}"'
            verdict = f"is shorter than the {interval_phrase}"
            yield make_quantity_fault(record, "duration", verdict, "correct one of the two")


def _list_course_limits(record: Record, content: Content) -> list[tuple[Record, str]]:
    """Return the records that limit the course of a record, with the field that states the limit."""
    courses = [(other, "duration") for other in find_peer_records(record, content, "course")]
    regimen_limits = [(other, "course_limit") for other in find_peer_records(record, content)]
    return [
        (other, field_name)
        for other, field_name in [*courses, *regimen_limits]
        if other is not record and (limit := find_quantity(other, field_name)) is not None
        if field_name == "course_limit" or limit.comparator in {"<", "<="}
    ]
