"""What is usual of a product: its measures, held against the shared list of usual doses."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.rules.derived.amounts import Amount, amount, in_unit, said
from bmkit.rules.derived.stated import stated
from bmkit.rules.derived.value import has, quantity_of
from bmkit.rules.medication.ranges import (
    KIND,
    LASTING,
    LIMIT,
    MOST_OFTEN,
    Leeway,
    Ranges,
    Usual,
    leeway,
    widened,
)
from bmkit.rules.medication.regimens import DOSES, times_a_day
from bmkit.wording import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.content.record import Part
    from bmkit.schema import Field, Kind

# A maximum has no range of its own; it is compared with the doses that it bounds.
_DOSES = {"mass": "dose", "mass-rate": "daily_dose"}
# The fields that say how much at one time and how much in a day, by the kind that has them.
_AMOUNTS = {"dosing": ("dose", "daily_dose"), LIMIT: ("maximum", "maximum_daily")}
_DAY = "d"


class Measure(NamedTuple):
    """A quantity of a product, what it comes to, and the `usual` ranges that it is held against.

    `stated` is the quantity as it stands in the record, or what it comes to in a day where only that can be
    compared; `text` says which.  `elsewhere` is the range of another route of the product that a dose lies in
    that is in none of `usual`.  A limit need not be usual itself, only near to what is: its ranges are twice
    as wide at either end, and those of a bound on its safe side.
    """

    record: Record
    field: Field
    parts: tuple[Part, ...]
    value: dict[str, Any]
    stated: Amount
    text: str
    usual: list[Usual]
    elsewhere: Usual | None = None

    def is_usual(self) -> bool:
        """Say whether the quantity lies in one of the usual ranges."""
        return self.falls_in(self.stated) is not None

    def about(self) -> list[Usual]:
        """Give the ranges in which the number might be meant to lie: of "at most" twice as high ones."""
        if self.stated.is_capped() and self.field.name in DOSES:
            return [widened(one, Leeway(Fraction(1), Fraction(2))) for one in self.usual]
        if self.stated.is_open() and self.field.name in LASTING:
            return [widened(one, Leeway(Fraction(1), Fraction(1, 2))) for one in self.usual]
        return self.usual

    def falls_in(self, stated: Amount, usual: list[Usual] | None = None) -> Usual | None:
        """Give the usual range that an amount lies in, None if there is none."""
        for one in self.usual if usual is None else usual:
            turned = in_unit(stated, one.ends.unit)
            if turned is not None and turned.within(one.ends):
                return one
        return None


def outside_usual(content: Content) -> list[Measure]:
    """Give every quantity of a product that lies in none of the usual ranges that are known for it."""
    return content.once(_outside)


def usual_of(record: Record, name: str, content: Content) -> list[Usual]:
    """Give what is usual of a measure of a record's product by its route."""
    return content.once(Ranges).of(record, name)


def _outside(content: Content) -> list[Measure]:
    if not any(content.every(KIND)):
        return []
    ranges = content.once(Ranges)
    derived = (one for one in _derived(content, ranges) if one.usual and not one.is_usual())
    others = Ranges(content, is_other=True)
    return [one._replace(elsewhere=_elsewhere(one, others)) for one in (*_direct(content, ranges), *derived)]


def _elsewhere(one: Measure, others: Ranges) -> Usual | None:
    """Give the range of another route in which a dose is usual, None if there is none."""
    record, name = one.record, one.field.name
    # A limit lies where doses should not be: what is usual by another route says nothing of it.
    if name not in _AMOUNTS.get(record.kind.name, ()) or record.kind.name == LIMIT or one.stated.bounded():
        return None
    asked = one._replace(stated=amount(one.value), usual=others.of(record, name))
    derived = (other for other in _of_record(record, others) if other.field.name == name)
    return next((found for each in (asked, *derived) if (found := each.falls_in(each.stated))), None)


def _direct(content: Content, ranges: Ranges) -> Iterator[Measure]:
    """Give the unusual ones of the quantities that are stated as the list of usual doses states them."""
    for one in stated(content):
        kind = one.found[0][0].kind
        name = _measure(one.field, content.schemas.kind(KIND)) if kind.name != KIND else ""
        given = amount(one.value)
        room = leeway(kind.name, name, given)
        # A number that many records state of a product is compared with its range once.
        unlike: dict[int, bool] = {}
        for record, parts, value in one.found if name else ():
            usual = ranges.of(record, name, room)
            measure = Measure(record, one.field, parts, value, given, bare(value), usual)
            if unlike.setdefault(id(usual), bool(usual) and not measure.is_usual()):
                yield measure


def _derived(content: Content, ranges: Ranges) -> Iterator[Measure]:
    """Give the doses whose range is stated by day, and the daily doses whose range is stated by dose."""
    for kind in _AMOUNTS:
        for record in content.of(kind):
            yield from _of_record(record, ranges)


def _of_record(record: Record, ranges: Ranges) -> Iterator[Measure]:
    at_once, daily = _AMOUNTS[record.kind.name]
    dose, by_day = quantity_of(record, at_once), quantity_of(record, daily)
    if dose is not None and not ranges.of(record, "dose"):
        yield _dose_of_a_day(record, at_once, dose, ranges)
    elif dose is not None and not has(record, "interval") and times_a_day(record) is not None:
        yield _total(record, at_once, dose, ranges.by_interval(record, dose))
    if by_day is not None and not ranges.of(record, "daily_dose"):
        yield _measured(record, daily, by_day, ranges.by_interval(record, by_day))


def _dose_of_a_day(record: Record, name: str, dose: Amount, ranges: Ranges) -> Measure:
    room = leeway(record.kind.name, "daily_dose", dose)
    by_day = ranges.of(record, "daily_dose", room)
    if record.kind.name != LIMIT and times_a_day(record) is not None:
        return _total(record, name, dose, by_day)
    usual = [one._replace(ends=one.ends._replace(low=one.ends.low / MOST_OFTEN)) for one in by_day]
    return _measured(record, name, dose._replace(unit=f"{dose.unit}/{_DAY}"), usual)


def _total(record: Record, name: str, dose: Amount, usual: list[Usual]) -> Measure:
    """Give what doses come to in a day; where that may be more or less, what is usual of it."""
    least, most = times_a_day(record) or (Fraction(1), Fraction(1))
    totals = [dose.times(times, f"{dose.unit}/{_DAY}") for times in dict.fromkeys((most, least)) if times]
    measures = [_measured(record, name, total, usual) for total in totals or [dose.times(most)]]
    return next((one for one in measures if one.is_usual()), measures[0])


def _measured(record: Record, name: str, given: Amount, usual: list[Usual]) -> Measure:
    field, value = record.kind.field(name), record.value[name]
    written = amount(value)
    is_total = given.unit != value["unit"] and given[:2] != written[:2]
    words = f"{bare(value)}, {said(given)} in all," if is_total else bare(value)
    return Measure(record, field, (name,), value, given, words, usual)


def _measure(field: Field, ranges: Kind) -> str:
    """Give the field of the ranges that a quantity is to be compared with, "" if there is none."""
    if len(field.path) > 1:
        return ""
    for name in (field.name, _DOSES.get(field.dimension, "")):
        if name in ranges and ranges.field(name).dimension == field.dimension:
            return name
    return ""
