"""How often each rule is broken, the most often first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.report import Report


def render_statistics(report: Report) -> str:
    """One line a rule, then the summary line."""
    issue_counts: dict[tuple[str, str], int] = {}
    for located_issue in report.issues:
        rule_and_severity = (located_issue.issue.rule, located_issue.severity)
        issue_counts[rule_and_severity] = issue_counts.get(rule_and_severity, 0) + 1
    ranked_counts = sorted(issue_counts.items(), key=lambda counted: (-counted[1], counted[0]))
    count_width = len(str(max(issue_counts.values(), default=0)))
    lines = [
        f"{count:>{count_width}} {severity:<7} {rule_id}" for (rule_id, severity), count in ranked_counts
    ]
    return "\n".join([*lines, report.summary]) + "\n"
