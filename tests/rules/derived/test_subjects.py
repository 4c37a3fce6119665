"""Subjects lie within each other by their atoms; few pairs are looked at."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from bmkit.rules.derived.subjects import (
    Atom,
    Band,
    Subject,
    WiderWords,
    drop_implied_atoms,
    find_added_atoms,
    implies,
    lies_within,
    pair_nested_subjects,
)

CANCER, LUNG_CANCER = ("population", "condition", "cancer"), ("population", "condition", "lung-cancer")
WIDER: WiderWords = {LUNG_CANCER: frozenset({LUNG_CANCER, CANCER})}


def having(*words: str, is_excluded: bool = False) -> Atom:
    return Atom("population", "condition", words, is_excluded=is_excluded)


def of_age(low: int | None, high: int | None, dimension: str = "time") -> Atom:
    ends = (None if end is None else Fraction(end) for end in (low, high))
    return Atom("population", "age", band=Band(dimension, *ends))


@pytest.mark.parametrize(
    ("atom", "other", "is_implied"),
    [
        (having("cancer"), having("cancer"), True),
        (having("lung-cancer"), having("cancer"), True),
        (having("cancer"), having("lung-cancer"), False),
        (having("lung-cancer"), Atom("outcome", "condition", ("cancer",)), False),
        (having("lung-cancer"), Atom("population", "risk", ("cancer",)), False),
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
    drug, route = Atom("exposure", "product", ("p",)), Atom("exposure", "route", ("vein",))
    looked_at = []
    for number in (100, 200, 400):
        subjects = [
            frozenset([drug, *([route] if is_routed else []), Atom("exposure", "phase", (str(index),))])
            for index in range(number)
            for is_routed in (False, True)
        ]
        counts.clear()
        assert sum(len(around) for _, around in pair_nested_subjects(subjects, {})) == number
        looked_at.append(counts["pairs"])
    assert looked_at == [200, 400, 800]
