"""What is said of quantities that are not what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.derived.amounts import Amount, amount, said
from bmkit.rules.medication.slips import TENS, THOUSANDS, is_bound

if TYPE_CHECKING:
    from fractions import Fraction

    from bmkit.rules.medication.ranges import Usual
    from bmkit.rules.medication.usual_doses import Measure

_WORDS = {**TENS, **THOUSANDS}


def times_words(one: Measure, end: str, factor: Fraction, usual: Usual) -> str:
    """Say that an end of a quantity is so many times a usual number, or what of it would be in a range."""
    if usual.ends.low == usual.ends.high and end == "value":
        return f"{is_words(one)} {_WORDS[factor]} {usual_words(usual)}"
    number = one.stated.high if end == "high" else one.stated.low
    as_written = amount(one.value)[:2] == one.stated[:2]
    whole = Amount(number, number, one.value["unit"] if as_written else one.stated.unit)
    near = "near " if is_bound(one) else ""
    part = f"{_WORDS[1 / factor]} {'it' if end == 'value' else said(whole)}, {said(whole.times(1 / factor))},"
    return f"{is_words(one)} not {near}{usual_words(usual)}; {part} would be"


def remedy(one: Measure, usual: Usual) -> str:
    """Say how an unusual quantity is put right."""
    if one.elsewhere is None:
        return f"correct it, or the usual dose in {usual.range_.file}"
    return f"it is {usual_words(one.elsewhere)}: correct the route or the number"


def is_words(one: Measure) -> str:
    """Say of which quantity something is told: "dose 40 mg is"."""
    return f"{one.field.name} {one.text} is"


def usual_words(usual: Usual) -> str:
    """Say which range is meant: "the usual 4 mg of Zometa, intravenous"."""
    return f"the usual {usual.shown} of {usual.range_.value.get('label', usual.range_.id)}"
