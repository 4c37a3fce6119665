"""What is said of quantities that are not what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.derived.amounts import Amount, format_amount, to_amount
from bmkit.rules.medication.slips import TEN_FACTORS, THOUSAND_FACTORS, is_dose_bound

if TYPE_CHECKING:
    from fractions import Fraction

    from bmkit.rules.medication.ranges import UsualRange
    from bmkit.rules.medication.usual_doses import DoseReading

_FACTOR_WORDS = {**TEN_FACTORS, **THOUSAND_FACTORS}


def describe_multiple(reading: DoseReading, end_name: str, factor: Fraction, usual_range: UsualRange) -> str:
    """Say that an end of a quantity is so many times a usual number, or what of it would be in a range."""
    if usual_range.bounds.low == usual_range.bounds.high and end_name == "value":
        return f"{format_reading_subject(reading)} {_FACTOR_WORDS[factor]} {format_usual_range(usual_range)}"
    number = reading.amount.high if end_name == "high" else reading.amount.low
    as_written = to_amount(reading.value)[:2] == reading.amount[:2]
    end_amount = Amount(number, number, reading.value["unit"] if as_written else reading.amount.unit)
    near = "near " if is_dose_bound(reading) else ""
    part_words = f"{_FACTOR_WORDS[1 / factor]} {'it' if end_name == 'value' else format_amount(end_amount)}, {format_amount(end_amount.multiply(1 / factor))},"
    return f"{format_reading_subject(reading)} not {near}{format_usual_range(usual_range)}; {part_words} would be"


def describe_remedy(reading: DoseReading, usual_range: UsualRange) -> str:
    """Say how an unusual quantity is put right."""
    if reading.other_route_range is None:
        return f"correct it, or the usual dose in {usual_range.record.file}"
    return f"it is {format_usual_range(reading.other_route_range)}: correct the route or the number"


def format_reading_subject(reading: DoseReading) -> str:
    """Say of which quantity something is told: "dose 40 mg is"."""
    return f"{reading.field.name} {reading.text} is"


def format_usual_range(usual_range: UsualRange) -> str:
    """Say which range is meant: "the usual 4 mg of Zometa, intravenous"."""
    return f"the usual {usual_range.text} of {usual_range.record.value.get('label', usual_range.record.id)}"
