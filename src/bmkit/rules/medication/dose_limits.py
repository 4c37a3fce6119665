"""The maxima of a product, and which of them an amount exceeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.amounts import Amount, convert_to, find_quantity, find_text, format_amount
from bmkit.rules.medication.populations import most_specific
from bmkit.rules.medication.regimens import find_same_product_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

MAXIMUM_FIELDS = ("maximum", "maximum_daily")
"""The fields of a limit that say how much may be given."""
_PER_DAY = "/d"


class ExceededLimit(NamedTuple):
    """A limit that an amount exceeds, and its maximum in the unit of the amount."""

    limit: Record
    maximum: Amount

    def describe_excess(self, amount: Amount) -> str:
        """Return how the amount exceeds it: "is above the maximum of 6 mg in …"."""
        maximum_text = f'the maximum of {format_amount(self.maximum)} in "{self.limit.id}"'
        if amount.is_open():
            return f"has no upper end below {maximum_text}"
        return f"is {'above' if amount.high > self.maximum.high else 'not below'} {maximum_text}"


def find_exceeded_limit(record: Record, amount: Amount, content: Content) -> ExceededLimit | None:
    """Return the limit that an amount of a regimen exceeds, None if it exceeds none."""
    candidates = [
        ExceededLimit(limit, maximum)
        for limit in find_same_product_records(record, content, "dose-limit")
        for maximum in _iter_maxima(limit, amount.unit)
    ]
    # A limit for these patients may be missing, and another one must not be applied to them.
    if not candidates or not content.is_complete(record, "dose-limit", "population", "condition", "route"):
        return None
    # A daily limit for some patients does not replace the limit at one time for all.
    by_period: dict[str, list[Record]] = {}
    for candidate in candidates:
        by_period.setdefault(find_text(candidate.limit, "per"), []).append(candidate.limit)
    applicable_limits = [
        limit
        for limits_of_period in by_period.values()
        for limit in most_specific(limits_of_period, record, content)
    ]
    for candidate in candidates:
        if candidate.limit in applicable_limits and _is_above_maximum(amount, candidate.maximum):
            return candidate
    highest = max(candidates, key=lambda candidate: candidate.maximum.high)
    lower_end = amount._replace(high=amount.low)
    return highest if not applicable_limits and _is_above_maximum(lower_end, highest.maximum) else None


def is_stated_maximum(record: Record, amount: Amount, content: Content) -> bool:
    """Return whether "at most so much" in a regimen is, or may be, the maximum of a limit of the product."""
    if not amount.is_capped():
        return False
    limits = find_same_product_records(record, content, "dose-limit")
    return not content.is_complete(record, "dose-limit") or any(
        amount[:3] == maximum[:3] for limit in limits for maximum in _iter_maxima(limit, amount.unit)
    )


def _is_above_maximum(amount: Amount, maximum: Amount) -> bool:
    """Return whether an amount exceeds a maximum, or reaches one that it must stay below.

    "More than 4 g" has no upper end, so its number must be less than the maximum.
    """
    if amount.is_open() or (maximum.comparator == "<" and amount.comparator != "<"):
        return amount.high >= maximum.high
    return amount.high > maximum.high


def _iter_maxima(limit: Record, unit: str) -> Iterator[Amount]:
    """Yield the maxima of a limit in the unit of a dose or daily dose; a daily one bounds one dose too."""
    for field_name in MAXIMUM_FIELDS:
        maximum = find_quantity(limit, field_name)
        if maximum is not None:
            is_daily = field_name == "maximum_daily" or find_text(limit, "per") == "per day"
            amount = maximum._replace(unit=maximum.unit.removesuffix(_PER_DAY))
            # A maximum at one time is not a maximum of a day.
            is_by_day = unit.endswith(_PER_DAY)
            converted = convert_to(amount, unit.removesuffix(_PER_DAY)) if is_daily or not is_by_day else None
            if converted is not None:
                yield converted._replace(unit=unit)
