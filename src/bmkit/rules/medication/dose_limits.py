"""The highest doses that are stated of a product, and which of them an amount exceeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.amounts import Amount, in_unit, said
from bmkit.rules.derived.value import quantity_of, text
from bmkit.rules.medication.populations import closest
from bmkit.rules.medication.regimens import of_same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

MAXIMA = ("maximum", "maximum_daily")
"""The fields of a limit that say how much may be given."""
_BY_DAY = "/d"


class Exceeded(NamedTuple):
    """A limit that an amount exceeds, and its maximum in the unit of the amount."""

    limit: Record
    most: Amount

    def said(self, given: Amount) -> str:
        """Say how the amount exceeds it: "is above the maximum of 6 mg that … states"."""
        maximum = f'the maximum of {said(self.most)} that "{self.limit.id}" states'
        if given.is_open():
            return f"has no upper end below {maximum}"
        return f"is {'above' if given.high > self.most.high else 'not below'} {maximum}"


def exceeded(record: Record, given: Amount, content: Content) -> Exceeded | None:
    """Give the limit that an amount of a regimen exceeds, None if it exceeds none."""
    limits = [
        Exceeded(limit, most)
        for limit in of_same(record, content, "dose-limit")
        for most in _maxima(limit, given.unit)
    ]
    # Without the limit for these patients another one would be held against them.
    if not limits or not content.whole(record, "dose-limit", "population", "condition", "route"):
        return None
    # A limit by day for some patients leaves the limit at one time for all as it is.
    by_period: dict[str, list[Record]] = {}
    for one in limits:
        by_period.setdefault(text(one.limit, "per"), []).append(one.limit)
    own = [limit for some in by_period.values() for limit in closest(some, record, content)]
    for one in limits:
        if one.limit in own and _is_above(given, one.most):
            return one
    highest = max(limits, key=lambda one: one.most.high)
    least = given._replace(high=given.low)
    return highest if not own and _is_above(least, highest.most) else None


def is_maximum(record: Record, given: Amount, content: Content) -> bool:
    """Say whether "at most so much" of a regimen is, or may be, what a limit of the product says."""
    if not given.is_capped():
        return False
    limits = of_same(record, content, "dose-limit")
    return not content.whole(record, "dose-limit") or any(
        given[:3] == most[:3] for limit in limits for most in _maxima(limit, given.unit)
    )


def _is_above(given: Amount, most: Amount) -> bool:
    """Say whether an amount goes above a maximum, or reaches one that it must stay below.

    "More than 4 g" goes as far above its number as anyone likes, so the number must be less than the maximum.
    """
    if given.is_open() or (most.comparator == "<" and given.comparator != "<"):
        return given.high >= most.high
    return given.high > most.high


def _maxima(limit: Record, unit: str) -> Iterator[Amount]:
    """Give what a limit allows, in the unit of a dose or of a daily dose; one dose is a day's at least."""
    for name in MAXIMA:
        most = quantity_of(limit, name)
        if most is not None:
            is_daily = name == "maximum_daily" or text(limit, "per") == "per day"
            plain = most._replace(unit=most.unit.removesuffix(_BY_DAY))
            # What may be given at one time says nothing of what may be given in a day.
            by_day = unit.endswith(_BY_DAY)
            turned = in_unit(plain, unit.removesuffix(_BY_DAY)) if is_daily or not by_day else None
            if turned is not None:
                yield turned._replace(unit=unit)
