"""Facts of two kinds of one subject state the same quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.agreement.conflicts import make_fault
from bmkit.rules.agreement.kind_comparison import find_conflicts_across_kinds
from bmkit.rules.derived.summaries import summarize_articles
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.agreement.conflicts import Conflict
    from bmkit.rules.derived.statements import ArticleSummary


@rule(
    Severity.ERROR,
    fix="correct the wrong fact, or refer from both to a note on the contradiction that gives both values",
    guards_dose=True,
)
def differs_across_kinds(content: Content) -> Faults:
    """Facts of two kinds state different values for the same quantity.

    The volume of a regimen is also that of a dilution, and so on: fields of one role mean the same in every
    kind.  What only one of the two kinds can say of its subject is left out.  One of the two was changed.
    """
    for summary, (same_conflicts, _) in list_conflicts_across_kinds(content):
        for conflict in same_conflicts:
            other = conflict.other
            other_text = f'{other.values[conflict.role].format()} of "{other.id}"'
            verdict = f"is not the {conflict.role.replace('-', ' ')} {other_text}"
            yield make_fault(conflict, verdict, summary, f"correct one of them ({other.file})")


@per_content
def list_conflicts_across_kinds(
    content: Content,
) -> list[tuple[ArticleSummary, tuple[list[Conflict], list[Conflict]]]]:
    """Return for each article the conflicts of facts of two kinds: of one subject, and of a wider one."""
    return [(summary, find_conflicts_across_kinds(summary)) for summary in summarize_articles(content)]
