"""A fact on some states what a fact on more than these states, or says that it is an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.agreement.across_kinds import list_conflicts_across_kinds
from bmkit.rules.agreement.conflicts import find_narrower_conflicts, make_fault
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.rules.agreement.conflicts import Conflict
    from bmkit.rules.derived.statements import ArticleSummary


@rule(Severity.WARNING)
def differs_from_general(content: Content) -> Faults:
    """A fact on some cases states another value than a fact on more cases.

    It may be an exception, but without a note nobody can tell it from a slip.  Where exceptions are a matter
    of course nothing is said: with little kidney or liver function, in children, in pregnancy; if the maximum
    for some is lower; and for shares and other numbers of a group of patients, of which a part has others.
    """
    for summary, conflict in _find_conflicts(content):
        other_text = conflict.other.values[conflict.role].format()
        verdict = f'is not the {other_text} that "{conflict.other.id}" states more generally'
        yield make_fault(conflict, verdict, summary)


def _find_conflicts(content: Content) -> Iterator[tuple[ArticleSummary, Conflict]]:
    for summary, (_, wider_conflicts) in list_conflicts_across_kinds(content):
        for conflict in (*find_narrower_conflicts(summary), *wider_conflicts):
            yield summary, conflict
