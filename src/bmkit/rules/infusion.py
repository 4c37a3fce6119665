"""Infusions: over what time, in what volume and how fast a dose goes into a vein."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.reading.amount import Amount, in_unit, peak, said
from bmkit.rules.reading.regimen import dose_of, is_infused, is_told, peers, regimens, to_whom
from bmkit.rules.reading.value import has, quantity_of, text
from bmkit.rules.rule import Faults, rule
from bmkit.wording import quantity

if TYPE_CHECKING:
    from bmkit.content import Content

# mL/h: slower than a syringe pump is set, faster than an infusion pump runs.
_SLOWEST, _FASTEST = Fraction(1), Fraction(1200)


def _dosing(**fields: Any) -> dict[str, Any]:
    made = {
        "id": "zometa-4-mg",
        "product": "zometa",
        "route": "intravenous",
        "dose": {"value": 4, "unit": "mg"},
        "volume": {"value": 100, "unit": "mL"},
        "infusion_time": {"value": 15, "unit": "min"},
        **fields,
    }
    return {name: value for name, value in made.items() if value is not None}


_GOOD = {"dosing": [_dosing()]}


@rule(
    Severity.WARNING,
    good=[_GOOD, {"dosing": [_dosing(route="oral", infusion_time=None)]}],
    bad={"dosing": [_dosing(infusion_time=None)]},
)
def no_time(content: Content) -> Faults:
    """A dose goes into a vein, and nothing says over what time.

    Given too fast, many medicines harm the kidneys or stop the heart.
    """
    for record in regimens(content):
        if is_infused(record, content) and not is_told(record, content, ("infusion_time",)):
            given = f'this dose of "{text(record, "product")}"'
            message = f"nothing says over what time {given} is infused{to_whom(record)}"
            yield record.at(dose_of(record)), message, "give the infusion time"


@rule(
    Severity.WARNING,
    good=[
        _GOOD,
        {
            "dosing": [_dosing(volume=None)],
            "dilution": [{"id": "one", "product": "zometa", "volume": {"value": 100, "unit": "mL"}}],
        },
    ],
    bad={"dosing": [_dosing(volume=None)]},
)
def no_volume(content: Content) -> Faults:
    """A dose goes into a vein, and nothing says in what volume.

    Undiluted, a concentrate burns the vein; diluted too much, it loads the heart.
    """
    for record in regimens(content):
        told = is_told(record, content, ("volume",)) or any(
            has(dilution, "volume") for dilution in peers(record, content, "dilution")
        )
        if is_infused(record, content) and not told:
            given = f'this dose of "{text(record, "product")}"'
            message = f"nothing says in what volume {given} is infused{to_whom(record)}"
            yield record.at(dose_of(record)), message, "give the volume, or a dilution"


@rule(
    Severity.ERROR,
    good=_GOOD,
    bad=[
        {"dosing": [_dosing(volume={"value": 1000, "unit": "mL"})]},
        {"dosing": [_dosing(infusion_time={"value": 200, "unit": "h"})]},
    ],
)
def implausible_rate(content: Content) -> Faults:
    """A volume cannot be infused in the time that is stated for it.

    Above 1200 mL an hour or below 1 mL an hour no infusion of a medicine runs: one of the two is wrong.
    """
    for record in content.of("dosing"):
        volume, time = quantity_of(record, "volume"), quantity_of(record, "infusion_time")
        mls = in_unit(volume, "mL") if volume is not None else None
        hours = in_unit(time, "h") if time is not None else None
        if mls is None or hours is None or hours.low <= 0:
            continue
        slow, fast = mls.low / hours.high, mls.high / hours.low
        if fast > _FASTEST or slow < _SLOWEST:
            rate = said(Amount(slow, fast, "mL/h"))
            limit = f"above {_FASTEST}" if fast > _FASTEST else f"below {_SLOWEST}"
            message = (
                f"{quantity(record['volume'])} over {quantity(record['infusion_time'])} is {rate}, {limit}"
            )
            place = record.at("infusion_time", peak(record["infusion_time"]))
            yield place, message, "correct the volume or the time, or the unit of one"
