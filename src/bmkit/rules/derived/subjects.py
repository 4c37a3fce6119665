"""Subjects of facts as atoms, and which subject lies within which: no record is needed to compare them."""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bmkit.rules.derived.bands import Band

# Facts that are filed under the rarest thing that they say share it with fewer others than these.
_MAX_CANDIDATES = 256
Word = tuple[str, str, str]
"""A part, a role and the id or word that stands there: ("exposure", "product", "zometa")."""
Subject = frozenset["Atom"]
WiderWords = dict[Word, frozenset[Word]]
"""For each word all that it also stands for, itself included: a product also for its class."""


class Atom(NamedTuple):
    """One thing that a fact's subject is limited to: any of some words (ids among them), or a band.

    `part` is the part of the statement, `role` the role of the field, or its name; each word comes with both,
    and a band with one that is "".  `is_excluded` says that the subject is without it.  `is_exception` marks
    patients whose doses are another matter, such as those with little kidney function.
    """

    part: str
    role: str
    words: tuple[Word, ...]
    band: Band | None = None
    is_excluded: bool = False
    is_exception: bool = False


def make_word_atom(
    part: str, role: str, *words: str, is_excluded: bool = False, is_exception: bool = False
) -> Atom:
    """Return the atom of any of these words."""
    return Atom(part, role, tuple((part, role, word) for word in words), None, is_excluded, is_exception)


def make_band_atom(part: str, role: str, band: Band, *, is_exception: bool = False) -> Atom:
    """Return the atom of a range."""
    return Atom(part, role, ((part, role, ""),), band, is_exception=is_exception)


def implies(atom: Atom, other: Atom, wider_words: WiderWords) -> bool:
    """Return whether whatever the atom holds for, the other holds for, too."""
    if atom.part != other.part or atom.is_excluded != other.is_excluded:
        return False
    if atom.band is not None or other.band is not None:
        return (
            atom.role == other.role
            and atom.band is not None
            and other.band is not None
            and atom.band.is_within(other.band)
        )
    if atom.is_excluded:
        # Who has no cancer has no lung cancer.
        atom, other = other, atom
    other_words = other.words
    return all(not wider_words.get(word, {word}).isdisjoint(other_words) for word in atom.words)


def lies_within(subject: Subject, other: Subject, wider_words: WiderWords) -> bool:
    """Return whether a fact on the other subject is on all of this one, too; what is absent means all."""
    return all(
        other_atom in subject or any(implies(atom, other_atom, wider_words) for atom in subject)
        for other_atom in other
    )


def find_added_atoms(subject: Subject, other: Subject, wider_words: WiderWords) -> list[Atom]:
    """Return the atoms of a subject that the other one, around it, does not have."""
    return [
        atom
        for atom in subject
        if atom not in other and not any(implies(other_atom, atom, wider_words) for other_atom in other)
    ]


def drop_implied_atoms(atoms: set[Atom], wider_words: WiderWords) -> Subject:
    """Return the atoms without those that another one implies: breast cancer says cancer already."""
    return frozenset(
        atom
        for atom in atoms
        if not any(
            other != atom
            and implies(other, atom, wider_words)
            # Of two that imply each other one stays.
            and (not implies(atom, other, wider_words) or repr(other) < repr(atom))
            for other in atoms
        )
    )


def pair_nested_subjects(
    subjects: Sequence[Subject], wider_words: WiderWords
) -> Iterator[tuple[Subject, list[Subject]]]:
    """Yield each subject that lies within others, with these, in their order.

    Each subject is filed under the rarest of its atoms and looked for under all that the others imply, so
    that few pairs are compared.  A subject without atoms is compared with none.
    """
    if len(subjects) < 2:  # noqa: PLR2004
        return
    implied_words = [_find_implied_words(subject, wider_words) for subject in subjects]
    counts = Counter(chain.from_iterable(implied_words))
    filed_indexes: dict[Word, list[int]] = {}
    for index, subject in enumerate(subjects):
        for word in _select_filing_words(subject, counts, wider_words):
            filed_indexes.setdefault(word, []).append(index)
    for subject, words in zip(subjects, implied_words, strict=True):
        # Words have no order of their own: that of a set is another in each run.
        indexes = sorted(
            set(chain.from_iterable(filed_indexes[word] for word in words if word in filed_indexes))
        )
        around = [
            candidate
            for candidate in map(subjects.__getitem__, islice(indexes, _MAX_CANDIDATES))
            if candidate is not subject
            and candidate != subject
            and lies_within(subject, candidate, wider_words)
        ]
        if around:
            yield subject, around


def _find_implied_words(subject: Subject, wider_words: WiderWords) -> set[Word]:
    """Return the words under which a subject that is around this one may be filed."""
    words: set[Word] = set()
    for atom in subject:
        # What holds for any of several words must be implied by the first, too.
        word = atom.words[0]
        if atom.is_excluded or word not in wider_words:
            words.add(word)
        else:
            words |= wider_words[word]
    return words


def _select_filing_words(
    subject: Subject, counts: Mapping[Word, int], wider_words: WiderWords
) -> Sequence[Word]:
    """Return the words of the atom that the fewest subjects imply."""
    rarest: Sequence[Word] = ()
    least_rank: tuple[int, tuple[Word, ...]] | None = None
    for atom in subject:
        words = _list_filing_words(atom, wider_words) if atom.is_excluded else atom.words
        count = counts[words[0]] if len(words) == 1 else sum(counts[word] for word in words)
        rank = (count, tuple(words))
        if least_rank is None or rank < least_rank:
            rarest, least_rank = words, rank
    return rarest


def _list_filing_words(atom: Atom, wider_words: WiderWords) -> list[Word]:
    # A subject without cancer lies within one without lung cancer: the latter is looked for by both.
    return sorted({wider for word in atom.words for wider in wider_words.get(word, {word})})
