"""One line an issue: file:line:column: severity: message [rule], as compilers say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.report.screen import escape_for_terminal

if TYPE_CHECKING:
    from bmkit.report import Report, Terminal


def render_concise(report: Report, terminal: Terminal) -> str:
    """The issues, then the summary line."""
    lines = []
    for located_issue in report.issues:
        issue = located_issue.issue
        hint = f" ({issue.hint})" if issue.hint else ""
        location = f"{report.path_prefix}{located_issue.file}:{located_issue.line}:{located_issue.column}"
        lines.append(
            escape_for_terminal(
                f"{location}: {located_issue.severity}: {issue.message} [{issue.rule}]{hint}",
                terminal.encoding,
            )
        )
    return "\n".join([*lines, report.summary]) + "\n"
