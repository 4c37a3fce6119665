"""How big patients may be: what is possible at all of their age, where nothing is said of their weight."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.medication.populations import AGE, BODY_SURFACE, BODY_WEIGHT, find_size_traits

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.rules.derived.amounts import Amount

Sizes = tuple[Fraction, Fraction]
"""The smallest and the biggest that patients may be."""

_ADULT_AGE = 18


class _Measure(NamedTuple):
    """How much there may be: of adults, and by the age in years, of the youngest and the oldest."""

    sort: str
    unit: str
    of_adults: Sizes
    least: Fraction
    least_by_age: tuple[tuple[int, Fraction], ...]
    most_by_age: tuple[tuple[int, Fraction], ...]


_WEIGHT = _Measure(
    BODY_WEIGHT,
    "kg",
    (Fraction(30), Fraction(250)),
    Fraction(4, 10),
    ((12, Fraction(20)), (2, Fraction(8)), (1, Fraction(6))),
    ((1, Fraction(16)), (5, Fraction(35)), (12, Fraction(90))),
)
_SURFACE = _Measure(
    BODY_SURFACE,
    "m2",
    (Fraction(1), Fraction(3)),
    Fraction(1, 20),
    ((12, Fraction(7, 10)), (2, Fraction(4, 10)), (1, Fraction(3, 10))),
    ((1, Fraction(7, 10)), (5, Fraction(1)), (12, Fraction(2))),
)


def find_body_weights(record: Record, content: Content) -> Sizes:
    """Return what the patients of a record may weigh, in kg: adults, where nothing is said of them."""
    return _find_sizes(record, content, _WEIGHT)


def find_body_surfaces(record: Record, content: Content) -> Sizes:
    """Return what body surface the patients of a record may have, in m2."""
    return _find_sizes(record, content, _SURFACE)


def scale_to_body(amount: Amount, record: Record, content: Content) -> Amount | None:
    """Return how much an amount by body weight or surface is for the patients of a record, however big.

    None if it is not by the body.
    """
    parts = amount.unit.split("/")
    for per_body, find_sizes in (("kg", find_body_weights), ("m2", find_body_surfaces)):
        if per_body in parts[1:]:
            smallest, biggest = find_sizes(record, content)
            parts.remove(per_body)
            return amount._replace(
                low=amount.low * smallest, high=amount.high * biggest, unit="/".join(parts), dimension=""
            )
    return None


def _find_sizes(record: Record, content: Content, measure: _Measure) -> Sizes:
    smallest, biggest = measure.of_adults
    for trait in find_size_traits(record, content):
        if trait.band is None:
            continue
        if trait.sort == measure.sort:
            low, high = trait.band.convert_ends(measure.unit)
            return (low if low is not None else measure.least, high if high is not None else biggest)
        if trait.sort == AGE:
            low, high = trait.band.convert_ends("a")
            if low is None or low < _ADULT_AGE:
                smallest = next(
                    (size for age, size in measure.least_by_age if low is not None and low >= age),
                    measure.least,
                )
            biggest = next(
                (size for age, size in measure.most_by_age if high is not None and high <= age), biggest
            )
    return smallest, biggest
