"""Quantities as people write them in a text: "65 %", "at most 4 mg", "30-40 percent"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bmkit.suggest import list_nearest_candidates

# A comparator taken for its opposite is worse than none: slips in these words do not match.
_COMPARATOR_WORDS = {
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
_NUMBER_PATTERN = r"[-+\u2212]?[0-9]+(?:[.,][0-9]+)?"
_RANGE_PATTERN = rf"(?P<low>{_NUMBER_PATTERN})(?:\s*(?:-|–|—|to)\s*(?P<high>{_NUMBER_PATTERN}))?"
_QUANTITY_PATTERN = rf"(?P<before>[^0-9]*?)\s*{_RANGE_PATTERN}\s*(?P<unit>[^0-9\s].*)?"
_THOUSANDS_DIGITS = 3


def parse_comparator(word: str, signs: list[str]) -> str:
    """Return the one of `signs` that a word or sign stands for, "" if there is none or more than one."""
    signs_by_words = {sign_words: sign for sign in signs for sign_words in _COMPARATOR_WORDS.get(sign, ())}
    matches = list_nearest_candidates(word, signs, signs_by_words, allow_slips=False)
    return matches[0] if len(matches) == 1 else ""


def parse_number_text(text: str) -> int | Decimal | None:
    """Return the number in a text, decimal comma allowed; None if it is not a number or is ambiguous."""
    plain_text = text.strip().replace("\u2212", "-").removeprefix("+")
    integer_part, comma, fraction = plain_text.partition(",")
    # Readers take 1,000 for a thousand or for one.
    if not re.fullmatch(_NUMBER_PATTERN, plain_text) or (
        comma and len(fraction) == _THOUSANDS_DIGITS and integer_part.strip("-0")
    ):
        return None
    if re.match("-?0[0-9]", plain_text):
        return None
    return (
        Decimal(f"{integer_part}.{fraction}")
        if comma
        else Decimal(plain_text)
        if "." in plain_text
        else int(plain_text)
    )


def split_quantity(text: str) -> tuple[dict[str, Any], str, str] | None:
    """Return the numbers of a quantity, its words for comparator and unit; None if it is not a quantity."""
    match = re.fullmatch(_QUANTITY_PATTERN, text.strip())
    if match is None:
        return None
    low, high = parse_number_text(match["low"]), parse_number_text(match["high"] or "0")
    if low is None or high is None or (match["high"] and low >= high):
        return None
    numbers = {"low": low, "high": high} if match["high"] else {"value": low}
    return numbers, match["before"].strip(), (match["unit"] or "").strip()


def parse_quantity_text(text: str, unit_codes: list[str], signs: list[str]) -> dict[str, Any] | None:
    """Return the quantity in a text, with one of the units and comparators; None if it is ambiguous.

    A missing unit is added if there is only one to choose.
    """
    quantity_parts = split_quantity(text)
    if quantity_parts is None:
        return None
    numbers, comparator_word, unit = quantity_parts
    if unit:
        from bmkit.ucum.names import suggest_unit

        unit = suggest_unit(unit, unit_codes)
    elif len(unit_codes) == 1:
        unit = unit_codes[0]
    sign = parse_comparator(comparator_word, signs) if comparator_word else ""
    if not unit or (comparator_word and not sign):
        return None
    return {**numbers, **({"comparator": sign} if sign else {}), "unit": unit}
