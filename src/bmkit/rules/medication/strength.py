"""Strengths: what a tablet or vial contains, beside the doses that are made of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, amount, in_unit, peak
from bmkit.rules.derived.dose_text import HARM, ISMP
from bmkit.rules.derived.forms import CONCENTRATE, SOLID, is_form, misused
from bmkit.rules.derived.value import has, quantity_of, text
from bmkit.rules.medication.regimens import of_same
from bmkit.rules.rule import Faults, rule
from bmkit.wording import bare, quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_KIND = "product-presentation"
_RANGE = "dose-range"
# The fields of a usual dose that a strength is compared with, and into how many parts each may be divided.
_DOSES = {"dose": 1, "daily_dose": 4}
_HEAVIEST = Fraction(5)  # g
# A dose may be made of many pieces, prednisolone of tablets of 1 mg.
_SMALLEST = Fraction(1, 100)
# Nobody cuts a tablet into ten, or throws nine tenths of a concentrate away; of a bottle many doses come.
_MOST, _MOST_OF_BOTTLE = 10, 1000
_SLIPS = {
    Fraction(10) ** power: words
    for power, words in ((1, "ten times"), (2, "a hundred times"), (-1, "a tenth of"), (-2, "a hundredth of"))
}


class _Beside(NamedTuple):
    """The strength of one piece, and a usual dose of the product in the same unit."""

    piece: Amount
    dose: Amount
    range_: Record
    name: str

    def shown(self) -> str:
        """Say the usual dose and whose it is."""
        label = self.range_.value.get("label", self.range_.id)
        return f"the usual {bare(self.range_[self.name])} of {label}"


def _mg(value: float) -> dict[str, Any]:
    return {"value": value, "unit": "mg"}


def _case(
    strength: dict[str, Any], dose: dict[str, Any], name: str = "dose", **fields: Any
) -> dict[str, Any]:
    route = "oral" if fields.get("form") == "tablet" else "intravenous"
    usual = {"id": "usual", "label": "P", "product": "p", "route": route, name: dose}
    piece = {"id": "piece", "product": "p", "strength": strength, **fields}
    return {_RANGE: [usual], _KIND: [piece]}


_DAILY = {"low": 30, "high": 60, "unit": "mg/d"}
_SIX = {"low": 2, "high": 6, "unit": "mg"}
_INFUSED = {"id": "usual", "label": "P", "product": "p", "route": "intravenous", "dose": _SIX}
_TABLET = {"form": "tablet", "route": "oral"}


@rule(
    Severity.ERROR,
    good=[
        # Tablets of 1 mg for a dose of 60 mg, a vial of many doses, one of three for a dose.
        _case(_mg(1), _DAILY, "daily_dose", **_TABLET),
        _case(_mg(30), {"low": 0.3, "high": 0.5, "unit": "mg"}, container="vial"),
        _case(_mg(20), {"low": 100, "high": 150, "unit": "mg"}, form=CONCENTRATE),
        _case(_mg(8), {"value": 4, "unit": "mg"}, **_TABLET),
        _case({"value": 1, "unit": "g"}, {"low": 500, "high": 1000, "unit": "mg"}, **_TABLET),
        {**_case(_mg(150), _SIX, form="tablet"), _RANGE: [_INFUSED]},
        # By another route other doses are usual.
        {
            **_case(_mg(150), {"value": 0.15, "unit": "mg"}, container="vial", route="oral"),
            "route": [{"id": "oral"}, {"id": "intravenous"}],
        },
    ],
    bad=[
        _case(_mg(60), _SIX, form=CONCENTRATE),
        _case(_mg(600), _DAILY, "daily_dose", **_TABLET),
        _case({"value": 50, "unit": "ug"}, {"low": 20, "high": 60, "unit": "mg"}, **_TABLET),
        _case({"value": 6, "unit": "g"}, _SIX, container="vial"),
        _case(_mg(1200), _mg(120), container="vial", per={"value": 1, "unit": "1"}, form=CONCENTRATE),
    ],
    source=ISMP,
    fix="correct the strength or its unit, or give the usual strength in the list of dose ranges",
)
def implausible(content: Content) -> Faults:
    """A strength is out of all proportion to the usual doses of the product.

    Nobody takes a tenth of a tablet, or a hundred tablets: a digit or the unit is wrong, and the dose that is
    made of such pieces is as wrong.
    """
    for record, found in _compared(content):
        is_beyond = all(_is_beyond(one, _most(record, content)) for one in found)
        if is_beyond and not _is_too_heavy(record, content):
            message = f"strength {bare(record['strength'])} is far from {found[0].shown()}"
            yield record.at("strength", peak(record["strength"])), message


@rule(
    Severity.WARNING,
    good=[
        _case(_mg(120), _mg(120), container="vial"),
        _case(_mg(100), _mg(200), container="vial"),
        _case(_mg(40), _mg(480), form=CONCENTRATE),
        _case(_mg(4), _mg(40), **_TABLET),
        _case(_mg(10), {"low": 75, "high": 100, "unit": "mg"}, form=CONCENTRATE),
    ],
    bad=[
        _case(_mg(12), _mg(120), container="vial"),
        _case(_mg(1200), _mg(120), container="vial"),
    ],
    source=ISMP,
    fix="correct the strength, or give the usual strength in the list of dose ranges if it is right",
)
def tenfold(content: Content) -> Faults:
    """A strength is a tenth of the only usual dose of the product, or ten times it, with the same digits.

    A vial may hold many doses, or a part of one; but where just the decimal point is elsewhere it may have
    slipped.  Tablets are let be: ten of them may be a dose.
    """
    for record, found in _compared(content):
        one = found[0]
        is_fixed = len(found) == 1 and one.dose.low == one.dose.high > 0
        if not is_fixed or is_form(record, content, *SOLID) or _is_beyond(one, _most(record, content)):
            continue
        words = _SLIPS.get(one.piece.high / one.dose.high) if one.piece.low == one.piece.high else None
        if words:
            message = f"strength {bare(record['strength'])} is {words} {one.shown()}"
            yield record.at("strength", peak(record["strength"])), message


@rule(
    Severity.ERROR,
    good=[
        {_KIND: [{"id": "one", "product": "p", "strength": {"value": 3, "unit": "g"}, "form": "tablet"}]},
        {
            _KIND: [
                {"id": "one", "product": "p", "strength": {"value": 50, "unit": "g"}, "container": "bottle"}
            ]
        },
    ],
    bad={_KIND: [{"id": "one", "product": "p", "strength": {"value": 50, "unit": "g"}, "form": "tablet"}]},
    source=HARM,
)
def too_heavy(content: Content) -> Faults:
    """A tablet or capsule contains more than it can weigh.

    The heaviest that are swallowed or dissolved weigh a few grams; above 5 g the unit or a digit is wrong.
    """
    for record in content.of(_KIND):
        if _is_too_heavy(record, content):
            message = f"strength {quantity(record['strength'])} is more than one piece can weigh"
            yield record.at("strength", peak(record["strength"])), message, "correct the number or the unit"


def _is_too_heavy(record: Record, content: Content) -> bool:
    piece = _piece(record)
    grams = in_unit(piece, "g") if piece is not None else None
    return grams is not None and grams.high > _HEAVIEST and is_form(record, content, *SOLID)


def _compared(content: Content) -> Iterator[tuple[Record, list[_Beside]]]:
    """Give the presentations whose strength only the usual doses of their product can be held against."""
    for record in content.of(_KIND) if any(content.every(_RANGE)) else ():
        piece = _piece(record)
        if piece is None or not content.whole(record, _RANGE, "route", "form"):
            continue
        # Where a tablet has no route, what is usual by vein says nothing of it all the same.
        ranges = [
            one
            for one in of_same(record, content, _RANGE)
            if not misused(record, content, text(one, "route"))
        ]
        if not any(has(one, "strength") for one in ranges):
            found = [beside for one in ranges for beside in _beside(piece, one)]
            if found:
                yield record, found


def _piece(record: Record) -> Amount | None:
    """Give how much of the substance is in one piece or container, None if that is not stated."""
    strength, count = quantity_of(record, "strength"), quantity_of(record, "per")
    if strength is None or strength.bounded() or strength.low <= 0:
        return None
    return strength.times(1 / count.high) if count is not None and count.high > 0 else strength


def _beside(piece: Amount, range_: Record) -> Iterator[_Beside]:
    for name, parts in _DOSES.items():
        if quantity_of(range_, name) is not None:
            dose = amount(range_[name])
            turned = in_unit(dose._replace(unit=dose.unit.removesuffix("/d")), piece.unit)
            if turned is not None and 0 < turned.low <= turned.high:
                yield _Beside(piece, turned._replace(low=turned.low / parts), range_, name)


def _most(record: Record, content: Content) -> int:
    """Give how many times the greatest dose one piece cannot contain."""
    return _MOST if is_form(record, content, *SOLID, CONCENTRATE) else _MOST_OF_BOTTLE


def _is_beyond(one: _Beside, most: int) -> bool:
    return one.piece.high >= most * one.dose.high or one.piece.low <= one.dose.low * _SMALLEST
