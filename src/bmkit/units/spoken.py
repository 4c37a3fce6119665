"""What people write for units, and the UCUM codes that they mean by it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from bmkit.suggest import nearest
from bmkit.units.words import WORDS, human, parts

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


def meant_of(word: str, codes: Iterable[str]) -> str:
    """Give the one of the codes that `word` stands for, "" if that is none of them or not plain.

    "mcg" is "ug", "Milligrams" is "mg", "mg per day" is "mg/d".
    """
    codes = list(codes)
    names = {name: code for code in codes for name in _names(code)}
    found = nearest(word, codes, names, slips=False)
    if not found:
        found = nearest(
            word, (), {name: code for name, code in names.items() if len(name) >= _FEWEST_LETTERS}
        )
    return found[0] if len(found) == 1 else ""


def meant_anywhere(word: str) -> str:
    """Give the code of any unit that `word` is a word for, "" if it is none; slips are not looked through."""
    codes = [code for code in (*_NAMES, *WORDS) if code != "1"]
    names = {name: code for code in codes for name in _names(code)}
    found = nearest(word, (), names, slips=False)
    return found[0] if found else ""


def _names(code: str) -> list[str]:
    """Give what people write for a code; of "mg/d" also what they make of its parts, such as mg/day."""
    above, *below = ((part, *_NAMES.get(part, ()), *WORDS.get(part, ())) for part in parts(code))
    made = [above, *below]
    names = [human(code), human(code, one=True)]
    for some in product(*made):
        names += [
            "/".join(some),
            " per ".join(some),
            " ".join((*some[:1], *(f"a {one}" for one in some[1:]))),
        ]
    return [name for name in dict.fromkeys(names) if name and name != code]
