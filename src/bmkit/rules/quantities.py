"""Quantities: numbers that cannot be, say nothing, or hide what they say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import amount, in_unit, peak, said
from bmkit.rules.derived.stated import Stated, stated
from bmkit.rules.rule import Faults, rule
from bmkit.wording import bare, quantity, unit_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content
    from bmkit.rules.derived.stated import Found
    from bmkit.schema import Field

# Comparators that leave their number out: what they say of it, and which one lets it in.
_STRICT = {">": ("above", "most", ">="), "<": ("below", "least", "<=")}
# Of these nothing at all is a statement too.
_MAY_BE_ZERO = ("fraction", "temperature", "count")
# More significant digits than this are measured by no clinic.
_DIGITS = 4
# A number that can be read at a glance; what lies outside is better said in another unit.
_EASY_FROM, _EASY_TO = Fraction(1, 10), 100_000


_PORTION = {
    "portion": {
        "salt": {
            "$ref": "common/quantity.schema.json#/$defs/mass",
            "x-plausible": {"low": 500, "high": 6000, "unit": "mg"},
        }
    }
}


def _survival(**time: Any) -> dict[str, Any]:
    return {"survival": [{"id": "one", "tumour": "melanoma", "time": time}]}


def _dosing(*doses: tuple[Decimal | int, str]) -> dict[str, Any]:
    made = [{"value": value, "unit": unit} for value, unit in doses]
    return {
        "dosing": [
            {"id": f"dose-{number}", "product": "bonefos", "dose": dose} for number, dose in enumerate(made)
        ]
    }


@rule(
    Severity.WARNING,
    good=[_survival(low=6, high=7, unit="mo"), _survival(value=6, unit="mo")],
    bad=_survival(low=6, high=6, unit="mo"),
    fix="write one value instead of a range, or correct one end",
)
def single_point(content: Content) -> Faults:
    """A range starts where it ends.

    Either it is one number, and should be written as one, or one of its ends was lost in an edit.
    """
    for one in stated(content):
        if "low" in one.value and one.value["low"] == one.value["high"]:
            for record, parts, value in one.found:
                message = f"the range from {value['low']} to {value['high']} holds a single number"
                yield record.at(*parts, "high"), message, f'write "value": {value["low"]}, or correct one end'


@rule(
    Severity.ERROR,
    good=[
        {"incidence": [{"id": "one", "share": {"value": 0, "unit": "%"}}]},
        {"dosing": [{"id": "one", "dose": {"low": 0, "high": 2, "unit": "mg"}}]},
    ],
    bad=[
        {"dosing": [{"id": "one", "dose": {"value": 0, "unit": "mg"}}]},
        {"dosing": [{"id": "one", "infusion_time": {"value": 0, "unit": "min"}}]},
    ],
)
def zero(content: Content) -> Faults:
    """A dose, volume or time is zero.

    No medicine is given in that dose or over that time; the number was left out, or lost its digits.
    """
    for one in stated(content):
        field, end = one.field, peak(one.value)
        if one.value.get(end) == 0 and field.dimension and field.dimension not in _MAY_BE_ZERO:
            for record, parts, value in one.found:
                message = f"{field.name} is {quantity(value)}"
                yield record.at(*parts, end), message, "give the number that is meant"


@rule(
    Severity.ERROR,
    good={"incidence": [{"id": "one", "share": {"value": 100, "comparator": "<=", "unit": "%"}}]},
    bad=[
        {"incidence": [{"id": "one", "share": {"value": 100, "comparator": ">", "unit": "%"}}]},
        {"incidence": [{"id": "one", "share": {"value": 0, "comparator": "<", "unit": "%"}}]},
    ],
    fix="correct the comparator or the number",
)
def beyond_limits(content: Content) -> Faults:
    """A comparator leads beyond the least or greatest value that there can be.

    Nothing is more than all of a whole, or less than nothing of it; the comparator or the number is wrong.
    """
    for one in stated(content):
        comparator = one.value.get("comparator")
        if comparator not in _STRICT:
            continue
        limit = one.field.maximum if comparator == ">" else one.field.minimum
        if limit is not None and one.value.get("value") == limit:
            where, most, right = _STRICT[comparator]
            for record, parts, value in one.found:
                message = f"nothing is {where} {value['value']} {value['unit']}, the {most} there can be"
                yield record.at(*parts, "comparator"), message, f'write "{right}", or correct the number'


@rule(
    Severity.WARNING,
    good=[
        _survival(value=Decimal("10.25"), unit="mo"),
        {"statement": [{"id": "a", "count": {"value": 12345, "unit": "1"}}]},
    ],
    bad=_survival(value=Decimal("10.2467"), unit="mo"),
)
def too_precise(content: Content) -> Faults:
    """A number has more digits than anyone can have measured.

    It comes from a calculation or a conversion, and claims a certainty that the fact does not have.
    """
    for one in stated(content):
        for name in ("value", "low", "high") if one.field.dimension != "count" else ():
            digits = _significant(one.value[name]) if name in one.value else 0
            for record, parts, value in one.found if digits > _DIGITS else ():
                message = f"{name} {value[name]} has {digits} significant digits, more than {_DIGITS}"
                yield record.at(*parts, name), message, "round it to what was measured"


@rule(
    Severity.WARNING,
    good=[_dosing((800, "mg"), (1600, "mg")), _dosing((800, "mg"), (Decimal("0.5"), "ug"))],
    bad=_dosing((800, "mg"), (1200, "mg"), (Decimal("1.6"), "g")),
    fix="convert it to the unit of the other records",
)
def mixed_units(content: Content) -> Faults:
    """A field is in other units in some records than in most.

    Whoever compares 1.6 with 800 reads a five-hundredth where there is a double dose.  Times are let be:
    their units go with their length.
    """
    fields: dict[tuple[str, tuple[str, ...]], dict[str, list[Stated]]] = {}
    for one in stated(content):
        if one.field.dimension != "time":
            units = fields.setdefault((one.found[0][0].kind.name, one.field.path), {})
            units.setdefault(one.value["unit"], []).append(one)
    for units in fields.values():
        # Only a field that is in several units at all pays for counting them in each article.
        for by_unit in _by_article(units) if len(units) > 1 else ():
            most = max(by_unit, key=lambda unit: len(by_unit[unit]))
            count = len(by_unit[most])
            others = f"{count} other records" if count > 1 else "another record"
            for field, (record, parts, value) in (
                found for unit in by_unit if unit != most for found in by_unit[unit]
            ):
                turned = in_unit(amount(value), most)
                if turned is not None and _EASY_FROM <= turned.high < _EASY_TO:
                    here = f"{field.name} is in {unit_words(value['unit'])} here"
                    message = f"{here}, and in {unit_words(most)} in {others}"
                    yield record.at(*parts, "unit"), message, f"{bare(value)} is {said(turned)}"


@rule(
    Severity.WARNING,
    good={"schemas": _PORTION, "portion": [{"id": "one", "salt": {"value": 2, "unit": "g"}}]},
    bad=[
        {"schemas": _PORTION, "portion": [{"id": "one", "salt": {"value": 20, "unit": "g"}}]},
        {"schemas": _PORTION, "portion": [{"id": "one", "salt": {"value": 2, "unit": "mg"}}]},
    ],
)
def implausible(content: Content) -> Faults:
    """A quantity is outside the range that its schema calls plausible.

    The range is wide, and what lies outside it mostly has a digit too many, or the wrong unit.
    """
    for one in stated(content):
        usual = one.field.plausible
        ends = in_unit(amount(one.value), usual.unit) if usual is not None else None
        if usual is None or ends is None or (usual.low <= ends.low and ends.high <= usual.high):
            continue
        name = "low" if "low" in one.value and ends.low < usual.low else peak(one.value)
        shown = quantity({"low": usual.low, "high": usual.high, "unit": usual.unit})
        for record, parts, value in one.found:
            message = f"{one.field.name} {bare(value)} is outside {shown}, what is plausible"
            place = record.at(*parts, name)
            yield place, message, "correct the number or the unit, or allow it with a suppression"


def _by_article(units: dict[str, list[Stated]]) -> Iterable[dict[str, list[tuple[Field, Found]]]]:
    """Give, for each article, the quantities of a field by their unit."""
    articles: dict[str, dict[str, list[tuple[Field, Found]]]] = {}
    for unit, quantities in units.items():
        for one in quantities:
            for found in one.found:
                articles.setdefault(found[0].folder, {}).setdefault(unit, []).append((one.field, found))
    return articles.values()


def _significant(number: Decimal | int) -> int:
    """Count the significant digits of a number; zeros at either end do not count."""
    digits = "".join(map(str, Decimal(number).normalize().as_tuple().digits))
    return len(digits.strip("0"))
