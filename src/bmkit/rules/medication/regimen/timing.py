"""How often and for how long a regimen is given: whether that is possible."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import convert_to
from bmkit.rules.derived.roles import (
    find_role_amount,
    format_role_quantity,
    has_role_value,
    locate_role,
    locate_role_end,
    make_role_fault,
)
from bmkit.rules.medication.dosing import find_days, find_doses_per_day
from bmkit.rules.medication.forms import SWALLOWED_STATES, find_state, is_swallowed
from bmkit.rules.medication.populations import holds_for
from bmkit.rules.medication.regimens import (
    DOSE_ROLES,
    FREQUENCY_ROLES,
    PATIENT_ROLES,
    REGIMEN,
    find_peer_records,
    find_same_product_records,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# Nobody takes tablets more than once an hour, day and night; a nurse may give a dose every three minutes.
_MAX_DOSES_PER_DAY = 24
# Of these doses there are a few only, or no more than are needed.
_FEW_DOSES_ROLES = ("once", "as-needed", "administration-count", "course", "course-limit")
# With one of these fields, the interval may be that between repetitions of the whole regimen.
_REPETITION_ROLES = (
    *FREQUENCY_ROLES,
    *("total", "course", "course-limit", "days", "administration-count", "once"),
)


@rule(Severity.ERROR)
def too_often(content: Content) -> Faults:
    """A dose is repeated faster than it can be given.

    The next infusion would start before the last one has ended, or tablets would be due more than once an
    hour.  Emergency medicines may be: adrenaline is given every three to five minutes.
    """
    for record in content.list_records_of_role(REGIMEN):
        times_per_day = find_doses_per_day(record)
        hours = convert_to(find_role_amount(record, "administration-time"), "h")
        if times_per_day is None:
            continue
        role = next(role for role in (*FREQUENCY_ROLES, "interval") if has_role_value(record, role))
        place, most = locate_role_end(record, role), times_per_day.most
        is_too_many = most > _MAX_DOSES_PER_DAY and (
            role != "interval" or _are_tablets_for_long(record, content)
        )
        if is_too_many:
            message = f"{float(most):g} doses a day are more than one an hour"
            yield place, message, "correct how often it is given, or the unit of the interval"
        elif hours is not None and hours.low * most > _MAX_DOSES_PER_DAY:
            infusion_time_text = format_role_quantity(record, "administration-time")
            message = f"{float(most):g} infusions of {infusion_time_text} do not fit into a day"
            yield place, message, "correct how often it is given, or the infusion time"


def _are_tablets_for_long(record: Record, content: Content) -> bool:
    """Return whether whole tablets are swallowed, and more than a few."""
    return (
        is_swallowed(record, content)
        and find_state(record, content) in SWALLOWED_STATES
        and not any(record.find_value(role) for role in _FEW_DOSES_ROLES)
    )


@rule(Severity.ERROR)
def day_after_cycle(content: Content) -> Faults:
    """A dose is given on a day that its cycle does not have.

    Day 22 of a cycle of 21 days is the first day of the next one: the day or the cycle is mistyped.
    """
    for record in content.list_records_of_role(REGIMEN):
        cycle, days = find_days(record, "cycle"), record.find_value("days")
        for index, day in enumerate(days if cycle is not None and isinstance(days, list) else []):
            if cycle is not None and day > cycle.high:
                message = f"a cycle of {format_role_quantity(record, 'cycle')} has no day {day}"
                yield locate_role(record, "days", index), message, "correct the day or the cycle"


@rule(Severity.ERROR)
def day_after_course(content: Content) -> Faults:
    """A dose is given on a day after the end of its course.

    Day 15 of a course of a week never comes: the day, or the number or unit of the course, is mistyped.
    """
    for record in content.list_records_of_role(REGIMEN):
        course, days = find_days(record, "course"), record.find_value("days")
        if course is None or course.is_open() or has_role_value(record, "cycle"):
            continue
        for index, day in enumerate(days if isinstance(days, list) else []):
            if day > math.ceil(course.high):
                message = f"a course of {format_role_quantity(record, 'course')} has no day {day}"
                yield locate_role(record, "days", index), message, "correct the day or the course"


@rule(Severity.ERROR)
def frequency_differs(content: Content) -> Faults:
    """More doses a day are stated than the interval between them allows.

    Patients who follow one take many times the dose of the other.  Fewer doses may be right, because nobody
    is woken for a dose; and so may be the doses of a course that is repeated after the interval.
    """
    for record in content.list_records_of_role(REGIMEN):
        role = next((role for role in FREQUENCY_ROLES if find_role_amount(record, role)), "")
        daily_count = find_role_amount(record, role)
        interval_days, course_days = find_days(record, "interval"), find_days(record, "course")
        if (
            daily_count is None
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
            verdict = f"does not fit the interval {format_role_quantity(record, 'interval')}"
            hint = (
                "correct one of the two; add the course if the doses are given for some days and then again"
            )
            yield make_role_fault(record, role, verdict, hint)


@rule(Severity.ERROR)
def course_too_long(content: Content) -> Faults:
    """A course is longer than the limit that is stated for it.

    Patients who follow one of the two facts break the other.
    """
    for record in content.list_records_of_role(REGIMEN):
        course = find_role_amount(record, "course")
        if course is None or course.is_bounded():
            continue
        for other, limit_role in _list_course_limits(record, content):
            limit = convert_to(find_role_amount(other, limit_role), course.unit)
            if limit is not None and course.high > limit.high:
                limit_text = format_role_quantity(other, limit_role, keep_comparator=False)
                verdict = f'is longer than the {limit_text} of "{other.id}"'
                yield make_role_fault(record, "course", verdict, "correct one of the two", (other,))
                break


@rule(Severity.WARNING)
def course_shorter_than_interval(content: Content) -> Faults:
    """A course ends before the second dose is due.

    Days are stated instead of months or years, or the interval is too long.  A regimen that itself states how
    long it is given, or how often a day, may be repeated as a whole after its interval.
    """
    for record in content.list_records_of_role(REGIMEN):
        course = find_role_amount(record, "course")
        if (
            course is None
            or course.is_open()
            or any(has_role_value(record, role) for role in (*DOSE_ROLES, *FREQUENCY_ROLES, "interval"))
            or not content.has_all_of_roles(record, *PATIENT_ROLES)
        ):
            continue
        peer_intervals = [
            (other, interval)
            for other in find_peer_records(record, content)
            if not any(has_role_value(other, role) for role in _REPETITION_ROLES)
            and (interval := convert_to(find_role_amount(other, "interval"), course.unit)) is not None
        ]
        if peer_intervals and all(course.high < interval.low for _, interval in peer_intervals):
            other = peer_intervals[0][0]
            interval_text = format_role_quantity(other, "interval", keep_comparator=False)
            verdict = f'is shorter than the interval {interval_text} of "{other.id}"'
            yield make_role_fault(record, "course", verdict, "correct one of the two", (other,))


def _list_course_limits(record: Record, content: Content) -> list[tuple[Record, str]]:
    """Return the records that limit the course of a record's patients, with the role of the limit."""
    others = [
        other
        for other in find_same_product_records(record, content, REGIMEN)
        if other is not record and holds_for(other, record, content)
    ]
    return [
        (other, role)
        for role in ("course", "course-limit")
        for other in others
        if (limit := find_role_amount(other, role)) is not None
        and (role == "course-limit" or limit.is_capped())
    ]
