"""Codes are written as their terminologies write them, end as they should, and stand on their terms."""

from __future__ import annotations

import os
from itertools import combinations
from typing import Any

import pytest

from bmkit.content import read_content
from bmkit.content.codes import parse_code_lock
from bmkit.rules import load_all_rules
from bmkit.rules.derived.codings import (
    CODE_FORMATS,
    compute_check_character,
    find_codings,
    is_well_formed_code,
)
from bmkit.rules.examples import build_content

LOCK = os.path.join(os.path.dirname(__file__), "..", "..", "content", "codes.lock.tsv")
RULES = {rule.id.removeprefix("codes."): rule for rule in load_all_rules() if rule.family == "codes"}

with open(LOCK, encoding="utf-8") as file:
    CODES, _ = parse_code_lock(file.read())
LOCKED = [(system, code) for system in CODES.list_systems() for code in CODES.list_codes(system)]


@pytest.mark.parametrize("system", CODES.list_systems())
def test_every_code_of_the_lock_is_well_formed_and_ends_in_its_check_character(system: str) -> None:
    codes = CODES.list_codes(system)
    assert codes
    assert [code for code in codes if not is_well_formed_code(system, code)] == []
    assert [code for code in codes if code[-1] != (compute_check_character(system, code) or code[-1])] == []


def test_the_systems_that_have_a_form_are_those_of_the_schema() -> None:
    systems = build_content({}).schemas.get_kind("site").get_field("codes.system").values
    assert {*CODE_FORMATS, "UCUM"} == set(systems)
    for system, (shown, _) in CODE_FORMATS.items():
        assert all(is_well_formed_code(system, code) for code in shown.split(" or "))


@pytest.mark.parametrize("system", ["LOINC", "UNII"])
def test_no_single_slip_in_a_code_goes_unseen(system: str) -> None:
    letters = "0123456789" if system == "LOINC" else "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for code in CODES.list_codes(system):
        for at, char in enumerate(code):
            for other in letters if char in letters else ():
                made = f"{code[:at]}{other}{code[at + 1 :]}"
                assert (compute_check_character(system, made) == made[-1]) == (other == char)


@pytest.mark.parametrize(
    ("system", "code", "good"),
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
def test_the_form_of_a_code(system: str, code: str, good: bool) -> None:
    assert is_well_formed_code(system, code) == good


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


def issues_of(name: str, example: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(issue.place.pointer, issue.message, issue.hint) for issue in RULES[name](build_content(example))]


def term(name: str, *codes: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    made = [dict(zip(("system", "code", "display", "note"), code, strict=False)) for code in codes]
    return {"id": name, "label": name, "codes": made, **fields}


def test_of_three_terms_with_one_code_the_second_and_the_third_are_told() -> None:
    codes = [("NCIT", "C1234", "a"), ("NCIT", "C1235", "b")]
    sites = [term("one", *codes), term("two", codes[0]), term("three", codes[0]), term("four", codes[1])]
    assert [place for place, _, _ in issues_of("shared", {"site": sites})] == [
        "/records/1/codes/0/code",
        "/records/2/codes/0/code",
        "/records/3/codes/0/code",
    ]
    assert issues_of("shared", {"site": sites[:1], "tumour": sites[1:2]}) == []
    assert issues_of("shared", {"site": [*sites[:1], term("two", (*codes[0], "broader"))]}) == []


@pytest.mark.parametrize(
    ("display", "note", "told"),
    [
        ("humerus", "", True),
        ("Humerus", "", True),
        ("upper arm bone", "", True),
        ("humerus", "nearest", False),
        ("femur", "", False),
        ("tibia", "", False),
    ],
)
def test_a_code_that_is_called_like_another_term(display: str, note: str, told: bool) -> None:
    code = ("UBERON", "UBERON:0000976", display, note) if note else ("UBERON", "UBERON:0000976", display)
    sites = [term("femur", code), term("humerus", synonyms=["upper arm bone"])]
    found = issues_of("display-of-another-term", {"site": sites})
    assert bool(found) == told
    assert all("humerus" in message for _, message, _ in found)


def test_no_two_terms_of_the_content_can_swap_their_codes() -> None:
    content = read_content(os.path.join(os.path.dirname(__file__), "..", ".."))
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in find_codings(content):
        groups.setdefault((one.record.kind.name, one.system), []).append((one.record.id, one.code))
    swaps = [
        (kind, system, one, other)
        for (kind, system), group in groups.items()
        for one, other in combinations(group, 2)
        if one[0] != other[0] and one[1] != other[1]
    ]
    assert len(swaps) > 3000

    def fits(kind: str, system: str, term: str, code: str) -> bool:
        locked = CODES.find_code(system, code)
        assert locked is not None
        assert locked.terms is not None
        return f"{kind}/{term}" in locked.terms

    for kind, system, (term, its_code), (like, its_own) in swaps:
        assert not (fits(kind, system, term, its_own) and fits(kind, system, like, its_code))


@pytest.mark.parametrize(
    ("terms", "note", "told"),
    [
        (["site/humerus"], "", 'locked for "site/humerus"'),
        (["site/humerus", "site/arm"], "broader", 'locked for "site/humerus" and "site/arm"'),
        (["tumour/femur"], "", 'locked for "tumour/femur"'),
        ([], "", "locked for no term yet"),
        (["site/humerus", "site/femur"], "", ""),
    ],
)
def test_a_code_that_the_lock_gives_to_other_terms(terms: list[str], note: str, told: str) -> None:
    code = ("UBERON", "UBERON:0000976", "humerus", note) if note else ("UBERON", "UBERON:0000976", "humerus")
    sites = [term("femur", code), term("humerus")]
    lock = {"UBERON": {"UBERON:0000976": ["humerus", *terms]}}
    found = issues_of("wrong-term", {"site": sites, "lock": lock})
    assert [(place, message.partition(", is ")[2]) for place, message, _ in found] == (
        [("/records/0/codes/0/code", told)] if told else []
    )
    assert all("site/femur" in hint for _, _, hint in found)
    # What the lock says goes before names; without that of the terms there are only names.
    assert issues_of("display-of-another-term", {"site": sites, "lock": lock}) == []
    plain = {"UBERON": {"UBERON:0000976": "humerus"}}
    assert issues_of("wrong-term", {"site": sites, "lock": plain}) == []
    assert bool(issues_of("display-of-another-term", {"site": sites, "lock": plain})) == (not note)


@pytest.mark.parametrize(
    ("code", "told"),
    [("C50.9", False), ("C50.1", False), ("C41.2", False), ("8500/3", False), ("C61.9", True)],
)
def test_a_tumour_starts_where_its_code_says_or_in_a_part_of_it(code: str, told: bool) -> None:
    sites = [
        term("chest", ("ICD-O-3", "C41.2", "a")),
        term("breast", ("ICD-O-3", "C50.9", "b"), parent="chest"),
        term("limbo"),
    ]
    tumour = term("cancer", ("ICD-O-3", code, "c"))
    of_breast, of_limbo = {**tumour, "origin": "breast"}, {**tumour, "origin": "limbo"}
    assert bool(issues_of("wrong-topography", {"site": sites, "tumour": [of_breast]})) == told
    assert issues_of("wrong-topography", {"site": sites, "tumour": [of_limbo, tumour]}) == []


def test_the_hints_say_what_is_right() -> None:
    example = {"site": [term("a", ("ATC", "M05", "b"), ("UBERON", "1130", "c"))]}
    assert issues_of("wrong-system", example) == [
        (
            "/records/0/codes/0/system",
            "ATC has no codes for a site",
            "use a code of ICD-O-3, MESH, NCIT or UBERON",
        )
    ]
    assert [hint for _, _, hint in issues_of("malformed", example)] == ["its codes look like UBERON:0001130"]
    loinc = {"analyte": [term("a", ("LOINC", "17861-9", "b"))]}
    assert [message for _, message, _ in issues_of("check-digit", loinc)] == [
        "LOINC 17861-9 should end in 6 if its other characters are right"
    ]
