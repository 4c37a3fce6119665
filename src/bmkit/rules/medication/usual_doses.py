"""The shared list of usual doses, and the quantities of a product outside it."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.amounts import (
    Amount,
    convert_to,
    format_amount,
    lies_within,
    name_upper_end,
    to_amount,
)
from bmkit.rules.derived.roles import (
    are_role_terms_related,
    find_role_amount,
    find_role_text,
    format_role_quantity,
    has_role_value,
    name_role_field,
)
from bmkit.rules.medication.dose_limits import ADMINISTRATION, TIME, Cap, name_amount_dimension, read_caps
from bmkit.rules.medication.dosing import (
    DAY_UNIT,
    ONE_DAY,
    Counts,
    PeriodTotal,
    count_per_day,
    find_days,
    find_doses_per_day,
    find_exposure,
    find_period_total,
    split_rate_unit,
)
from bmkit.rules.medication.populations import (
    drop_overridden,
    find_patients,
    holds_for,
    may_share_patients,
)
from bmkit.rules.medication.regimens import (
    DOSE_LIMIT,
    DOSE_ROLES,
    FREQUENCY_ROLES,
    REGIMEN,
    USUAL_DOSE,
    list_product_records,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import Place

# Measures of which more is the safe side.
_LONGER_IS_SAFER_ROLES = ("administration-time", "interval")
# A day's total may be divided into this many doses if nothing states how many.
_MAX_DOSES_PER_DAY = 4
_TOTAL_ROLES = ("total",)
# What is compared with the same measure of a usual dose.
_PLAIN_ROLES = ("rate", "strength", "concentration", "volume", "administration-time", "interval")
# This many times the usual amount in a time is another regimen, though each dose is usual.
_FREQUENT_FACTOR = 2
_COMPLETE_ROLES = (USUAL_DOSE, "route", "population", "condition", "characteristic")


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


class Scope(Enum):
    """Which usual doses of its product a record is compared with."""

    OWN = 0
    """Those by its route, for its patients."""
    OTHER_ROUTE = 1
    OTHER_PATIENTS = 2


class UsualDoses:
    """The usual doses of the products of content, of one scope of each record."""

    def __init__(self, content: Content, scope: Scope = Scope.OWN) -> None:
        self._content = content
        self._scope = scope
        self._records_by_subject: dict[tuple[object, ...], list[Record]] = {}

    def find_ranges(self, record: Record, role: str, leeway: Leeway = _NO_LEEWAY) -> list[UsualRange]:
        """Return the usual ranges of a measure of a record's product; of a "total" those of a day."""
        ranges = []
        for usual_dose in self.select(record, role):
            usual_range = (
                _make_total_range(usual_dose) if role == "total" else _make_plain_range(usual_dose, role)
            )
            # An inverted range breaks another rule; nothing lies in it.
            if usual_range is not None and usual_range.bounds.low <= usual_range.bounds.high:
                ranges.append(widen_range(usual_range, leeway))
        return ranges

    def find_daily_ranges(self, record: Record, leeway: Leeway = _NO_LEEWAY) -> list[UsualRange]:
        """Return what is usual of a day by the usual doses of a record's product, at the usual frequency."""
        return [
            widen_range(daily_range, leeway)
            for usual_dose in self.select(record, "dose")
            if (daily_range := _make_daily_range(usual_dose)) is not None
        ]

    def select(self, record: Record, role: str) -> list[Record]:
        """Return the usual doses that count for a measure of a record: the closest that state it.

        Any amount of a dose, total or rate is one measure here: a closer usual dose of another sort counts.
        """
        measure_roles = DOSE_ROLES if role in DOSE_ROLES else (role,)
        subject = (
            record.folder,
            *(find_role_text(record, subject_role) for subject_role in ("product", "route", "form", "phase")),
            find_patients(record, self._content),
            measure_roles[0],
        )
        if subject not in self._records_by_subject:
            self._records_by_subject[subject] = self._select_of_subject(record, measure_roles)
        return self._records_by_subject[subject]

    def _select_of_subject(self, record: Record, roles: tuple[str, ...]) -> list[Record]:
        if not self._content.has_all_of_roles(record, *_COMPLETE_ROLES):
            return []
        usual_doses = [
            usual_dose
            for usual_dose in list_product_records(record, self._content, USUAL_DOSE)
            if any(find_role_amount(usual_dose, role) is not None for role in roles)
            and self._is_of_scope(usual_dose, record)
        ]
        closest = _select_closest(usual_doses, record, self._content)
        if self._scope is Scope.OTHER_PATIENTS:
            return [usual_dose for usual_dose in usual_doses if usual_dose not in closest]
        return closest

    def _is_of_scope(self, usual_dose: Record, record: Record) -> bool:
        """Return whether a usual dose is, if both have one, of the record's route, form and phase."""
        if any(
            has_role_value(usual_dose, role)
            and has_role_value(record, role)
            and usual_dose.find_value(role) != record.find_value(role)
            for role in ("form", "phase")
        ):
            return False
        if not has_role_value(record, "route") or not has_role_value(usual_dose, "route"):
            return self._scope is not Scope.OTHER_ROUTE
        is_same_route = are_role_terms_related(usual_dose, record, "route", self._content)
        return is_same_route is not (self._scope is Scope.OTHER_ROUTE)


def _select_closest(usual_doses: list[Record], record: Record, content: Content) -> list[Record]:
    """Return the closest usual doses for all patients of a record; else those for some of them."""
    containing = [usual_dose for usual_dose in usual_doses if holds_for(usual_dose, record, content)]
    if not containing:
        return [usual_dose for usual_dose in usual_doses if may_share_patients(usual_dose, record, content)]
    closest = drop_overridden(containing, content)
    of_form = [usual_dose for usual_dose in closest if has_role_value(usual_dose, "form")]
    return of_form if of_form and has_role_value(record, "form") else closest


def _make_plain_range(usual_dose: Record, role: str) -> UsualRange | None:
    amount = find_role_amount(usual_dose, role)
    if amount is None:
        return None
    text = format_role_quantity(usual_dose, role, keep_comparator=False)
    return UsualRange(usual_dose, amount, text, "low" in usual_dose.find_value(role))


def _make_total_range(usual_dose: Record) -> UsualRange | None:
    total = find_period_total(usual_dose)
    if total is None:
        return None
    is_range = "low" in usual_dose.find_value(total.role)
    return UsualRange(usual_dose, total.convert_to_daily(), _format_total(usual_dose, total), is_range)


def _make_daily_range(usual_dose: Record) -> UsualRange | None:
    """Return the usual doses of a day, of one to four doses if the usual dose does not say how often."""
    dose, interval = find_role_amount(usual_dose, "dose"), find_days(usual_dose, "interval")
    if dose is None:
        return None
    counts = find_doses_per_day(usual_dose)
    if counts is None and interval is not None:
        counts = Counts(1 / interval.high, 1 / interval.low) if interval.low > 0 else None
        if counts is None:
            return None
    per_day = counts or Counts(ONE_DAY, Fraction(_MAX_DOSES_PER_DAY))
    bounds = Amount(dose.low * per_day.least, dose.high * per_day.most, f"{dose.unit}/{DAY_UNIT}")
    if counts is None:
        return UsualRange(usual_dose, bounds, format_amount(bounds), bounds.low != bounds.high)
    dose_text = format_role_quantity(usual_dose, "dose", keep_comparator=False)
    how_often = (
        f"every {format_role_quantity(usual_dose, 'interval', keep_comparator=False)}"
        if has_role_value(usual_dose, "interval")
        else _format_times_per_day(usual_dose)
    )
    return UsualRange(usual_dose, bounds, f"{dose_text} {how_often}", "low" in usual_dose.find_value("dose"))


def _format_times_per_day(record: Record) -> str:
    role = next(role for role in FREQUENCY_ROLES if has_role_value(record, role))
    return f"{format_role_quantity(record, role, keep_comparator=False)} times a day"


def _format_total(record: Record, total: PeriodTotal) -> str:
    amount_text = format_role_quantity(record, total.role, keep_comparator=False)
    if not has_role_value(record, "total-in") or total.role != "total":
        return amount_text
    return f"{amount_text} in {format_role_quantity(record, 'total-in', keep_comparator=False)}"


def find_leeway(record: Record, role: str, amount: Amount) -> Leeway:
    """Return how far a quantity may lie outside a usual range.

    A limit may lie on either side of what is usual.  "At most 3 mg" may be less and "at least 30 minutes"
    more than is usual, but not the other way round: "at most 8 mg" is unsafe where 4 mg is usual.
    """
    is_limit = record.kind.role == DOSE_LIMIT
    can_be_lower = is_limit or (amount.is_capped() and role in DOSE_ROLES)
    can_be_higher = is_limit or (amount.is_open() and role in _LONGER_IS_SAFER_ROLES)
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

    def find_meant_ranges(self) -> list[UsualRange]:
        """Return the ranges in which the number may be meant to lie: for "at most", twice as high."""
        if self.amount.is_capped() and self.is_dose():
            return [
                widen_range(usual_range, Leeway(Fraction(1), Fraction(2)))
                for usual_range in self.usual_ranges
            ]
        if self.amount.is_open() and self.role in _LONGER_IS_SAFER_ROLES:
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
def _index_usual_doses(content: Content) -> UsualDoses:
    return UsualDoses(content)


def find_usual_ranges(record: Record, role: str, content: Content) -> list[UsualRange]:
    """Return the usual ranges of a measure of a record's product by its route, for its patients."""
    return _index_usual_doses(content).find_ranges(record, role)


@per_content
def find_unusual_readings(content: Content) -> list[DoseReading]:
    """Return every quantity of a product that lies in none of its usual ranges."""
    if not any(content.iter_reachable_records_of_role(USUAL_DOSE)):
        return []
    usual_doses = _index_usual_doses(content)
    other_routes = UsualDoses(content, Scope.OTHER_ROUTE)
    other_patients = UsualDoses(content, Scope.OTHER_PATIENTS)
    return [
        reading._replace(
            other_route_range=_find_other_range(reading, other_routes),
            other_patients_range=_find_other_range(reading, other_patients),
        )
        for record in _iter_product_records(content)
        for reading in _iter_readings(record, usual_doses)
        if reading.usual_ranges and not reading.is_usual()
    ]


def _iter_product_records(content: Content) -> Iterator[Record]:
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
            for other_reading in _iter_readings(reading.record, other_doses)
            if other_reading.role == reading.role
            and (usual_range := other_reading.find_range(other_reading.amount))
        ),
        None,
    )


def _iter_readings(record: Record, usual_doses: UsualDoses) -> Iterator[DoseReading]:
    """Yield each quantity of a record that usual doses can be compared with, with their ranges."""
    for role in _PLAIN_ROLES:
        amount = find_role_amount(record, role)
        if amount is not None:
            leeway = find_leeway(record, role, amount)
            yield _make_reading(record, role, amount, usual_doses.find_ranges(record, role, leeway))
    if record.kind.role == DOSE_LIMIT:
        for cap in read_caps(record):
            yield from _iter_cap_readings(cap, usual_doses)
        return
    dose, total = find_role_amount(record, "dose"), find_period_total(record)
    # A dose with a time in its unit is the total of that time.
    if dose is not None and split_rate_unit(dose.unit)[0]:
        yield from _iter_total_readings(record, "dose", dose, usual_doses)
    elif dose is not None:
        yield from _iter_dose_readings(record, dose, usual_doses)
    if total is not None:
        yield from _iter_total_readings(record, total.role, total.convert_to_daily(), usual_doses)


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
            bounds=usual_range.bounds._replace(low=usual_range.bounds.low / _MAX_DOSES_PER_DAY)
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
                    bounds=usual_range.bounds._replace(low=usual_range.bounds.low / _MAX_DOSES_PER_DAY)
                )
                for usual_range in usual_doses.find_ranges(record, "total", leeway)
            ]
        yield _make_reading(record, cap.role, amount, ranges)
    elif cap.counts == TIME and cap.days >= ONE_DAY:
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


class Excess(NamedTuple):
    """A regimen that gives usual doses much too often: its amount of a day, and the usual range of a day."""

    record: Record
    daily: Amount
    usual_range: UsualRange


@per_content
def find_too_frequent(content: Content) -> list[Excess]:
    """Return the regimens of usual doses that give at least twice the usual amount in the same time.

    A weekly dose that is given daily has no wrong number.
    """
    usual_doses = _index_usual_doses(content)
    return [
        excess
        for record in content.list_records_of_role(REGIMEN)
        if (excess := _find_excess(record, usual_doses)) is not None
    ]


def _find_excess(record: Record, usual_doses: UsualDoses) -> Excess | None:
    # The first doses of a cycle may follow each other faster than the later ones.
    exposure = find_exposure(record) if not has_role_value(record, "days") else None
    if exposure is None or exposure.is_bounded() or record.find_value("as-needed") is True:
        return None
    total = find_period_total(record)
    given = total.amount if total is not None else find_role_amount(record, "dose")
    excesses = []
    is_usual_number = False
    for usual_dose in usual_doses.select(record, "dose"):
        usual_exposure = find_exposure(usual_dose)
        converted = convert_to(exposure, usual_exposure.unit) if usual_exposure is not None else None
        if usual_exposure is None or converted is None:
            continue
        if not _is_far_above(converted, usual_exposure) and (
            converted.low <= usual_exposure.high or not _is_far_more_often(record, usual_dose)
        ):
            return None
        usual_range = (
            _make_daily_range(usual_dose)
            if find_role_amount(usual_dose, "dose") is not None
            else _make_total_range(usual_dose)
        )
        is_usual_number = is_usual_number or (given is not None and _is_amount_of(given, usual_dose))
        if usual_range is not None:
            excesses.append(Excess(record, exposure, usual_range))
    return excesses[0] if excesses and is_usual_number else None


def _is_far_above(exposure: Amount, usual_exposure: Amount) -> bool:
    return exposure.low >= _FREQUENT_FACTOR * usual_exposure.high


def _is_far_more_often(record: Record, usual_dose: Record) -> bool:
    """Return whether doses are given at least twice as often as usual doses are."""
    counts, usual_counts = count_per_day(record), count_per_day(usual_dose)
    return (
        counts is not None
        and usual_counts is not None
        and counts.least >= _FREQUENT_FACTOR * usual_counts.most
    )


def _is_amount_of(given: Amount, usual_dose: Record) -> bool:
    """Return whether an amount is that of a usual dose, or of its total, in whatever time."""
    total = find_period_total(usual_dose)
    usual_amounts = (find_role_amount(usual_dose, "dose"), total.amount if total is not None else None)
    return any(lies_within(given, usual_amount) for usual_amount in usual_amounts if usual_amount is not None)


class DimensionMismatch(NamedTuple):
    """An amount of a dimension that no usual dose of these patients has, and what they have."""

    record: Record
    role: str
    amount: Amount
    usual_dose: Record
    usual_role: str


@per_content
def find_dimension_mismatches(content: Content) -> list[DimensionMismatch]:
    """Return the doses and limits that no usual dose of their patients can be compared with."""
    usual_doses = _index_usual_doses(content)
    mismatches = []
    for role in (REGIMEN, DOSE_LIMIT):
        for record in content.list_records_of_role(role):
            for amount_role, amount in list_amounts(record):
                mismatch = _find_mismatch(record, amount_role, amount, usual_doses, content)
                if mismatch is not None:
                    mismatches.append(mismatch)
    return mismatches


def list_amounts(record: Record) -> list[tuple[str, Amount]]:
    """Return the amounts that a regimen, a limit or a usual dose states, of a rate that of its time."""
    if record.kind.role == DOSE_LIMIT:
        amounts = [(cap.role, cap.amount) for cap in read_caps(record)]
    else:
        amounts = [
            (role, amount) for role in DOSE_ROLES if (amount := find_role_amount(record, role)) is not None
        ]
    return [
        (role, amount._replace(unit=split_rate_unit(amount.unit)[0] or amount.unit, dimension=""))
        for role, amount in amounts
    ]


def _find_mismatch(
    record: Record, role: str, amount: Amount, usual_doses: UsualDoses, content: Content
) -> DimensionMismatch | None:
    closest = usual_doses.select(record, "dose")
    # What is usual of some of the patients says nothing of the others.
    if not closest or not all(holds_for(usual_dose, record, content) for usual_dose in closest):
        return None
    usual_amounts = [
        (usual_dose, usual_role, usual_amount)
        for usual_dose in closest
        for usual_role, usual_amount in list_amounts(usual_dose)
    ]
    dimension = name_amount_dimension(amount)
    if any(name_amount_dimension(usual_amount) == dimension for _, _, usual_amount in usual_amounts):
        return None
    usual_dose, usual_role, _ = usual_amounts[0]
    return DimensionMismatch(record, role, amount, usual_dose, usual_role)
