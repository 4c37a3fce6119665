"""SARIF 2.1.0, the exchange format of code scanning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit import __version__
from bmkit.escape import escape_sarif_message, escape_text
from bmkit.report import make_fingerprints
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from bmkit.report import LocatedIssue, Report

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(report: Report) -> str:
    """Return one SARIF log with one run."""
    rule_ids = sorted({located_issue.issue.rule for located_issue in report.issues})
    run = {
        "tool": {
            "driver": {
                "name": "bmkit",
                "semanticVersion": __version__,
                "rules": [_to_rule_descriptor(rule_id, report) for rule_id in rule_ids],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _to_sarif_result(
                located_issue, report.path_prefix, rule_ids.index(located_issue.issue.rule), fingerprint
            )
            for located_issue, fingerprint in zip(report.issues, make_fingerprints(report), strict=True)
        ],
    }
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return format_json(log, indent=2) + "\n"


def _to_rule_descriptor(rule_id: str, report: Report) -> dict[str, Any]:
    if rule_id not in report.rule_texts:
        return {"id": rule_id}
    title, why = report.rule_texts[rule_id]
    return {"id": rule_id, "shortDescription": {"text": title}, "help": {"text": why}}


def _to_location(located_issue: LocatedIssue, path_prefix: str) -> dict[str, Any]:
    from urllib.parse import quote

    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path_prefix + located_issue.file, errors="surrogatepass")},
            "region": {
                "startLine": located_issue.line,
                "startColumn": located_issue.column,
                "endLine": located_issue.end_line,
                "endColumn": located_issue.end_column,
            },
        }
    }


def _to_sarif_result(
    located_issue: LocatedIssue, path_prefix: str, rule_index: int, fingerprint: str
) -> dict[str, Any]:
    issue = located_issue.issue
    lines = [issue.message, f"hint: {issue.hint}"] if issue.hint else [issue.message]
    location = _to_location(located_issue, path_prefix)
    if issue.record_id:
        location["logicalLocations"] = [{"name": escape_text(issue.record_id), "kind": "object"}]
    related_locations = [
        {**_to_location(related, path_prefix), "message": {"text": "does not agree with this"}}
        for related in located_issue.related
    ]
    return {
        "ruleId": issue.rule,
        "ruleIndex": rule_index,
        "level": located_issue.severity,
        "message": {"text": escape_sarif_message(*lines)},
        "locations": [location],
        **({"relatedLocations": related_locations} if related_locations else {}),
        "partialFingerprints": {"bmkit/v2": fingerprint},
    }
