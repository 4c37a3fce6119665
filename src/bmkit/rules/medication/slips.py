"""Slips of the keyboard: which of them explains an unusual quantity, and words for it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount, to_amount
from bmkit.rules.medication.regimens import DOSE_LIMIT
from bmkit.rules.medication.usual_doses import (
    DoseReading,
    UsualRange,
    find_too_frequent,
    find_unusual_readings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content

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


@per_content
def find_worst_unusual(content: Content) -> list[DoseReading]:
    """Return the unusual quantities; of a dose and its daily total only the one that is further off.

    An unusual interval of a usual dose that is given much too often is left to the rule for that.
    """
    frequent_ids = {id(excess.record) for excess in find_too_frequent(content)}
    worst_by_value: dict[tuple[int, str], DoseReading] = {}
    for reading in find_unusual_readings(content):
        key = (id(reading.record), reading.role)
        worst = worst_by_value.setdefault(key, reading)
        if worst is not reading and is_certain_error(reading) and not is_certain_error(worst):
            worst_by_value[key] = reading
    return [
        reading
        for reading in worst_by_value.values()
        if is_certain_error(reading)
        or id(reading.record) not in frequent_ids
        or not (reading.is_dose() or reading.role == "interval")
    ]


def is_dose_bound(reading: DoseReading) -> bool:
    """Return whether a quantity is a bound of doses and not a dose."""
    return reading.record.kind.role == DOSE_LIMIT or reading.amount.is_bounded()


def is_certain_error(reading: DoseReading) -> bool:
    """Return whether a quantity cannot be right for any use of its product."""
    return (
        reading.other_route_range is not None
        or reading.other_patients_range is not None
        or is_far_from_usual(reading)
        or is_explained_by_slip(reading)
    )


def is_explained_by_slip(reading: DoseReading) -> bool:
    """Return whether a slip of a decimal point or unit explains the quantity; other rules report these."""
    return bool(
        find_unit_slip(reading)
        or find_slip_factor(reading, TEN_FACTORS)
        or find_slip_factor(reading, THOUSAND_FACTORS)
    )


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
