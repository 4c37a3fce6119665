"""The maxima of a product, and which of them an amount exceeds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount
from bmkit.rules.derived.roles import (
    agree_on_role,
    find_role_amount,
    find_role_text,
    format_role_quantity,
    has_role_value,
)
from bmkit.rules.medication.dosing import DAY_UNIT, ONE_DAY, find_days, split_rate_unit
from bmkit.rules.medication.populations import find_patients, most_specific
from bmkit.rules.medication.regimens import DOSE_LIMIT, MAXIMUM_ROLES, find_same_product_records

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from bmkit.content import Content, Record

ADMINISTRATION, TIME, COURSE, LIFETIME = "administration", "time", "course", "lifetime"
SPEED, CONCENTRATION = "speed", "concentration"
"""What a maximum counts: one administration, a period, a course, a life, the speed, the concentration."""
# So many maxima for the same patients are named; readers of more would not know which to follow.
_MAX_CAPS = 16
_LIMIT_ROLES = (DOSE_LIMIT, "population", "condition", "characteristic", "route")


class Cap(NamedTuple):
    """A maximum of a limit: `amount` in the unit of a dose, or of the speed or concentration that it limits.

    `counts` is what it counts; of a period that is `days` long.  `role` is that of the field.
    """

    limit: Record
    role: str
    amount: Amount
    counts: str
    days: Fraction = Fraction(0)

    def describe_excess(self, amount: Amount) -> str:
        """Return how an amount exceeds it: "is above the maximum of 6 mg in …"."""
        maximum_text = f'the maximum of {self.format()} in "{self.limit.id}"'
        if amount.is_open():
            return f"has no upper end below {maximum_text}"
        maximum = self.convert(amount.unit)
        is_above = maximum is not None and amount.high > maximum.high
        return f"is {'above' if is_above else 'not below'} {maximum_text}"

    def format(self) -> str:
        """Return the text of the maximum with what it counts: "75 mg/kg in 24 hours", "6 mg"."""
        amount_text = format_amount(self.amount)
        if self.counts == TIME:
            if not has_role_value(self.limit, "window"):
                return format_amount(self.amount._replace(unit=f"{self.amount.unit}/{DAY_UNIT}"))
            return f"{amount_text} in {format_role_quantity(self.limit, 'window')}"
        return f"{amount_text} in a {self.counts}" if self.counts in {COURSE, LIFETIME} else amount_text

    def convert(self, unit: str) -> Amount | None:
        """Return the maximum in a unit, None if it measures something else."""
        return convert_to(self.amount, unit)

    def is_exceeded_by(self, amount: Amount) -> bool:
        """Return whether an amount exceeds the maximum, or reaches one that it must stay below.

        "More than 4 g" has no upper end, so its number must be less than the maximum.
        """
        maximum = self.convert(amount.unit)
        if maximum is None:
            return False
        if amount.is_open() or (maximum.comparator == "<" and amount.comparator != "<"):
            return amount.high >= maximum.high
        return amount.high > maximum.high


def read_caps(limit: Record) -> Iterator[Cap]:
    """Yield the maxima that a limit states; a unit with a time in it, as mg/kg/d, is of that time."""
    for role in MAXIMUM_ROLES:
        maximum = find_role_amount(limit, role)
        if maximum is None:
            continue
        counts = find_role_text(limit, "per")
        if counts in {SPEED, CONCENTRATION}:
            yield Cap(limit, role, maximum, counts)
            continue
        amount_unit, time_unit = split_rate_unit(maximum.unit)
        period = (
            convert_to(Amount(ONE_DAY, ONE_DAY, time_unit), DAY_UNIT)
            if time_unit
            else find_days(limit, "window")
            or (Amount(ONE_DAY, ONE_DAY, DAY_UNIT) if counts == TIME else None)
        )
        amount = maximum._replace(unit=amount_unit, dimension="") if amount_unit else maximum
        if counts in {COURSE, LIFETIME, ADMINISTRATION} or period is None:
            yield Cap(limit, role, amount, counts if counts in {COURSE, LIFETIME} else ADMINISTRATION)
        else:
            yield Cap(limit, role, amount, TIME, period.high)


def find_applicable_caps(record: Record, content: Content) -> list[Cap]:
    """Return the maxima that bind a regimen: those for all its patients, the closest of each sort.

    There is none if one may be missing: another one must not be applied to these patients.
    """
    values = (repr(record.find_value(role)) for role in ("product", "route", "form", "phase"))
    key: tuple[Hashable, ...] = (record.folder, find_patients(record, content), *values)
    found_caps = _get_caps_cache(content)
    if key not in found_caps:
        found_caps[key] = _find_caps(record, content)
    return found_caps[key]


@per_content
def _get_caps_cache(_: Content) -> dict[tuple[Hashable, ...], list[Cap]]:
    """Return a place to keep the maxima that bind regimens, by the subject of the regimens."""
    return {}


def _find_caps(record: Record, content: Content) -> list[Cap]:
    limits = [
        limit
        for limit in find_same_product_records(record, content, DOSE_LIMIT)
        if all(
            not has_role_value(limit, role)
            or (has_role_value(record, role) and agree_on_role(limit, record, role))
            for role in ("form", "phase")
        )
    ]
    if not limits or not content.has_all_of_roles(record, *_LIMIT_ROLES):
        return []
    # A daily limit for some patients does not replace the limit at one time for all.
    caps_by_sort: dict[tuple[str, Fraction, str], list[Cap]] = {}
    for limit in limits:
        for cap in read_caps(limit):
            sort = (cap.counts, cap.days, name_amount_dimension(cap.amount))
            caps_by_sort.setdefault(sort, []).append(cap)
    applicable_caps = []
    for caps in caps_by_sort.values():
        closest_limits = {id(limit) for limit in most_specific(_list_limits(caps), record, content)}
        applicable_caps += _select_binding([cap for cap in caps if id(cap.limit) in closest_limits])
    return applicable_caps


def _select_binding(caps: list[Cap]) -> list[Cap]:
    """Return the first of many maxima of one sort, and the lowest, which binds whatever the others say."""
    if len(caps) <= _MAX_CAPS:
        return caps
    lowest = caps[0]
    for cap in caps:
        amount = cap.convert(lowest.amount.unit)
        lowest = cap if amount is not None and amount.high < lowest.amount.high else lowest
    return [*(cap for cap in caps[: _MAX_CAPS - 1] if cap is not lowest), lowest]


def is_stated_maximum(record: Record, amount: Amount, content: Content) -> bool:
    """Return whether "at most so much" in a regimen is, or may be, the maximum of a limit of the product."""
    if not amount.is_capped():
        return False
    if not content.has_all_of_roles(record, DOSE_LIMIT):
        return True
    amount_unit, time_unit = split_rate_unit(amount.unit)
    stated = amount._replace(unit=amount_unit) if time_unit == DAY_UNIT else amount
    for limit in find_same_product_records(record, content, DOSE_LIMIT):
        for cap in read_caps(limit):
            is_of_day = cap.counts == TIME and cap.days == ONE_DAY
            maximum = cap.convert(stated.unit)
            if maximum is not None and stated[:2] == maximum[:2] and is_of_day == (time_unit == DAY_UNIT):
                return True
    return False


def _list_limits(caps: Iterable[Cap]) -> list[Record]:
    return list({id(cap.limit): cap.limit for cap in caps}.values())


def name_amount_dimension(amount: Amount) -> str:
    """Return the dimension of an amount in the unit of a dose, its unit where the table does not know it."""
    from bmkit.ucum.dimensions import name_dimension

    return name_dimension(amount.unit, "dose") or amount.unit
