"""The shared list of usual doses, and the quantities of a product outside it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.amounts import (
    Amount,
    convert_to,
    find_quantity,
    find_stated_quantities,
    find_text,
    format_amount,
    has_value,
    lies_within,
    name_upper_end,
    to_amount,
)
from bmkit.rules.derived.hierarchy import are_related, iter_visible_records
from bmkit.rules.medication.regimens import DAY_UNIT, DOSE_FIELDS, find_doses_per_day
from bmkit.wording import format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart, Place
    from bmkit.schema import Field, Kind

USUAL_DOSE_KIND = "usual-dose"
DOSE_LIMIT_KIND = "dose-limit"
# Fields of which more is the safe side.
_LONGER_IS_SAFER_FIELDS = ("administration_time", "interval")
# A daily dose may be divided into this many doses if nothing states how many.
_MAX_DOSES_PER_DAY = 4
# A maximum has no range of its own; it is compared with the doses that it bounds.
_DOSE_FIELD_BY_DIMENSION = {"mass": "dose", "dose": "dose", "dose-or-rate": "dose", "mass-rate": "daily_dose"}
# The fields for the amount at one time and in a day, by kind.
_AMOUNT_FIELDS = {"regimen": ("dose", "daily_dose"), DOSE_LIMIT_KIND: ("maximum", "maximum_daily")}


class Leeway(NamedTuple):
    """The factors by which the ends of a usual range are multiplied."""

    low_factor: Fraction
    high_factor: Fraction


_NO_LEEWAY = Leeway(Fraction(1), Fraction(1))


class UsualRange(NamedTuple):
    """A usual range, the record of the list that states it, and its text there.

    `is_range` is whether that text has two numbers; the bounds may be wider than the text.
    """

    record: Record
    bounds: Amount
    text: str
    is_range: bool


class UsualRanges:
    """The usual ranges of the products of content, or those by other routes than its records have."""

    def __init__(self, content: Content, *, is_other_route: bool = False) -> None:
        self._content = content
        self._is_other_route = is_other_route
        self._records_by_product: dict[tuple[str, str, str], list[Record]] = {}
        self._ranges_by_measure: dict[tuple[int, str, Leeway], list[UsualRange]] = {}

    def find_ranges(self, record: Record, field_name: str, leeway: Leeway = _NO_LEEWAY) -> list[UsualRange]:
        """Return the usual ranges of a field of a record's product by its route, one list for each."""
        range_records = self._find_range_records(record)
        key = (id(range_records), field_name, leeway)
        if key not in self._ranges_by_measure:
            stating_records = [
                range_record for range_record in range_records if find_quantity(range_record, field_name)
            ]
            usual_ranges = [
                UsualRange(
                    range_record,
                    to_amount(range_record[field_name], range_record.kind.get_field(field_name).dimension),
                    format_without_comparator(range_record[field_name]),
                    "low" in range_record[field_name],
                )
                for range_record in stating_records
            ]
            # An inverted range breaks another rule; nothing lies in it.
            sound_ranges = [
                usual_range
                for usual_range in usual_ranges
                if usual_range.bounds.low <= usual_range.bounds.high
            ]
            self._ranges_by_measure[key] = [widen_range(usual_range, leeway) for usual_range in sound_ranges]
        return self._ranges_by_measure[key]

    def find_daily_ranges(self, record: Record, amount: Amount) -> list[UsualRange]:
        """Return the daily totals of the usual doses of a record's product, at the usual frequency."""
        daily_ranges = []
        for usual_range in self.find_ranges(record, "dose"):
            interval = find_quantity(usual_range.record, "interval")
            days = convert_to(interval, DAY_UNIT) if interval is not None else None
            shortest, longest = (
                days[:2] if days is not None else (Fraction(1, _MAX_DOSES_PER_DAY), Fraction(1))
            )
            if shortest > 0:
                bounds = Amount(
                    usual_range.bounds.low / longest,
                    usual_range.bounds.high / shortest,
                    f"{usual_range.bounds.unit}/{DAY_UNIT}",
                )
                daily_text = (
                    f"{usual_range.text} every {format_without_comparator(usual_range.record['interval'])}"
                    if days is not None
                    else format_amount(bounds)
                )
                is_range = usual_range.is_range if days is not None else bounds.low != bounds.high
                daily_range = UsualRange(usual_range.record, bounds, daily_text, is_range)
                daily_ranges.append(widen_range(daily_range, find_leeway(record.kind.name, "dose", amount)))
        return daily_ranges

    def _find_range_records(self, record: Record) -> list[Record]:
        route = find_text(record, "route") if "route" in record.kind else ""
        key = (record.folder, find_text(record, "product"), route)
        if key not in self._records_by_product:
            is_every_range_known = self._content.is_complete(record, USUAL_DOSE_KIND, "route")
            range_records = (
                iter_visible_records(self._content, USUAL_DOSE_KIND, record) if is_every_range_known else ()
            )
            self._records_by_product[key] = [
                range_record
                for range_record in range_records
                if self._is_suitable(range_record, record, route)
            ]
        return self._records_by_product[key]

    def _is_suitable(self, range_record: Record, record: Record, route: str) -> bool:
        """Return whether a range is of the record's product and, if both have one, of its route."""
        if not find_text(record, "product") or find_text(range_record, "product") != find_text(
            record, "product"
        ):
            return False
        usual_route = find_text(range_record, "route")
        if not route or not usual_route:
            return not self._is_other_route
        return are_related(self._content, "route", route, usual_route, record) is not self._is_other_route


def find_leeway(kind_name: str, field_name: str, amount: Amount) -> Leeway:
    """Return how far a quantity may lie outside a usual range.

    A limit may lie on either side of what is usual.  "At most 3 mg" may be less and "at least 30 minutes"
    more than is usual, but not the other way round: "at most 8 mg" is unsafe where 4 mg is usual.
    """
    can_be_lower = kind_name == DOSE_LIMIT_KIND or (amount.is_capped() and field_name in DOSE_FIELDS)
    can_be_higher = kind_name == DOSE_LIMIT_KIND or (
        amount.is_open() and field_name in _LONGER_IS_SAFER_FIELDS
    )
    return Leeway(
        Fraction(1, 2) if can_be_lower else Fraction(1), Fraction(2) if can_be_higher else Fraction(1)
    )


def widen_range(usual_range: UsualRange, leeway: Leeway) -> UsualRange:
    """Return a usual range, widened for a bound or a limit."""
    bounds = usual_range.bounds
    return usual_range._replace(
        bounds=bounds._replace(low=bounds.low * leeway.low_factor, high=bounds.high * leeway.high_factor)
    )


class DoseReading(NamedTuple):
    """A quantity of a product, the amount it means, and the usual ranges that it is compared with.

    `amount` is the quantity itself, or the daily total where only that can be compared; `text` states which.
    `other_route_range` is a usual range of another route that a dose lies in, if it lies in none of its own
    route.  A limit need only be near what is usual: its ranges are twice as wide at either end, those of a
    bound twice as wide on its safe side.
    """

    record: Record
    field: Field
    parts: tuple[PathPart, ...]
    value: dict[str, Any]
    amount: Amount
    text: str
    usual_ranges: list[UsualRange]
    other_route_range: UsualRange | None = None

    @property
    def place(self) -> Place:
        """The upper end of the quantity."""
        return self.record.locate_field(*self.parts, name_upper_end(self.value))

    def is_usual(self) -> bool:
        """Return whether the quantity lies in one of the usual ranges."""
        return self.find_range(self.amount) is not None

    def find_meant_ranges(self) -> list[UsualRange]:
        """Return the ranges in which the number may be meant to lie: for "at most", twice as high."""
        if self.amount.is_capped() and self.field.name in DOSE_FIELDS:
            return [
                widen_range(usual_range, Leeway(Fraction(1), Fraction(2)))
                for usual_range in self.usual_ranges
            ]
        if self.amount.is_open() and self.field.name in _LONGER_IS_SAFER_FIELDS:
            return [
                widen_range(usual_range, Leeway(Fraction(1), Fraction(1, 2)))
                for usual_range in self.usual_ranges
            ]
        return self.usual_ranges

    def find_range(self, amount: Amount, usual_ranges: list[UsualRange] | None = None) -> UsualRange | None:
        """Return the usual range that an amount lies in, None if there is none."""
        for usual_range in self.usual_ranges if usual_ranges is None else usual_ranges:
            if lies_within(amount, usual_range.bounds):
                return usual_range
        return None


@per_content
def _index_usual_ranges(content: Content) -> UsualRanges:
    return UsualRanges(content)


def find_usual_ranges(record: Record, field_name: str, content: Content) -> list[UsualRange]:
    """Return the usual ranges of a field of a record's product by its route."""
    return _index_usual_ranges(content).find_ranges(record, field_name)


@per_content
def find_unusual_readings(content: Content) -> list[DoseReading]:
    """Return every quantity of a product that lies in none of its usual ranges."""
    if not any(content.iter_reachable_records(USUAL_DOSE_KIND)):
        return []
    ranges = _index_usual_ranges(content)
    derived_readings = (
        reading
        for reading in _iter_derived_readings(content, ranges)
        if reading.usual_ranges and not reading.is_usual()
    )
    other_ranges = UsualRanges(content, is_other_route=True)
    return [
        reading._replace(other_route_range=_find_other_route_range(reading, other_ranges))
        for reading in (*_iter_direct_readings(content, ranges), *derived_readings)
    ]


def _find_other_route_range(reading: DoseReading, other_ranges: UsualRanges) -> UsualRange | None:
    """Return the range of another route in which a dose is usual, None if there is none."""
    record, field_name = reading.record, reading.field.name
    # A limit is not a dose: the usual doses by another route do not explain it.
    if (
        field_name not in _AMOUNT_FIELDS.get(record.kind.name, ())
        or record.kind.name == DOSE_LIMIT_KIND
        or reading.amount.is_bounded()
    ):
        return None
    direct_reading = reading._replace(
        amount=to_amount(reading.value, reading.field.dimension),
        usual_ranges=other_ranges.find_ranges(record, field_name),
    )
    derived_readings = (
        derived_reading
        for derived_reading in _iter_record_readings(record, other_ranges)
        if derived_reading.field.name == field_name
    )
    return next(
        (
            usual_range
            for candidate in (direct_reading, *derived_readings)
            if (usual_range := candidate.find_range(candidate.amount))
        ),
        None,
    )


def _iter_direct_readings(content: Content, ranges: UsualRanges) -> Iterator[DoseReading]:
    """Yield the unusual quantities of fields that the list of usual doses has too."""
    for quantity in find_stated_quantities(content):
        kind = quantity.occurrences[0][0].kind
        range_field = (
            _find_range_field(quantity.field, content.schemas.get_kind(USUAL_DOSE_KIND))
            if kind.name != USUAL_DOSE_KIND
            else ""
        )
        amount = to_amount(quantity.value, quantity.field.dimension)
        leeway = find_leeway(kind.name, range_field, amount)
        # A number that many records state for a product is compared with its range once.
        is_unusual_by_ranges: dict[int, bool] = {}
        for record, parts, value in quantity.occurrences if range_field else ():
            usual_ranges = ranges.find_ranges(record, range_field, leeway)
            reading = DoseReading(
                record, quantity.field, parts, value, amount, format_without_comparator(value), usual_ranges
            )
            if is_unusual_by_ranges.setdefault(
                id(usual_ranges), bool(usual_ranges) and not reading.is_usual()
            ):
                yield reading


def _iter_derived_readings(content: Content, ranges: UsualRanges) -> Iterator[DoseReading]:
    """Yield the doses with a usual range by day, and the daily doses with a usual range by dose."""
    for kind_name in _AMOUNT_FIELDS:
        for record in content.list_records(kind_name):
            yield from _iter_record_readings(record, ranges)


def _iter_record_readings(record: Record, ranges: UsualRanges) -> Iterator[DoseReading]:
    dose_field, daily_field = _AMOUNT_FIELDS[record.kind.name]
    dose, daily_dose = find_quantity(record, dose_field), find_quantity(record, daily_field)
    if dose is not None and not ranges.find_ranges(record, "dose"):
        yield _make_daily_dose_reading(record, dose_field, dose, ranges)
    elif dose is not None and not has_value(record, "interval") and find_doses_per_day(record) is not None:
        yield _make_total_reading(record, dose_field, dose, ranges.find_daily_ranges(record, dose))
    if daily_dose is not None and not ranges.find_ranges(record, "daily_dose"):
        yield _make_reading(record, daily_field, daily_dose, ranges.find_daily_ranges(record, daily_dose))


def _make_daily_dose_reading(
    record: Record, field_name: str, dose: Amount, ranges: UsualRanges
) -> DoseReading:
    leeway = find_leeway(record.kind.name, "daily_dose", dose)
    daily_ranges = ranges.find_ranges(record, "daily_dose", leeway)
    if record.kind.name != DOSE_LIMIT_KIND and find_doses_per_day(record) is not None:
        return _make_total_reading(record, field_name, dose, daily_ranges)
    usual_ranges = [
        usual_range._replace(
            bounds=usual_range.bounds._replace(low=usual_range.bounds.low / _MAX_DOSES_PER_DAY)
        )
        for usual_range in daily_ranges
    ]
    return _make_reading(record, field_name, dose._replace(unit=f"{dose.unit}/{DAY_UNIT}"), usual_ranges)


def _make_total_reading(
    record: Record, field_name: str, dose: Amount, usual_ranges: list[UsualRange]
) -> DoseReading:
    """Return the daily total of doses; if it can be more or less, the usual one of them."""
    least, most = find_doses_per_day(record) or (Fraction(1), Fraction(1))
    totals = [
        dose.multiply(times_per_day, f"{dose.unit}/{DAY_UNIT}")
        for times_per_day in dict.fromkeys((most, least))
        if times_per_day
    ]
    readings = [
        _make_reading(record, field_name, total, usual_ranges) for total in totals or [dose.multiply(most)]
    ]
    return next((reading for reading in readings if reading.is_usual()), readings[0])


def _make_reading(
    record: Record, field_name: str, amount: Amount, usual_ranges: list[UsualRange]
) -> DoseReading:
    field, value = record.kind.get_field(field_name), record.value[field_name]
    written_amount = to_amount(value)
    is_total = amount.unit != value["unit"] and amount[:2] != written_amount[:2]
    text = (
        f"{format_without_comparator(value)}, {format_amount(amount)} in all,"
        if is_total
        else format_without_comparator(value)
    )
    return DoseReading(record, field, (field_name,), value, amount, text, usual_ranges)


def _find_range_field(field: Field, range_kind: Kind) -> str:
    """Return the field of the usual ranges that a quantity is compared with, "" if there is none."""
    if len(field.path) > 1:
        return ""
    dose_field = _DOSE_FIELD_BY_DIMENSION.get(field.dimension, "")
    for name in (field.name, dose_field):
        if name not in range_kind:
            continue
        dimension = range_kind.get_field(name).dimension
        # The members of one group are comparable with those of a smaller one.
        is_of_doses = dose_field == "dose" == _DOSE_FIELD_BY_DIMENSION.get(dimension)
        if is_of_doses or dimension == field.dimension:
            return name
    return ""
