"""Quantities of a product, each with the usual ranges that it is compared with."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import Record, per_content
from bmkit.rules.derived.amounts import (
    Amount,
    convert_to,
    format_amount,
    lies_within,
    name_upper_end,
    to_amount,
)
from bmkit.rules.derived.roles import (
    find_role_amount,
    format_role_quantity,
    has_role_value,
    name_role_field,
)
from bmkit.rules.medication.dose_limits import ADMINISTRATION, TIME, Cap, read_caps
from bmkit.rules.medication.dosing import (
    DAY_UNIT,
    ONE_DAY,
    Counts,
    find_days,
    find_doses_per_day,
    find_period_total,
    split_rate_unit,
)
from bmkit.rules.medication.regimens import (
    CHANGE_ROLES,
    DOSE_LIMIT,
    DOSE_ROLES,
    FREQUENCY_ROLES,
    USUAL_DOSE,
    find_dose_role,
)
from bmkit.rules.medication.usual_doses import (
    LONGER_IS_SAFER_ROLES,
    MAX_DOSES_PER_DAY,
    Leeway,
    Scope,
    UsualDoses,
    UsualRange,
    find_leeway,
    index_usual_doses,
    widen_range,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.issue import Place

OTHER = "other-"
"""How the roles begin of what is said of another product that a dose is equivalent to."""
_OTHER_ROLES = ("product", "route", "form", *DOSE_ROLES, "total-in")
# What is compared with the same measure of a usual dose.
_PLAIN_ROLES = ("rate", "strength", "concentration", "volume", "administration-time", "interval")
# A step is no more than a usual dose, and no less than this part of one.
_LEAST_CHANGE = Fraction(1, 20)


class DoseReading(NamedTuple):
    """A quantity of a product, the amount it means, and the usual ranges that it is compared with.

    `role` is what its field is.  `amount` is the quantity itself, or the daily total where only that can be
    compared; `text` states which.  `other_route_range` and `other_patients_range` are usual ranges of another
    route, or of other patients, that a dose lies in, if it lies in none of its own.  A limit need only be
    near what is usual: its ranges are twice as wide at either end, those of a bound twice as wide on its safe
    side.
    """

    record: Record
    role: str
    value: dict[str, Any]
    amount: Amount
    text: str
    usual_ranges: list[UsualRange]
    other_route_range: UsualRange | None = None
    other_patients_range: UsualRange | None = None

    @property
    def field_name(self) -> str:
        """The name of the field of the quantity."""
        return name_role_field(self.record, self.role)

    @property
    def place(self) -> Place:
        """The upper end of the quantity."""
        return self.record.locate_field(self.field_name, name_upper_end(self.value))

    def is_usual(self) -> bool:
        """Return whether the quantity lies in one of the usual ranges."""
        return self.find_range(self.amount) is not None

    def is_dose(self) -> bool:
        """Return whether it is how much is given."""
        return self.role in DOSE_ROLES

    def keep_comparable(self) -> DoseReading:
        """Return it with those of its ranges only that measure the same."""
        return self._replace(
            usual_ranges=[
                usual_range
                for usual_range in self.usual_ranges
                if convert_to(self.amount, usual_range.bounds.unit) is not None
            ]
        )

    def find_meant_ranges(self) -> list[UsualRange]:
        """Return the ranges in which the number may be meant to lie: for "at most", twice as high."""
        if self.amount.is_capped() and self.is_dose():
            return [
                widen_range(usual_range, Leeway(Fraction(1), Fraction(2)))
                for usual_range in self.usual_ranges
            ]
        if self.amount.is_open() and self.role in LONGER_IS_SAFER_ROLES:
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
def find_unusual_readings(content: Content) -> list[DoseReading]:
    """Return every quantity of a product that lies in none of its usual ranges."""
    if not any(content.iter_reachable_records_of_role(USUAL_DOSE)):
        return []
    usual_doses = index_usual_doses(content)
    other_routes = UsualDoses(content, Scope.OTHER_ROUTE)
    other_patients = UsualDoses(content, Scope.OTHER_PATIENTS)
    return [
        reading._replace(
            other_route_range=_find_other_range(reading, other_routes),
            other_patients_range=_find_other_range(reading, other_patients),
        )
        for record in iter_product_records(content)
        for any_reading in (*iter_readings(record, usual_doses), *_iter_other_readings(record, usual_doses))
        if (reading := any_reading.keep_comparable()).usual_ranges and not reading.is_usual()
    ]


def iter_product_records(content: Content) -> Iterator[Record]:
    """Yield the records that may state a measure of a product, but for the usual doses."""
    for kind in content.list_kinds():
        if kind.role != USUAL_DOSE and kind.find_role_field("product") is not None:
            yield from content.list_records(kind.name)


def _find_other_range(reading: DoseReading, other_doses: UsualDoses) -> UsualRange | None:
    """Return the range of another route, or of other patients, in which a dose is usual."""
    # A bound or a limit is not a dose: what is usual otherwise does not explain it.
    if not reading.is_dose() or reading.amount.is_bounded():
        return None
    return next(
        (
            usual_range
            for other_reading in iter_readings(reading.record, other_doses)
            if other_reading.role == reading.role
            and (usual_range := other_reading.find_range(other_reading.amount))
        ),
        None,
    )


def iter_readings(record: Record, usual_doses: UsualDoses) -> Iterator[DoseReading]:
    """Yield each quantity of a record that usual doses can be compared with, with their ranges."""
    for role in _PLAIN_ROLES:
        amount = find_role_amount(record, role)
        if amount is not None:
            leeway = find_leeway(record, role, amount)
            yield _make_reading(record, role, amount, usual_doses.find_ranges(record, role, leeway))
    change = find_role_amount(record, "change-dose")
    if change is not None:
        # A dose changes by as little as one likes, but by no more than a whole one.
        ranges = usual_doses.find_ranges(record, "dose", find_leeway(record, "dose", change))
        steps = [
            usual_range._replace(bounds=usual_range.bounds._replace(low=Fraction(0)))
            for usual_range in ranges
        ]
        yield _make_reading(record, "change-dose", change, steps)
    if record.kind.role == DOSE_LIMIT:
        for cap in read_caps(record):
            yield from _iter_cap_readings(cap, usual_doses)
        return
    yield from _iter_change_readings(record, usual_doses)
    dose, total = find_role_amount(record, "dose"), find_period_total(record)
    # A dose with a time in its unit is the total of that time.
    if dose is not None and split_rate_unit(dose.unit)[0]:
        yield from _iter_total_readings(record, "dose", dose, usual_doses)
    elif dose is not None:
        yield from _iter_dose_readings(record, dose, usual_doses)
    if total is not None:
        yield from _iter_total_readings(record, total.role, total.convert_to_daily(), usual_doses)


def _iter_change_readings(record: Record, usual_doses: UsualDoses) -> Iterator[DoseReading]:
    for role, changed_role in zip(CHANGE_ROLES, ("dose", "rate"), strict=True):
        change = find_role_amount(record, role)
        if change is not None:
            leeway = Leeway(_LEAST_CHANGE, Fraction(1))
            yield _make_reading(record, role, change, usual_doses.find_ranges(record, changed_role, leeway))
    # How often counts by itself where no dose is stated that it is multiplied with.
    for role in FREQUENCY_ROLES if not find_dose_role(record) else ():
        count = find_role_amount(record, role)
        if count is not None:
            yield _make_reading(record, role, count, usual_doses.find_ranges(record, role))


def _iter_other_readings(record: Record, usual_doses: UsualDoses) -> Iterator[DoseReading]:
    """Yield each quantity of the product that the dose of a record is equivalent to a dose of."""
    other = find_equivalent(record)
    for reading in iter_readings(other, usual_doses) if other is not None else ():
        yield reading._replace(record=record, role=f"{OTHER}{reading.role}")


def find_equivalent(record: Record) -> Record | None:
    """Return the dose of another product that a record states beside its own, None if it states none.

    It has the fields of the record; what is found there by a role has the role after OTHER in the record.
    """
    values = {
        own_field.name: value
        for role in _OTHER_ROLES
        if (value := record.find_value(f"{OTHER}{role}")) is not None
        and (own_field := record.kind.find_role_field(role)) is not None
    }
    return Record(record.kind, record.folder, record.file, record.index, values) if values else None


def _iter_dose_readings(record: Record, dose: Amount, usual_doses: UsualDoses) -> Iterator[DoseReading]:
    ranges = usual_doses.find_ranges(record, "dose", find_leeway(record, "dose", dose))
    if ranges:
        yield _make_reading(record, "dose", dose, ranges)
        if not has_role_value(record, "interval") and find_doses_per_day(record) is not None:
            leeway = find_leeway(record, "dose", dose)
            yield _make_sum_reading(record, dose, usual_doses.find_daily_ranges(record, leeway))
        return
    total_ranges = usual_doses.find_ranges(record, "total", find_leeway(record, "total", dose))
    if find_doses_per_day(record) is not None:
        yield _make_sum_reading(record, dose, total_ranges)
        return
    parts_of_total = [
        usual_range._replace(
            bounds=usual_range.bounds._replace(low=usual_range.bounds.low / MAX_DOSES_PER_DAY)
        )
        for usual_range in total_ranges
    ]
    yield _make_reading(
        record, "dose", dose._replace(unit=f"{dose.unit}/{DAY_UNIT}", dimension=""), parts_of_total
    )


def _iter_total_readings(
    record: Record, role: str, daily: Amount, usual_doses: UsualDoses
) -> Iterator[DoseReading]:
    leeway = find_leeway(record, "total", daily)
    ranges = usual_doses.find_ranges(record, "total", leeway)
    yield _make_reading(record, role, daily, ranges or usual_doses.find_daily_ranges(record, leeway))


def _iter_cap_readings(cap: Cap, usual_doses: UsualDoses) -> Iterator[DoseReading]:
    record, amount = cap.limit, cap.amount
    leeway = find_leeway(record, cap.role, amount)
    if cap.counts == ADMINISTRATION:
        ranges = usual_doses.find_ranges(record, "dose", leeway)
        if not ranges:
            amount = amount._replace(unit=f"{amount.unit}/{DAY_UNIT}", dimension="")
            ranges = [
                usual_range._replace(
                    bounds=usual_range.bounds._replace(low=usual_range.bounds.low / MAX_DOSES_PER_DAY)
                )
                for usual_range in usual_doses.find_ranges(record, "total", leeway)
            ]
        yield _make_reading(record, cap.role, amount, ranges)
    elif cap.counts == TIME and cap.days < ONE_DAY:
        # In less than the time from one dose to the next there is one dose.
        ranges = [
            usual_range
            for usual_range in usual_doses.find_ranges(record, "dose", leeway)
            if (interval := find_days(usual_range.record, "interval")) is not None and cap.days < interval.low
        ]
        yield _make_reading(record, cap.role, amount, ranges)
    elif cap.counts == TIME:
        daily = amount.multiply(1 / cap.days, f"{amount.unit}/{DAY_UNIT}")._replace(dimension="")
        ranges = usual_doses.find_ranges(record, "total", leeway)
        yield _make_reading(record, cap.role, daily, ranges or usual_doses.find_daily_ranges(record, leeway))


def _make_sum_reading(record: Record, dose: Amount, usual_ranges: list[UsualRange]) -> DoseReading:
    """Return the daily total of doses; if it can be more or less, the usual one of them."""
    counts = find_doses_per_day(record) or Counts(ONE_DAY, ONE_DAY)
    totals = [
        dose.multiply(count, f"{dose.unit}/{DAY_UNIT}")._replace(dimension="")
        for count in dict.fromkeys((counts.most, counts.least))
        if count
    ]
    readings = [
        _make_reading(record, "dose", total, usual_ranges) for total in totals or [dose.multiply(counts.most)]
    ]
    return next((reading for reading in readings if reading.is_usual()), readings[0])


def _make_reading(record: Record, role: str, amount: Amount, usual_ranges: list[UsualRange]) -> DoseReading:
    value = record.find_value(role)
    written = to_amount(value)
    is_sum = role == "dose" and amount.unit != written.unit and amount[:2] != written[:2]
    text = format_role_quantity(record, role, keep_comparator=False)
    if is_sum:
        text = f"{text}, {format_amount(amount)} in all,"
    elif role == "total" and has_role_value(record, "total-in"):
        text = f"{text} in {format_role_quantity(record, 'total-in', keep_comparator=False)}"
    return DoseReading(record, role, value, amount, text, usual_ranges)
