"""Tablets: whether a dose can be made of them in the ways that their instructions allow."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, amount, in_unit, peak, said
from bmkit.rules.derived.forms import SOLID, is_form
from bmkit.rules.derived.hierarchy import known
from bmkit.rules.derived.stance import NO, YES
from bmkit.rules.derived.value import agree, quantity_of, text
from bmkit.rules.medication.regimens import DOSES, of_same
from bmkit.rules.rule import Faults, rule
from bmkit.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record

_WHOLE = "swallowing-whole"
_BREAKING = ("dividing", "crushing", "dissolving", "chewing", "sucking")
# Where nothing is said of dividing, a tablet may have a score.
_PARTS = Fraction(2)
# A dose of more pieces than this is not worked out; nobody would swallow it.
_MOST_PIECES = 2000


def _strength(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "mg"}


def _case(daily_dose: int, stance: str = "required", *strengths: int) -> dict[str, Any]:
    return {
        "dosing": [
            {
                "id": "one",
                "product": "bonefos",
                "form": "tablet",
                "daily_dose": {"value": daily_dose, "unit": "mg/d"},
            }
        ],
        "product-presentation": [
            {"id": f"tablet-{value}", "product": "bonefos", "form": "tablet", "strength": _strength(value)}
            for value in strengths or (400, 800)
        ],
        "instruction": [{"id": "whole", "product": "bonefos", "activity": _WHOLE, "stance": stance}],
    }


def _instruction(name: str, activity: str, strength: int, **fields: Any) -> dict[str, Any]:
    made = {"id": name, "product": "bonefos", "form": "tablet", "strength": _strength(strength)}
    return {**made, "activity": activity, "stance": "required", **fields}


@rule(
    Severity.ERROR,
    good=[_case(2000), _case(200, "not recommended", 400)],
    bad=[_case(1000), _case(1200, "required", 800)],
)
def broken(content: Content) -> Faults:
    """A dose cannot be made of tablets without breaking some that must stay whole.

    Who tries takes another dose than the stated one, or breaks what protects the medicine or the gullet.
    """
    for record in content.of("dosing"):
        whole = content.whole(record, "product-presentation", "instruction", "form", "route")
        pieces = _pieces(record, content) if whole else []
        for name in DOSES:
            given = quantity_of(record, name)
            if given is None or given.bounded() or not pieces:
                continue
            mass = given._replace(unit=given.unit.removesuffix("/d"))
            sizes = [turned.high for piece in pieces if (turned := in_unit(piece, mass.unit)) is not None]
            if not (_makes(mass.low, sizes) and _makes(mass.high, sizes)):
                tablets = " or ".join(sorted({said(piece) for piece in pieces}))
                message = f"{name} {quantity(record[name])} cannot be made of pieces of {tablets}"
                yield record.at(name, peak(record[name])), message, "correct the dose, or how it is taken"


def _two(activity: str, whole: str, stance: str, **fields: Any) -> dict[str, Any]:
    one = _instruction("a", _WHOLE, 800, **{**fields, "stance": whole})
    return {"instruction": [one, _instruction("b", activity, 800, **{**fields, "stance": stance})]}


@rule(
    Severity.ERROR,
    good=[
        {"instruction": [_instruction("a", _WHOLE, 400), _instruction("b", "dividing", 800)]},
        _two("chewing", "required", "contraindicated"),
        _two("dividing", "not recommended", "required"),
        _two("chewing", "contraindicated", "contraindicated", form="orodispersible-tablet"),
        {
            "instruction": [
                *_two("chewing", "contraindicated", "contraindicated")["instruction"],
                _instruction("c", "dissolving", 800),
            ]
        },
    ],
    bad=[
        _two("dividing", "required", "allowed"),
        _two("chewing", "strictly prohibited", "contraindicated"),
    ],
)
def contradiction(content: Content) -> Faults:
    """A tablet is to be swallowed whole, and may be broken; or it may be neither.

    Both instructions are about the same form and strength; a patient can follow only one of them, or none.
    """
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in content.of("instruction"):
        if text(record, "activity") in (_WHOLE, *_BREAKING):
            groups.setdefault((record.folder, text(record, "product")), []).append(record)
    for group in groups.values():
        whole = [record for record in group if text(record, "activity") == _WHOLE]
        broken = [record for record in group if text(record, "activity") != _WHOLE]
        for record in broken:
            other = next((one for one in _of(record, whole) if text(one, "stance") in YES), None)
            if other is not None and text(record, "stance") in YES:
                may = f'"{text(record, "activity")}" is {text(record, "stance")}'
                message = f'{may}, but "{other.id}" has the tablet swallowed whole'
                yield record.at("activity"), message, "correct one of the two"
        for record in whole:
            others = _of(record, broken)
            told = [one for one in others if text(one, "stance") in NO]
            # Forms that melt in the mouth have names of their own.
            is_told = told and text(record, "form") in SOLID and text(record, "stance") in NO
            other_way = any(text(one, "stance") in YES for one in others)
            if is_told and not other_way and content.whole(record, "instruction"):
                message = (
                    f'it may be taken neither whole nor by "{text(told[0], "activity")}" ("{told[0].id}")'
                )
                yield record.at("stance"), message, "correct the stance, or say how it is taken"


def _of(record: Record, others: Iterable[Record]) -> list[Record]:
    """Give the instructions that may be about the same tablet."""
    return [one for one in others if all(agree(record, one, name) for name in ("form", "strength"))]


def _pieces(record: Record, content: Content) -> list[Amount]:
    """Give the pieces that a dose can be made of: whole tablets and capsules, or parts that may be cut."""
    solid = content.once(_solid)
    return [
        solid[id(other)]
        for other in (of_same(record, content, "product-presentation") if solid else ())
        if id(other) in solid and agree(record, other, "form")
    ]


def _solid(content: Content) -> dict[int, Amount]:
    """Give the smallest piece of every presentation that is a tablet or capsule of a stated strength."""
    return {
        id(other): _cut(other, known(content, "instruction", other))
        for other in content.every("product-presentation")
        if other.shaped and quantity_of(other, "strength") is not None and is_form(other, content, *SOLID)
    }


def _cut(presentation: Record, instructions: Iterable[Record]) -> Amount:
    """Give the strength of a presentation, or of the part into which it may be cut."""
    told = [
        other
        for other in instructions
        if all(agree(other, presentation, name) for name in ("product", "form", "strength"))
    ]
    is_whole = any(
        (text(other, "activity") == _WHOLE and text(other, "stance") in YES)
        or (text(other, "activity") == "dividing" and text(other, "stance") in NO)
        for other in told
    )
    cuts = [other for other in told if text(other, "activity") == "dividing" and text(other, "stance") in YES]
    parts = [quantity_of(other, "parts") for other in cuts]
    into = max((one.high for one in parts if one is not None), default=Fraction(1) if is_whole else _PARTS)
    return amount(presentation["strength"]).times(1 / max(into, Fraction(1)))


def _makes(dose: Fraction, sizes: list[Fraction]) -> bool:
    """Say whether a dose is a sum of pieces of these sizes."""
    scale = lcm(dose.denominator, *(size.denominator for size in sizes))
    whole, parts = int(dose * scale), sorted({int(size * scale) for size in sizes if size > 0})
    if not parts or whole <= 0:
        return True
    step = gcd(*parts)
    if whole % step:
        return False
    whole, parts = whole // step, [part // step for part in parts]
    if whole > _MOST_PIECES * parts[-1]:
        return True
    reached = 1
    for part in parts:
        # Each bit says that so much can be made; doubling the step adds any number of one piece.
        width = part
        while width <= whole:
            reached |= reached << width
            width *= 2
    return bool(reached >> whole & 1)
