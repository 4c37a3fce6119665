"""The list of usual doses: the ranges that a quantity is held against, and how near to them it may lie."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.amounts import Amount, convert_to, format_amount, to_amount
from bmkit.rules.derived.hierarchy import are_related, iter_visible_records
from bmkit.rules.derived.value import find_quantity, find_text
from bmkit.rules.medication.regimens import DOSE_FIELDS
from bmkit.wording import format_without_comparator

if TYPE_CHECKING:
    from bmkit.content import Content, Record

DOSE_RANGE_KIND = "dose-range"
DOSE_LIMIT_KIND = "dose-limit"
# Of these more is the safe side.
LONGER_IS_SAFER_FIELDS = ("infusion_time", "interval")
_DAY_UNIT = "d"
# Where nothing says into how many doses a day's dose is divided, it may be as many as these.
MAX_DOSES_PER_DAY = 4


class Leeway(NamedTuple):
    """By how much the ends of a usual range are to be multiplied."""

    low_factor: Fraction
    high_factor: Fraction


NO_LEEWAY = Leeway(Fraction(1), Fraction(1))


class UsualRange(NamedTuple):
    """A range in which a measure usually lies, out of the record `range_`, and how it is `shown` there."""

    record: Record
    bounds: Amount
    text: str


class UsualRanges:
    """The usual ranges of the products of some content, or those by other routes than its records have."""

    def __init__(self, content: Content, *, is_other_route: bool = False) -> None:
        self._content = content
        self._is_other_route = is_other_route
        self._records_by_product: dict[tuple[str, str, str], list[Record]] = {}
        self._ranges_by_measure: dict[tuple[int, str, Leeway], list[UsualRange]] = {}

    def find_ranges(self, record: Record, field_name: str, leeway: Leeway = NO_LEEWAY) -> list[UsualRange]:
        """Give the ranges of a measure of a record's product by its route, the same list for the same."""
        range_records = self._find_range_records(record)
        key = (id(range_records), field_name, leeway)
        if key not in self._ranges_by_measure:
            stating_records = [
                range_record for range_record in range_records if find_quantity(range_record, field_name)
            ]
            usual_ranges = [
                UsualRange(
                    range_record,
                    to_amount(range_record[field_name]),
                    format_without_comparator(range_record[field_name]),
                )
                for range_record in stating_records
            ]
            # Of a range that is upside down another rule tells; nothing lies in it.
            sound_ranges = [
                usual_range
                for usual_range in usual_ranges
                if usual_range.bounds.low <= usual_range.bounds.high
            ]
            self._ranges_by_measure[key] = [widen_range(usual_range, leeway) for usual_range in sound_ranges]
        return self._ranges_by_measure[key]

    def find_daily_ranges(self, record: Record, amount: Amount) -> list[UsualRange]:
        """Give what the usual doses of a record's product come to in a day, given as often as is usual."""
        daily_ranges = []
        for usual_range in self.find_ranges(record, "dose"):
            interval = find_quantity(usual_range.record, "interval")
            days = convert_to(interval, _DAY_UNIT) if interval is not None else None
            shortest, longest = (
                days[:2] if days is not None else (Fraction(1, MAX_DOSES_PER_DAY), Fraction(1))
            )
            if shortest > 0:
                bounds = Amount(
                    usual_range.bounds.low / longest,
                    usual_range.bounds.high / shortest,
                    f"{usual_range.bounds.unit}/{_DAY_UNIT}",
                )
                daily_text = (
                    f"{usual_range.text} every {format_without_comparator(usual_range.record['interval'])}"
                    if days is not None
                    else format_amount(bounds)
                )
                daily_range = UsualRange(usual_range.record, bounds, daily_text)
                daily_ranges.append(widen_range(daily_range, find_leeway(record.kind.name, "dose", amount)))
        return daily_ranges

    def _find_range_records(self, record: Record) -> list[Record]:
        route = find_text(record, "route") if "route" in record.kind else ""
        key = (record.folder, find_text(record, "product"), route)
        if key not in self._records_by_product:
            is_every_range_known = self._content.is_complete(record, DOSE_RANGE_KIND, "route")
            range_records = (
                iter_visible_records(self._content, DOSE_RANGE_KIND, record) if is_every_range_known else ()
            )
            self._records_by_product[key] = [
                range_record
                for range_record in range_records
                if self._is_suitable(range_record, record, route)
            ]
        return self._records_by_product[key]

    def _is_suitable(self, range_record: Record, record: Record, route: str) -> bool:
        """Say whether a range is of the record's product and, where both have one, route."""
        if not find_text(record, "product") or find_text(range_record, "product") != find_text(
            record, "product"
        ):
            return False
        usual_route = find_text(range_record, "route")
        if not route or not usual_route:
            return not self._is_other_route
        return are_related(self._content, "route", route, usual_route, record) is not self._is_other_route


def find_leeway(kind_name: str, field_name: str, amount: Amount) -> Leeway:
    """Say how far a quantity may lie from a usual range.

    A limit lies about what is usual; "at most 3 mg" may be less, and "at least 30 minutes" more, but not
    the other way round: nobody is safe with "at most 8 mg" where 4 mg is usual.
    """
    can_be_lower = kind_name == DOSE_LIMIT_KIND or (amount.is_capped() and field_name in DOSE_FIELDS)
    can_be_higher = kind_name == DOSE_LIMIT_KIND or (
        amount.is_open() and field_name in LONGER_IS_SAFER_FIELDS
    )
    return Leeway(
        Fraction(1, 2) if can_be_lower else Fraction(1), Fraction(2) if can_be_higher else Fraction(1)
    )


def widen_range(usual_range: UsualRange, leeway: Leeway) -> UsualRange:
    """Give the range about a usual one in which a bound or a limit of it lies."""
    bounds = usual_range.bounds
    return usual_range._replace(
        bounds=bounds._replace(low=bounds.low * leeway.low_factor, high=bounds.high * leeway.high_factor)
    )
