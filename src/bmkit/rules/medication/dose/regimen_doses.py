"""The doses of regimens, at one time and in a day, compared with the maxima."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, are_disjoint, convert_to, format_amount
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.roles import (
    agree_on_role,
    find_role_amount,
    format_role_quantity,
    has_role_value,
    locate_role_end,
    make_role_fault,
)
from bmkit.rules.medication.dose_limits import (
    ADMINISTRATION,
    CONCENTRATION,
    COURSE,
    LIFETIME,
    SPEED,
    TIME,
    Cap,
    find_applicable_caps,
)
from bmkit.rules.medication.dosing import (
    DAY_UNIT,
    ONE_DAY,
    PeriodTotal,
    find_amount_in,
    find_course_counts,
    find_days,
    find_doses_per_day,
    find_period_total,
)
from bmkit.rules.medication.populations import have_same_patients
from bmkit.rules.medication.regimens import (
    FREQUENCY_ROLES,
    find_dose_role,
    find_same_product_records,
    iter_regimens,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# What is limited is how a dose is given, and not how much.
_LIMITS_OF_GIVING = (SPEED, CONCENTRATION)
# Two regimens that differ in one of these are not two statements of one.
_DISTINGUISHING_ROLES = (
    *("phase", "plan", "step", "option", "change", "until", "as-needed", "once", "manner", "given-with"),
    *("site", "side", "time-of-day", "days"),
)
# A total with one of these is not given in each of its periods.
_UNREPEATED_ROLES = ("interval", "days", "once", "as-needed")


@rule(
    Severity.ERROR,
    source=WHO_MEDICATION_WITHOUT_HARM,
    fix="correct the dose or the maximum, whichever is wrong",
)
def above_maximum(content: Content) -> Faults:
    """A dose is above the maximum that is stated for its patients.

    A maximum binds those whom it names, and the closest to the patients counts: one for renal failure before
    one for all.  A dose without an upper end, "more than 1600 mg", must start below the maximum.
    """
    for record in iter_regimens(content):
        caps = find_applicable_caps(record, content)
        dose, total = find_role_amount(record, "dose"), find_period_total(record)
        exceeded_cap = dose and next(
            (cap for cap in caps if cap.counts not in _LIMITS_OF_GIVING and cap.is_exceeded_by(dose)), None
        )
        if dose is not None and exceeded_cap is not None:
            yield make_role_fault(
                record,
                "dose",
                exceeded_cap.describe_excess(dose),
                f"correct one of the two ({exceeded_cap.limit.file})",
                (exceeded_cap.limit,),
                keep_comparator=dose.is_open(),
            )
        exceeded_cap = total and next(
            (
                cap
                for cap in caps
                if (amount := _find_total_in(record, total, cap)) is not None and cap.is_exceeded_by(amount)
            ),
            None,
        )
        if total is not None and exceeded_cap is not None:
            yield make_role_fault(
                record,
                total.role,
                exceeded_cap.describe_excess(total.amount),
                f"correct one of the two ({exceeded_cap.limit.file})",
                (exceeded_cap.limit,),
                keep_comparator=total.amount.is_open(),
            )


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def total_above_maximum(content: Content) -> Faults:
    """The doses of a day together are above the daily maximum.

    Each dose may be right, but patients who take it as often as stated take too much.  "450 to 900 mg every 4
    to 6 hours, at most 3600 mg a day" is right: taken seldom enough, the doses stay below the maximum.
    """
    for record in iter_regimens(content):
        for cap, amount in _iter_counted_amounts(record, content):
            lowest_amount = amount._replace(high=amount.low)
            if cap.is_exceeded_by(lowest_amount):
                place = locate_role_end(record, find_dose_role(record))
                excess = cap.describe_excess(lowest_amount)
                message = f"{_describe_sum(cap)} {_format_in(amount, cap)}, which {excess}"
                yield place, message, "correct the dose or how often it is given", (cap.limit,)
                break


@rule(Severity.WARNING, source=WHO_MEDICATION_WITHOUT_HARM)
def total_may_exceed(content: Content) -> Faults:
    """The doses of a day together may add up to more than the daily maximum.

    Only the lowest stated doses stay below it.  "Every 4 to 6 hours" is not reported, because there the
    maximum limits how often; but readers of a number of doses a day rely on it.
    """
    for record in iter_regimens(content):
        count = next(
            (count for role in FREQUENCY_ROLES if (count := find_role_amount(record, role)) is not None), None
        )
        if count is None or count.is_capped() or find_period_total(record) is not None:
            continue
        for cap, amount in _iter_counted_amounts(record, content):
            lowest_amount, highest_amount = amount._replace(high=amount.low), amount._replace(low=amount.high)
            if amount.is_open() or cap.is_exceeded_by(lowest_amount):
                break
            if cap.is_exceeded_by(amount):
                place = locate_role_end(record, find_dose_role(record))
                message = (
                    f"{_describe_sum(cap, can='may ')} {_format_in(highest_amount, cap)}, "
                    f"which {cap.describe_excess(amount)}"
                )
                hint = "state in a total the most that may be given, or correct the regimen"
                yield place, message, hint, (cap.limit,)
                break


@rule(Severity.ERROR)
def total_differs(content: Content) -> Faults:
    """The doses of a day do not add up to the total of the day.

    Dose, number of doses and total are all stated; one of the three is wrong.
    """
    for record in iter_regimens(content):
        total = find_period_total(record)
        if total is None:
            continue
        for other in [record, *_list_same_regimens(record, content)]:
            amount = convert_to(find_amount_in(other, total.days), total.amount.unit)
            if amount is not None and are_disjoint(amount, total.amount):
                sum_text = _format_for(amount, total.days)
                owner_phrase = "" if other is record else f' of "{other.id}"'
                verdict = f"is not the sum of the doses{owner_phrase}, {sum_text}"
                hint = "correct the dose, the number of doses or the total"
                yield make_role_fault(record, total.role, verdict, hint, (other,))
                break


def _find_total_in(record: Record, total: PeriodTotal, cap: Cap) -> Amount | None:
    """Return how much of a total is given in what a maximum counts; None if that cannot be said.

    In a longer time all of it is given; in a shorter one, or in one administration, at least the average.
    """
    if cap.counts == TIME and cap.days < total.days:
        return _to_least(total.amount, cap.days / total.days)
    if cap.counts == ADMINISTRATION:
        counts = find_doses_per_day(record)
        return _to_least(total.amount, 1 / (counts.most * total.days)) if counts and counts.most > 0 else None
    course = find_days(record, "course")
    if cap.counts in {COURSE, LIFETIME} and course is not None and course.low > total.days:
        return total.amount.multiply(course.low / total.days)
    return total.amount if cap.counts not in _LIMITS_OF_GIVING else None


def _to_least(amount: Amount, share: Fraction) -> Amount:
    return amount._replace(low=amount.low * share, high=amount.low * share)


def _iter_counted_amounts(record: Record, content: Content) -> list[tuple[Cap, Amount]]:
    """Return the maxima of a time or a course that bind a regimen, each with what is given in it."""
    amounts = []
    for cap in find_applicable_caps(record, content):
        amount = None
        if cap.counts == TIME:
            amount = find_amount_in(record, cap.days) or _find_repeated_total(record, cap.days)
        elif cap.counts in {COURSE, LIFETIME}:
            dose, counts = find_role_amount(record, "dose"), find_course_counts(record)
            amount = counts.multiply(dose) if dose is not None and counts is not None else None
        if amount is not None and cap.convert(amount.unit) is not None:
            amounts.append((cap, amount))
    return amounts


def _find_repeated_total(record: Record, days: Fraction) -> Amount | None:
    """Return what a total gives in a longer time than its period; None if it may be given only once."""
    total, course = find_period_total(record), find_days(record, "course")
    if total is None or any(has_role_value(record, role) for role in _UNREPEATED_ROLES):
        return None
    least_days = days if course is None else min(days, course.low)
    if least_days <= total.days:
        return None
    amount = total.amount.multiply(least_days / total.days)
    return amount._replace(low=Fraction(0)) if amount.is_capped() else amount


def _describe_sum(cap: Cap, can: str = "") -> str:
    if cap.counts == TIME:
        period = "a day" if cap.days == ONE_DAY else format_role_quantity(cap.limit, "window")
    else:
        period = "a course"
    return f"the doses of {period} {can}add up to"


def _format_in(amount: Amount, cap: Cap) -> str:
    return _format_for(amount, cap.days if cap.counts == TIME else None)


def _format_for(amount: Amount, days: Fraction | None) -> str:
    return format_amount(amount._replace(unit=f"{amount.unit}/{DAY_UNIT}") if days == ONE_DAY else amount)


def _list_same_regimens(record: Record, content: Content) -> list[Record]:
    """Return the other regimens of the article that are statements of the same one."""
    return [
        other
        for other in find_same_product_records(record, content, "regimen")
        if other is not record
        and other.folder == record.folder
        and agree_on_role(record, other, "form")
        # What is not said of being needed only is the same as no.
        and all(
            (record.find_value(role) or None) == (other.find_value(role) or None)
            for role in _DISTINGUISHING_ROLES
        )
        and have_same_patients(record, other, content)
    ]
