"""Quantities as people write them in a text: "65 %", "at most 4 mg", "30-40 percent"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bmkit.suggest import nearest

# A comparator that is taken for its opposite is worse than none: slips in these words are not looked through.
_COMPARATORS = {
    "<": ("below", "less than", "under", "fewer than", "lower than", "smaller than", "≱"),
    "<=": (
        "≤", "⩽", "≦", "=<", "≯", "at most", "up to", "max", "maximum", "not more than", "no more than",
        "not above", "less than or equal to", "not exceeding",
    ),
    ">=": (
        "≥", "⩾", "≧", "=>", "≮", "at least", "min", "minimum", "not less than", "no less than", "not below",
        "more than or equal to", "greater than or equal to",
    ),
    ">": ("above", "more than", "over", "greater than", "higher than", "exceeding", "≰"),
    "about": (
        "~", "≈", "\u223c", "≃", "≅", "ca", "ca.", "circa", "approx", "approx.", "approximately", "around",
        "roughly",
    ),
}  # fmt: skip
_DIGITS = r"[-+\u2212]?[0-9]+(?:[.,][0-9]+)?"
_RANGE = rf"(?P<low>{_DIGITS})(?:\s*(?:-|–|—|to)\s*(?P<high>{_DIGITS}))?"
_QUANTITY = rf"(?P<before>[^0-9]*?)\s*{_RANGE}\s*(?P<unit>[^0-9\s].*)?"
_IN_THOUSANDS = 3


def comparator(word: str, allowed: list[str]) -> str:
    """Give the comparator that a word or sign stands for, "" if it is none of those that are allowed."""
    names = {name: sign for sign in allowed for name in _COMPARATORS.get(sign, ())}
    found = nearest(word, allowed, names, slips=False)
    return found[0] if len(found) == 1 else ""


def number(text: str) -> int | Decimal | None:
    """Give the number that a text is, with a decimal comma perhaps; None if it is none or not plain."""
    plain = text.strip().replace("\u2212", "-").removeprefix("+")
    whole, comma, fraction = plain.partition(",")
    # 1,000 is a thousand to some and one to others.
    if not re.fullmatch(_DIGITS, plain) or (comma and len(fraction) == _IN_THOUSANDS and whole.strip("-0")):
        return None
    if re.match("-?0[0-9]", plain):
        return None
    return Decimal(f"{whole}.{fraction}") if comma else Decimal(plain) if "." in plain else int(plain)


def measured(text: str) -> tuple[dict[str, Any], str, str] | None:
    """Read a quantity: its numbers, and the words for its comparator and its unit; None if it is none."""
    found = re.fullmatch(_QUANTITY, text.strip())
    if found is None:
        return None
    low, high = number(found["low"]), number(found["high"] or "0")
    if low is None or high is None or (found["high"] and low >= high):
        return None
    numbers = {"low": low, "high": high} if found["high"] else {"value": low}
    return numbers, found["before"].strip(), (found["unit"] or "").strip()


def quantity(text: str, schema: dict[str, Any]) -> dict[str, Any] | None:
    """Give the quantity that a text says, in a unit that its schema has; None if it is not plain.

    A unit is supplied only where the schema has no other.
    """
    read = measured(text)
    if read is None:
        return None
    numbers, before, unit = read
    codes = units_of(schema)
    if unit:
        from bmkit.ucum.spoken import meant_of

        unit = meant_of(unit, codes)
    elif len(codes) == 1:
        unit = codes[0]
    allowed = schema.get("properties", {}).get("comparator", {}).get("enum", [])
    sign = comparator(before, allowed) if before else ""
    if not unit or (before and not sign):
        return None
    return {**numbers, **({"comparator": sign} if sign else {}), "unit": unit}


def units_of(schema: dict[str, Any]) -> list[str]:
    """Give the units that the schema of a quantity lists; none if it lists none."""
    listed = schema.get("x-unit")
    if not isinstance(listed, list):
        listed = schema.get("properties", {}).get("unit", {}).get("enum", [])
    return [unit for unit in listed if isinstance(unit, str)]
