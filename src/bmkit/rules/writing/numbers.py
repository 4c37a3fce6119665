"""Notations of the number of a dose that are misread."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.amounts import find_stated_quantities, has_only_dimensions
from bmkit.rules.derived.dose_text import (
    AND_DOSE_PATTERN,
    DOSE_UNIT_PATTERN,
    ISMP,
    JOINT_COMMISSION_AND_ISMP,
    REST_OF_DOSE_PATTERN,
    format_dose_number,
    is_laboratory_value,
    take_text_before,
)
from bmkit.rules.derived.free_text import find_numbered_texts
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.free_text import FreeText

# What doses are measured in; in a share or a temperature a trailing zero states the precision.
_DOSE_DIMENSIONS = ("dose", "dose-rate", "radiation-dose", "count")
_NUMBER_MEMBERS = ("value", "low", "high")

# Each pattern starts with its own character and looks back only from there: a pattern that starts with a
# lookbehind is tried at every letter.
_TRAILING_ZERO_PATTERN = (
    rf"[0-9](?<![\w.,][0-9])(?:[\d,]*\.\d*0(?={REST_OF_DOSE_PATTERN})"
    rf"|(?<=etween\s[0-9])[\d,]*\.\d*0(?={AND_DOSE_PATTERN}))"
)
_MEASURED_BEFORE = (
    r"\b(?:tumou?r|body|lesion|prostate|birth)?\s?(?:volume|weight|mass|size)\s(?:of|was|is)\s\Z"
)
_NAKED_DECIMAL_PATTERN = r"\.(?<![\w.,)\]]\.)\d+(?!\d|\scalib)"
_STATISTIC_BEFORE = r"\b[pPrR]\s?[<>=≤≥]\s?\Z"
_REST_OF_SHARE_PATTERN = r"(?:\s?(?:[-–—]|to\b|or\b)\s?\d[\d.,]*)?\s?%"
_DECIMAL_COMMA_PATTERN = (
    rf"[0-9](?<![\w.,][0-9])(?:\d*,\d{{1,2}}(?!\d|,\d)(?={REST_OF_DOSE_PATTERN}|{_REST_OF_SHARE_PATTERN})"
    rf"|(?<=etween\s[0-9])\d*,\d{{1,2}}(?!\d|,\d)(?={AND_DOSE_PATTERN})"
    rf"|(?<=0),\d+(?!-|,\d|\d))"
)
_UNGROUPED_NUMBER_PATTERN = (
    rf"[0-9](?<![\w.,][0-9])\d{{3,}}(?:\.\d+)?(?=(?:\s?[-–—]\s?\d[\d.,]*)?[\s-]?{DOSE_UNIT_PATTERN})"
)
_NUMBER_TOUCHING_UNIT_PATTERN = (
    r"([0-9](?<![\w.,][0-9])\d*(?:[.,]\d+)*)"
    r"(kg|mg|mcg|[µμu]g|ng|g|mL|ml|L|mmol|mEq|[kMG]Bq|IU|units?)(?!\w)"
)
# The hint to add a space must not repeat a unit that other rules reject.
_SAFE_UNIT_BY_ABBREVIATION = {**dict.fromkeys(("µg", "μg", "ug"), "mcg"), "ml": "mL", "IU": "units"}
_NUMBER_TOUCHING_NAME_PATTERN = rf"[0-9](?<=[^\W\d_]{{4}}[0-9])[\d.,]*\s{DOSE_UNIT_PATTERN}"


@rule(
    Severity.ERROR,
    source=JOINT_COMMISSION_AND_ISMP,
    fix="leave out the decimal point and the zeros after it",
    guards_dose=True,
)
def trailing_zero(content: Content) -> Faults:
    """A dose has a trailing zero after the decimal point.

    If the point is overlooked, 4.0 mg is read as 40 mg, ten times the dose.  Laboratory values may have a
    trailing zero, which states their precision.
    """
    for field, (record, parts, value) in (
        (stated_quantity.field, occurrence)
        for stated_quantity in find_stated_quantities(content)
        for occurrence in stated_quantity.occurrences
    ):
        for member in _NUMBER_MEMBERS:
            dose = value.get(member)
            if (
                isinstance(dose, Decimal)
                and _has_trailing_zero(dose)
                and has_only_dimensions(field, *_DOSE_DIMENSIONS)
            ):
                message = f"{dose} {value['unit']} has a trailing zero after the decimal point"
                yield record.locate_field(*parts, member), message, propose_value(_normalize_dose(dose))
    for text, match in find_numbered_texts(content).iter_matches(_TRAILING_ZERO_PATTERN):
        if is_laboratory_value(text.value, *match.span()) or re.search(
            _MEASURED_BEFORE, take_text_before(text.value, match.start())
        ):
            continue
        yield (
            text.locate_words(*match.span()),
            f'"{match.group()}" has a trailing zero after the decimal point',
            propose_value(format_dose_number(match.group())),
        )


@rule(
    Severity.ERROR,
    source=JOINT_COMMISSION_AND_ISMP,
    fix="write a zero before the decimal point",
    guards_dose=True,
)
def naked_decimal(content: Content) -> Faults:
    """A number starts with the decimal point.

    If the point is overlooked, .5 mg is read as 5 mg, ten times the dose.
    """
    for text, match in find_numbered_texts(content).iter_matches(_NAKED_DECIMAL_PATTERN):
        if not re.search(_STATISTIC_BEFORE, take_text_before(text.value, match.start())):
            message = f'"{match.group()}" starts with the decimal point'
            yield (
                text.locate_words(*match.span()),
                message,
                propose_value(_format_meant_number(text, match, f"0{match.group()}")),
            )


@rule(Severity.ERROR, fix="write a decimal point, and no trailing zero in a dose", guards_dose=True)
def decimal_comma(content: Content) -> Faults:
    """A number in an English text has a decimal comma.

    English readers take a comma for the thousands separator, or overlook it, and read a dose many times too
    high.
    """
    for text, match in find_numbered_texts(content).iter_matches(_DECIMAL_COMMA_PATTERN):
        corrected_number = _format_meant_number(text, match, match.group().replace(",", "."))
        yield (
            text.locate_words(*match.span()),
            f'"{match.group()}" has a decimal comma',
            propose_value(corrected_number),
        )


@rule(Severity.WARNING, source=ISMP, fix="write commas as thousands separators")
def missing_comma(content: Content) -> Faults:
    """A large dose has no commas as thousands separators.

    Zeros in a row are miscounted: 100000 units are read as 10,000 or 1,000,000.
    """
    for text, match in find_numbered_texts(content).iter_matches(_UNGROUPED_NUMBER_PATTERN):
        hint = propose_value(format_dose_number(match.group()))
        yield text.locate_words(*match.span()), f"{match.group()} has no comma as a thousands separator", hint


@rule(Severity.WARNING, source=ISMP, fix="write a space between name, number and unit")
def run_together(content: Content) -> Faults:
    """A number touches its unit or the name of the medicine.

    The m of 10mg is read as two zeros, and the l of propranolol20 mg as a one.
    """
    for text, match in find_numbered_texts(content).iter_matches(_NUMBER_TOUCHING_UNIT_PATTERN):
        dose, unit = match.groups()
        message = f'"{match.group()}" has no space between number and unit'
        yield (
            text.locate_words(*match.span()),
            message,
            propose_value(f"{format_dose_number(dose)} {_SAFE_UNIT_BY_ABBREVIATION.get(unit, unit)}"),
        )
    for text, match in find_numbered_texts(content).iter_matches(_NUMBER_TOUCHING_NAME_PATTERN):
        medicine = text.value[: match.start()].split()[-1]
        message = f'"{medicine}" touches the number after it'
        place = text.locate_words(match.start() - len(medicine), match.end())
        space = text.locate_words(match.start(), match.start())
        yield place, message, propose_value(" ", "write a space between name and dose", place=space)


def _format_meant_number(text: FreeText, match: re.Match[str], exact_number: str) -> str:
    """Return the number that was meant: of a dose without trailing zeros, of anything else with them."""
    dose_match = re.compile(f"{REST_OF_DOSE_PATTERN}|{AND_DOSE_PATTERN}").match(text.value, match.end())
    return format_dose_number(match.group()) if dose_match else exact_number


def _normalize_dose(dose: Decimal) -> Decimal:
    """Return a dose without zeros after its decimal point."""
    return Decimal(f"{dose.normalize():f}")


def _has_trailing_zero(dose: Decimal) -> bool:
    _, digits, exponent = dose.as_tuple()
    return isinstance(exponent, int) and exponent < 0 and digits[-1] == 0
