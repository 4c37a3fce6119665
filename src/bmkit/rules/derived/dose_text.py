"""How doses are written in words, and what was published about misreading them."""

from __future__ import annotations

import re
from decimal import Decimal

from bmkit.wording import number

ISMP = (
    "Institute for Safe Medication Practices, "
    "List of Error-Prone Abbreviations, Symbols, and Dose Designations (2024)"
)
BOTH = f'The Joint Commission, Official "Do Not Use" List; {ISMP}'

HARM = "World Health Organization, Medication Without Harm: WHO Global Patient Safety Challenge (2017)"
PRESCRIBING = "World Health Organization, Guide to Good Prescribing: A Practical Manual (1994)"

# "1.0 mg/L" is what a laboratory found, "1.0 mg/mL" what a nurse draws up; but of so little as ng, and of the
# activity of a hormone or an antibody, there is a mL of blood.
_OF_NO_LABORATORY = (
    r"(?!\s?/\s?(?:(?:dL|dl|L|l|mmol|mol)(?!\w)|24(?!\d)|min\s?/\s?1\.73))"
    r"(?:(?<!ng)(?<!IU)|(?!\s?/\s?m[Ll](?!\w)))"
)

UNIT = (
    r"(?:kg(?!\s?/\s?m[2²])|mg|mcg|[µμu]g|ng|g|mL|ml|L|mmol|mEq|[kMG]Bq|mCi|c?Gy|IU|[Uu](?![-/]|\s/)"
    r"|(?:kilo|milli|micro|nano)?grams?|(?:milli|micro)?lit(?:re|er)s?"
    r"|(?:(?:million|thousand)\s)?(?:[Uu]nits?|IU)"
    r"|tablets?|capsules?|pills?|ampoules?|vials?|drops?|puffs?|patch(?:es)?)"
    rf"(?![^\W\d_]){_OF_NO_LABORATORY}"
)
"""A unit in which medicines are given, and not the unit of a laboratory."""

DOSE = rf"\d[\d.,]*\s?{UNIT}"
"""A number with such a unit behind it."""

_NUMBER = r"\d[\d.,]*"
_OTHERS = rf"\s?(?:[-–—]|to\b|or\b)\s?{_NUMBER}|(?:,\s{_NUMBER}){{1,9}}\s(?:or|and)\s{_NUMBER}"
OF_DOSE = rf"(?:{_OTHERS})?[\s\-\u2010\u2011]?{UNIT}"
"""What stands behind the number of a dose: the unit, or the rest of a range or list and then the unit."""

AND_DOSE = rf"\sand\s{_NUMBER}[\s\-\u2010\u2011]?{UNIT}"
"""What stands behind the number of a dose that stands behind "between"."""

_NEAR = 200
_CLEARED = r"\b(?:clearance|filtration|e?GFR|CrCl)\b[^.;]*\Z"
_BY_THE_MINUTE = r"\s?m[Ll]\s?/\s?min"
# What a number of units/mL behind it is measured of.
_MARKER = (
    r"(?:\bCA[\s-]?\d{1,3}(?:[-.]\d)?|\b(?:CEA|PSA|AFP|TSH)|hCG|\banti-?[A-Za-z]\w*(?:\santibod(?:y|ies))?"
    r"|\bantibod(?:y|ies)|\bantigen)"
    r"(?:\s(?:level|value|concentration)s?)?(?:\s(?:of|is|was|at|above|below|over|under|about))*\s?[<>=≤≥]*\s?"
    r"(?:\d[\d.,]*\s?(?:[-–—]|to)\s?)?\Z"
)
_IN_BLOOD = rf"(?:{_OTHERS})?\s?(?:m?(?:IU|U)|(?:milli)?units?)\s?/\s?m[Ll](?!\w)"
# Medicines whose strength is given in units/mL; of their levels in the blood there is less than ten.
_MEDICINES = r"(?:insulin|heparin|\w+parin|oxytocin)"
_OF_MEDICINE = rf"\s?/\s?m[Ll]\sof\s(?:[a-z-]+\s)?{_MEDICINES}\b"
_MEDICINE = rf"(?i:\b{_MEDICINES})(?:\s(?!level|activity|concentration)[a-z]+)?\s\d[\d,]+\s?\Z"

# A comma behind a zero, as in 0,125, is no mark of thousands.
_PLAIN = r"(?=.*\d)(?:\d*|(?!0)\d{1,3}(?:,\d{3})+)(?:\.\d+)?"
_WITH_COMMA = r"\d+,\d+"


def before(value: str, at: int) -> str:
    """Give what stands in front of an offset, as far as it can matter: a text may be a million words."""
    return value[max(0, at - _NEAR) : at]


def is_measured(value: str, start: int, end: int) -> bool:
    """Say whether a number is what a laboratory found, and no dose, though its unit may be that of a dose.

    In mL/min it is what kidneys clear and not how fast something is infused; in units/mL, behind the name of
    a marker, how much of that is in the blood and not how strong a medicine is.
    """
    return any(
        re.compile(behind).match(value, end) and re.search(name, before(value, start))
        for name, behind in ((_CLEARED, _BY_THE_MINUTE), (_MARKER, _IN_BLOOD))
    )


def is_strength(value: str, start: int, end: int) -> bool:
    """Say whether a U at these offsets, with /mL behind, is of a medicine and not of a laboratory."""
    return bool(re.compile(_OF_MEDICINE).match(value, end) or re.search(_MEDICINE, before(value, start)))


def as_dose(written: str) -> str:
    """Write the number of a dose as it cannot be misread: no zero behind its point, one before it, commas.

    A decimal comma becomes a point; what is no number stays as it is.
    """
    if re.fullmatch(_PLAIN, written):
        value = Decimal(written.replace(",", ""))
    elif re.fullmatch(_WITH_COMMA, written):
        value = Decimal(written.replace(",", "."))
    else:
        return written
    return number(value.normalize())
