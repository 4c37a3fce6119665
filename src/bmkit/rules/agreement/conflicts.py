"""Facts that do not agree: of one subject, of one within the other, and of two kinds."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.stated_values import (
    GROUP,
    Agreement,
    compare_values,
    compare_with_wider,
)
from bmkit.rules.derived.statements import BY, is_excused
from bmkit.rules.derived.subjects import find_added_atoms, implies, lies_within, pair_nested_subjects
from bmkit.schema.roles import load_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bmkit.rules.derived.stated_values import StatedValue
    from bmkit.rules.derived.statements import ArticleSummary, KindOutline, Statement
    from bmkit.rules.derived.subjects import Atom, Subject, WiderWords
    from bmkit.rules.rule import Fault

CIRCUMSTANCE = "circumstance"
"""The mark of roles that say how something is done: what a kind has no field for it leaves open."""
_POPULATION, _THING_PARTS = "population", ("exposure", "outcome")
_UNDISPUTED = (Agreement.AGREES, Agreement.INCOMPARABLE)
_NOTE_HINT = "correct one, or refer from both to a note on the contradiction that gives both values"


class Conflict(NamedTuple):
    """Two facts that do not agree on the value of a role; the first is the later, or the narrower, one."""

    statement: Statement
    other: Statement
    role: str
    agreement: Agreement
    is_word: bool


def find_same_subject_conflicts(summary: ArticleSummary) -> list[Conflict]:
    """Return the facts of an article that state something else of the very subject of an earlier one."""
    conflicts: list[Conflict] = []
    for statements in _group_by_kind(summary).values():
        for same_statements in _group_by_subject(statements).values():
            conflicts += _iter_conflicts_in_group(same_statements)
    return conflicts


def find_narrower_conflicts(summary: ArticleSummary) -> list[Conflict]:
    """Return the facts of an article that contradict one whose subject is around theirs."""
    conflicts: list[Conflict] = []
    for statements in _group_by_kind(summary).values():
        statements_by_subject = _group_by_subject(statements)
        for subject, around in pair_nested_subjects(list(statements_by_subject), summary.wider_words):
            # The closest counts: what agrees with it is its matter, not that of a wider one.
            around.sort(key=len, reverse=True)
            for statement in statements_by_subject[subject]:
                for role in statement.values:
                    conflicts += _find_conflict_with_wider(
                        statement, role, around, statements_by_subject, summary.wider_words
                    )
    return conflicts


def find_conflicts_across_kinds(summary: ArticleSummary) -> tuple[list[Conflict], list[Conflict]]:
    """Return the facts that none of those of another kind agrees with, of the same and of a wider subject.

    Kinds are compared over the roles that both have.  Of several facts of the other kind that may be about
    the same one that agrees is enough.
    """
    statements_by_kind = _group_by_kind(summary)
    roles_by_kind = {
        kind: {role for statement in statements for role in statement.values}
        for kind, statements in statements_by_kind.items()
    }
    same_conflicts: list[Conflict] = []
    wider_conflicts: list[Conflict] = []
    for kind, other_kind in combinations(sorted(statements_by_kind), 2):
        for role in sorted(roles_by_kind[kind] & roles_by_kind[other_kind]):
            stating = [statement for statement in statements_by_kind[kind] if role in statement.values]
            others = [statement for statement in statements_by_kind[other_kind] if role in statement.values]
            for conflict, is_same in _iter_conflicts_between(stating, others, role, summary):
                (same_conflicts if is_same else wider_conflicts).append(conflict)
    return same_conflicts, wider_conflicts


def find_conflicts_between_articles(
    summaries: Sequence[ArticleSummary],
) -> Iterator[tuple[Conflict, ArticleSummary]]:
    """Yield the facts of one article that contradict those of another on the very same subject.

    What an article is about is part of the subject of each of its facts.  What is counted in a group of
    patients is left out: each source has its own.  Each conflict comes with the summary of the article of its
    first fact.
    """
    groups: dict[tuple[str, Subject], list[tuple[Statement, ArticleSummary]]] = {}
    for summary in summaries if len(summaries) > 1 else ():
        for statement in summary.statements:
            kind = summary.outlines[statement.kind].statement_kind
            groups.setdefault((kind, statement.subject | summary.subject), []).append((statement, summary))
    for group in groups.values():
        # Of articles that state the same only two are compared with others, not each with each.
        earlier_by_value: dict[tuple[str, str], list[Statement]] = {}
        for statement, summary in group if len(group) > 1 else ():
            for role, stated in statement.values.items():
                if GROUP in stated.marks:
                    continue
                own_key = (role, f"{stated.value} {stated.companions}")
                others = (
                    other
                    for key, kept_statements in earlier_by_value.items()
                    if key[0] == role and key != own_key
                    for other in kept_statements
                    if other.folder != statement.folder
                )
                for conflict in _find_first_conflict(statement, role, others):
                    if conflict.agreement is Agreement.CONTRADICTS:
                        yield conflict, summary
                kept_statements = earlier_by_value.setdefault(own_key, [])
                if len(kept_statements) < 2 and all(  # noqa: PLR2004
                    other.folder != statement.folder for other in kept_statements
                ):
                    kept_statements.append(statement)


def make_fault(conflict: Conflict, verdict: str, summary: ArticleSummary, hint: str = "") -> Fault:
    """Return the fault at the value of a fact: "dose 40 mg" and then the verdict, "contradicts …"."""
    stated = conflict.statement.values[conflict.role]
    keep_comparator = conflict.agreement is Agreement.CONTRADICTS and verdict.startswith("contradicts")
    name = ".".join(stated.field_path)
    message = f"{name} {stated.format(keep_comparator=keep_comparator)} {verdict}"
    return (
        conflict.statement.locate(conflict.role),
        message,
        hint or _format_hint(conflict, summary.outlines[conflict.statement.kind]),
    )


def _format_hint(conflict: Conflict, outline: KindOutline) -> str:
    """Return the ways out; where choices or steps could explain the two, it names their fields first."""
    if conflict.is_word:
        return "correct one of the two, or refer from both to a note on the contradiction"
    choice, plan = outline.choice_field, outline.plan_field
    if not choice and not plan:
        return _NOTE_HINT
    ways = [
        f'another "{choice}" each' if choice else "",
        f'a "{plan}" of which they are steps' if plan else "",
    ]
    return f"{_NOTE_HINT}; if both are right, give them {' or '.join(way for way in ways if way)}"


def _group_by_kind(summary: ArticleSummary) -> dict[str, list[Statement]]:
    statements_by_kind: dict[str, list[Statement]] = {}
    for statement in summary.statements:
        kind = summary.outlines[statement.kind].statement_kind
        statements_by_kind.setdefault(kind, []).append(statement)
    return statements_by_kind


def _group_by_subject(statements: Iterable[Statement]) -> dict[Subject, list[Statement]]:
    groups: dict[Subject, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.subject, []).append(statement)
    return groups


def _iter_conflicts_in_group(statements: Sequence[Statement]) -> Iterator[Conflict]:
    """Yield at most one conflict for each value of a fact: with the first that it contradicts."""
    earlier_by_role: dict[str, dict[str, Statement]] = {}
    for statement in statements if len(statements) > 1 else ():
        for role, stated in statement.values.items():
            # Of facts that state the same only the first is compared with others, not each with each.
            key = f"{stated.value} {stated.companions} {sorted(statement.notes)}"
            earlier_statements = earlier_by_role.setdefault(role, {})
            others = [other for other_key, other in earlier_statements.items() if other_key != key]
            yield from _find_first_conflict(statement, role, others)
            earlier_statements.setdefault(key, statement)


def _find_first_conflict(statement: Statement, role: str, others: Iterable[Statement]) -> Iterator[Conflict]:
    """Yield the conflict with the first fact that is contradicted, else with the first that differs."""
    stated = statement.values[role]
    difference = None
    for other in others:
        agreement = compare_values(stated, other.values[role])
        if agreement in _UNDISPUTED or _is_excused(statement, other, role):
            continue
        conflict = Conflict(statement, other, role, agreement, bool(stated.pole))
        if agreement is Agreement.CONTRADICTS:
            yield conflict
            return
        difference = difference or conflict
    if difference is not None:
        yield difference


def _find_conflict_with_wider(
    statement: Statement,
    role: str,
    around: Sequence[Subject],
    statements_by_subject: Mapping[Subject, list[Statement]],
    wider_words: WiderWords,
) -> Iterator[Conflict]:
    """Yield the conflict with the closest fact around that the narrower one contradicts."""
    stated = statement.values[role]
    closer_subjects: list[Subject] = []
    for subject in around:
        if any(lies_within(closer, subject, wider_words) for closer in closer_subjects):
            continue
        for other in statements_by_subject[subject]:
            wider_value = other.values.get(role)
            agreement = (
                Agreement.INCOMPARABLE if wider_value is None else compare_with_wider(stated, wider_value)
            )
            if agreement is Agreement.INCOMPARABLE:
                continue
            closer_subjects.append(subject)
            if (
                agreement is Agreement.CONTRADICTS
                and not _is_expected(stated, statement.subject, subject, wider_words)
                and not _is_excused(statement, other, role)
            ):
                yield Conflict(statement, other, role, agreement, bool(stated.pole))
                return


def _is_expected(stated: StatedValue, subject: Subject, wider: Subject, wider_words: WiderWords) -> bool:
    """Return whether a value of a narrower subject may well be another.

    Exceptions are, such as little kidney function; and so is what is counted in a group of patients, as
    what is so of half of a group is so of more or fewer of a part of it.
    """
    added_atoms = find_added_atoms(subject, wider, wider_words)
    if all(atom.is_exception for atom in added_atoms):
        return True
    return GROUP in stated.marks and any(
        atom.part in {_POPULATION, BY} or any(implies(atom, other, wider_words) for other in wider)
        for atom in added_atoms
    )


def _iter_conflicts_between(
    stating: Sequence[Statement], others: Sequence[Statement], role: str, summary: ArticleSummary
) -> Iterator[tuple[Conflict, bool]]:
    """Yield the conflicts of facts of two kinds, each with whether they are of the very same subject."""
    marks = stating[0].values[role].marks
    kinds = {summary.outlines[other.kind].statement_kind for other in others}
    if GROUP in marks or not _is_kind_complete(kinds, summary):
        # A share is one of what its kind is about.
        return
    comparison = _KindComparison(stating, others, role, summary)
    for statement in stating:
        conflicts = comparison.find_conflicts(statement)
        same = next((other for other, is_same in conflicts if is_same), None)
        other = same or next((other for other, _ in conflicts), None)
        if other is not None:
            is_word = bool(statement.values[role].pole)
            yield Conflict(statement, other, role, Agreement.CONTRADICTS, is_word), same is not None


def _is_kind_complete(statement_kinds: set[str], summary: ArticleSummary) -> bool:
    """Return whether no fact of these kinds, and no term, may be missing."""
    return all(
        kind in summary.outlines and summary.outlines[kind].statement_kind not in statement_kinds
        for kind in summary.partial_kinds
    )


class _KindComparison:
    """The values of a role in two kinds of facts, and which of them are about the same."""

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
        self._others_by_subject: dict[Subject, list[Statement]] = {}
        for other in others:
            self._others_by_subject.setdefault(self._subjects[_identify(other)], []).append(other)
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
            for statement in stating
            for other, agreement in self._iter_comparable(statement)
            if agreement is not Agreement.CONTRADICTS or _is_excused(statement, other, role)
            for key in (_identify(statement), _identify(other))
        }

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
                and not _is_excused(statement, other, self._role)
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


def _is_excused(statement: Statement, other: Statement, role: str) -> bool:
    return is_excused(statement, other, (statement.values[role], other.values[role]))
