"""Slips: doses, strengths, volumes and times that a slip of the keyboard explains."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.reading.amount import in_unit, peak
from bmkit.rules.reading.doses import BOTH, ISMP
from bmkit.rules.reading.limits import is_maximum
from bmkit.rules.reading.usual import Measure, Usual, outside_usual
from bmkit.rules.rule import Faults, rule
from bmkit.wording import unit_words

if TYPE_CHECKING:
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
_TENS = {
    Fraction(10): "ten times",
    Fraction(1, 10): "a tenth of",
    Fraction(100): "a hundred times",
    Fraction(1, 100): "a hundredth of",
}
# So many times the usual, or so small a part of it, is a mistake whatever the digits are.
_FAR = 10
_HINT = "correct it, or the usual dose in {}"
_THOUSANDS = {Fraction(1000): "a thousand times", Fraction(1, 1000): "a thousandth of"}


def _case(**fields: Any) -> dict[str, Any]:
    fact = {"id": "zometa-4-mg", "product": "zometa", "route": "intravenous", **fields}
    return {"dose-range": [_RANGE], "dosing": [fact]}


def _capsules(**fields: Any) -> dict[str, Any]:
    fact = {"id": "one", "product": "bonefos", "route": "oral", **fields}
    return {"dose-range": [_CAPSULES], "dosing": [fact]}


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
    yield from _multiples(content, _TENS)


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
    yield from _multiples(content, _THOUSANDS)


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
    for one in outside_usual(content):
        usual = _other_unit(one)
        if usual:
            by_day = one.value["unit"] != one.stated.unit
            unit = usual.ends.unit.removesuffix("/d") if by_day else usual.ends.unit
            hint = f"did you mean {unit_words(unit)}?"
            yield one.record.at(*one.parts, "unit"), f"{_is(one)} not {_usual(usual)}", hint


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
    for one in outside_usual(content):
        if _is_far(one) and not _is_slip(one):
            message = f"{_is(one)} far from {_usual(one.usual[0])}"
            yield one.record.at(*one.parts, peak(one.value)), message, _HINT.format(one.usual[0].range_.file)


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
    for one in outside_usual(content):
        if one.record.kind.name == "dose-limit" or is_maximum(one.record, one.stated, content):
            continue  # a limit lies where doses should not be
        if not _is_far(one) and not _is_slip(one):
            message = f"{_is(one)} not {_usual(one.usual[0])}"
            yield one.record.at(*one.parts, peak(one.value)), message, _HINT.format(one.usual[0].range_.file)


def _multiples(content: Content, factors: dict[Fraction, str]) -> Faults:
    for one in outside_usual(content):
        found = _multiple(one, factors)
        if found and not _other_unit(one):
            end, words, usual = found
            # Where the range is the one that slipped, a greater dose must not be what is proposed.
            is_less = usual.ends.low == usual.ends.high < one.stated.high
            hint = f"did you mean {usual.shown}?" if is_less else _HINT.format(usual.range_.file)
            yield one.record.at(*one.parts, end), f"{_is(one)} {words} {_usual(usual)}", hint


def _multiple(one: Measure, factors: dict[Fraction, str]) -> tuple[str, str, Usual] | None:
    """Give the end of a quantity that a factor leads to from the usual range, words for it, and the range."""
    names = ("value",) if "value" in one.value else ("low", "high")
    for name, number in zip(names, (one.stated.low, one.stated.high), strict=False):
        end = one.stated._replace(low=number, high=number)
        for factor, words in factors.items() if not one.falls_in(end) else ():
            found = one.falls_in(end.times(1 / factor), one.about())
            if found:
                return name, words, found
    return None


def _other_unit(one: Measure) -> Usual | None:
    """Give the usual range in which the numbers would lie if they had its unit."""
    for usual in one.about():
        unit = usual.ends.unit
        if unit != one.stated.unit and one.stated._replace(unit=unit).within(usual.ends):
            return usual
    return None


def _is_slip(one: Measure) -> bool:
    """Say whether a slip of a decimal point or unit explains the quantity; of that another rule tells."""
    return bool(_other_unit(one) or _multiple(one, _TENS) or _multiple(one, _THOUSANDS))


def _is_far(one: Measure) -> bool:
    """Say whether an end of the quantity is ten times that of every range, or a tenth of it."""
    turned = [(in_unit(one.stated, usual.ends.unit), usual.ends) for usual in one.usual]
    known = [(mine, ends) for mine, ends in turned if mine is not None]
    return bool(known) and all(
        mine.high >= _FAR * ends.high or mine.low <= ends.low / _FAR for mine, ends in known
    )


def _is(one: Measure) -> str:
    return f"{one.field.name} {one.text} is"


def _usual(usual: Usual) -> str:
    return f"the usual {usual.shown} of {usual.range_.value.get('label', usual.range_.id)}"
