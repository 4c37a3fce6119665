"""SARIF 2.1.0, the exchange format of code scanning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bmkit import __version__
from bmkit.report.fingerprint import fingerprints

if TYPE_CHECKING:
    from bmkit.report import Located, Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: Report) -> str:
    """One SARIF log with one run."""
    rules = sorted({located.issue.rule for located in report.issues})
    run = {
        "tool": {
            "driver": {
                "name": "bmkit",
                "semanticVersion": __version__,
                "rules": [_rule(rule, report) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(located, report.folder, rules.index(located.issue.rule), fingerprint)
            for located, fingerprint in zip(report.issues, fingerprints(report), strict=True)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: str, report: Report) -> dict[str, Any]:
    if rule not in report.told:
        return {"id": rule}
    title, why = report.told[rule]
    return {"id": rule, "shortDescription": {"text": title}, "help": {"text": why}}


def _result(located: Located, folder: str, index: int, fingerprint: str) -> dict[str, Any]:
    from urllib.parse import quote

    issue = located.issue
    message = f"{issue.message}\nhint: {issue.hint}" if issue.hint else issue.message
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(folder + located.file, errors="surrogatepass")},
            "region": {
                "startLine": located.line,
                "startColumn": located.column,
                "endLine": located.end_line,
                "endColumn": located.end_column,
            },
        }
    }
    if located.record:
        location["logicalLocations"] = [{"name": located.record, "kind": "object"}]
    return {
        "ruleId": issue.rule,
        "ruleIndex": index,
        "level": located.severity,
        # Braces are place-holders in SARIF's messages.
        "message": {"text": message.replace("{", "{{").replace("}", "}}")},
        "locations": [location],
        "partialFingerprints": {"bmkit/v1": fingerprint},
    }
