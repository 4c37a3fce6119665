"""Names of units: words that cannot be misread for a code, and the code that people mean by a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.suggest import list_nearest_candidates

if TYPE_CHECKING:
    from collections.abc import Iterable

# From the lists of error-prone abbreviations: mcg, never µg or ug; whole words for times, because "d" is read
# as dose and "m" as minute or month; "units" in full, because U is read as 0 and IU as IV.
UNIT_WORDS = {
    "1": ("", ""),
    "ug": ("mcg", "mcg"),
    "uL": ("mcL", "mcL"),
    "umol": ("micromol", "micromol"),
    "Cel": ("°C", "°C"),
    "[degF]": ("°F", "°F"),
    "s": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "d": ("day", "days"),
    "wk": ("week", "weeks"),
    "mo": ("month", "months"),
    "a": ("year", "years"),
    "U": ("unit", "units"),
    "[iU]": ("international unit", "international units"),
    "[IU]": ("international unit", "international units"),
    "m2": ("m²", "m²"),
    "m3": ("m³", "m³"),
    "mm[Hg]": ("mmHg", "mmHg"),
    "[drp]": ("drop", "drops"),
    "{score}": ("point", "points"),
    "{person}": ("person", "people"),
}
"""Singular and plural of the units whose name is not their code."""

# What people write besides UNIT_WORDS, in the singular.
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
# What people call units, of which there are several: international ones, those of a pharmacopoeia, enzymes'.
_AMBIGUOUS_NAMES = frozenset(("unit", "units", "u"))
# "mmg" is as near to mcg as to mg: shorter names are not searched for slips.
_MIN_NAME_LETTERS_FOR_SLIPS = 5
# Two slips turn picogram into microgram.
_MAX_SLIPS = 1
_PER_PATTERN = r"\s*/\s*|\s+(?:per|an?)\s+"
_POWER_OF_TEN_PATTERN = r"10[*^]\+?(-?[0-9]+)"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ANNOTATED_UNIT_PATTERN = r"(.*?)\{([^{}]*)\}"


def format_unit(code: str, *, is_singular: bool = False) -> str:
    """Return a UCUM code in words: "d" is "days", "mg/d" "mg per day", "1" ""; others stay codes."""
    if code in UNIT_WORDS:
        return UNIT_WORDS[code][0 if is_singular else 1]
    numerator, *denominators = split_at_slashes(code)
    words = [_format_unit_part(numerator, is_singular=is_singular)] if numerator else []
    for denominator in denominators:
        words += ["per", _format_unit_part(denominator, is_singular=True)]
    return " ".join(word for word in words if word)


def split_at_slashes(code: str) -> list[str]:
    """Return the parts of a code between the slashes outside brackets."""
    parts = [""]
    depth = 0
    for char in code:
        depth += (char in "([{") - (char in ")]}")
        if char == "/" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _format_unit_part(part: str, *, is_singular: bool) -> str:
    if part.startswith("(") and part.endswith(")") and "(" not in part[1:]:
        return _format_factors(part[1:-1].split("."))
    if part in UNIT_WORDS:
        return UNIT_WORDS[part][0 if is_singular else 1]
    annotation_match = re.fullmatch(_ANNOTATED_UNIT_PATTERN, part) if "{" in part else None
    if annotation_match is not None:
        unit, annotation = annotation_match[1], annotation_match[2].replace("_", " ")
        if not unit or unit == "1":
            return annotation if is_singular or annotation.endswith("s") else f"{annotation}s"
        return f"{_format_unit_part(unit, is_singular=is_singular)} {annotation}".strip()
    power_match = re.fullmatch(_POWER_OF_TEN_PATTERN, part) if part.startswith("10") else None
    return f"10{power_match[1].translate(_SUPERSCRIPTS)}" if power_match is not None else part


def _format_factors(factors: list[str]) -> str:
    """Return what a unit is per, in words: "100,000 people per year"."""
    words = []
    for index, factor in enumerate(factors):
        is_counted = index > 0 and factors[index - 1].isdecimal()
        word = (
            f"{int(factor):,}"
            if factor.isdecimal()
            else _format_unit_part(factor, is_singular=not is_counted)
        )
        words.append(word if not index or is_counted else f"per {word}")
    return " ".join(words)


def suggest_unit(word: str, codes: Iterable[str], *, allow_slips: bool = True) -> str:
    """Return the one of the codes that `word` stands for, "" if there is none or more than one.

    "mcg" is "ug", "Milligrams" is "mg", "mg per day" is "mg/d"; "units" is none, whatever the codes are.
    """
    parts_by_code = {code: split_at_slashes(code) for code in codes}
    word_parts = re.split(_PER_PATTERN, word.strip())
    candidates = [code for code, code_parts in parts_by_code.items() if len(code_parts) == len(word_parts)]
    for index, word_part in enumerate(word_parts):
        part_code = _suggest_unit_part(
            word_part,
            list(dict.fromkeys(parts_by_code[code][index] for code in candidates)),
            allow_slips=allow_slips,
        )
        candidates = [code for code in candidates if parts_by_code[code][index] == part_code]
    return candidates[0] if len(candidates) == 1 else ""


def suggest_any_unit(word: str) -> str:
    """Return the code of any unit that `word` is a name of, "" if there is none; slips do not match."""
    from bmkit.ucum.dimensions import read_dimensions

    return suggest_unit(word, read_dimensions().names_by_code, allow_slips=False)


def is_ambiguous_unit(word: str) -> bool:
    """Return whether a word, or one of its parts, names units without saying which."""
    return any(part.strip().casefold() in _AMBIGUOUS_NAMES for part in re.split(_PER_PATTERN, word))


def _suggest_unit_part(word: str, codes: list[str], *, allow_slips: bool) -> str:
    """Return the code that a word without "per" stands for, "" if there is none or more than one."""
    if word.casefold() in _AMBIGUOUS_NAMES and word not in codes:
        return ""
    codes_by_name = _map_unit_names(codes)
    matches = list_nearest_candidates(word, codes, codes_by_name, allow_slips=False)
    if not matches and allow_slips:
        # A plural s does not count as a slip.
        codes_by_long_name = {
            name_form: code
            for name, code in codes_by_name.items()
            for name_form in (name, f"{name}s")
            if len(name) >= _MIN_NAME_LETTERS_FOR_SLIPS
        }
        matches = list_nearest_candidates(word, (), codes_by_long_name, max_slips=_MAX_SLIPS)
    return matches[0] if len(matches) == 1 else ""


def _map_unit_names(codes: Iterable[str]) -> dict[str, str]:
    """Return what people write for each of the codes, with the code."""
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
