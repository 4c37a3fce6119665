"""Facts of two kinds, compared over what both can say."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from bmkit.rules.agreement.conflicts import (
    MAX_DISTINCT_VALUES,
    Conflict,
    group_by_kind,
    is_excused_for,
    make_value_key,
)
from bmkit.rules.derived.stated_values import GROUP, Agreement, compare_with_wider
from bmkit.rules.derived.subjects import find_added_atoms, lies_within, pair_nested_subjects
from bmkit.schema.roles import load_roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.rules.derived.statements import ArticleSummary, Statement
    from bmkit.rules.derived.subjects import Atom, Subject, WiderWords, Word

CIRCUMSTANCE = "circumstance"
"""The mark of roles that say how something is done: what a kind has no field for it leaves open."""
_THING_PARTS = ("exposure", "outcome")


def find_conflicts_across_kinds(summary: ArticleSummary) -> tuple[list[Conflict], list[Conflict]]:
    """Return the facts that none of those of another kind agrees with, of the same and of a wider subject.

    Kinds are compared over the roles that both have.  Of several facts of the other kind that may be about
    the same one that agrees is enough.
    """
    same_conflicts: list[Conflict] = []
    wider_conflicts: list[Conflict] = []
    for role, statements_by_kind in _group_by_role(summary).items():
        things_by_kind = {
            kind: _find_things(statements, summary.wider_words)
            for kind, statements in (statements_by_kind.items() if len(statements_by_kind) > 1 else ())
        }
        for kind, other_kind in combinations(sorted(statements_by_kind), 2):
            # Most kinds are about nothing that another one is about.
            if things_by_kind[kind].isdisjoint(things_by_kind[other_kind]):
                continue
            stating, others = statements_by_kind[kind], statements_by_kind[other_kind]
            for conflict, is_same in _iter_conflicts_between(stating, others, role, summary):
                (same_conflicts if is_same else wider_conflicts).append(conflict)
    return same_conflicts, wider_conflicts


def _find_things(statements: list[Statement], wider_words: WiderWords) -> set[Word]:
    """Return what the facts are about, and all that it also stands for."""
    words = {
        word
        for statement in statements
        for atom in statement.subject
        if atom.part in _THING_PARTS and atom.band is None
        for word in atom.words
    }
    return words.union(*(wider_words[word] for word in words if word in wider_words))


def _group_by_role(summary: ArticleSummary) -> dict[str, dict[str, list[Statement]]]:
    """Return the facts that state a value of each role, by kind.

    What is counted in a group is left out: a share is one of what its kind is about.  So is a field without a
    role, which means something else in every kind.
    """
    known_roles = load_roles().of_fields
    groups: dict[str, dict[str, list[Statement]]] = {}
    for kind, statements in group_by_kind(summary).items():
        for statement in statements:
            for role, stated in statement.values.items():
                if role in known_roles and GROUP not in stated.marks:
                    groups.setdefault(role, {}).setdefault(kind, []).append(statement)
    return groups


def _iter_conflicts_between(
    stating: Sequence[Statement], others: Sequence[Statement], role: str, summary: ArticleSummary
) -> Iterator[tuple[Conflict, bool]]:
    """Yield the conflicts of facts of two kinds, each with whether they are of the very same subject."""
    kinds = {summary.outlines[other.kind].statement_kind for other in others}
    if not _is_kind_complete(kinds, summary):
        return
    comparison = _KindComparison(stating, others, role, summary)
    for same_statements in comparison.stating_groups:
        statement = same_statements[0]
        conflicts = comparison.find_conflicts(statement)
        same = next((other for other, is_same in conflicts if is_same), None)
        other = same or next((other for other, _ in conflicts), None)
        if other is not None:
            group = (*same_statements, other)
            is_word = bool(statement.values[role].pole)
            yield Conflict(statement, other, role, Agreement.CONTRADICTS, is_word, group), same is not None


def _is_kind_complete(statement_kinds: set[str], summary: ArticleSummary) -> bool:
    """Return whether no fact of these kinds, and no term, may be missing."""
    return all(
        kind in summary.outlines and summary.outlines[kind].statement_kind not in statement_kinds
        for kind in summary.partial_kinds
    )


class _KindComparison:
    """The values of a role in two kinds of facts, and which of them are about the same.

    `stating_groups` are the facts of the one kind, those together that state the same of one subject.
    """

    def __init__(
        self,
        stating: Sequence[Statement],
        others: Sequence[Statement],
        role: str,
        summary: ArticleSummary,
    ) -> None:
        self._role = role
        self._wider_words = summary.wider_words
        own_roles, other_roles = (
            frozenset().union(*(summary.outlines[statement.kind].subject_roles for statement in statements))
            for statements in (stating, others)
        )
        self._common_roles = own_roles & other_roles
        self._subjects = {_identify(statement): self._project(statement) for statement in (*stating, *others)}
        self.stating_groups = [
            group for groups in self._group_distinct_values(stating).values() for group in groups
        ]
        self._others_by_subject = {
            subject: [group[0] for group in groups]
            for subject, groups in self._group_distinct_values(others).items()
        }
        self._related_subjects: dict[Subject, list[Subject]] = {}
        for subject, around in pair_nested_subjects(
            list(dict.fromkeys(self._subjects.values())), self._wider_words
        ):
            for wider in around:
                # That both are about the same patients says nothing.
                if any(atom.part in _THING_PARTS for atom in wider):
                    self._related_subjects.setdefault(subject, []).append(wider)
                    self._related_subjects.setdefault(wider, []).append(subject)
        self._matched_keys = {
            key
            for statement, *_ in self.stating_groups
            for other, agreement in self._iter_comparable(statement)
            if agreement is not Agreement.CONTRADICTS or is_excused_for(statement, other, role)
            for key in (_identify(statement), _identify(other))
        }

    def _group_distinct_values(self, statements: Sequence[Statement]) -> dict[Subject, list[list[Statement]]]:
        """Return the facts by subject, those together that state the same; of so many different values."""
        groups: dict[Subject, dict[object, list[Statement]]] = {}
        for statement in statements:
            same_statements = groups.setdefault(self._subjects[_identify(statement)], {})
            key = make_value_key(statement, self._role)
            if key in same_statements or len(same_statements) < MAX_DISTINCT_VALUES:
                same_statements.setdefault(key, []).append(statement)
        return {subject: list(same_statements.values()) for subject, same_statements in groups.items()}

    def find_conflicts(self, statement: Statement) -> list[tuple[Statement, bool]]:
        """Return the facts that contradict a fact, each with whether its subject is the very same."""
        subject = self._subjects[_identify(statement)]
        conflicts = []
        for other, agreement in self._iter_comparable(statement):
            other_subject = self._subjects[_identify(other)]
            unmatched_count = sum(_identify(side) not in self._matched_keys for side in (statement, other))
            # What has no word on the solution may be about another than the one it is held against.
            is_direct = _list_thing_roles(subject) == _list_thing_roles(other_subject)
            if (
                agreement is Agreement.CONTRADICTS
                and unmatched_count >= (1 if is_direct else 2)
                and not is_excused_for(statement, other, self._role)
                and not self._is_exception(subject, other_subject)
            ):
                conflicts.append((other, subject == other_subject))
        return conflicts

    def _iter_comparable(self, statement: Statement) -> Iterator[tuple[Statement, Agreement]]:
        subject = self._subjects[_identify(statement)]
        is_about_something = any(atom.part in _THING_PARTS for atom in subject)
        for related in ([subject] if is_about_something else []) + self._related_subjects.get(subject, []):
            for other in self._others_by_subject.get(related, ()):
                stated, other_stated = statement.values[self._role], other.values[self._role]
                agreement = (
                    compare_with_wider(stated, other_stated)
                    if lies_within(subject, related, self._wider_words)
                    else compare_with_wider(other_stated, stated)
                )
                if agreement is not Agreement.INCOMPARABLE:
                    yield other, agreement

    def _is_exception(self, subject: Subject, other: Subject) -> bool:
        narrower, wider = (
            (subject, other) if lies_within(subject, other, self._wider_words) else (other, subject)
        )
        added_atoms = find_added_atoms(narrower, wider, self._wider_words)
        return bool(added_atoms) and all(atom.is_exception for atom in added_atoms)

    def _project(self, statement: Statement) -> Subject:
        """Return the subject without the circumstances that the other kind has no field for; of a word all.

        What is recommended depends on every word of what it is: "taking" is not "taking by mouth" there.
        """
        if statement.values[self._role].pole:
            return statement.subject
        return frozenset(
            atom
            for atom in statement.subject
            if (atom.part, atom.role) in self._common_roles or not _is_circumstance(atom)
        )


def _is_circumstance(atom: Atom) -> bool:
    """Return whether an atom says how something is done, such as the route, and not what."""
    role = load_roles().of_fields.get(atom.role)
    return role is not None and CIRCUMSTANCE in role.marks and atom.part == role.part


def _identify(statement: Statement) -> tuple[str, int]:
    """Return what tells a fact from all others: its file and its place there."""
    return statement.file, statement.position


def _list_thing_roles(subject: Subject) -> set[tuple[str, str]]:
    return {(atom.part, atom.role) for atom in subject if atom.part in _THING_PARTS}
