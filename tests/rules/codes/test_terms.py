"""Codes stand on their own terms."""

from __future__ import annotations

import os
from itertools import combinations

import pytest
from tests.rules.example_records import make_term
from tests.rules.rule_runs import list_issues, list_places

from bmkit.content import read_content
from bmkit.content.codes import parse_code_lock
from bmkit.rules.derived.codings import find_codings

LOCK = os.path.join(os.path.dirname(__file__), "..", "..", "..", "content", "codes.lock.tsv")
with open(LOCK, encoding="utf-8") as file:
    CODES, _ = parse_code_lock(file.read())


def test_of_three_terms_with_one_code_the_second_and_the_third_are_reported() -> None:
    codes = [("NCIT", "C1234", "a"), ("NCIT", "C1235", "b")]
    sites = [
        make_term("one", *codes),
        make_term("two", codes[0]),
        make_term("three", codes[0]),
        make_term("four", codes[1]),
    ]
    assert [pointer for pointer, _ in list_places("codes.shared", site=sites)] == [
        "/records/1/codes/0/code",
        "/records/2/codes/0/code",
        "/records/3/codes/0/code",
    ]
    assert list_places("codes.shared", site=sites[:1], tumour=sites[1:2]) == []
    assert list_places("codes.shared", site=[*sites[:1], make_term("two", (*codes[0], "broader"))]) == []


@pytest.mark.parametrize(
    ("display", "note", "is_wrong"),
    [
        ("humerus", "", True),
        ("Humerus", "", True),
        ("upper arm bone", "", True),
        ("humerus", "nearest", False),
        ("femur", "", False),
        ("tibia", "", False),
    ],
)
def test_a_code_that_is_called_like_another_term(display: str, note: str, is_wrong: bool) -> None:
    code = ("UBERON", "UBERON:0000976", display, note) if note else ("UBERON", "UBERON:0000976", display)
    sites = [make_term("femur", code), make_term("humerus", synonyms=["upper arm bone"])]
    places = list_places("codes.display-of-another-term", site=sites)
    assert bool(places) == is_wrong
    assert all("humerus" in message for _, message in places)


def test_no_two_terms_of_the_content_can_swap_their_codes() -> None:
    content = read_content(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for coding in find_codings(content):
        key = (coding.record.kind.name, coding.system)
        groups.setdefault(key, []).append((coding.record.id, coding.code))
    swaps = [
        (kind, system, coded, other)
        for (kind, system), group in groups.items()
        for coded, other in combinations(group, 2)
        if coded[0] != other[0] and coded[1] != other[1]
    ]
    assert len(swaps) > 3000

    def is_locked_for(kind: str, system: str, term_id: str, code: str) -> bool:
        locked = CODES.find_code(system, code)
        assert locked is not None
        assert locked.terms is not None
        return f"{kind}/{term_id}" in locked.terms

    for kind, system, (term_id, code), (other_id, other_code) in swaps:
        is_swappable = is_locked_for(kind, system, term_id, other_code)
        assert not (is_swappable and is_locked_for(kind, system, other_id, code))


@pytest.mark.parametrize(
    ("terms", "note", "end"),
    [
        (["site/humerus"], "", 'locked for "site/humerus"'),
        (["site/humerus", "site/arm"], "broader", 'locked for "site/humerus" and "site/arm"'),
        (["tumour/femur"], "", 'locked for "tumour/femur"'),
        ([], "", "locked for no term yet"),
        (["site/humerus", "site/femur"], "", ""),
    ],
)
def test_a_code_that_the_lock_gives_to_other_terms(terms: list[str], note: str, end: str) -> None:
    code = ("UBERON", "UBERON:0000976", "humerus", note) if note else ("UBERON", "UBERON:0000976", "humerus")
    sites = [make_term("femur", code), make_term("humerus")]
    lock = {"UBERON": {"UBERON:0000976": ["humerus", *terms]}}
    issues = list_issues("codes.wrong-term", site=sites, lock=lock)
    assert [(issue.place.pointer, issue.message.partition(", is ")[2]) for issue in issues] == (
        [("/records/0/codes/0/code", end)] if end else []
    )
    assert all("site/femur" in issue.hint for issue in issues)
    # Names are compared only if the lock has no terms.
    assert list_places("codes.display-of-another-term", site=sites, lock=lock) == []
    plain = {"UBERON": {"UBERON:0000976": "humerus"}}
    assert list_places("codes.wrong-term", site=sites, lock=plain) == []
    assert bool(list_places("codes.display-of-another-term", site=sites, lock=plain)) == (not note)


@pytest.mark.parametrize(
    ("code", "is_wrong"),
    [("C50.9", False), ("C50.1", False), ("C41.2", False), ("8500/3", False), ("C61.9", True)],
)
def test_a_tumour_starts_where_its_code_says_or_in_a_part_of_it(code: str, is_wrong: bool) -> None:
    sites = [
        make_term("chest", ("ICD-O-3", "C41.2", "a")),
        make_term("breast", ("ICD-O-3", "C50.9", "b"), parent="chest"),
        make_term("limbo"),
    ]
    tumour = make_term("cancer", ("ICD-O-3", code, "c"))
    of_breast, of_limbo = {**tumour, "origin": "breast"}, {**tumour, "origin": "limbo"}
    assert bool(list_places("codes.wrong-topography", site=sites, tumour=[of_breast])) == is_wrong
    assert list_places("codes.wrong-topography", site=sites, tumour=[of_limbo, tumour]) == []
