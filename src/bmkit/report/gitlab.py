"""The Code Climate list of issues that GitLab shows in a merge request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.escape import escape_text
from bmkit.report import make_fingerprints
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from bmkit.report import Report

_GITLAB_SEVERITIES = {"error": "major", "warning": "minor"}


def render_gitlab(report: Report) -> str:
    """Return one JSON list."""
    entries = [
        {
            "description": escape_text(
                f"{located_issue.issue.message} ({located_issue.issue.hint})"
                if located_issue.issue.hint
                else located_issue.issue.message
            ),
            "check_name": located_issue.issue.rule,
            "fingerprint": fingerprint,
            "severity": _GITLAB_SEVERITIES[located_issue.severity],
            "location": {
                "path": report.path_prefix + located_issue.file,
                "positions": {
                    "begin": {"line": located_issue.line, "column": located_issue.column},
                    "end": {"line": located_issue.end_line, "column": located_issue.end_column},
                },
            },
        }
        for located_issue, fingerprint in zip(report.issues, make_fingerprints(report), strict=True)
    ]
    return format_json(entries, indent=2) + "\n"
