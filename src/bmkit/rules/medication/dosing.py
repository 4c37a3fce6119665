"""How much a regimen gives in a time: doses, totals and rates, and how often they are given."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.amounts import Amount, convert_to
from bmkit.rules.derived.roles import find_role_amount
from bmkit.rules.medication.regimens import DOSE_ROLES, FREQUENCY_ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Record

DAY_UNIT = "d"
ONE_DAY = Fraction(1)
_TIME_UNITS = frozenset(("s", "min", "h", "d", "wk", "mo", "a"))
# A rate without an end runs through the day; whether it runs longer is not said.
_LONGEST_OPEN_RATE_DAYS = ONE_DAY


class Counts(NamedTuple):
    """The least and the greatest number of administrations in a time."""

    least: Fraction
    most: Fraction

    def multiply(self, dose: Amount, unit: str = "") -> Amount:
        """Return the amount of so many doses, in the unit of a dose unless another is named."""
        low = Fraction(0) if dose.is_capped() else dose.low * self.least
        comparator = "" if dose.is_capped() else dose.comparator
        return Amount(
            low, dose.high * self.most, unit or dose.unit, comparator, dose.dimension if not unit else ""
        )


class PeriodTotal(NamedTuple):
    """A total in a period: `amount` in the unit of a dose, `days` long; of the field with the role."""

    amount: Amount
    days: Fraction
    role: str

    def convert_to_daily(self) -> Amount:
        """Return the average of a day: 14 mg in a week are "2 mg/d"."""
        return self.amount.multiply(1 / self.days, f"{self.amount.unit}/{DAY_UNIT}")._replace(dimension="")


def split_rate_unit(unit: str) -> tuple[str, str]:
    """Return the units of the amount and of the time of a rate: "mg/kg" and "h"; "" if it is none."""
    amount_unit, _, time_unit = unit.rpartition("/")
    return (amount_unit, time_unit) if amount_unit and time_unit in _TIME_UNITS else ("", "")


def find_days(record: Record, role: str) -> Amount | None:
    """Return a time in days, None if the record has none for the role."""
    return convert_to(find_role_amount(record, role), DAY_UNIT)


def find_period_total(record: Record) -> PeriodTotal | None:
    """Return the amount that is given in a period in all, None if the record does not state it.

    A unit with a time in it, as mg/d, is the total of that time.
    """
    for role in ("total",):
        amount = find_role_amount(record, role)
        if amount is None:
            continue
        amount_unit, time_unit = split_rate_unit(amount.unit)
        if amount_unit:
            period = convert_to(Amount(ONE_DAY, ONE_DAY, time_unit), DAY_UNIT)
            amount = amount._replace(unit=amount_unit, dimension="")
        else:
            period = find_days(record, "total-in")
        if period is not None and period.high > 0:
            return PeriodTotal(amount, period.high, role)
    return None


def find_doses_per_day(record: Record) -> Counts | None:
    """Return the number of doses a day, None if the regimen does not state it, or gives one less often."""
    for role in FREQUENCY_ROLES:
        count = find_role_amount(record, role)
        if count is not None:
            return Counts(Fraction(0) if count.is_capped() else count.low, count.high)
    days = find_days(record, "interval")
    if days is None or not 0 < days.low <= 1 or days.high <= 0:
        return None
    # "At least 6 hours apart" states the greatest number only.
    return Counts(Fraction(0) if days.is_open() else 1 / days.high, 1 / days.low)


def find_counts_in(record: Record, days: Fraction) -> Counts | None:
    """Return how often a regimen gives a dose in so many days, None if it does not state how often.

    The first dose falls into any time, so that there is at least one; as needed there may be none.
    """
    course, all_counts = find_days(record, "course"), find_role_amount(record, "administration-count")
    least_days, most_days = (
        (days, days) if course is None else (min(days, course.low), min(days, course.high))
    )
    least_counts, most_counts = (
        _count_by_frequency(record, least_days),
        _count_by_frequency(record, most_days),
    )
    if least_counts is None or most_counts is None:
        return None
    least, most = max(least_counts.least, ONE_DAY), max(most_counts.most, ONE_DAY)
    if all_counts is not None:
        least, most = min(least, all_counts.low), min(most, all_counts.high)
    return Counts(Fraction(0) if _may_be_left_out(record, least_counts) else least, most)


def find_course_counts(record: Record) -> Counts | None:
    """Return how often a regimen gives a dose in all, None if it does not state it."""
    all_counts, course = find_role_amount(record, "administration-count"), find_days(record, "course")
    if all_counts is not None:
        return Counts(Fraction(0) if all_counts.is_capped() else all_counts.low, all_counts.high)
    if record.find_value("once") is True:
        return Counts(ONE_DAY, ONE_DAY)
    cycle, cycle_count = find_days(record, "cycle"), find_role_amount(record, "cycle-count")
    if course is None and cycle is not None and cycle_count is not None:
        course = cycle._replace(low=cycle.low * cycle_count.low, high=cycle.high * cycle_count.high)
    if course is None or course.is_bounded():
        return None
    least_counts, most_counts = find_counts_in(record, course.low), find_counts_in(record, course.high)
    if least_counts is None or most_counts is None:
        return None
    return Counts(least_counts.least, most_counts.most)


def find_amount_in(record: Record, days: Fraction) -> Amount | None:
    """Return how much a regimen gives in so many days by doses or rate; None if it does not state it."""
    rate = find_role_amount(record, "rate")
    if rate is not None:
        return _find_amount_of_rate(record, rate, days)
    dose, counts = find_role_amount(record, "dose"), find_counts_in(record, days)
    return counts.multiply(dose) if dose is not None and counts is not None else None


def find_speed(record: Record) -> Amount | None:
    """Return how fast a regimen is given at least, per hour; None if that is not stated."""
    rate = find_role_amount(record, "rate")
    if rate is not None:
        return rate
    dose = find_role_amount(record, "dose")
    hours = convert_to(find_role_amount(record, "administration-time"), "h")
    if dose is None or hours is None or hours.low <= 0 or dose.is_bounded():
        return None
    longest = hours.high if hours.is_capped() else hours.low
    return Amount(dose.low / longest, dose.high / longest, f"{dose.unit}/h")


def find_exposure(record: Record) -> Amount | None:
    """Return how much is given on average of a day: of doses at whatever interval, a total, or a rate."""
    total = find_period_total(record)
    if total is not None:
        return total.convert_to_daily()
    rate = find_role_amount(record, "rate")
    if rate is not None:
        amount_unit = split_rate_unit(rate.unit)[0]
        return convert_to(rate, f"{amount_unit}/{DAY_UNIT}") if amount_unit else None
    dose, counts = find_role_amount(record, "dose"), count_per_day(record)
    if dose is None or counts is None or record.find_value("once") is True:
        return None
    return counts.multiply(dose, f"{dose.unit}/{DAY_UNIT}")


def list_amounts(record: Record, roles: Sequence[str] = DOSE_ROLES) -> list[tuple[str, Amount]]:
    """Return the amounts that a record states, with their roles; of a rate that of its time."""
    return [
        (role, amount._replace(unit=split_rate_unit(amount.unit)[0] or amount.unit, dimension=""))
        for role in roles
        if (amount := find_role_amount(record, role)) is not None
    ]


def count_per_day(record: Record) -> Counts | None:
    """Return the number of doses of a day on average, of whatever interval; None if it is not stated."""
    cycle = find_days(record, "cycle")
    days = cycle.low if cycle is not None and cycle.low > 0 else ONE_DAY
    counts = _count_by_frequency(record, days)
    return Counts(counts.least / days, counts.most / days) if counts is not None else None


def _may_be_left_out(record: Record, counts: Counts) -> bool:
    """Return whether a regimen may give no dose at all: as needed, or at most so often."""
    return record.find_value("as-needed") is True or counts.least == 0


def _count_by_frequency(record: Record, days: Fraction) -> Counts | None:
    """Return how many doses fall into so many days on average; None if that is not stated."""
    if record.find_value("once") is True:
        return Counts(ONE_DAY, ONE_DAY)
    per_day, cycle_days, cycle = (
        find_doses_per_day(record),
        record.find_value("days"),
        find_days(record, "cycle"),
    )
    if isinstance(cycle_days, list) and cycle is not None and cycle.low > 0:
        dose_days = _count_dose_days(cycle_days, cycle.low, days)
        a_day = per_day or Counts(ONE_DAY, ONE_DAY)
        return Counts(dose_days * a_day.least, dose_days * a_day.most)
    if per_day is not None:
        return Counts(days * per_day.least, days * per_day.most)
    for role in ("interval", "least-interval"):
        interval = find_days(record, role)
        if interval is not None and interval.low > 0:
            is_open = interval.is_open() or role == "least-interval"
            return Counts(Fraction(0) if is_open else days / interval.high, days / interval.low)
    return None


def _count_dose_days(cycle_days: list[int], cycle: Fraction, days: Fraction) -> Fraction:
    """Return on how many days of so many a dose is given: of less than a cycle on the most there can be."""
    if days >= cycle:
        return len(cycle_days) * days / cycle
    repeated_days = [day + offset for offset in (0, int(cycle)) for day in sorted(set(cycle_days))]
    return Fraction(
        max(
            (sum(start <= day < start + days for day in repeated_days) for start in repeated_days),
            default=0,
        )
    )


def _find_amount_of_rate(record: Record, rate: Amount, days: Fraction) -> Amount | None:
    amount_unit = split_rate_unit(rate.unit)[0]
    daily_rate = convert_to(rate, f"{amount_unit}/{DAY_UNIT}") if amount_unit else None
    if daily_rate is None:
        return None
    runs = [
        time for role in ("administration-time", "course") if (time := find_days(record, role)) is not None
    ]
    least_days = min([days, *(time.low for time in runs)]) if runs else min(days, _LONGEST_OPEN_RATE_DAYS)
    most_days = min([days, *(time.high for time in runs)]) if runs else days
    low = Fraction(0) if rate.is_capped() else daily_rate.low * least_days
    return Amount(low, daily_rate.high * most_days, amount_unit, rate.comparator)
