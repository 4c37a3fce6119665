"""Facts of one subject state the same of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.agreement.conflicts import Conflict, find_same_subject_conflicts, make_fault
from bmkit.rules.derived.stated_values import Agreement
from bmkit.rules.derived.summaries import summarize_articles
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.statements import ArticleSummary


@rule(Severity.ERROR, guards_dose=True)
def contradiction(content: Content) -> Faults:
    """Two facts of one subject state values that cannot both be true.

    They agree in all parts but the value: in the patients, in what is given or done to them, in outcome and
    time.  A value that the article states twice was changed in one place only, or what tells the two apart is
    missing.  Where the article contradicts itself, both facts refer to an editorial note on the contradiction
    that gives both values.
    """
    for summary, conflict in _iter_conflicts(content, Agreement.CONTRADICTS):
        if not conflict.is_word:
            other = conflict.other
            value_text = other.values[conflict.role].format(keep_comparator=True)
            yield make_fault(conflict, f'contradicts {value_text} of "{other.id}"', summary)


@rule(
    Severity.ERROR,
    fix="correct one of the two, or refer from both to a note on the contradiction",
    guards_dose=True,
)
def opposite(content: Content) -> Faults:
    """Two facts of one subject give opposite advice, or state opposite effects.

    The schema says which words of a list mean the opposite of each other.  Readers of one fact do or expect
    the opposite of what readers of the other do.
    """
    for summary, conflict in _iter_conflicts(content, Agreement.CONTRADICTS):
        if conflict.is_word:
            other = conflict.other
            verdict = f'contradicts {other.values[conflict.role].format()} of "{other.id}"'
            yield make_fault(conflict, verdict, summary)


@rule(Severity.WARNING)
def differs(content: Content) -> Faults:
    """Two facts of one subject state different values, though both may be true.

    One of them is less precise than the other, or was rounded in an edit.
    """
    for summary, conflict in _iter_conflicts(content, Agreement.DIFFERS):
        other_text = conflict.other.values[conflict.role].format()
        verdict = f'is not the {other_text} of "{conflict.other.id}"'
        yield make_fault(conflict, verdict, summary, "state the same value in both")


def _iter_conflicts(content: Content, agreement: Agreement) -> list[tuple[ArticleSummary, Conflict]]:
    return [
        (summary, conflict)
        for summary, conflict in _find_conflicts(content)
        if conflict.agreement is agreement
    ]


@per_content
def _find_conflicts(content: Content) -> list[tuple[ArticleSummary, Conflict]]:
    return [
        (summary, conflict)
        for summary in summarize_articles(content)
        for conflict in find_same_subject_conflicts(summary)
    ]
