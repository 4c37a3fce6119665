"""What is usual of a product: its measures, held against the shared list of usual doses."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.rules.reading.amount import Amount, amount, in_unit, said
from bmkit.rules.reading.lineage import known, related
from bmkit.rules.reading.regimen import DOSES, times_a_day
from bmkit.rules.reading.stated import stated
from bmkit.rules.reading.value import has, quantity_of, text
from bmkit.wording import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.content.record import Part
    from bmkit.schema import Field, Kind

KIND = "dose-range"
_LIMIT = "dose-limit"
# A maximum has no range of its own; it is compared with the doses that it bounds.
_DOSES = {"mass": "dose", "mass-rate": "daily_dose"}
# The fields that say how much at one time and how much in a day, by the kind that has them.
_AMOUNTS = {"dosing": ("dose", "daily_dose"), _LIMIT: ("maximum", "maximum_daily")}
# Of these more is the safe side.
_LASTING = ("infusion_time", "interval")
_DAY = "d"
# Where nothing says into how many doses a day's dose is divided, it may be as many as these.
_MOST_OFTEN = 4


class _Leeway(NamedTuple):
    """By how much the ends of a usual range are to be multiplied."""

    down: Fraction
    up: Fraction


_NONE = _Leeway(Fraction(1), Fraction(1))


class Usual(NamedTuple):
    """A range in which a measure usually lies, out of the record `range_`, and how it is `shown` there."""

    range_: Record
    ends: Amount
    shown: str


class Measure(NamedTuple):
    """A quantity of a product, what it comes to, and the `usual` ranges that it is held against.

    `stated` is the quantity as it stands in the record, or what it comes to in a day where only that can be
    compared; `text` says which.  A limit need not be usual itself, only near to what is: its ranges are twice
    as wide at either end, and those of a bound on its safe side.
    """

    record: Record
    field: Field
    parts: tuple[Part, ...]
    value: dict[str, Any]
    stated: Amount
    text: str
    usual: list[Usual]

    def is_usual(self) -> bool:
        """Say whether the quantity lies in one of the usual ranges."""
        return self.falls_in(self.stated) is not None

    def about(self) -> list[Usual]:
        """Give the ranges in which the number might be meant to lie: of "at most" twice as high ones."""
        if self.stated.is_capped() and self.field.name in DOSES:
            return [_widened(one, _Leeway(Fraction(1), Fraction(2))) for one in self.usual]
        if self.stated.is_open() and self.field.name in _LASTING:
            return [_widened(one, _Leeway(Fraction(1), Fraction(1, 2))) for one in self.usual]
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
    return content.once(_Ranges).of(record, name)


def _outside(content: Content) -> list[Measure]:
    if not any(content.every(KIND)):
        return []
    ranges = content.once(_Ranges)
    derived = (one for one in _derived(content, ranges) if one.usual and not one.is_usual())
    return [*_direct(content, ranges), *derived]


def _direct(content: Content, ranges: _Ranges) -> Iterator[Measure]:
    """Give the unusual ones of the quantities that are stated as the list of usual doses states them."""
    for one in stated(content):
        kind = one.found[0][0].kind
        name = _measure(one.field, content.schemas.kind(KIND)) if kind.name != KIND else ""
        given = amount(one.value)
        leeway = _leeway(kind.name, name, given)
        # A number that many records state of a product is compared with its range once.
        unlike: dict[int, bool] = {}
        for record, parts, value in one.found if name else ():
            usual = ranges.of(record, name, leeway)
            measure = Measure(record, one.field, parts, value, given, bare(value), usual)
            if unlike.setdefault(id(usual), bool(usual) and not measure.is_usual()):
                yield measure


def _derived(content: Content, ranges: _Ranges) -> Iterator[Measure]:
    """Give the doses whose range is stated by day, and the daily doses whose range is stated by dose."""
    for kind, (at_once, daily) in _AMOUNTS.items():
        for record in content.of(kind):
            dose, by_day = quantity_of(record, at_once), quantity_of(record, daily)
            if dose is not None and not ranges.of(record, "dose"):
                yield _dose_of_a_day(record, at_once, dose, ranges)
            elif dose is not None and not has(record, "interval") and times_a_day(record) is not None:
                yield _total(record, at_once, dose, ranges.by_interval(record, dose))
            if by_day is not None and not ranges.of(record, "daily_dose"):
                yield _measured(record, daily, by_day, ranges.by_interval(record, by_day))


def _dose_of_a_day(record: Record, name: str, dose: Amount, ranges: _Ranges) -> Measure:
    leeway = _leeway(record.kind.name, "daily_dose", dose)
    by_day = ranges.of(record, "daily_dose", leeway)
    if record.kind.name != _LIMIT and times_a_day(record) is not None:
        return _total(record, name, dose, by_day)
    usual = [one._replace(ends=one.ends._replace(low=one.ends.low / _MOST_OFTEN)) for one in by_day]
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


class _Ranges:
    """The usual ranges of the products of some content."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._suiting: dict[tuple[str, str, str], list[Record]] = {}
        self._found: dict[tuple[int, str, _Leeway], list[Usual]] = {}

    def of(self, record: Record, name: str, leeway: _Leeway = _NONE) -> list[Usual]:
        """Give the ranges of a measure of a record's product by its route, the same list for the same."""
        suiting = self._of(record)
        key = (id(suiting), name, leeway)
        if key not in self._found:
            named = [one for one in suiting if quantity_of(one, name)]
            usual = [Usual(one, amount(one[name]), bare(one[name])) for one in named]
            # Of a range that is upside down another rule tells; nothing lies in it.
            sound = [one for one in usual if one.ends.low <= one.ends.high]
            self._found[key] = [_widened(one, leeway) for one in sound]
        return self._found[key]

    def by_interval(self, record: Record, given: Amount) -> list[Usual]:
        """Give what the usual doses of a record's product come to in a day, given as often as is usual."""
        found = []
        for one in self.of(record, "dose"):
            interval = quantity_of(one.range_, "interval")
            days = in_unit(interval, _DAY) if interval is not None else None
            shortest, longest = days[:2] if days is not None else (Fraction(1, _MOST_OFTEN), Fraction(1))
            if shortest > 0:
                ends = Amount(one.ends.low / longest, one.ends.high / shortest, f"{one.ends.unit}/{_DAY}")
                often = f" every {bare(one.range_['interval'])}" if days is not None else ""
                usual = Usual(one.range_, ends, f"{one.shown}{often}")
                found.append(_widened(usual, _leeway(record.kind.name, "dose", given)))
        return found

    def _of(self, record: Record) -> list[Record]:
        route = text(record, "route") if "route" in record.kind else ""
        key = (record.folder, text(record, "product"), route)
        if key not in self._suiting:
            whole = self._content.whole(record, KIND, "route")
            ranges = known(self._content, KIND, record) if whole else ()
            self._suiting[key] = [one for one in ranges if self._suits(one, record, route)]
        return self._suiting[key]

    def _suits(self, range_: Record, record: Record, route: str) -> bool:
        """Say whether a range is of the record's product and, where both have one, route."""
        if not text(record, "product") or text(range_, "product") != text(record, "product"):
            return False
        usual = text(range_, "route")
        return not route or not usual or related(self._content, "route", route, usual, record)


def _leeway(kind: str, name: str, given: Amount) -> _Leeway:
    """Say how far a quantity may lie from a usual range.

    A limit lies about what is usual; "at most 3 mg" may be less, and "at least 30 minutes" more, but not
    the other way round: nobody is safe with "at most 8 mg" where 4 mg is usual.
    """
    down = kind == _LIMIT or (given.is_capped() and name in DOSES)
    up = kind == _LIMIT or (given.is_open() and name in _LASTING)
    return _Leeway(Fraction(1, 2) if down else Fraction(1), Fraction(2) if up else Fraction(1))


def _widened(usual: Usual, leeway: _Leeway) -> Usual:
    """Give the range about a usual one in which a bound or a limit of it lies."""
    ends = usual.ends
    return usual._replace(ends=ends._replace(low=ends.low * leeway.down, high=ends.high * leeway.up))


def _measure(field: Field, ranges: Kind) -> str:
    """Give the field of the ranges that a quantity is to be compared with, "" if there is none."""
    if len(field.path) > 1:
        return ""
    for name in (field.name, _DOSES.get(field.dimension, "")):
        if name in ranges and ranges.field(name).dimension == field.dimension:
            return name
    return ""
