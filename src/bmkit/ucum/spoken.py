"""What people write for units, and the UCUM codes that they mean by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.suggest import list_nearest_candidates
from bmkit.ucum.names import WORDS, human, parts

if TYPE_CHECKING:
    from collections.abc import Iterable

# Beside the words that bmkit itself says; the plural is understood.
_NAMES = {
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
_FEWEST_LETTERS = 5
# Two slips lead from picogram to microgram.
_SLIPS = 1
_PER = r"\s*/\s*|\s+(?:per|an?)\s+"


def meant_of(word: str, codes: Iterable[str]) -> str:
    """Give the one of the codes that `word` stands for, "" if that is none of them or not plain.

    "mcg" is "ug", "Milligrams" is "mg", "mg per day" is "mg/d".
    """
    split = {code: parts(code) for code in codes}
    said = re.split(_PER, word.strip())
    alike = [code for code, its in split.items() if len(its) == len(said)]
    for at, one in enumerate(said):
        meant = _part(one, list(dict.fromkeys(split[code][at] for code in alike)))
        alike = [code for code in alike if split[code][at] == meant]
    return alike[0] if len(alike) == 1 else ""


def meant_anywhere(word: str) -> str:
    """Give the code of any unit that `word` is a word for, "" if it is none; slips are not looked through."""
    codes = [code for code in (*_NAMES, *WORDS) if code != "1"]
    found = list_nearest_candidates(word, (), _names(codes), allow_slips=False)
    return found[0] if found else ""


def _part(word: str, codes: list[str]) -> str:
    """Give the code that a word without "per" stands for, "" if that is none or not plain."""
    names = _names(codes)
    found = list_nearest_candidates(word, codes, names, allow_slips=False)
    if not found:
        # The s of the plural is no slip.
        long = {
            one: code
            for name, code in names.items()
            for one in (name, f"{name}s")
            if len(name) >= _FEWEST_LETTERS
        }
        found = list_nearest_candidates(word, (), long, max_slips=_SLIPS)
    return found[0] if len(found) == 1 else ""


def _names(codes: Iterable[str]) -> dict[str, str]:
    """Give what people write for each of the codes, with the code."""
    return {
        name: code
        for code in codes
        for name in (human(code), human(code, one=True), *_NAMES.get(code, ()))
        if name and name != code
    }
