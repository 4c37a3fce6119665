"""Units in words that cannot be misread, for people; codes stay for machines."""

from __future__ import annotations

import re

# After the lists of error-prone abbreviations: mcg, never µg or ug; whole words for times, for "d" is read as
# dose and "m" as minute or month; "units" in full, for U is read as 0 and IU as IV.
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
}
"""Singular and plural of the units that are not said as they are written."""

_POWER_OF_TEN_PATTERN = r"10[*^]\+?(-?[0-9]+)"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ANNOTATED_UNIT_PATTERN = r"(.*?)\{([^{}]*)\}"


def format_unit(code: str, *, is_singular: bool = False) -> str:
    """Say a UCUM code in words: "d" is "days", "mg/d" is "mg per day", "1" is "".

    `one` says that one of it is spoken of, so that the word is singular.  What has no words stays the code.
    """
    if code in UNIT_WORDS:
        return UNIT_WORDS[code][0 if is_singular else 1]
    numerator, *denominators = split_at_slashes(code)
    words = [_format_unit_part(numerator, is_singular=is_singular)] if numerator else []
    for denominator in denominators:
        words += ["per", _format_unit_part(denominator, is_singular=True)]
    return " ".join(word for word in words if word)


def split_at_slashes(code: str) -> list[str]:
    """Split a code at the slashes that stand outside of brackets."""
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
