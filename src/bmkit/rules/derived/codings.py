"""Codes of standard terminologies: where terms have them, their format and their check digit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.comparable_terms import list_comparable_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart, Place
    from bmkit.schema import Field

_CODING_MEMBERS = {"system", "code", "display"}
_BASE_36_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Numbers that LOINC lists as issued with a wrong check digit.
_LOINC_WRONG_CHECK_DIGITS = frozenset(
    (
        *("11491", "11501", "5895", "5896", "5897", "5928", "6028"),
        *("6415", "6580", "6645", "6646", "6647", "6648", "6649"),
    )
)

# The format of the codes of each terminology, as a sample and as a pattern.
_OBO_NUMBER = r"\d{7}"
CODE_FORMATS: dict[str, tuple[str, str]] = {
    "ATC": ("M05BA08", r"[ABCDGHJLMNPRSV](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?"),
    "CHEBI": ("CHEBI:46557", r"CHEBI:[1-9]\d{0,6}"),
    "CL": ("CL:0000062", rf"CL:{_OBO_NUMBER}"),
    "GO": ("GO:0001503", rf"GO:{_OBO_NUMBER}"),
    "HP": ("HP:0002653", rf"HP:{_OBO_NUMBER}"),
    "ICD-10": ("C79.5 or C15-C26", r"[A-Z]\d\d(?:\.\d{1,2}|-[A-Z]\d\d)?"),
    "ICD-10-CM": ("C79.51", r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?"),
    "ICD-O-3": ("C41.2 or 8140/3", r"C\d\d\.\d|\d{4}/\d"),
    "LOINC": ("2000-8", r"\d{1,7}-\d|L[AP]\d{1,7}-\d"),
    "MAXO": ("MAXO:0000014", rf"MAXO:{_OBO_NUMBER}"),
    "MESH": ("D004164", r"[CDQ]\d{6}(?:\d{3})?"),
    "MONDO": ("MONDO:0007254", rf"MONDO:{_OBO_NUMBER}"),
    "NCIT": ("C3242", r"C\d{3,7}"),
    "RXNORM": ("77655", r"[1-9]\d{0,7}"),
    "UBERON": ("UBERON:0001130", rf"UBERON:{_OBO_NUMBER}"),
    "UNII": ("6XC1PAD3KF", r"[0-9A-Z]{10}"),
}


class Coding(NamedTuple):
    """A code of a record, and its path."""

    record: Record
    field: Field
    parts: tuple[PathPart, ...]
    system: str
    code: str
    display: str
    note: str

    def locate_member(self, member: str) -> Place:
        """Return the place of one of its members."""
        return self.record.locate_field(*self.parts, member)


@per_content
def find_codings(content: Content) -> list[Coding]:
    """Return every code of every valid record, an object with system, code and display; found once."""
    return [
        coding
        for kind in content.list_kinds()
        if "codes" in kind
        for record in content.list_records(kind.name)
        for coding in _iter_codings(record)
    ]


@per_content
def find_comparable_codings(content: Content) -> list[Coding]:
    """Return the codes of all terms that judged ones are compared with, those of the shared terms first."""
    return [coding for term in list_comparable_terms(content) for coding in _iter_codings(term)]


def _iter_codings(record: Record) -> Iterator[Coding]:
    if "codes" in record.kind:
        field = record.kind.get_field("codes")
        for parts, value in record.list_values_with_paths(field):
            if isinstance(value, dict) and value.keys() >= _CODING_MEMBERS:
                system, code, display = value["system"], value["code"], value["display"]
                yield Coding(record, field, parts, system, code, display, value.get("note", ""))


def is_well_formed_code(system: str, code: str) -> bool:
    """Return whether a code has the format of its terminology; of an unknown terminology every code has."""
    if system == "UCUM":
        # Only content with units as codes needs the table of units.
        from bmkit.ucum.units import is_valid_unit

        return is_valid_unit(code)
    return system not in CODE_FORMATS or re.fullmatch(CODE_FORMATS[system][1], code, re.ASCII) is not None


def compute_check_character(system: str, code: str) -> str:
    """Return the check character that a well-formed code should end in, "" where it has none."""
    if system == "LOINC":
        number = code.partition("-")[0]
        return "" if number in _LOINC_WRONG_CHECK_DIGITS else _compute_luhn_digit(number)
    if system == "UNII":
        # The algorithm is not published; the sum of the others is right for every code of the lock.
        return _BASE_36_DIGITS[sum(_BASE_36_DIGITS.index(char) for char in code[:-1]) % len(_BASE_36_DIGITS)]
    return ""


def _compute_luhn_digit(number: str) -> str:
    """Return the Luhn check digit: every second digit counts twice, a letter counts by its ASCII code."""
    total = 0
    for position, char in enumerate(reversed(number)):
        value = ord(char) - ord("0")
        # The digits of twice the value are added up; letters as in OpenMRS, which LOINC follows.
        total += value if position % 2 else 2 * value - value // 5 * 9
    return str(-total % 10)
