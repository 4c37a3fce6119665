"""How often each rule is broken, the most often first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.report import Report


def render(report: Report) -> str:
    """One line a rule, then the summary line."""
    counts: dict[tuple[str, str], int] = {}
    for located in report.issues:
        name = (located.issue.rule, located.severity)
        counts[name] = counts.get(name, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    room = len(str(max(counts.values(), default=0)))
    lines = [f"{count:>{room}} {severity:<7} {rule}" for (rule, severity), count in ranked]
    return "\n".join([*lines, report.summary]) + "\n"
