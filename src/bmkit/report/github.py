"""Workflow commands, which GitHub Actions shows as annotations beside the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.escape import escape_command_message, escape_command_property

if TYPE_CHECKING:
    from bmkit.report import LocatedIssue, Report


def render_github(report: Report) -> str:
    """Return a command for each issue, then the summary line, which the log shows as it is."""
    commands = [_format_command(located_issue, report.path_prefix) for located_issue in report.issues]
    return "\n".join([*commands, report.summary]) + "\n"


def _format_command(located_issue: LocatedIssue, path_prefix: str) -> str:
    issue = located_issue.issue
    properties = {
        "file": path_prefix + located_issue.file,
        "line": located_issue.line,
        "endLine": located_issue.end_line,
    }
    if located_issue.line == located_issue.end_line:  # GitHub takes columns only within one line
        properties |= {"col": located_issue.column, "endColumn": located_issue.end_column}
    properties["title"] = issue.rule
    pairs = ",".join(f"{name}={escape_command_property(str(value))}" for name, value in properties.items())
    lines = [issue.message, f"hint: {issue.hint}"] if issue.hint else [issue.message]
    return f"::{located_issue.severity} {pairs}::{escape_command_message(*lines)}"
