"""Patterns for doses in texts, and the publications on misreading them."""

from __future__ import annotations

import re
from decimal import Decimal

from bmkit.wording import format_number

ISMP = (
    "Institute for Safe Medication Practices, "
    "List of Error-Prone Abbreviations, Symbols, and Dose Designations (2024)"
)
JOINT_COMMISSION_AND_ISMP = f'The Joint Commission, Official "Do Not Use" List; {ISMP}'

WHO_MEDICATION_WITHOUT_HARM = (
    "World Health Organization, Medication Without Harm: WHO Global Patient Safety Challenge (2017)"
)
WHO_GOOD_PRESCRIBING = "World Health Organization, Guide to Good Prescribing: A Practical Manual (1994)"

# "1.0 mg/L" is a laboratory value, "1.0 mg/mL" the strength of a medicine; but ng/mL, and IU/mL of a hormone
# or an antibody, are laboratory values too.
_NOT_LABORATORY_UNIT = (
    r"(?!\s?/\s?(?:(?:dL|dl|L|l|mmol|mol)(?!\w)|24(?!\d)|min\s?/\s?1\.73))"
    r"(?:(?<!ng)(?<!IU)|(?!\s?/\s?m[Ll](?!\w)))"
)

DOSE_UNIT_PATTERN = (
    r"(?:kg(?!\s?/\s?m[2²])|mg|mcg|[µμu]g|ng|g|mL|ml|L|mmol|mEq|[kMG]Bq|mCi|c?Gy|IU|[Uu](?![-/]|\s/)"
    r"|(?:kilo|milli|micro|nano)?grams?|(?:milli|micro)?lit(?:re|er)s?"
    r"|(?:(?:million|thousand)\s)?(?:[Uu]nits?|IU)"
    r"|tablets?|capsules?|pills?|ampoules?|vials?|drops?|puffs?|patch(?:es)?)"
    rf"(?![^\W\d_]){_NOT_LABORATORY_UNIT}"
)
"""A unit in which medicines are given, and not the unit of a laboratory."""

DOSE_PATTERN = rf"\d[\d.,]*\s?{DOSE_UNIT_PATTERN}"
"""A number with such a unit behind it."""

_NUMBER_PATTERN = r"\d[\d.,]*"
_MORE_NUMBERS = (
    rf"\s?(?:[-–—]|to\b|or\b)\s?{_NUMBER_PATTERN}"
    rf"|(?:,\s{_NUMBER_PATTERN}){{1,9}}\s(?:or|and)\s{_NUMBER_PATTERN}"
)
REST_OF_DOSE_PATTERN = rf"(?:{_MORE_NUMBERS})?[\s\-\u2010\u2011]?{DOSE_UNIT_PATTERN}"
"""What stands behind the number of a dose: the unit, or the rest of a range or list and then the unit."""

AND_DOSE_PATTERN = rf"\sand\s{_NUMBER_PATTERN}[\s\-\u2010\u2011]?{DOSE_UNIT_PATTERN}"
"""What stands behind the number of a dose that stands behind "between"."""

_MAX_CONTEXT_LENGTH = 200
_CLEARANCE_BEFORE = r"\b(?:clearance|filtration|e?GFR|CrCl)\b[^.;]*\Z"
_ML_PER_MINUTE = r"\s?m[Ll]\s?/\s?min"
# Markers that a level in units/mL follows.
_MARKER_BEFORE = (
    r"(?:\bCA[\s-]?\d{1,3}(?:[-.]\d)?|\b(?:CEA|PSA|AFP|TSH)|hCG|\banti-?[A-Za-z]\w*(?:\santibod(?:y|ies))?"
    r"|\bantibod(?:y|ies)|\bantigen)"
    r"(?:\s(?:level|value|concentration)s?)?(?:\s(?:of|is|was|at|above|below|over|under|about))*\s?[<>=≤≥]*\s?"
    r"(?:\d[\d.,]*\s?(?:[-–—]|to)\s?)?\Z"
)
_UNITS_PER_ML = rf"(?:{_MORE_NUMBERS})?\s?(?:m?(?:IU|U)|(?:milli)?units?)\s?/\s?m[Ll](?!\w)"
# Medicines with a strength in units/mL; their levels in the blood are below ten.
_MEDICINES_IN_UNITS = r"(?:insulin|heparin|\w+parin|oxytocin)"
_PER_ML_OF_MEDICINE = rf"\s?/\s?m[Ll]\sof\s(?:[a-z-]+\s)?{_MEDICINES_IN_UNITS}\b"
_MEDICINE_BEFORE = (
    rf"(?i:\b{_MEDICINES_IN_UNITS})(?:\s(?!level|activity|concentration)[a-z]+)?\s\d[\d,]+\s?\Z"
)

# A comma after a zero, as in 0,125, is not a thousands separator.
_PLAIN_NUMBER = r"(?=.*\d)(?:\d*|(?!0)\d{1,3}(?:,\d{3})+)(?:\.\d+)?"
_DECIMAL_COMMA_NUMBER = r"\d+,\d+"


def take_text_before(text: str, offset: int) -> str:
    """Return the text before an offset, at most as much as can matter: a text may be a million words."""
    return text[max(0, offset - _MAX_CONTEXT_LENGTH) : offset]


def is_laboratory_value(text: str, start: int, end: int) -> bool:
    """Return whether a number is a laboratory value and not a dose, although its unit may be that of a dose.

    mL/min is a clearance and not an infusion rate; units/mL after the name of a marker is a level in the
    blood and not the strength of a medicine.
    """
    return any(
        re.compile(after_pattern).match(text, end)
        and re.search(before_pattern, take_text_before(text, start))
        for before_pattern, after_pattern in (
            (_CLEARANCE_BEFORE, _ML_PER_MINUTE),
            (_MARKER_BEFORE, _UNITS_PER_ML),
        )
    )


def is_medicine_strength(text: str, start: int, end: int) -> bool:
    """Return whether a U at these offsets, before /mL, is of a medicine and not of a laboratory value."""
    return bool(
        re.compile(_PER_ML_OF_MEDICINE).match(text, end)
        or re.search(_MEDICINE_BEFORE, take_text_before(text, start))
    )


def format_dose_number(number_text: str) -> str:
    """Return the number of a dose as it cannot be misread: no trailing zero, no naked point, with commas.

    A decimal comma becomes a point; what is not a number is returned as it is.
    """
    if re.fullmatch(_PLAIN_NUMBER, number_text):
        value = Decimal(number_text.replace(",", ""))
    elif re.fullmatch(_DECIMAL_COMMA_NUMBER, number_text):
        value = Decimal(number_text.replace(",", "."))
    else:
        return number_text
    return format_number(value.normalize())
