"""Slips of the keyboard: what explains that a quantity is not what is usual."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.rules.derived.amounts import in_unit
from bmkit.rules.medication.ranges import LIMIT, Usual
from bmkit.rules.medication.usual_doses import Measure, outside_usual

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content
    from bmkit.content.record import Part

TENS = {
    Fraction(10): "ten times",
    Fraction(1, 10): "a tenth of",
    Fraction(100): "a hundred times",
    Fraction(1, 100): "a hundredth of",
}
# So many times the usual, or so small a part of it, is a mistake whatever the digits are.
_FAR = 10
THOUSANDS = {Fraction(1000): "a thousand times", Fraction(1, 1000): "a thousandth of"}
"""What slips multiply a quantity with, and words for it."""


def told(content: Content) -> list[Measure]:
    """Give the unusual quantities; of a dose and what it comes to in a day the one that is more amiss."""
    found: dict[tuple[int, tuple[Part, ...]], Measure] = {}
    for one in outside_usual(content):
        first = found.setdefault((id(one.record), one.parts), one)
        if first is not one and is_error(one) and not is_error(first):
            found[id(one.record), one.parts] = one
    return list(found.values())


def is_bound(one: Measure) -> bool:
    """Say whether a quantity bounds doses, and lies where they should not be."""
    return one.record.kind.name == LIMIT or one.stated.bounded()


def is_error(one: Measure) -> bool:
    """Say whether a quantity cannot be right, whatever its product is used for."""
    return one.elsewhere is not None or is_far(one) or is_slip(one)


def is_slip(one: Measure) -> bool:
    """Say whether a slip of a decimal point or unit explains the quantity; of that another rule tells."""
    return bool(other_unit(one) or multiple(one, TENS) or multiple(one, THOUSANDS))


def is_far(one: Measure) -> bool:
    """Say whether an end of the quantity is ten times that of every range, or a tenth of it."""
    turned = [(in_unit(one.stated, usual.ends.unit), usual.ends) for usual in one.usual]
    known = [(mine, ends) for mine, ends in turned if mine is not None]
    return bool(known) and all(
        mine.high >= _FAR * ends.high or mine.low <= ends.low / _FAR for mine, ends in known
    )


def multiple(one: Measure, factors: Iterable[Fraction]) -> tuple[str, Fraction, Usual] | None:
    """Give the end of a quantity that a factor leads to from the usual range, the factor, and the range."""
    names = ("value",) if "value" in one.value else ("low", "high")
    for name, number in zip(names, (one.stated.low, one.stated.high), strict=False):
        end = one.stated._replace(low=number, high=number)
        for factor in factors if not one.falls_in(end) else ():
            found = one.falls_in(end.times(1 / factor), one.about())
            if found:
                return name, factor, found
    return None


def other_unit(one: Measure) -> Usual | None:
    """Give the usual range in which the numbers would lie if they had its unit."""
    for usual in one.about():
        unit = usual.ends.unit
        if unit != one.stated.unit and one.stated._replace(unit=unit).within(usual.ends):
            return usual
    return None
