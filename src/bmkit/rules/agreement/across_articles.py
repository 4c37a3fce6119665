"""Facts of different articles on one subject state the same of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.agreement.conflicts import find_conflicts_between_articles, make_fault
from bmkit.rules.derived.summaries import summarize_articles
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(Severity.WARNING, across_articles=True)
def differs_across_articles(content: Content) -> Faults:
    """Two articles state different values of one subject.

    One of them is out of date or has a slip, and a reader of only one does not notice.  The subject of an
    article counts: what it says is said of patients with that condition.
    """
    summaries = summarize_articles(content)
    for conflict, summary in find_conflicts_between_articles(summaries):
        other = conflict.other
        other_text = other.values[conflict.role].format()
        verdict = f'is not the {other_text} of "{other.id}" in the article "{other.folder}"'
        hint = f"find out which is right, and correct the other ({other.file})"
        yield make_fault(conflict, verdict, summary, hint)
