"""Times: lengths of time that can be read at a glance."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import amount, in_unit, said
from bmkit.rules.derived.stated import stated
from bmkit.rules.rule import Faults, rule
from bmkit.wording import quantity, unit_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from bmkit.content import Content


def _survival(**time: Any) -> dict[str, Any]:
    return {"survival": [{"id": "one", "tumour": "melanoma", "time": time}]}


@rule(
    Severity.WARNING,
    good=[
        _survival(value=52, unit="wk"),
        _survival(value=48, unit="mo"),
        _survival(low=12, high=35, unit="mo"),
        {"storage": [{"id": "one", "time": {"value": 24, "unit": "h"}}]},
        {"dosing": [{"id": "one", "infusion_time": {"value": 90, "unit": "min"}}]},
    ],
    bad=[
        _survival(value=30, unit="d"),
        _survival(value=Decimal("0.5"), unit="a"),
        {"dosing": [{"id": "one", "infusion_time": {"value": 180, "unit": "min"}}]},
        {"storage": [{"id": "one", "time": {"value": 240, "unit": "h"}}]},
    ],
    fix="say it in the unit that people count such a time in",
)
def hidden(content: Content) -> Faults:
    """A time is written in a unit that hides how long it is.

    Nobody sees three hours in 180 minutes, and half a year is six months to whoever counts them.  Days for
    months besides leave open whether a month or thirty days are meant.  Customary numbers pass: 24 to 72
    hours, 7 to 28 days, weeks up to two years and months up to five.
    """
    for one in stated(content):
        if one.field.dimension == "time":
            time = amount(one.value)
            turned = (in_unit(time, unit) for unit in _plainer(time.low, time.high, time.unit))
            better = next((plainer for plainer in turned if plainer), None)
            if better is None:
                continue
            is_whole = better.low.denominator == better.high.denominator == 1
            hint = f"write {said(better)}" if is_whole else f"say it in {unit_words(better.unit)}"
            for record, parts, value in one.found:
                yield record.at(*parts, "unit"), f"{quantity(value)} hides how long it is", hint


# For each unit: from how many on, of which multiples, the next unit is plainer; and how many are too many.
_LARGER = {
    "s": ("min", 120, 60, 600),
    "min": ("h", 180, 60, 600),
    "h": ("d", 96, 24, 400),
    "d": ("mo", 30, 30, 400),
    "wk": ("a", 105, 52, 260),
    "mo": ("a", 61, 12, 120),
}
_SMALLER = {"a": "mo", "mo": "d", "wk": "d", "d": "h", "h": "min", "min": "s"}
_YEAR_IN_DAYS = 365


def _plainer(low: Fraction, high: Fraction, unit: str) -> Iterator[str]:
    """Give the unit in which a time is plainer, if there is one."""
    if 0 < high < 1 and unit in _SMALLER:
        yield _SMALLER[unit]
    larger, many, step, too_many = _LARGER.get(unit, ("", 0, 1, 0))
    if unit == "d" and high % _YEAR_IN_DAYS == 0 and high > 0:
        yield "a"
    elif larger and (high > too_many or (low >= many and low % step == high % step == 0)):
        yield larger
