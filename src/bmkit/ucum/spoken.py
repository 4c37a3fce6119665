"""What people write for units, and the UCUM codes that they mean by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.suggest import list_nearest_candidates
from bmkit.ucum.names import UNIT_WORDS, format_unit, split_at_slashes

if TYPE_CHECKING:
    from collections.abc import Iterable

# Beside the words that bmkit itself says; the plural is understood.
_OTHER_NAMES_BY_CODE = {
    "kg": ("kilogram", "kilogramme", "kilo"),
    "g": ("gram", "gramme", "gm"),
    "mg": ("milligram", "milligramme"),
    "ug": ("mcg", "μg", "microgram", "microgramme"),
    "ng": ("nanogram", "nanogramme"),
    "L": ("litre", "liter"),
    "dL": ("decilitre", "deciliter"),
    "mL": ("millilitre", "milliliter", "cc", "ccm", "cm3", "cubic centimetre", "cubic centimeter"),
    "uL": ("μL", "microlitre", "microliter"),
    "mol": ("mole",),
    "mmol": ("millimol", "millimole"),
    "umol": ("μmol", "micromole"),
    "nmol": ("nanomol", "nanomole"),
    "s": ("sec",),
    "h": ("hr",),
    "wk": ("w",),
    "mo": ("mth",),
    "a": ("yr", "y"),
    "%": ("percent", "per cent", "pct"),
    "Cel": ("°", "°C", "º", "ºC", "C", "deg C", "degC", "celsius", "degrees celsius", "centigrade"),
    "K": ("kelvin",),
    "m": ("metre", "meter"),
    "cm": ("centimetre", "centimeter"),
    "mm": ("millimetre", "millimeter"),
    "m2": ("square metre", "square meter", "sqm"),
    "[iU]": ("IU",),
    "Gy": ("gray",),
    "Bq": ("becquerel",),
    "kBq": ("kilobecquerel",),
    "MBq": ("megabecquerel",),
    "GBq": ("gigabecquerel",),
}
# "mmg" is as near to mcg as to mg: a slip in fewer letters than this says nothing of what was meant.
_MIN_NAME_LETTERS_FOR_SLIPS = 5
# Two slips lead from picogram to microgram.
_MAX_SLIPS = 1
_PER_PATTERN = r"\s*/\s*|\s+(?:per|an?)\s+"


def suggest_unit(word: str, codes: Iterable[str]) -> str:
    """Give the one of the codes that `word` stands for, "" if that is none of them or not plain.

    "mcg" is "ug", "Milligrams" is "mg", "mg per day" is "mg/d".
    """
    parts_by_code = {code: split_at_slashes(code) for code in codes}
    word_parts = re.split(_PER_PATTERN, word.strip())
    candidates = [code for code, code_parts in parts_by_code.items() if len(code_parts) == len(word_parts)]
    for index, word_part in enumerate(word_parts):
        part_code = _suggest_unit_part(
            word_part, list(dict.fromkeys(parts_by_code[code][index] for code in candidates))
        )
        candidates = [code for code in candidates if parts_by_code[code][index] == part_code]
    return candidates[0] if len(candidates) == 1 else ""


def suggest_any_unit(word: str) -> str:
    """Give the code of any unit that `word` is a word for, "" if it is none; slips are not looked through."""
    codes = [code for code in (*_OTHER_NAMES_BY_CODE, *UNIT_WORDS) if code != "1"]
    matches = list_nearest_candidates(word, (), _map_unit_names(codes), allow_slips=False)
    return matches[0] if matches else ""


def _suggest_unit_part(word: str, codes: list[str]) -> str:
    """Give the code that a word without "per" stands for, "" if that is none or not plain."""
    codes_by_name = _map_unit_names(codes)
    matches = list_nearest_candidates(word, codes, codes_by_name, allow_slips=False)
    if not matches:
        # The s of the plural is no slip.
        codes_by_long_name = {
            name_form: code
            for name, code in codes_by_name.items()
            for name_form in (name, f"{name}s")
            if len(name) >= _MIN_NAME_LETTERS_FOR_SLIPS
        }
        matches = list_nearest_candidates(word, (), codes_by_long_name, max_slips=_MAX_SLIPS)
    return matches[0] if len(matches) == 1 else ""


def _map_unit_names(codes: Iterable[str]) -> dict[str, str]:
    """Give what people write for each of the codes, with the code."""
    return {
        name: code
        for code in codes
        for name in (
            format_unit(code),
            format_unit(code, is_singular=True),
            *_OTHER_NAMES_BY_CODE.get(code, ()),
        )
        if name and name != code
    }
