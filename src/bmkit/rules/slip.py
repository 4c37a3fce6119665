"""Slips: doses, strengths, volumes and times that a slip of the keyboard explains."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.reading.amount import peak
from bmkit.rules.reading.doses import BOTH, ISMP
from bmkit.rules.reading.usual import Measure, outside_usual
from bmkit.rules.rule import Faults, rule
from bmkit.wording import quantity, unit_words

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.rules.reading.amount import Amount

_RANGE = {
    "id": "zometa-intravenous",
    "label": "Zometa, intravenous",
    "product": "zometa",
    "route": "intravenous",
    "dose": {"value": 4, "unit": "mg"},
    "strength": {"value": 4, "unit": "mg"},
    "infusion_time": {"value": 15, "unit": "min"},
}
_TENS = {
    Fraction(10): "ten times",
    Fraction(1, 10): "a tenth of",
    Fraction(100): "a hundred times",
    Fraction(1, 100): "a hundredth of",
}
_THOUSANDS = {Fraction(1000): "a thousand times", Fraction(1, 1000): "a thousandth of"}


def _case(**fields: Any) -> dict[str, Any]:
    fact = {"id": "zometa-4-mg", "product": "zometa", "route": "intravenous", **fields}
    return {"dose-range": [_RANGE], "dosing": [fact]}


def _mg(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "mg"}


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
    good=_case(dose=_mg(4)),
    bad=_case(dose=_mg(4000)),
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
    ],
    source=ISMP,
    fix="correct the unit, or the number if the unit is right",
)
def wrong_unit(content: Content) -> Faults:
    """The number of a dose is usual, but not with its unit.

    Milligrams, micrograms and grams differ by a letter and by a factor of a thousand.
    """
    for one in outside_usual(content):
        meant = _other_unit(one)
        if meant:
            range_, ends = meant
            hint = f"did you mean {unit_words(ends.unit)}?"
            yield one.record.at(*one.parts, "unit"), f"{_is(one)} not {_usual(range_, one)}", hint


@rule(
    Severity.WARNING,
    good=_case(dose=_mg(4)),
    bad=[_case(dose=_mg(6)), _case(infusion_time={"value": 5, "unit": "min"})],
)
def unusual(content: Content) -> Faults:
    """A dose, strength, volume, infusion time or interval is not what is usual.

    No slip of a decimal point or unit explains it; it may be right, and the list of dose ranges lacks it.
    """
    for one in outside_usual(content):
        if one.record.kind.name == "dose-limit" or one.stated.bounded():
            continue  # a limit lies where doses should not be
        slipped = _other_unit(one) or _multiple(one, _TENS) or _multiple(one, _THOUSANDS)
        if not slipped:
            hint = "correct it, or widen the range in the list of dose ranges"
            message = f"{_is(one)} not {_usual(one.usual[0][0], one)}"
            yield one.record.at(*one.parts, peak(one.value)), message, hint


def _multiples(content: Content, factors: dict[Fraction, str]) -> Faults:
    for one in outside_usual(content):
        found = _multiple(one, factors)
        if found and not _other_unit(one):
            end, words, (range_, ends) = found
            shown = quantity(range_[one.name])
            message = f"{_is(one)} {words} the usual {shown} of {_label(range_)}"
            one_meant = f"did you mean {shown}?"
            hint = one_meant if ends.low == ends.high else "see whether a point or a zero has slipped"
            yield one.record.at(*one.parts, end), message, hint


def _multiple(one: Measure, factors: dict[Fraction, str]) -> tuple[str, str, tuple[Record, Amount]] | None:
    """Give the end of a quantity that a factor leads to from the usual range, words for it, and the range."""
    names = ("value",) if "value" in one.value else ("low", "high")
    for name, number in zip(names, (one.stated.low, one.stated.high), strict=False):
        end = one.stated._replace(low=number, high=number)
        for factor, words in factors.items() if not one.falls_in(end) else ():
            found = one.falls_in(end.times(1 / factor))
            if found:
                return name, words, found
    return None


def _other_unit(one: Measure) -> tuple[Record, Amount] | None:
    """Give the usual range in which the numbers would lie if they had its unit."""
    for range_, ends in one.usual:
        if ends.unit != one.stated.unit and one.stated._replace(unit=ends.unit).within(ends):
            return range_, ends
    return None


def _is(one: Measure) -> str:
    return f"{one.field.name} {quantity(one.value)} is"


def _usual(range_: Record, one: Measure) -> str:
    return f"the usual {quantity(range_[one.name])} of {_label(range_)}"


def _label(range_: Record) -> str:
    return str(range_.value.get("label", range_.id))
