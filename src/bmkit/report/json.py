"""The report for programs; the contract is schema/report/issues.schema.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.suppression import draft_suppression
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from bmkit.report import LocatedIssue, Report

REPORT_VERSION = 1


def render_json(report: Report) -> str:
    """Return one JSON object, indented by two."""
    document = {
        "version": REPORT_VERSION,
        "summary": {
            "files": len(report.files),
            "records": report.record_count,
            "errors": report.error_count,
            "warnings": report.warning_count,
        },
        "issues": [_to_issue_object(located_issue) for located_issue in report.issues],
    }
    return format_json(document, indent=2) + "\n"


def _to_issue_object(located_issue: LocatedIssue) -> dict[str, Any]:
    issue = located_issue.issue
    draft = draft_suppression(issue)
    return {
        "rule": issue.rule,
        "severity": located_issue.severity,
        "file": located_issue.file,
        "pointer": issue.place.pointer,
        "line": located_issue.line,
        "column": located_issue.column,
        "end_line": located_issue.end_line,
        "end_column": located_issue.end_column,
        "message": issue.message,
        "hint": issue.hint,
        **({"suppression": draft} if draft else {}),
        **({"more": located_issue.more_count} if located_issue.more_count else {}),
    }
