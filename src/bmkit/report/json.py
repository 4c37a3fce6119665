"""The report for programs; the contract is schema/report/issues.schema.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bmkit.report import Located, Report

VERSION = 1


def render(report: Report) -> str:
    """One JSON object, indented by two."""
    document = {
        "version": VERSION,
        "summary": {
            "files": len(report.files),
            "records": report.records,
            "errors": report.errors,
            "warnings": report.warnings,
        },
        "issues": [_issue(located) for located in report.issues],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _issue(located: Located) -> dict[str, Any]:
    issue = located.issue
    return {
        "rule": issue.rule,
        "severity": located.severity,
        "file": located.file,
        "pointer": issue.place.pointer,
        "line": located.line,
        "column": located.column,
        "end_line": located.end_line,
        "end_column": located.end_column,
        "message": issue.message,
        "hint": issue.hint,
    }
