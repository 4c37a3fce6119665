"""Times: units in which a time is easy to read."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.amounts import convert_to, find_stated_quantities, format_amount, to_amount
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity, format_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content


@rule(Severity.WARNING, fix="state it in the unit that people count such a time in")
def unclear_unit(content: Content) -> Faults:
    """A time is written in a unit in which it is hard to read.

    Three hours are not recognised in 180 minutes, and half a year is six months to readers.  Customary
    numbers pass: 24 to 72 hours, 30, 60 or 90 days, weeks up to two years and months up to ten.
    """
    for stated_quantity in find_stated_quantities(content):
        if stated_quantity.value.get("unit") in _SMALLER_UNITS.keys() | _LARGER_UNITS.keys():
            time = to_amount(stated_quantity.value, "time")
            conversions = (
                convert_to(time, unit) for unit in _iter_plainer_units(time.low, time.high, time.unit)
            )
            plainer_time = next((conversion for conversion in conversions if conversion), None)
            if plainer_time is None:
                continue
            has_whole_numbers = plainer_time.low.denominator == plainer_time.high.denominator == 1
            otherwise = f"state it in {format_unit(plainer_time.unit)}"
            for record, parts, value in stated_quantity.occurrences:
                message = f"{format_quantity(value)} is hard to read in this unit"
                numbers = {
                    member: int(Fraction(number) * plainer_time.high / time.high)
                    for member, number in value.items()
                    if member in {"value", "low", "high"}
                }
                hint = propose_value(
                    {**value, **numbers, "unit": plainer_time.unit},
                    f"write {format_amount(plainer_time)}",
                    otherwise=otherwise,
                    place=record.locate_field(*parts),
                )
                place = record.locate_field(*parts, "unit")
                yield place, message, hint if has_whole_numbers else otherwise


# For each unit: the next unit, the least number and the multiples that make it easier to read, the maximum.
_LARGER_UNITS = {
    "s": ("min", 120, 60, 600),
    "min": ("h", 180, 60, 600),
    "h": ("d", 96, 24, 400),
    "d": ("mo", 401, 1, 400),
    "wk": ("a", 105, 52, 260),
    "mo": ("a", 121, 12, 240),
}
_SMALLER_UNITS = {"a": "mo", "mo": "d", "wk": "d", "d": "h", "h": "min", "min": "s"}
_DAYS_PER_YEAR = 365


def _iter_plainer_units(low: Fraction, high: Fraction, unit: str) -> Iterator[str]:
    """Yield the unit in which a time is easier to read, if there is one."""
    if 0 < high < 1 and unit in _SMALLER_UNITS:
        yield _SMALLER_UNITS[unit]
    larger_unit, threshold, multiple, upper_threshold = _LARGER_UNITS.get(unit, ("", 0, 1, 0))
    if unit == "d" and high % _DAYS_PER_YEAR == 0 and high > 0:
        yield "a"
    elif larger_unit and (
        high > upper_threshold or (low >= threshold and low % multiple == high % multiple == 0)
    ):
        yield larger_unit
