"""Codes have the format and the check digit of their terminologies."""

from __future__ import annotations

import os

import pytest

from bmkit.content.codes import parse_code_lock
from bmkit.content.terminologies import TERMINOLOGY_URLS
from bmkit.rules.derived.codings import CODE_FORMATS, compute_check_character, is_well_formed_code

LOCK = os.path.join(os.path.dirname(__file__), "..", "..", "..", "content", "codes.lock.tsv")
with open(LOCK, encoding="utf-8") as file:
    CODES, _ = parse_code_lock(file.read())


@pytest.mark.parametrize("system", CODES.list_systems())
def test_every_code_of_the_lock_is_well_formed_and_ends_in_its_check_character(system: str) -> None:
    codes = CODES.list_codes(system)
    assert codes
    assert [code for code in codes if not is_well_formed_code(system, code)] == []
    assert [code for code in codes if code[-1] != (compute_check_character(system, code) or code[-1])] == []


def test_the_systems_that_have_a_form_are_those_that_have_a_uri() -> None:
    assert {*CODE_FORMATS, "UCUM"} == TERMINOLOGY_URLS.keys()
    for system, (sample, _) in CODE_FORMATS.items():
        assert all(is_well_formed_code(system, code) for code in sample.split(" or "))


@pytest.mark.parametrize("system", ["LOINC", "UNII"])
def test_no_single_slip_in_a_code_goes_unseen(system: str) -> None:
    letters = "0123456789" if system == "LOINC" else "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for code in CODES.list_codes(system):
        for index, char in enumerate(code):
            for other in letters if char in letters else ():
                changed = f"{code[:index]}{other}{code[index + 1 :]}"
                assert (compute_check_character(system, changed) == changed[-1]) == (other == char)


@pytest.mark.parametrize(
    ("system", "code", "is_well_formed"),
    [
        *(("ATC", code, True) for code in ("M", "M05", "M05B", "M05BA", "M05BA08")),
        *(("ATC", code, False) for code in ("m05", "M5", "M05BA8", "E05BA08", "MO5BA08", "M05BA08 ")),
        *(("ICD-10", code, True) for code in ("C50", "C79.5", "M84.40", "C15-C26")),
        *(("ICD-10", code, False) for code in ("C5", "C795", "C79.", "50", "C79,5")),
        *(("ICD-10-CM", code, True) for code in ("C79.51", "C7A.00", "Z74.09", "M84.551A")),
        *(("ICD-10-CM", code, False) for code in ("C79.51234", "C7951")),
        *(("ICD-O-3", code, True) for code in ("C41.2", "8140/3")),
        *(("ICD-O-3", code, False) for code in ("C41", "C41.22", "8140", "M8140/3")),
        *(("UBERON", code, True) for code in ("UBERON:0001130",)),
        *(("UBERON", code, False) for code in ("UBERON:1130", "0001130", "UBERON_0001130", "UBERON:٠٠٠١١٣٠")),
        *(("MESH", code, True) for code in ("D004164", "D000077211", "C000001", "Q000379")),
        *(("MESH", code, False) for code in ("D0041", "X004164")),
        *(("LOINC", code, True) for code in ("2000-8", "LP15493-1", "LA6576-8")),
        *(("LOINC", code, False) for code in ("20008", "2000-88", "2000–8")),
        *(("UCUM", code, True) for code in ("mg", "mg/d", "%", "Cel")),
        *(("UCUM", code, False) for code in ("mgs", "mcg", "µg")),
        *(("SNOMED", code, True) for code in ("anything", "")),
    ],
)
def test_the_form_of_a_code(system: str, code: str, is_well_formed: bool) -> None:
    assert is_well_formed_code(system, code) == is_well_formed


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("LOINC", "12345-5"),
        ("LOINC", "LP14559-6"),
        ("LOINC", "LA6576-8"),
        ("UNII", "229809935B"),
        ("UNII", "UC6VBE7V1Z"),
    ],
)
def test_codes_beyond_the_lock_end_in_their_check_characters(system: str, code: str) -> None:
    assert is_well_formed_code(system, code)
    assert compute_check_character(system, code) == code[-1]


def test_a_number_that_was_given_out_with_a_wrong_check_digit_passes() -> None:
    assert compute_check_character("LOINC", "11491-6") == ""
