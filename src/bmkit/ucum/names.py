"""Units in words that cannot be misread, for people; codes stay for machines."""

from __future__ import annotations

import re

# After the lists of error-prone abbreviations: mcg, never µg or ug; whole words for times, for "d" is read as
# dose and "m" as minute or month; "units" in full, for U is read as 0 and IU as IV.
WORDS = {
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

_POWER_OF_TEN = r"10[*^]\+?(-?[0-9]+)"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ANNOTATED = r"(.*?)\{([^{}]*)\}"


def human(code: str, *, one: bool = False) -> str:
    """Say a UCUM code in words: "d" is "days", "mg/d" is "mg per day", "1" is "".

    `one` says that one of it is spoken of, so that the word is singular.  What has no words stays the code.
    """
    if code in WORDS:
        return WORDS[code][0 if one else 1]
    above, *below = parts(code)
    words = [_words(above, one=one)] if above else []
    for part in below:
        words += ["per", _words(part, one=True)]
    return " ".join(word for word in words if word)


def parts(code: str) -> list[str]:
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


def _words(part: str, *, one: bool) -> str:
    if part.startswith("(") and part.endswith(")") and "(" not in part[1:]:
        return " per ".join(_words(inner, one=True) for inner in part[1:-1].split("."))
    if part in WORDS:
        return WORDS[part][0 if one else 1]
    annotated = re.fullmatch(_ANNOTATED, part) if "{" in part else None
    if annotated is not None:
        unit, note = annotated[1], annotated[2].replace("_", " ")
        if not unit or unit == "1":
            return note if one or note.endswith("s") else f"{note}s"
        return f"{_words(unit, one=one)} {note}".strip()
    power = re.fullmatch(_POWER_OF_TEN, part) if part.startswith("10") else None
    return f"10{power[1].translate(_RAISED)}" if power is not None else part
