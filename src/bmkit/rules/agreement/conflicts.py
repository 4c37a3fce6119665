"""Facts that do not agree: of one subject, of one within the other, and of two kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.stated_values import (
    GROUP,
    Agreement,
    compare_values,
    compare_with_wider,
)
from bmkit.rules.derived.statements import BY_PART, is_excused
from bmkit.rules.derived.subjects import find_added_atoms, implies, lies_within, pair_nested_subjects
from bmkit.rules.rule import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bmkit.rules.derived.stated_values import StatedValue
    from bmkit.rules.derived.statement_fields import KindOutline
    from bmkit.rules.derived.statements import ArticleSummary, Statement
    from bmkit.rules.derived.subjects import Subject, WiderWords

_POPULATION = "population"
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
    for statements in group_by_kind(summary).values():
        for same_statements in _group_by_subject(statements).values():
            conflicts += _iter_conflicts_in_group(same_statements)
    return conflicts


def find_narrower_conflicts(summary: ArticleSummary) -> list[Conflict]:
    """Return the facts of an article that contradict one whose subject is around theirs."""
    conflicts: list[Conflict] = []
    for statements in group_by_kind(summary).values():
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
    return Fault(
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
        f'give each a "{choice}" of its own' if choice else "",
        f'make them steps of one "{plan}"' if plan else "",
    ]
    return f"{_NOTE_HINT}; if both are right, {', or '.join(filter(None, ways))}"


def group_by_kind(summary: ArticleSummary) -> dict[str, list[Statement]]:
    """Return the statements of an article by the kind of statement."""
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
        if agreement in _UNDISPUTED or is_excused_for(statement, other, role):
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
                and not is_excused_for(statement, other, role)
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
        atom.part in {_POPULATION, BY_PART} or any(implies(atom, other, wider_words) for other in wider)
        for atom in added_atoms
    )


def is_excused_for(statement: Statement, other: Statement, role: str) -> bool:
    """Return whether a note explains that two facts state different values of a role."""
    return is_excused(statement, other, (statement.values[role], other.values[role]))
