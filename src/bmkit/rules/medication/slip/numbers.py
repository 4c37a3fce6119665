"""Slips: doses, strengths, volumes and times that a slip of the keyboard explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import convert_to
from bmkit.rules.derived.dose_text import ISMP, JOINT_COMMISSION_AND_ISMP, WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.medication.dose_limits import is_stated_maximum
from bmkit.rules.medication.populations import are_exceptional
from bmkit.rules.medication.regimens import DOSE_LIMIT
from bmkit.rules.medication.slips import (
    TEN_FACTORS,
    THOUSAND_FACTORS,
    Deviation,
    describe_deviation,
    describe_multiple,
    describe_remedy,
    find_slip_factor,
    find_unit_slip,
    format_reading_subject,
    format_usual_range,
    list_unusual,
    make_otherwise_usual_fault,
    make_reading_fault,
)
from bmkit.rules.medication.usual_doses import LONGER_IS_SAFER_ROLES
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from fractions import Fraction

    from bmkit.content import Content
    from bmkit.rules.medication.readings import DoseReading


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
    yield from _find_multiples(content, Deviation.TENFOLD, TEN_FACTORS)


@rule(
    Severity.ERROR,
    source=ISMP,
    fix="look the unit up where it is from and correct it, or widen the range in the list of dose ranges",
)
def thousandfold(content: Content) -> Faults:
    """A dose is a thousand times what is usual, or a thousandth of it.

    A number in micrograms is stated in milligrams, or the other way round.
    """
    yield from _find_multiples(content, Deviation.THOUSANDFOLD, THOUSAND_FACTORS)


@rule(Severity.ERROR, source=ISMP, fix="correct the unit, or the number if the unit is right")
def wrong_unit(content: Content) -> Faults:
    """The number of a dose is usual, but not with its unit.

    Milligrams, micrograms and grams differ by a letter and by a factor of a thousand.
    """
    for reading in list_unusual(content, Deviation.WRONG_UNIT):
        usual_range = find_unit_slip(reading)
        if usual_range:
            message, hint = describe_deviation(reading, usual_range), "look number and unit up"
            fault = make_reading_fault(reading, message, hint, usual_range)
            yield fault._replace(place=reading.record.locate_field(reading.field_name, "unit"))


@rule(Severity.ERROR)
def far_off(content: Content) -> Faults:
    """A dose is more than ten times what is usual, or less than a tenth of it.

    A digit is doubled or extra, or a dose for some weeks is stated as a daily dose: nobody is treated with
    such a dose.
    """
    for reading in list_unusual(content, Deviation.FAR_OFF):
        usual_range = reading.usual_ranges[0]
        message = f"{format_reading_subject(reading)} far from {format_usual_range(usual_range)}"
        yield make_reading_fault(reading, message, describe_remedy(reading, usual_range), usual_range)


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def other_route(content: Content) -> Faults:
    """A dose is not usual by its route, but is by another route of the product.

    The dose by mouth of many medicines is a hundred times the dose by vein; by the wrong route it kills or
    does nothing.  A dose that a slip of a digit or unit explains breaks the rule for that slip.
    """
    for reading in list_unusual(content, Deviation.OTHER_ROUTE):
        yield make_otherwise_usual_fault(
            reading, reading.other_route_range, "correct the route or the number", content
        )


@rule(Severity.WARNING)
def unusual(content: Content) -> Faults:
    """A dose, strength, volume, infusion time or interval is not what is usual.

    No slip of a decimal point or unit explains it; it may be right and missing from the list of dose ranges.
    "At most" may be less than is usual, but more only where a maximum of the product states the same.  Less,
    or less often, is given as a matter of course to patients who are an exception: with weak kidneys, say.
    """
    for reading in list_unusual(content, Deviation.UNEXPLAINED):
        # A limit lies where doses should not be.
        if reading.record.kind.role == DOSE_LIMIT or is_stated_maximum(
            reading.record, reading.amount, content
        ):
            continue
        if not _is_mild(reading) or not all(
            are_exceptional(reading.record, usual_range.record, content)
            for usual_range in reading.usual_ranges
        ):
            usual_range = reading.usual_ranges[0]
            message, hint = describe_deviation(reading, usual_range), describe_remedy(reading, usual_range)
            yield make_reading_fault(reading, message, hint, usual_range)


def _is_mild(reading: DoseReading) -> bool:
    """Return whether a dose is less than is usual, or a time longer."""
    amounts = [
        (converted, usual_range.bounds)
        for usual_range in reading.usual_ranges
        if (converted := convert_to(reading.amount, usual_range.bounds.unit)) is not None
    ]
    if reading.role in LONGER_IS_SAFER_ROLES:
        return all(amount.low >= bounds.low for amount, bounds in amounts)
    return reading.is_dose() and all(amount.high <= bounds.high for amount, bounds in amounts)


def _find_multiples(content: Content, deviation: Deviation, factors: dict[Fraction, str]) -> Faults:
    for reading in list_unusual(content, deviation):
        multiple = find_slip_factor(reading, factors)
        if multiple:
            end_name, factor, usual_range = multiple
            message = describe_multiple(reading, end_name, factor, usual_range)
            fault = make_reading_fault(reading, message, describe_remedy(reading, usual_range), usual_range)
            yield fault._replace(place=reading.record.locate_field(reading.field_name, end_name))
