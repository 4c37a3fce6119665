"""Quantities: numbers that cannot be, say nothing, or hide what they say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.reading.amount import amount, in_unit, peak, said
from bmkit.rules.rule import Faults, rule
from bmkit.wording import quantity, unit_words

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.content.record import Part
    from bmkit.schema import Field

    _Found = tuple[Record, Field, tuple[Part, ...], dict[str, Any]]

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
)
def single_point(content: Content) -> Faults:
    """A range starts where it ends.

    Either it is one number, and should be written as one, or one of its ends was lost in an edit.
    """
    for record, _, parts, value in content.quantities():
        if "low" in value and value["low"] == value["high"]:
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
    for record, field, parts, value in content.quantities():
        top = value.get(peak(value))
        if top == 0 and field.dimension and field.dimension not in _MAY_BE_ZERO:
            yield (
                record.at(*parts, peak(value)),
                f"{field.name} is {quantity(value)}",
                "give the number that is meant",
            )


@rule(
    Severity.ERROR,
    good={"incidence": [{"id": "one", "share": {"value": 100, "comparator": "<=", "unit": "%"}}]},
    bad=[
        {"incidence": [{"id": "one", "share": {"value": 100, "comparator": ">", "unit": "%"}}]},
        {"incidence": [{"id": "one", "share": {"value": 0, "comparator": "<", "unit": "%"}}]},
    ],
)
def beyond_limits(content: Content) -> Faults:
    """A comparator leads beyond the least or greatest value that there can be.

    Nothing is more than all of a whole, or less than nothing of it; the comparator or the number is wrong.
    """
    for record, field, parts, value in content.quantities():
        comparator, number = value.get("comparator"), value.get("value")
        if comparator == ">" and field.maximum is not None and number == field.maximum:
            message = f"nothing is above {number} {value['unit']}, the most there can be"
            yield record.at(*parts, "comparator"), message, 'write ">=", or correct the number'
        elif comparator == "<" and field.minimum is not None and number == field.minimum:
            message = f"nothing is below {number} {value['unit']}, the least there can be"
            yield record.at(*parts, "comparator"), message, 'write "<=", or correct the number'


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
    for record, field, parts, value in content.quantities():
        for name in ("value", "low", "high"):
            digits = _significant(value[name]) if name in value and field.dimension != "count" else 0
            if digits > _DIGITS:
                message = f"{name} {value[name]} has {digits} significant digits, more than {_DIGITS}"
                yield record.at(*parts, name), message, "round it to what was measured"


@rule(
    Severity.WARNING,
    good=[_dosing((800, "mg"), (1600, "mg")), _dosing((800, "mg"), (Decimal("0.5"), "ug"))],
    bad=_dosing((800, "mg"), (1200, "mg"), (Decimal("1.6"), "g")),
)
def mixed_units(content: Content) -> Faults:
    """A field is in other units in some records than in most.

    Whoever compares 1.6 with 800 reads a five-hundredth where there is a double dose.  Times are let be:
    their units go with their length.
    """
    fields: dict[tuple[str, tuple[str, ...]], dict[str, list[_Found]]] = {}
    for record, field, parts, value in content.quantities():
        if field.dimension != "time":
            units = fields.setdefault((record.kind.name, field.path), {})
            units.setdefault(value["unit"], []).append((record, field, parts, value))
    for units in fields.values():
        most = max(units, key=lambda unit: len(units[unit]))
        for unit, found in units.items():
            for record, field, parts, value in found if unit != most else ():
                turned = in_unit(amount(value), most)
                if turned is not None and _EASY_FROM <= turned.high < _EASY_TO:
                    count = len(units[most])
                    others = f"{count} other records" if count > 1 else "another record"
                    message = (
                        f"{field.name} is in {unit_words(unit)} here, and in {unit_words(most)} in {others}"
                    )
                    yield record.at(*parts, "unit"), message, f"{quantity(value)} is {said(turned)}"


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
    for record, field, parts, value in content.quantities():
        usual = field.plausible
        ends = in_unit(amount(value), usual.unit) if usual is not None else None
        if usual is None or ends is None or (usual.low <= ends.low and ends.high <= usual.high):
            continue
        name = "low" if "low" in value and ends.low < usual.low else peak(value)
        shown = quantity({"low": usual.low, "high": usual.high, "unit": usual.unit})
        yield record.at(*parts, name), f"{field.name} {quantity(value)} is outside {shown}, what is plausible"


def _significant(number: Decimal | int) -> int:
    """Count the significant digits of a number; zeros at either end do not count."""
    digits = "".join(map(str, Decimal(number).normalize().as_tuple().digits))
    return len(digits.strip("0"))
