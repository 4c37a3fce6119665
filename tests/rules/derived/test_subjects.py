"""Subjects lie within each other by their atoms; few pairs are looked at."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.rules.derived.bands import Band
from bmkit.rules.derived.subjects import (
    Atom,
    Subject,
    WiderWords,
    drop_implied_atoms,
    find_added_atoms,
    implies,
    lies_within,
    make_band_atom,
    make_word_atom,
    pair_nested_subjects,
)

CANCER, LUNG_CANCER = ("population", "condition", "cancer"), ("population", "condition", "lung-cancer")
WIDER: WiderWords = {LUNG_CANCER: frozenset({LUNG_CANCER, CANCER})}


def having(*words: str, is_excluded: bool = False) -> Atom:
    return make_word_atom("population", "condition", *words, is_excluded=is_excluded)


def of_age(low: int | None, high: int | None, dimension: str = "time") -> Atom:
    ends = (None if end is None else Fraction(end) for end in (low, high))
    return make_band_atom("population", "age", Band(dimension, *ends))


@pytest.mark.parametrize(
    ("atom", "other", "is_implied"),
    [
        (having("cancer"), having("cancer"), True),
        (having("lung-cancer"), having("cancer"), True),
        (having("cancer"), having("lung-cancer"), False),
        (having("lung-cancer"), make_word_atom("outcome", "condition", "cancer"), False),
        (having("lung-cancer"), make_word_atom("population", "risk", "cancer"), False),
        (having("lung-cancer"), having("cancer", "pain"), True),
        (having("lung-cancer", "pain"), having("cancer", "pain"), True),
        (having("lung-cancer", "pain"), having("cancer"), False),
        (having("cancer", is_excluded=True), having("lung-cancer", is_excluded=True), True),
        (having("lung-cancer", is_excluded=True), having("cancer", is_excluded=True), False),
        (having("cancer", is_excluded=True), having("cancer"), False),
        (of_age(20, 30), of_age(18, 40), True),
        (of_age(20, 30), of_age(18, None), True),
        (of_age(18, None), of_age(18, None), True),
        (of_age(18, None), of_age(18, 40), False),
        (of_age(None, 20), of_age(None, 30), True),
        (of_age(20, 30), of_age(18, 25), False),
        (of_age(20, 30), of_age(18, 40, "mass"), False),
        (of_age(20, 30), having("cancer"), False),
    ],
)
def test_an_atom_implies_what_holds_wherever_it_holds(atom: Atom, other: Atom, is_implied: bool) -> None:
    assert implies(atom, other, WIDER) is is_implied
    found = dict(pair_nested_subjects([frozenset([atom]), frozenset([other])], WIDER))
    assert (frozenset([other]) in found.get(frozenset([atom]), [])) is (is_implied and atom != other)


def test_a_subject_lies_within_one_that_says_less() -> None:
    wide, narrow = frozenset([having("cancer")]), frozenset([having("lung-cancer"), of_age(20, 30)])
    assert lies_within(narrow, wide, WIDER)
    assert not lies_within(wide, narrow, WIDER)
    assert set(find_added_atoms(narrow, wide, WIDER)) == narrow
    assert find_added_atoms(frozenset([*wide, of_age(20, 30)]), wide, WIDER) == [of_age(20, 30)]
    assert lies_within(narrow, frozenset(), WIDER)


def test_what_another_atom_says_already_is_dropped() -> None:
    atoms = {having("lung-cancer"), having("cancer"), of_age(20, 30), of_age(18, None)}
    assert drop_implied_atoms(atoms, WIDER) == {having("lung-cancer"), of_age(20, 30)}
    circle = {**WIDER, CANCER: frozenset({CANCER, LUNG_CANCER})}
    assert len(drop_implied_atoms({having("lung-cancer"), having("cancer")}, circle)) == 1


def test_few_pairs_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counter[str]()

    def count_pairs(subject: Subject, other: Subject, wider_words: WiderWords) -> bool:
        counts["pairs"] += 1
        return lies_within(subject, other, wider_words)

    monkeypatch.setattr("bmkit.rules.derived.subjects.lies_within", count_pairs)
    drug, route = make_word_atom("exposure", "product", "p"), make_word_atom("exposure", "route", "vein")
    looked_at = []
    for number in (100, 200, 400):
        subjects = [
            frozenset(
                [drug, *([route] if is_routed else []), make_word_atom("exposure", "phase", str(index))]
            )
            for index in range(number)
            for is_routed in (False, True)
        ]
        counts.clear()
        assert sum(len(around) for _, around in pair_nested_subjects(subjects, {})) == number
        looked_at.append(counts["pairs"])
    assert looked_at == [200, 400, 800]


WORDS = ("cancer", "lung-cancer", "small-cell-lung-cancer", "pain", "fracture")
LINEAGES = {"lung-cancer": ("cancer",), "small-cell-lung-cancer": ("lung-cancer", "cancer")}
HIERARCHY: WiderWords = {
    ("population", "condition", word): frozenset(
        ("population", "condition", name) for name in (word, *LINEAGES.get(word, ()))
    )
    for word in WORDS
}
ATOMS = st.one_of(
    st.builds(
        lambda words: having(*sorted(words)), st.frozensets(st.sampled_from(WORDS), min_size=1, max_size=2)
    ),
    st.sampled_from(WORDS).map(lambda word: having(word, is_excluded=True)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda ends: of_age(min(ends), sum(ends))),
    st.sampled_from(("vein", "mouth")).map(lambda word: make_word_atom("exposure", "route", word)),
)


@given(st.lists(st.frozensets(ATOMS, max_size=3), max_size=12, unique=True))
def test_what_is_filed_is_found_as_if_each_were_compared_with_each(subjects: list[Subject]) -> None:
    found = {subject: set(around) for subject, around in pair_nested_subjects(subjects, HIERARCHY)}
    expected = {
        # What is on nothing in particular is compared with none.
        subject: {
            other
            for other in subjects
            if other and other != subject and lies_within(subject, other, HIERARCHY)
        }
        for subject in subjects
    }
    assert found == {subject: around for subject, around in expected.items() if around}
