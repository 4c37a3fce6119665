"""How doses are written in words, and what was published about misreading them."""

from __future__ import annotations

ISMP = (
    "Institute for Safe Medication Practices, "
    "List of Error-Prone Abbreviations, Symbols, and Dose Designations (2024)"
)
BOTH = f'The Joint Commission, Official "Do Not Use" List; {ISMP}'

UNIT = (
    r"(?:kg|mg|mcg|[µμu]g|ng|g|mL|ml|L|mmol|mEq|IU|(?:million\s)?units?|tablets?|capsules?|ampoules?|vials?|drops?)"
    # "1.0 mg/L" is what a laboratory found, "1.0 mg/mL" what a nurse draws up.
    r"(?![^\W\d_])(?!\s?/\s?(?:dL|dl|L|l|mmol|mol|24)\b)"
)
"""A unit in which medicines are given, and not the unit of a laboratory."""

DOSE = rf"\d[\d.,]*\s?{UNIT}"
"""A number with such a unit behind it."""
