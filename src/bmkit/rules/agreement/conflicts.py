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
MAX_DISTINCT_VALUES = 32
"""Of more different values of one subject only so many are compared with all others."""
_UNDISPUTED = (Agreement.AGREES, Agreement.INCOMPARABLE)
_NOTE_HINT = "correct one, or refer from both to a note on the contradiction that gives both values"


class Conflict(NamedTuple):
    """Two facts that do not agree on the value of a role; the first is the later, or the narrower, one.

    `group` are all facts of one subject of which some do not agree, where they are told as one.
    """

    statement: Statement
    other: Statement
    role: str
    agreement: Agreement
    is_word: bool
    group: tuple[Statement, ...] = ()


def find_same_subject_conflicts(summary: ArticleSummary) -> list[Conflict]:
    """Return a conflict for each group of facts of an article of one subject that do not agree."""
    return [
        conflict
        for statements in group_by_kind(summary).values()
        for same_statements in _group_by_subject(statements).values()
        for conflict in _iter_conflicts_in_group(same_statements)
    ]


def find_narrower_conflicts(summary: ArticleSummary) -> list[Conflict]:
    """Return the facts of an article that contradict one whose subject is around theirs."""
    conflicts: list[Conflict] = []
    for statements in group_by_kind(summary).values():
        statements_by_subject = _group_by_subject(statements)
        distinct_values = DistinctValues(statements_by_subject)
        for subject, around in pair_nested_subjects(list(statements_by_subject), summary.wider_words):
            # The closest counts: what agrees with it is its matter, not that of a wider one.
            around.sort(key=len, reverse=True)
            for statement in statements_by_subject[subject]:
                for role in statement.values:
                    conflict = _find_conflict_with_wider(
                        statement, role, around, distinct_values, summary.wider_words
                    )
                    conflicts += [conflict] if conflict is not None else []
    return conflicts


def find_conflicts_between_articles(
    summaries: Sequence[ArticleSummary],
) -> Iterator[tuple[Conflict, ArticleSummary]]:
    """Yield a conflict for each group of facts of several articles on one subject that contradict each other.

    What an article is about is part of the subject of each of its facts.  What is counted in a group of
    patients is left out: each source has its own.  Each conflict comes with the summary of the article of its
    first fact.
    """
    groups: dict[tuple[str, Subject], list[Statement]] = {}
    for summary in summaries if len(summaries) > 1 else ():
        for statement in summary.statements:
            kind = summary.outlines[statement.kind].statement_kind
            groups.setdefault((kind, statement.subject | summary.subject), []).append(statement)
    summaries_by_folder = {summary.folder: summary for summary in summaries}
    for group in groups.values():
        for conflict in _iter_conflicts_in_group(group, between_articles=True):
            if conflict.agreement is Agreement.CONTRADICTS:
                yield conflict, summaries_by_folder[conflict.statement.folder]


def make_fault(conflict: Conflict, verdict: str, summary: ArticleSummary, hint: str = "") -> Fault:
    """Return the fault at the value of a fact: "dose 40 mg" and then the verdict, "contradicts …"."""
    role, statement = conflict.role, conflict.statement
    stated = statement.values[role]
    keep_comparator = conflict.agreement is Agreement.CONTRADICTS and verdict.startswith("contradicts")
    name = ".".join(stated.field_path)
    message = f"{name} {stated.format(keep_comparator=keep_comparator)} {verdict}"
    more_count = len(conflict.group) - 2
    if more_count > 0:
        more_facts = "1 more fact of the subject does" if more_count == 1 else f"{more_count:,} more facts do"
        message = f"{message}; {more_facts} not agree"
    place = statement.locate(role)
    group = tuple(member.locate(role) for member in conflict.group)
    others = tuple(member for member in group if member != place) or (conflict.other.locate(role),)
    hint = hint or _format_hint(conflict, summary.outlines[statement.kind])
    return Fault(place, message, hint, others, group)


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


def _iter_conflicts_in_group(
    statements: Sequence[Statement], *, between_articles: bool = False
) -> Iterator[Conflict]:
    """Yield for each value of facts of one subject the first conflict, with all facts that have one."""
    statements_by_value: dict[tuple[str, ...], list[Statement]] = {}
    for statement in statements if len(statements) > 1 else ():
        for role, stated in statement.values.items():
            if not between_articles or GROUP not in stated.marks:
                # What is compared only with the same of its companions makes a group of its own.
                companions = [
                    f"{name} {companion.value}"
                    for name, companion in stated.companions.items()
                    if not companion.is_optional
                ]
                statements_by_value.setdefault((role, *companions), []).append(statement)
    for (role, *_), stating in statements_by_value.items():
        if len(stating) > 1:
            yield from _find_conflicts_of_role(stating, role, between_articles=between_articles)


def _find_conflicts_of_role(
    stating: Sequence[Statement], role: str, *, between_articles: bool
) -> Iterator[Conflict]:
    """Yield the first contradiction, and the first difference of those that contradict nothing."""
    first_conflicts: dict[Agreement, Conflict] = {}
    agreements_by_key: dict[object, set[Agreement]] = {}
    # Of facts that state the same only the first is compared with others, between articles that of two.
    distinct: dict[object, dict[str, Statement]] = {}
    keys = [make_value_key(statement, role) for statement in stating]
    for key, statement in zip(keys, stating, strict=True):
        agreements = agreements_by_key.setdefault(key, set())
        folder = statement.folder if between_articles else ""
        if folder in distinct.get(key, ()):
            continue
        others = (
            other
            for other_key, others_by_folder in distinct.items()
            if other_key != key
            for other_folder, other in others_by_folder.items()
            if not folder or other_folder != folder
        )
        conflict = _find_first_conflict(statement, role, others)
        if conflict is not None:
            first_conflicts.setdefault(conflict.agreement, conflict)
            agreements.add(conflict.agreement)
            agreements_by_key[make_value_key(conflict.other, role)].add(conflict.agreement)
        if key in distinct or len(distinct) < MAX_DISTINCT_VALUES:
            same_statements = distinct.setdefault(key, {})
            if len(same_statements) < 2:  # noqa: PLR2004  one of them is of another article than any third
                same_statements[folder] = statement
    for agreement, conflict in first_conflicts.items():
        group = [
            statement
            for key, statement in zip(keys, stating, strict=True)
            if agreement in agreements_by_key[key]
        ]
        yield conflict._replace(group=tuple(group))


def make_value_key(statement: Statement, role: str) -> object:
    """Return what facts have in common that state the same of their subject."""
    stated = statement.values[role]
    return str(stated.value), str(stated.companions), *sorted(statement.notes)


class DistinctValues:
    """The facts of each subject, of those that state the same of it the first."""

    def __init__(self, statements_by_subject: Mapping[Subject, Sequence[Statement]]) -> None:
        self._statements_by_subject = statements_by_subject
        self._distinct: dict[tuple[Subject, str], list[Statement]] = {}

    def list_statements(self, subject: Subject, role: str) -> list[Statement]:
        """Return those of a subject that state a value of a role."""
        if (subject, role) not in self._distinct:
            first_by_key: dict[object, Statement] = {}
            for statement in self._statements_by_subject.get(subject, ()):
                if role in statement.values and len(first_by_key) < MAX_DISTINCT_VALUES:
                    first_by_key.setdefault(make_value_key(statement, role), statement)
            self._distinct[subject, role] = list(first_by_key.values())
        return self._distinct[subject, role]


def _find_first_conflict(statement: Statement, role: str, others: Iterable[Statement]) -> Conflict | None:
    """Return the conflict with the first fact that is contradicted, else with the first that differs."""
    stated = statement.values[role]
    difference = None
    for other in others:
        agreement = compare_values(stated, other.values[role])
        if agreement in _UNDISPUTED or is_excused_for(statement, other, role):
            continue
        conflict = Conflict(statement, other, role, agreement, bool(stated.pole))
        if agreement is Agreement.CONTRADICTS:
            return conflict
        difference = difference or conflict
    return difference


def _find_conflict_with_wider(
    statement: Statement,
    role: str,
    around: Sequence[Subject],
    distinct_values: DistinctValues,
    wider_words: WiderWords,
) -> Conflict | None:
    """Return the conflict with the closest fact around that the narrower one contradicts."""
    stated = statement.values[role]
    closer_subjects: list[Subject] = []
    for subject in around:
        if any(lies_within(closer, subject, wider_words) for closer in closer_subjects):
            continue
        for other in distinct_values.list_statements(subject, role):
            agreement = compare_with_wider(stated, other.values[role])
            if agreement is Agreement.INCOMPARABLE:
                continue
            if closer_subjects[-1:] != [subject]:
                closer_subjects.append(subject)
            if (
                agreement is Agreement.CONTRADICTS
                and not _is_expected(stated, statement.subject, subject, wider_words)
                and not is_excused_for(statement, other, role)
            ):
                return Conflict(statement, other, role, agreement, bool(stated.pole))
    return None


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
