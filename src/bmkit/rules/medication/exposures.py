"""Doses that are unlike usual ones though no number is: in how often, and in what they measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.amounts import Amount, convert_to, lies_within
from bmkit.rules.derived.roles import find_role_amount, has_role_value
from bmkit.rules.medication.body_sizes import scale_to_body
from bmkit.rules.medication.dose_limits import name_amount_dimension
from bmkit.rules.medication.dosing import (
    count_per_day,
    find_days,
    find_exposure,
    find_period_total,
    list_amounts,
)
from bmkit.rules.medication.populations import are_exceptional, holds_for
from bmkit.rules.medication.readings import OTHER, find_equivalent, iter_product_records, iter_readings
from bmkit.rules.medication.regimens import CHANGE_ROLES, DOSE_LIMIT, DOSE_ROLES, REGIMEN
from bmkit.rules.medication.usual_doses import (
    UsualDoses,
    UsualRange,
    index_usual_doses,
    make_daily_range,
    make_total_range,
)

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.rules.medication.readings import DoseReading

# This many times the usual amount in a time is another regimen, though each dose is usual.
_FREQUENT_FACTOR = 2
# A dose of "at most" this many times the usual amount is a ceiling of it.
_HIGHEST_CEILING_FACTOR = 2


# So much less often than usual a usual dose is no dose any more.
_RARE_FACTOR = 3
_SELDOM_ROLES = ("once", "as-needed", "days", "course", "administration-count")
_FIRST_PHASES = ("start", "loading", "induction")


class Excess(NamedTuple):
    """A regimen that gives usual doses much too often: its amount of a day, and the usual range of a day."""

    record: Record
    daily: Amount
    usual_range: UsualRange


@per_content
def find_too_frequent(content: Content) -> list[Excess]:
    """Return the regimens of usual doses that give at least twice the usual amount in the same time.

    A weekly dose that is given daily has no wrong number.
    """
    usual_doses = index_usual_doses(content)
    return [
        excess
        for record in content.list_records_of_role(REGIMEN)
        if (excess := _find_excess(record, usual_doses)) is not None
    ]


def _find_excess(record: Record, usual_doses: UsualDoses) -> Excess | None:
    # Without a cycle that is repeated, the days are those of the first doses, which may follow faster.
    is_start_only = has_role_value(record, "days") and not _repeats_cycle(record)
    exposure = find_exposure(record) if not is_start_only else None
    if exposure is None or exposure.is_bounded() or record.find_value("as-needed") is True:
        return None
    total = find_period_total(record)
    given = total.amount if total is not None else find_role_amount(record, "dose")
    excesses = []
    is_usual_number = False
    for usual_dose in usual_doses.select(record, "dose"):
        usual_exposure = find_exposure(usual_dose)
        converted = convert_to(exposure, usual_exposure.unit) if usual_exposure else None
        if usual_exposure is None or converted is None:
            continue
        if not _is_far_above(converted, usual_exposure) and (
            converted.low <= usual_exposure.high or not _is_far_more_often(record, usual_dose)
        ):
            return None
        usual_range = (
            make_daily_range(usual_dose)
            if find_role_amount(usual_dose, "dose") is not None
            else make_total_range(usual_dose)
        )
        is_usual_number = is_usual_number or (given is not None and _is_amount_of(given, usual_dose))
        if usual_range is not None:
            excesses.append(Excess(record, exposure, usual_range))
    return excesses[0] if excesses and is_usual_number else None


def _repeats_cycle(record: Record) -> bool:
    """Return whether the cycle of a regimen is given more than once."""
    if record.find_value("phase") in _FIRST_PHASES:
        return False
    cycle, course = find_days(record, "cycle"), find_days(record, "course")
    return cycle is not None and (course is None or course.high > cycle.high)


@per_content
def find_too_rare(content: Content) -> list[tuple[Record, Record]]:
    """Return the regimens that give a usual dose far less often than usual, each with what is usual."""
    usual_doses = index_usual_doses(content)
    return [
        (record, rare_of[0])
        for record in content.list_records_of_role(REGIMEN)
        if (rare_of := _list_far_more_frequent(record, usual_doses.select(record, "dose"), content))
    ]


def _list_far_more_frequent(record: Record, usual_doses: list[Record], content: Content) -> list[Record]:
    """Return the usual doses of which a regimen gives one far less often, if that is so of all of them."""
    dose, counts = find_role_amount(record, "dose"), count_per_day(record)
    if dose is None or counts is None or any(record.find_value(role) for role in _SELDOM_ROLES):
        return []
    are_all_far_more_frequent = all(
        (usual_counts := count_per_day(usual_dose)) is not None
        and counts.most * _RARE_FACTOR <= usual_counts.least
        and not are_exceptional(record, usual_dose, content)
        for usual_dose in usual_doses
    )
    is_usual = any(_is_amount_of(dose, usual_dose) for usual_dose in usual_doses)
    return usual_doses if are_all_far_more_frequent and is_usual else []


def _is_far_above(exposure: Amount, usual_exposure: Amount) -> bool:
    return exposure.low >= _FREQUENT_FACTOR * usual_exposure.high


def _is_far_more_often(record: Record, usual_dose: Record) -> bool:
    """Return whether doses are given at least twice as often as usual doses are."""
    counts, usual_counts = count_per_day(record), count_per_day(usual_dose)
    return (
        counts is not None
        and usual_counts is not None
        and counts.least >= _FREQUENT_FACTOR * usual_counts.most
    )


def _is_amount_of(given: Amount, usual_dose: Record) -> bool:
    """Return whether an amount is that of a usual dose, or of its total, in whatever time."""
    total = find_period_total(usual_dose)
    usual_amounts = (find_role_amount(usual_dose, "dose"), total.amount if total is not None else None)
    return any(lies_within(given, usual_amount) for usual_amount in usual_amounts if usual_amount is not None)


class DimensionMismatch(NamedTuple):
    """An amount of a dimension that nothing usual of these patients has, and what is usual.

    `is_same_number` is whether the number is usual, so that only the unit can be wrong.
    """

    record: Record
    role: str
    amount: Amount
    usual_dose: Record
    usual_role: str
    is_same_number: bool


@per_content
def find_dimension_mismatches(content: Content) -> list[DimensionMismatch]:
    """Return the doses, limits and other measures that nothing usual of their patients can be compared with.

    A limit may be of another dimension, as in 15 mg/kg, at most 1 g, unless its number is that of a usual
    dose, and no patient is so small that it could be the cap.
    """
    usual_doses = index_usual_doses(content)
    dose_records = [record for record in iter_product_records(content) if record.kind.role != DOSE_LIMIT]
    dose_mismatches = [
        _find_dose_mismatch(record, role, amount, usual_doses, content)
        for record in dose_records
        for role, amount in list_amounts(record, (*DOSE_ROLES, *CHANGE_ROLES))
    ]
    other_mismatches = [
        mismatch._replace(record=record, role=f"{OTHER}{role}")
        for record in dose_records
        if (other := find_equivalent(record)) is not None
        for role, amount in list_amounts(other)
        if (mismatch := _find_dose_mismatch(other, role, amount, usual_doses, content)) is not None
    ]
    measure_mismatches = (
        _find_measure_mismatch(reading, content)
        for record in iter_product_records(content)
        for reading in iter_readings(record, usual_doses)
        if not reading.is_dose() and reading.usual_ranges and not reading.keep_comparable().usual_ranges
    )
    return [
        *(mismatch for mismatch in dose_mismatches if mismatch is not None),
        *other_mismatches,
        *(
            mismatch
            for mismatch in measure_mismatches
            if mismatch.is_same_number or mismatch.record.kind.role != DOSE_LIMIT
        ),
    ]


def _find_dose_mismatch(
    record: Record, role: str, amount: Amount, usual_doses: UsualDoses, content: Content
) -> DimensionMismatch | None:
    closest = usual_doses.select(record, "dose")
    # What is usual of some of the patients says nothing of the others.
    if not closest or not all(holds_for(usual_dose, record, content) for usual_dose in closest):
        return None
    usual_amounts = [
        (usual_dose, usual_role, usual_amount)
        for usual_dose in closest
        for usual_role, usual_amount in list_amounts(usual_dose)
    ]
    # What flows is measured like what usually flows, if anything does.
    flows = ("rate", "change-rate")
    usual_amounts = [
        usual for usual in usual_amounts if (usual[1] in flows) is (role in flows)
    ] or usual_amounts
    dimension = name_amount_dimension(amount)
    if any(name_amount_dimension(usual_amount) == dimension for _, _, usual_amount in usual_amounts):
        return None
    usual_dose, usual_role, _ = usual_amounts[0]
    is_same_number = any(_has_number_of(amount, usual_amount) for _, _, usual_amount in usual_amounts)
    return DimensionMismatch(record, role, amount, usual_dose, usual_role, is_same_number)


def _find_measure_mismatch(reading: DoseReading, content: Content) -> DimensionMismatch:
    same_number_range = next(
        (
            usual_range
            for usual_range in reading.usual_ranges
            if _has_number_of(reading.amount, usual_range.bounds)
            and not _caps_some_patients(reading, usual_range, content)
        ),
        None,
    )
    usual_dose = (same_number_range or reading.usual_ranges[0]).record
    stated_role = next((role for role, _ in list_amounts(usual_dose)), reading.role)
    usual_role = reading.role if has_role_value(usual_dose, reading.role) else stated_role
    return DimensionMismatch(
        reading.record, reading.role, reading.amount, usual_dose, usual_role, same_number_range is not None
    )


def _caps_some_patients(reading: DoseReading, usual_range: UsualRange, content: Content) -> bool:
    """Return whether a limit of each patient lies among the usual doses by body: 2 mg, of 1.4 mg/m2."""
    if reading.record.kind.role != DOSE_LIMIT:
        return False
    # What a limit is compared with is twice as much as is usual.
    most_usual = usual_range.bounds.high / 2
    most = usual_range.bounds._replace(low=most_usual, high=most_usual)
    of_body = scale_to_body(most, reading.record, content)
    cap = convert_to(reading.amount, of_body.unit) if of_body is not None else None
    return of_body is not None and cap is not None and of_body.low < cap.high <= of_body.high


def _has_number_of(amount: Amount, usual: Amount) -> bool:
    """Return whether the number of an amount is usual in whatever unit; a ceiling is above the usual."""
    in_usual_unit = amount._replace(unit=usual.unit, dimension=usual.dimension)
    if in_usual_unit.is_capped():
        return usual.low <= in_usual_unit.high <= _HIGHEST_CEILING_FACTOR * usual.high
    return lies_within(in_usual_unit, usual)
