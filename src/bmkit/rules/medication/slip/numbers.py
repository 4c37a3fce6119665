"""Slips: doses, strengths, volumes and times that a slip of the keyboard explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import ISMP, JOINT_COMMISSION_AND_ISMP, WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.medication.dose_limits import is_stated_maximum
from bmkit.rules.medication.regimens import DOSE_LIMIT
from bmkit.rules.medication.slips import (
    TEN_FACTORS,
    THOUSAND_FACTORS,
    describe_deviation,
    describe_multiple,
    describe_remedy,
    find_slip_factor,
    find_unit_slip,
    find_worst_unusual,
    format_reading_subject,
    format_usual_range,
    is_certain_error,
    is_explained_by_slip,
    is_far_from_usual,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from fractions import Fraction

    from bmkit.content import Content


@rule(
    Severity.ERROR,
    source=JOINT_COMMISSION_AND_ISMP,
    fix="look the number up where it is from and correct it, or widen the range in the list of dose ranges",
)
def tenfold(content: Content) -> Faults:
    """A dose is ten or a hundred times what is usual, or a tenth or hundredth of it.

    A shifted decimal point or an extra zero is the best known dosing error, and a deadly one.  The usual
    range is that of the product and route in the list of dose ranges.
    """
    yield from _find_multiples(content, TEN_FACTORS)


@rule(
    Severity.ERROR,
    source=ISMP,
    fix="look the unit up where it is from and correct it, or widen the range in the list of dose ranges",
)
def thousandfold(content: Content) -> Faults:
    """A dose is a thousand times what is usual, or a thousandth of it.

    A number in micrograms is stated in milligrams, or the other way round.
    """
    yield from _find_multiples(content, THOUSAND_FACTORS)


@rule(Severity.ERROR, source=ISMP, fix="correct the unit, or the number if the unit is right")
def wrong_unit(content: Content) -> Faults:
    """The number of a dose is usual, but not with its unit.

    Milligrams, micrograms and grams differ by a letter and by a factor of a thousand.
    """
    for dose_reading in find_worst_unusual(content):
        usual_range = find_unit_slip(dose_reading)
        if usual_range:
            yield (
                dose_reading.record.locate_field(dose_reading.field_name, "unit"),
                describe_deviation(dose_reading, usual_range),
                "look number and unit up",
                (dose_reading.record, usual_range.record),
            )


@rule(Severity.ERROR)
def far_off(content: Content) -> Faults:
    """A dose is more than ten times what is usual, or less than a tenth of it.

    A digit is doubled or extra, or a dose for some weeks is stated as a daily dose: nobody is treated with
    such a dose.
    """
    for dose_reading in find_worst_unusual(content):
        if is_far_from_usual(dose_reading) and not is_explained_by_slip(dose_reading):
            usual_text = format_usual_range(dose_reading.usual_ranges[0])
            message = f"{format_reading_subject(dose_reading)} far from {usual_text}"
            yield (
                dose_reading.place,
                message,
                describe_remedy(dose_reading, dose_reading.usual_ranges[0]),
                (dose_reading.record, dose_reading.usual_ranges[0].record),
            )


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def other_route(content: Content) -> Faults:
    """A dose is not usual by its route, but is by another route of the product.

    The dose by mouth of many medicines is a hundred times the dose by vein; by the wrong route it kills or
    does nothing.  A dose that a slip of a digit or unit explains breaks the rule for that slip.
    """
    for dose_reading in find_worst_unusual(content):
        if (
            dose_reading.other_route_range is not None
            and not is_far_from_usual(dose_reading)
            and not is_explained_by_slip(dose_reading)
        ):
            deviation = describe_deviation(dose_reading, dose_reading.usual_ranges[0])
            message = f"{deviation}, but is {format_usual_range(dose_reading.other_route_range)}"
            yield (
                dose_reading.place,
                message,
                "correct the route or the number",
                (
                    dose_reading.record,
                    dose_reading.usual_ranges[0].record,
                    dose_reading.other_route_range.record,
                ),
            )


@rule(Severity.WARNING)
def unusual(content: Content) -> Faults:
    """A dose, strength, volume, infusion time or interval is not what is usual.

    No slip of a decimal point or unit explains it; it may be right and missing from the list of dose ranges.
    "At most" may be less than is usual, but more only where a maximum of the product states the same.
    """
    for dose_reading in find_worst_unusual(content):
        if dose_reading.record.kind.role == DOSE_LIMIT or is_stated_maximum(
            dose_reading.record, dose_reading.amount, content
        ):
            continue  # a limit lies where doses should not be
        if not is_certain_error(dose_reading):
            message = describe_deviation(dose_reading, dose_reading.usual_ranges[0])
            yield (
                dose_reading.place,
                message,
                describe_remedy(dose_reading, dose_reading.usual_ranges[0]),
                (dose_reading.record, dose_reading.usual_ranges[0].record),
            )


def _find_multiples(content: Content, factors: dict[Fraction, str]) -> Faults:
    for dose_reading in find_worst_unusual(content):
        matched_multiple = find_slip_factor(dose_reading, factors)
        if matched_multiple and not find_unit_slip(dose_reading):
            end_name, factor, usual_range = matched_multiple
            yield (
                dose_reading.record.locate_field(dose_reading.field_name, end_name),
                describe_multiple(dose_reading, end_name, factor, usual_range),
                describe_remedy(dose_reading, usual_range),
                (dose_reading.record, usual_range.record),
            )
