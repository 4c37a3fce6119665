"""Slips: doses, strengths, volumes and times that a slip of the keyboard explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import peak
from bmkit.rules.derived.dose_text import BOTH, HARM, ISMP
from bmkit.rules.medication.amiss import is_words, remedy, times_words, usual_words
from bmkit.rules.medication.dose_limits import is_maximum
from bmkit.rules.medication.ranges import LIMIT
from bmkit.rules.medication.slips import (
    TENS,
    THOUSANDS,
    is_error,
    is_far,
    is_slip,
    multiple,
    other_unit,
    told,
)
from bmkit.rules.rule import Faults, rule
from bmkit.wording import unit_words

if TYPE_CHECKING:
    from fractions import Fraction

    from bmkit.content import Content

_RANGE = {
    "id": "zometa-intravenous",
    "label": "Zometa, intravenous",
    "product": "zometa",
    "route": "intravenous",
    "dose": {"value": 4, "unit": "mg"},
    "strength": {"value": 4, "unit": "mg"},
    "infusion_time": {"value": 15, "unit": "min"},
    "interval": {"low": 3, "high": 4, "unit": "wk"},
}
_CAPSULES = {
    "id": "bonefos-oral",
    "label": "Bonefos, oral",
    "product": "bonefos",
    "route": "oral",
    "daily_dose": {"low": 1600, "high": 3200, "unit": "mg/d"},
}


def _case(**fields: Any) -> dict[str, Any]:
    fact = {"id": "zometa-4-mg", "product": "zometa", "route": "intravenous", **fields}
    return {"dose-range": [_RANGE], "dosing": [fact]}


def _capsules(**fields: Any) -> dict[str, Any]:
    fact = {"id": "one", "product": "bonefos", "route": "oral", **fields}
    return {"dose-range": [_CAPSULES], "dosing": [fact]}


def _infused(value: int, **fields: Any) -> dict[str, Any]:
    infused = {**_CAPSULES, "id": "bonefos-intravenous", "label": "Bonefos, IV", "route": "intravenous"}
    ranges = [_CAPSULES, {**infused, "daily_dose": {"value": 300, "unit": "mg/d"}}]
    fact = {"id": "one", "product": "bonefos", "route": "intravenous"}
    given = {"daily_dose": {"value": value, "unit": "mg/d", **fields}}
    return {"dose-range": ranges, "dosing": [{**fact, **given}]}


def _mg(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "mg"}


_AT_MOST_6 = {"value": 6, "comparator": "<=", "unit": "mg"}


@rule(
    Severity.ERROR,
    good=[_case(dose=_mg(4)), _case(infusion_time={"value": 15, "unit": "min"})],
    bad=[
        _case(dose=_mg(40)),
        _case(infusion_time={"low": 15, "high": 150, "unit": "min"}),
        {
            "dose-range": [_RANGE],
            "product-presentation": [{"id": "vial", "product": "zometa", "strength": _mg(40)}],
        },
        {
            "dose-range": [_RANGE],
            "dose-limit": [{"id": "most", "product": "zometa", "route": "intravenous", "maximum": _mg(40)}],
        },
    ],
    source=BOTH,
    fix="look the number up where it is from and correct it, or widen the range in the list of dose ranges",
)
def tenfold(content: Content) -> Faults:
    """A dose is ten or a hundred times what is usual, or a tenth or hundredth of it.

    A moved decimal point or a zero too many is the best known of all dosing errors, and the one that kills.
    The usual range is that of the product and route in the list of dose ranges.
    """
    yield from _multiples(content, TENS)


@rule(
    Severity.ERROR,
    good=[
        _case(dose=_mg(4)),
        _capsules(dose=_mg(400)),
        _capsules(dose=_mg(800), doses_per_day={"value": 2, "unit": "1"}),
    ],
    bad=[
        _case(dose=_mg(4000)),
        _capsules(dose=_mg(800000)),
        _capsules(dose=_mg(800000), doses_per_day={"value": 2, "unit": "1"}),
    ],
    source=ISMP,
    fix="look the unit up where it is from and correct it, or widen the range in the list of dose ranges",
)
def thousandfold(content: Content) -> Faults:
    """A dose is a thousand times what is usual, or a thousandth of it.

    A number in micrograms stands where milligrams are meant, or the other way round.
    """
    yield from _multiples(content, THOUSANDS)


@rule(
    Severity.ERROR,
    good=[_case(dose=_mg(4)), _case(dose={"value": 4000, "unit": "ug"})],
    bad=[
        _case(dose={"value": 4, "unit": "g"}),
        _case(dose={"value": 4, "unit": "ug"}),
        _case(infusion_time={"value": 15, "unit": "h"}),
        _capsules(dose={"value": 1600, "unit": "g"}),
        _capsules(dose={"value": 800, "unit": "g"}, doses_per_day={"value": 2, "unit": "1"}),
    ],
    source=ISMP,
    fix="correct the unit, or the number if the unit is right",
)
def wrong_unit(content: Content) -> Faults:
    """The number of a dose is usual, but not with its unit.

    Milligrams, micrograms and grams differ by a letter and by a factor of a thousand.
    """
    for one in content.once(told):
        usual = other_unit(one)
        if usual:
            by_day = one.value["unit"] != one.stated.unit
            unit = usual.ends.unit.removesuffix("/d") if by_day else usual.ends.unit
            hint = f"did you mean {unit_words(unit)}?"
            yield one.record.at(*one.parts, "unit"), f"{is_words(one)} not {usual_words(usual)}", hint


@rule(
    Severity.ERROR,
    good=[_case(dose=_mg(4)), _case(dose=_mg(6)), _capsules(dose=_mg(3200))],
    bad=[
        _case(dose=_mg(44)),
        _capsules(dose=_mg(35000)),
        _case(dose=_mg(40000)),
        _case(interval={"value": 1, "unit": "d"}),
        _case(daily_dose={"value": 4, "unit": "mg/d"}),
    ],
)
def far_off(content: Content) -> Faults:
    """A dose is more than ten times what is usual, or less than a tenth of it.

    A digit is doubled or too many, or a dose for some weeks is given as one for a day; whatever it is, nobody
    is treated with such a dose.
    """
    for one in content.once(told):
        if is_far(one) and not is_slip(one):
            message = f"{is_words(one)} far from {usual_words(one.usual[0])}"
            yield one.record.at(*one.parts, peak(one.value)), message, remedy(one, one.usual[0])


@rule(
    Severity.ERROR,
    good=[
        _infused(300),
        # Not what is usual by vein, nor by mouth.
        _infused(450),
        # A bound lies where doses should not be.
        _infused(2000, comparator="<="),
    ],
    bad=_infused(1600),
    source=HARM,
)
def other_route(content: Content) -> Faults:
    """A dose is not usual by its route, but is by another route of the product.

    Of many medicines the dose by mouth is a hundred times the dose by vein; given by the wrong one it kills,
    or does nothing.  Where a slip of a digit or unit explains the dose too, the rule for that says so.
    """
    for one in content.once(told):
        if one.elsewhere is not None and not is_far(one) and not is_slip(one):
            message = f"{is_words(one)} not {usual_words(one.usual[0])}, but {usual_words(one.elsewhere)}"
            yield one.record.at(*one.parts, peak(one.value)), message, "correct the route or the number"


@rule(
    Severity.WARNING,
    good=[
        _case(dose=_mg(4)),
        _case(dose={"value": 3, "comparator": "<=", "unit": "mg"}),
        {
            **_case(dose=_AT_MOST_6),
            "dose-limit": [{"id": "most", "product": "zometa", "maximum": _AT_MOST_6}],
        },
    ],
    bad=[
        _case(dose=_mg(6)),
        _case(dose=_AT_MOST_6),
        _case(dose={"value": 2, "comparator": ">=", "unit": "mg"}),
        _case(infusion_time={"value": 5, "unit": "min"}),
    ],
)
def unusual(content: Content) -> Faults:
    """A dose, strength, volume, infusion time or interval is not what is usual.

    No slip of a decimal point or unit explains it; it may be right, and the list of dose ranges lacks it.
    "At most" may be less than is usual, but more only where a maximum of the product says the same.
    """
    for one in content.once(told):
        if one.record.kind.name == LIMIT or is_maximum(one.record, one.stated, content):
            continue  # a limit lies where doses should not be
        if not is_error(one):
            message = f"{is_words(one)} not {usual_words(one.usual[0])}"
            yield one.record.at(*one.parts, peak(one.value)), message, remedy(one, one.usual[0])


def _multiples(content: Content, factors: dict[Fraction, str]) -> Faults:
    for one in content.once(told):
        found = multiple(one, factors)
        if found and not other_unit(one):
            end, factor, usual = found
            # Where the range is the one that slipped, a greater dose must not be what is proposed.
            is_less = usual.ends.low == usual.ends.high < one.stated.high and one.elsewhere is None
            hint = f"did you mean {usual.shown}?" if is_less else remedy(one, usual)
            yield one.record.at(*one.parts, end), times_words(one, end, factor, usual), hint
