"""Workflow commands, which GitHub Actions shows as annotations beside the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.report import Located, Report


def render(report: Report) -> str:
    """A command an issue, then the summary line, which the log shows as it is."""
    commands = [_command(located, report.folder) for located in report.issues]
    return "\n".join([*commands, report.summary]) + "\n"


def _command(located: Located, folder: str) -> str:
    issue = located.issue
    properties = {"file": folder + located.file, "line": located.line, "endLine": located.end_line}
    if located.line == located.end_line:  # GitHub takes columns only within one line
        properties |= {"col": located.column, "endColumn": located.end_column}
    properties["title"] = issue.rule
    pairs = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = f"{issue.message}\nhint: {issue.hint}" if issue.hint else issue.message
    return f"::{located.severity} {pairs}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
