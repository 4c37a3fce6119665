"""Names of units: words that cannot be misread for a code, and the code that people mean by a word."""

from __future__ import annotations

import re
from functools import lru_cache
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
    "kU": ("thousand units", "thousand units"),
    "mU": ("milliunit", "milliunits"),
    "uU": ("microunit", "microunits"),
    "[iU]": ("international unit", "international units"),
    "[IU]": ("international unit", "international units"),
    "k[iU]": ("thousand international units", "thousand international units"),
    "M[iU]": ("million international units", "million international units"),
    "m[iU]": ("milli-international unit", "milli-international units"),
    "u[iU]": ("micro-international unit", "micro-international units"),
    "[USP'U]": ("unit", "units"),
    "eq": ("Eq", "Eq"),
    "meq": ("mEq", "mEq"),
    "ueq": ("microEq", "microEq"),
    "osm": ("Osm", "Osm"),
    "mosm": ("mOsm", "mOsm"),
    "uCi": ("microcurie", "microcuries"),
    "uGy": ("microGy", "microGy"),
    "uSv": ("microSv", "microSv"),
    "ukat": ("microkat", "microkat"),
    "ms": ("millisecond", "milliseconds"),
    "um": ("micrometre", "micrometres"),
    "m2": ("m²", "m²"),
    "dm2": ("dm²", "dm²"),
    "cm2": ("cm²", "cm²"),
    "mm2": ("mm²", "mm²"),
    "m3": ("m³", "m³"),
    "[in_i]": ("inch", "inches"),
    "[ft_i]": ("foot", "feet"),
    "mm[Hg]": ("mmHg", "mmHg"),
    "cm[H2O]": ("cmH₂O", "cmH₂O"),
    "deg": ("degree", "degrees"),
    "[pH]": ("pH", "pH"),
    "[ppth]": ("per thousand", "per thousand"),
    "[ppm]": ("per million", "per million"),
    "[drp]": ("drop", "drops"),
    "{tbl}": ("tablet", "tablets"),
    "{cap}": ("capsule", "capsules"),
    "{supp}": ("suppository", "suppositories"),
    "{patch}": ("patch", "patches"),
    "{ampule}": ("ampoule", "ampoules"),
    "{score}": ("point", "points"),
    "{person}": ("person", "people"),
    "{1.73_m2}": ("1.73 m²", "1.73 m²"),
    "mg.min/mL": ("mg·min per mL", "mg·min per mL"),
    "mg.h/L": ("mg·h per L", "mg·h per L"),
    "ug.h/mL": ("mcg·h per mL", "mcg·h per mL"),
    "ug.h/L": ("mcg·h per L", "mcg·h per L"),
    "ng.h/mL": ("ng·h per mL", "ng·h per mL"),
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
    "[USP'U]": ("USP unit",),
    "meq": ("milliequivalent",),
    "Gy": ("gray",),
    "cGy": ("centigray",),
    "mGy": ("milligray",),
    "uCi": ("μCi",),
    "mCi": ("millicurie",),
    "{puff}": ("inhalation", "actuation"),
    "{tbl}": ("tab",),
    "{1.73_m2}": ("1.73 m2", "1.73m2", "1.73m²"),
    "Bq": ("becquerel",),
    "kBq": ("kilobecquerel",),
    "MBq": ("megabecquerel",),
    "GBq": ("gigabecquerel",),
}
# An M for an m is a billionfold.
_CODES_BY_EXACT_NAME = {
    "IU": "[iU]",
    "iu": "[iU]",
    "I.U.": "[iU]",
    "kIU": "k[iU]",
    "mIU": "m[iU]",
    "MIU": "M[iU]",
    "uIU": "u[iU]",
    "µIU": "u[iU]",
    "μIU": "u[iU]",
}
# What people call units, of which there are several: international ones, those of a pharmacopoeia, enzymes'.
_AMBIGUOUS_NAMES = frozenset(("unit", "units", "u"))
# "mmg" is as near to mcg as to mg: shorter names are not searched for slips.
_MIN_NAME_LETTERS_FOR_SLIPS = 5
# Two slips turn picogram into microgram.
_MAX_SLIPS = 1
# Content has some dozens of units, and asks for each of them again and again.
_REMEMBERED_UNITS = 2048
_PER_PATTERN = r"\s*/\s*|\s+(?:per|an?)\s+"
_POWER_OF_TEN_PATTERN = r"10[*^]\+?(-?[0-9]+)"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PER_PEOPLE_PATTERN = r"/\((?:([0-9]+)\.)?\{person\}(?:\.([a-z]+))?\)"
_ANNOTATED_UNIT_PATTERN = r"(.*?)\{([^{}]*)\}"


@lru_cache(maxsize=_REMEMBERED_UNITS)
def format_unit(code: str, *, is_singular: bool = False) -> str:
    """Return a UCUM code in words: "d" is "days", "mg/d" "mg per day", "1" ""; others stay codes."""
    if code in UNIT_WORDS:
        return UNIT_WORDS[code][0 if is_singular else 1]
    people_match = re.fullmatch(_PER_PEOPLE_PATTERN, code) if "{person}" in code else None
    if people_match is not None:
        return _format_per_people(people_match[1] or "1", people_match[2] or "")
    numerator, *denominators = split_at_slashes(code)
    words = [_format_unit_part(numerator, is_singular=is_singular)] if numerator else []
    for denominator in denominators:
        words += ["per", _format_unit_part(denominator, is_singular=True)]
    return " ".join(word for word in words if word)


def _format_per_people(count: str, time: str) -> str:
    """Return so many events among so many people, a time: "per 100,000 people a year"."""
    people = "person" if count == "1" else f"{int(count):,} people"
    return f"per {people} a {UNIT_WORDS.get(time, (time,))[0]}" if time else f"per {people}"


def to_uncounted_code(code: str) -> str:
    """Return a code without the name of what it counts: "{puff}" is "1", "{puff}/d" "/d"; others stay.

    Programs outside need not know what UCUM has between braces.
    """
    numerator, slash, rest = code.partition("/")
    is_counted = numerator.startswith("{") and numerator.endswith("}") and "}" not in numerator[:-1]
    return (f"/{rest}" if slash else "1") if is_counted else code


@lru_cache(maxsize=_REMEMBERED_UNITS)
def split_at_slashes(code: str) -> tuple[str, ...]:
    """Return the parts of a code between the slashes outside brackets."""
    parts = [""]
    depth = 0
    for char in code:
        depth += (char in "([{") - (char in ")]}")
        if char == "/" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return tuple(parts)


def _format_unit_part(part: str, *, is_singular: bool) -> str:
    if part.startswith("(") and part.endswith(")") and "(" not in part[1:]:
        return " per ".join(_format_unit_part(factor, is_singular=True) for factor in part[1:-1].split("."))
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
        # Only "/d" has nothing before its slash, as has a word without a match.
        if not part_code and word_part:
            return ""
        candidates = [code for code in candidates if parts_by_code[code][index] == part_code]
    if len(candidates) != 1 or _is_other_multiple(word.strip(), candidates[0]):
        return ""
    return candidates[0]


def _is_other_multiple(word: str, code: str) -> bool:
    """Return whether a word is a code, of another multiple: mBq, a billionth of MBq, is no slip of it."""
    from bmkit.ucum.units import is_valid_unit, resolve_unit

    if not is_valid_unit(word):
        return False
    stated_unit, suggested_unit = resolve_unit(word), resolve_unit(code)
    return stated_unit.base_units == suggested_unit.base_units and stated_unit.factor != suggested_unit.factor


@lru_cache(maxsize=_REMEMBERED_UNITS)
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
    if word in _CODES_BY_EXACT_NAME:
        return _CODES_BY_EXACT_NAME[word] if _CODES_BY_EXACT_NAME[word] in codes else ""
    codes_by_name = map_unit_names(codes)
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


def map_unit_names(codes: Iterable[str]) -> dict[str, str]:
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
