"""Slips of the keyboard: which of them explains an unusual quantity, and words for it."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount, to_amount
from bmkit.rules.medication.exposures import find_too_frequent
from bmkit.rules.medication.populations import list_patient_terms
from bmkit.rules.medication.readings import DoseReading, find_unusual_readings
from bmkit.rules.medication.regimens import DOSE_LIMIT
from bmkit.rules.rule import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content
    from bmkit.rules.medication.usual_doses import UsualRange

TEN_FACTORS = {
    Fraction(10): "ten times",
    Fraction(1, 10): "a tenth of",
    Fraction(100): "a hundred times",
    Fraction(1, 100): "a hundredth of",
}
THOUSAND_FACTORS = {Fraction(1000): "a thousand times", Fraction(1, 1000): "a thousandth of"}
"""Factors of slips, with words for them."""
_FACTOR_WORDS = {**TEN_FACTORS, **THOUSAND_FACTORS}
# This many times the usual, or this small a part of it, is a mistake whatever the digits are.
_FAR_FACTOR = 10


class Deviation(Enum):
    """Why a quantity is unusual; of several reasons the first."""

    WRONG_UNIT = 0
    TENFOLD = 1
    THOUSANDFOLD = 2
    FAR_OFF = 3
    OTHER_ROUTE = 4
    OTHER_PATIENTS = 5
    UNEXPLAINED = 6
    """It may be right."""


def list_unusual(content: Content, deviation: Deviation) -> list[DoseReading]:
    """Return the quantities that are unusual for this reason."""
    return _group_unusual(content).get(deviation, [])


@per_content
def _group_unusual(content: Content) -> dict[Deviation, list[DoseReading]]:
    """Return the unusual quantities by reason; of a dose and its daily total only one, if it can be an error.

    An unusual interval of a usual dose that is given much too often is left to the rule for that.
    """
    frequent_ids = {id(excess.record) for excess in find_too_frequent(content)}
    worst_by_value: dict[tuple[int, str], tuple[DoseReading, Deviation]] = {}
    for reading in find_unusual_readings(content):
        key = (id(reading.record), reading.role)
        deviation = _explain(reading)
        if key not in worst_by_value or (
            worst_by_value[key][1] is Deviation.UNEXPLAINED and deviation is not Deviation.UNEXPLAINED
        ):
            worst_by_value[key] = (reading, deviation)
    groups: dict[Deviation, list[DoseReading]] = {}
    for reading, deviation in worst_by_value.values():
        is_left_out = id(reading.record) in frequent_ids and (reading.is_dose() or reading.role == "interval")
        if deviation is not Deviation.UNEXPLAINED or not is_left_out:
            groups.setdefault(deviation, []).append(reading)
    return groups


def _explain(reading: DoseReading) -> Deviation:
    reasons = (
        (find_unit_slip(reading), Deviation.WRONG_UNIT),
        (find_slip_factor(reading, TEN_FACTORS), Deviation.TENFOLD),
        (find_slip_factor(reading, THOUSAND_FACTORS), Deviation.THOUSANDFOLD),
        (is_far_from_usual(reading), Deviation.FAR_OFF),
        (reading.other_route_range, Deviation.OTHER_ROUTE),
        (reading.other_patients_range, Deviation.OTHER_PATIENTS),
    )
    return next((deviation for reason, deviation in reasons if reason), Deviation.UNEXPLAINED)


def make_reading_fault(reading: DoseReading, message: str, hint: str, *usual_ranges: UsualRange) -> Fault:
    """Return the fault of a quantity that was held against these ranges."""
    return Fault(reading.place, message, hint, tuple(usual_range.record for usual_range in usual_ranges))


def make_otherwise_usual_fault(
    reading: DoseReading, other_range: UsualRange | None, hint: str, content: Content
) -> Fault:
    """Return the fault of a quantity that is usual of another route or of other patients."""
    ranges = (reading.usual_ranges[0], *([other_range] if other_range is not None else []))
    message = f"{describe_deviation(reading, ranges[0])}, but is {format_usual_range(ranges[-1])}"
    usual_doses = [usual_range.record for usual_range in ranges]
    patients = list_patient_terms(content, reading.record, *usual_doses)
    return Fault(reading.place, message, hint, (*usual_doses, *patients))


def is_dose_bound(reading: DoseReading) -> bool:
    """Return whether a quantity is a bound of doses and not a dose."""
    return reading.record.kind.role == DOSE_LIMIT or reading.amount.is_bounded()


def is_far_from_usual(reading: DoseReading) -> bool:
    """Return whether an end of the quantity is ten times that of every range or more, or a tenth or less."""
    converted = [
        (convert_to(reading.amount, usual_range.bounds.unit), usual_range.bounds)
        for usual_range in reading.usual_ranges
    ]
    comparable = [(amount, bounds) for amount, bounds in converted if amount is not None]
    return bool(comparable) and all(
        amount.high >= _FAR_FACTOR * bounds.high or amount.low <= bounds.low / _FAR_FACTOR
        for amount, bounds in comparable
    )


def find_slip_factor(
    reading: DoseReading, factors: Iterable[Fraction]
) -> tuple[str, Fraction, UsualRange] | None:
    """Return the end of a quantity that a factor explains, the factor and the usual range."""
    end_names = ("value",) if "value" in reading.value else ("low", "high")
    for end_name, number in zip(end_names, (reading.amount.low, reading.amount.high), strict=False):
        end_amount = reading.amount._replace(low=number, high=number)
        for factor in factors if not reading.find_range(end_amount) else ():
            usual_range = reading.find_range(end_amount.multiply(1 / factor), reading.find_meant_ranges())
            if usual_range:
                return end_name, factor, usual_range
    return None


def find_unit_slip(reading: DoseReading) -> UsualRange | None:
    """Return the usual range in which the numbers would lie in its unit."""
    for usual_range in reading.find_meant_ranges():
        unit = usual_range.bounds.unit
        if unit != reading.amount.unit and reading.amount._replace(unit=unit).is_within(usual_range.bounds):
            return usual_range
    return None


def describe_multiple(reading: DoseReading, end_name: str, factor: Fraction, usual_range: UsualRange) -> str:
    """Return the part of a message that names the factor of an end, or the multiple that would be usual."""
    if usual_range.bounds.low == usual_range.bounds.high and end_name == "value":
        return f"{format_reading_subject(reading)} {_FACTOR_WORDS[factor]} {format_usual_range(usual_range)}"
    number = reading.amount.high if end_name == "high" else reading.amount.low
    as_written = to_amount(reading.value)[:2] == reading.amount[:2]
    end_amount = Amount(number, number, reading.value["unit"] if as_written else reading.amount.unit)
    end_text = "it" if end_name == "value" else format_amount(end_amount)
    meant_text = format_amount(end_amount.multiply(1 / factor))
    part_text = f"{_FACTOR_WORDS[1 / factor]} {end_text} ({meant_text})"
    if is_dose_bound(reading):
        return (
            f"{format_reading_subject(reading)} far from "
            f"{format_usual_range(usual_range)}; {part_text} is near it"
        )
    verdict = "is inside" if usual_range.is_range else "is"
    return f"{describe_deviation(reading, usual_range)}; {part_text} {verdict}"


def describe_deviation(reading: DoseReading, usual_range: UsualRange) -> str:
    """Return the message on a quantity: "dose 60 mg is outside the usual 2–6 mg of Zometa, intravenous"."""
    relation = "outside" if usual_range.is_range else "not"
    return f"{format_reading_subject(reading)} {relation} {format_usual_range(usual_range)}"


def describe_remedy(reading: DoseReading, usual_range: UsualRange) -> str:
    """Return the hint for an unusual quantity."""
    if reading.other_route_range is not None:
        return f"it is {format_usual_range(reading.other_route_range)}: correct the route or the number"
    if reading.other_patients_range is not None:
        return f"it is {format_usual_range(reading.other_patients_range)}: correct the patients or the number"
    return f"correct it, or the usual dose in {usual_range.record.file}"


def format_reading_subject(reading: DoseReading) -> str:
    """Return the start of a message: "dose 40 mg is"."""
    return f"{reading.field_name} {reading.text} is"


def format_usual_range(usual_range: UsualRange) -> str:
    """Return the name of a range: "the usual 4 mg of Zometa, intravenous"."""
    return f"the usual {usual_range.text} of {usual_range.record.value.get('label', usual_range.record.id)}"
