"""Plans: the doses that are given together, and over a whole course, compared with the maxima."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.roles import (
    find_role_amount,
    find_role_text,
    locate_role_end,
)
from bmkit.rules.medication.dose_limits import COURSE, LIFETIME, SPEED, TIME, Cap, find_applicable_caps
from bmkit.rules.medication.dosing import (
    find_amount_in,
    find_course_counts,
    find_days,
    find_period_total,
)
from bmkit.rules.medication.regimens import find_dose_role, iter_regimens
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def plan_above_maximum(content: Content) -> Faults:
    """The doses of a plan together are above the maximum that is stated for its patients.

    Each may be right by itself.  Steps of one number are given together, those of other numbers after each
    other; of several options one is given, and the least counts.
    """
    for rows in _group_plans(content):
        for cap in _find_common_caps(rows, content):
            amount = _sum_plan(rows, cap)
            if amount is None or not cap.is_exceeded_by(amount) or _breaks_cap_alone(rows, cap):
                continue
            row = rows[-1]
            plan, excess = find_role_text(row, "plan"), cap.describe_excess(amount)
            message = f'the doses of the plan "{plan}" add up to {format_amount(amount)}, which {excess}'
            yield (
                locate_role_end(row, find_dose_role(row)),
                message,
                "correct a dose of the plan or the maximum",
                (cap.limit, *rows),
            )


def _group_plans(content: Content) -> list[list[Record]]:
    """Return the rows of each plan for one product, of those with more than one."""
    rows_by_plan: dict[tuple[str, ...], list[Record]] = {}
    for record in iter_regimens(content):
        plan, product = find_role_text(record, "plan"), find_role_text(record, "product")
        if plan and product:
            rows_by_plan.setdefault((record.folder, plan, product), []).append(record)
    return [rows for rows in rows_by_plan.values() if len(rows) > 1]


def _find_common_caps(rows: list[Record], content: Content) -> list[Cap]:
    """Return the maxima that bind each row of a plan."""
    first_caps, *other_caps = [find_applicable_caps(row, content) for row in rows]
    return [
        cap
        for cap in first_caps
        if cap.counts != SPEED and all(any(cap == other for other in caps) for caps in other_caps)
    ]


def _sum_plan(rows: list[Record], cap: Cap) -> Amount | None:
    """Return the least amount that a plan gives in what a maximum counts, None if that cannot be said."""
    steps: dict[Any, list[Record]] = {}
    for row in rows:
        steps.setdefault(row.find_value("step"), []).append(row)
    sums = [
        _sum_step(step_rows, cap)
        for step, step_rows in steps.items()
        # Rows without a step may be given at any time.
        if step is not None
    ]
    if cap.counts in {COURSE, LIFETIME}:
        return _to_amount(sum(sums, Fraction(0)), cap)
    return _to_amount(max(sums, default=Fraction(0)), cap)


def _sum_step(rows: Iterable[Record], cap: Cap) -> Fraction:
    """Return the least amount of the rows that are given together, of each option the least."""
    sum_by_option: dict[str, Fraction] = {}
    for row in rows:
        option = find_role_text(row, "option")
        sum_by_option[option] = sum_by_option.get(option, Fraction(0)) + _find_least(row, cap)
    always = sum_by_option.pop("", Fraction(0))
    return always + min(sum_by_option.values(), default=Fraction(0))


def _find_least(row: Record, cap: Cap) -> Fraction:
    amount = convert_to(_find_counted_amount(row, cap), cap.amount.unit)
    return Fraction(0) if amount is None or amount.is_capped() else amount.low


def _find_counted_amount(row: Record, cap: Cap) -> Amount | None:
    """Return how much a row gives in what a maximum counts; one dose at least."""
    dose, total = find_role_amount(row, "dose"), find_period_total(row)
    if cap.counts == TIME:
        if total is not None:
            return total.amount.multiply(min(Fraction(1), cap.days / total.days))
        return find_amount_in(row, cap.days) or dose
    if cap.counts in {COURSE, LIFETIME}:
        counts, course = find_course_counts(row), find_days(row, "course")
        if total is not None:
            return total.amount.multiply(course.low / total.days) if course is not None else total.amount
        return counts.multiply(dose) if dose is not None and counts is not None else dose
    return dose


def _breaks_cap_alone(rows: list[Record], cap: Cap) -> bool:
    """Return whether a single row is above the maximum, which breaks a rule of its own."""
    return any(cap.is_exceeded_by(_to_amount(_find_least(row, cap), cap)) for row in rows)


def _to_amount(number: Fraction, cap: Cap) -> Amount:
    return Amount(number, number, cap.amount.unit)
