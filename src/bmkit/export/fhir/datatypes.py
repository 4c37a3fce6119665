"""Quantity, Range, Duration and Ratio, always with a UCUM code and a human unit."""

from __future__ import annotations

from typing import Any

from bmkit.wording import format_unit

Json = dict[str, Any]

UCUM = "http://unitsofmeasure.org"
# What FHIR can say before a number; "about" it cannot, so that goes into words beside the quantity.
COMPARATORS = frozenset({"<", "<=", ">=", ">"})


def quantity(number: Any, code: str, comparator: str = "", name: str = "") -> Json:
    """A Quantity of `number` in the UCUM unit `code`; `name` is the human unit of what is only counted."""
    words = format_unit(code, is_singular=number == 1) or name or "1"
    sign = {"comparator": comparator} if comparator in COMPARATORS else {}
    return {"value": number, **sign, "unit": words, "system": UCUM, "code": code}


def value(prefix: str, amount: Json, name: str = "") -> Json:
    """An amount of content as `prefix`Quantity or, if it has two ends, as `prefix`Range."""
    if "value" in amount:
        return {
            f"{prefix}Quantity": quantity(amount["value"], amount["unit"], amount.get("comparator", ""), name)
        }
    return {f"{prefix}Range": span(amount, name)}


def simple(prefix: str, amount: Json) -> Json:
    """An amount where FHIR allows no comparator: "at most 7" becomes a Range without a lower end."""
    comparator = amount.get("comparator", "")
    if "value" in amount and comparator in COMPARATORS:
        end = "high" if comparator in ("<", "<=") else "low"
        return {f"{prefix}Range": {end: quantity(amount["value"], amount["unit"])}}
    return value(prefix, {key: part for key, part in amount.items() if key != "comparator"})


def span(amount: Json, name: str = "") -> Json:
    """A Range from an amount of content that has two ends."""
    return {end: quantity(amount[end], amount["unit"], name=name) for end in ("low", "high")}


def ratio(above: Json, below: Json) -> Json:
    """A Ratio of two Quantities."""
    return {"numerator": above, "denominator": below}


def approximate(amount: Json) -> bool:
    """Whether the article says "about" before the amount."""
    return amount.get("comparator") == "about"


def whole(amount: Json | None) -> bool:
    """Whether an amount is one exact number."""
    return amount is not None and "value" in amount and "comparator" not in amount


def is_most(amount: Json) -> bool:
    """Whether an amount can be a maximum: one number, which is reached or stayed below."""
    return "value" in amount and amount.get("comparator", "") in ("", "<", "<=")


def is_open(amount: Json) -> bool:
    """Whether an amount has no upper end."""
    return amount.get("comparator") in (">", ">=")


def per_day(amount: Json) -> Json:
    """The amount of one day: 1600 mg/d gives 1600 mg; ValueError for what is no amount a day."""
    above, slash, below = amount["unit"].partition("/")
    if not slash or below != "d":
        raise ValueError(f"{amount['unit']} is not an amount a day")
    return {**amount, "unit": above}
