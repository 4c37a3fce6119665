"""One line an issue: file:line:column: severity: message [rule], as compilers say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.report.screen import shown

if TYPE_CHECKING:
    from bmkit.report import Report, Screen


def render(report: Report, screen: Screen) -> str:
    """The issues, then the summary line."""
    lines = []
    for located in report.issues:
        issue = located.issue
        hint = f" ({issue.hint})" if issue.hint else ""
        place = f"{report.folder}{located.file}:{located.line}:{located.column}"
        lines.append(
            shown(f"{place}: {located.severity}: {issue.message} [{issue.rule}]{hint}", screen.encoding)
        )
    return "\n".join([*lines, report.summary]) + "\n"
