"""The Code Climate list of issues that GitLab shows in a merge request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bmkit.report.fingerprint import fingerprints

if TYPE_CHECKING:
    from bmkit.report import Report

_SEVERITIES = {"error": "major", "warning": "minor"}


def render(report: Report) -> str:
    """One JSON list."""
    entries = [
        {
            "description": f"{located.issue.message} ({located.issue.hint})"
            if located.issue.hint
            else located.issue.message,
            "check_name": located.issue.rule,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[located.severity],
            "location": {
                "path": report.folder + located.file,
                "positions": {
                    "begin": {"line": located.line, "column": located.column},
                    "end": {"line": located.end_line, "column": located.end_column},
                },
            },
        }
        for located, fingerprint in zip(report.issues, fingerprints(report), strict=True)
    ]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
