"""JUnit XML: an issue is a test case that failed, a file without issues one that passed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from bmkit.report.screen import shown

if TYPE_CHECKING:
    from bmkit.report import Located, Report


def render(report: Report) -> str:
    """One suite with the cases; a warning, which does not fail a run, is a skipped case."""
    faulty = {located.file for located in report.issues}
    cases = [_case(located, report.folder) for located in report.issues]
    cases += [
        f'    <testcase classname={_attribute(report.folder + file)} name="no issues"/>\n'
        for file in report.files
        if file not in faulty
    ]
    counts = f'tests="{len(cases)}" failures="{report.errors}" errors="0" skipped="{report.warnings}"'
    suite = f'  <testsuite name="bmkit validate" {counts}>\n{"".join(cases)}  </testsuite>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {counts}>\n{suite}</testsuites>\n'


def _case(located: Located, folder: str) -> str:
    issue = located.issue
    file = folder + located.file
    place = f"{located.line}:{located.column}"
    mark = "failure" if located.severity == "error" else "skipped"
    kind = f" type={_attribute(issue.rule)}" if mark == "failure" else ""
    until = f"{located.end_line}:{located.end_column}"
    body = f"{file}:{place} to {until}: {located.severity}: {issue.message} [{issue.rule}]"
    if issue.hint:
        body += f"; hint: {issue.hint}"
    return (
        f"    <testcase classname={_attribute(file)} name={_attribute(f'{issue.rule} {place}')}"
        f' file={_attribute(file)} line="{located.line}">'
        f"<{mark}{kind} message={_attribute(issue.message)}>"
        f"{escape(shown(body, 'utf-8'))}</{mark}></testcase>\n"
    )


def _attribute(text: str) -> str:
    # What XML cannot hold at all, control characters and lone surrogates, is written as JSON would escape it.
    return quoteattr(shown(text, "utf-8"))
