"""JUnit XML: an issue is a test case that failed, a file without issues one that passed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from bmkit.escape import escape_text

if TYPE_CHECKING:
    from bmkit.report import LocatedIssue, Report


def render_junit(report: Report) -> str:
    """Return one suite with the cases; a warning, which does not fail a run, is a skipped case."""
    faulty_files = {located_issue.file for located_issue in report.issues}
    test_cases = [_format_test_case(located_issue, report.path_prefix) for located_issue in report.issues]
    test_cases += [
        f'    <testcase classname={_quote_xml_attribute(report.path_prefix + file)} name="no issues"/>\n'
        for file in report.files
        if file not in faulty_files
    ]
    # Of the cases that are here: a reader of JUnit counts them again.
    failure_count = sum(located_issue.severity == "error" for located_issue in report.issues)
    skipped_count = len(report.issues) - failure_count
    outcome_counts = f'failures="{failure_count}" errors="0" skipped="{skipped_count}"'
    count_attributes = f'tests="{len(test_cases)}" {outcome_counts}'
    suite = f'  <testsuite name="bmkit validate" {count_attributes}>\n{"".join(test_cases)}  </testsuite>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {count_attributes}>\n{suite}</testsuites>\n'


def _format_test_case(located_issue: LocatedIssue, path_prefix: str) -> str:
    issue = located_issue.issue
    file = path_prefix + located_issue.file
    start_place = f"{located_issue.line}:{located_issue.column}"
    outcome = "failure" if located_issue.severity == "error" else "skipped"
    type_attribute = f" type={_quote_xml_attribute(issue.rule)}" if outcome == "failure" else ""
    end_place = f"{located_issue.end_line}:{located_issue.end_column}"
    body = f"{file}:{start_place} to {end_place}: {located_issue.severity}: {issue.message} [{issue.rule}]"
    if issue.hint:
        body += f"; hint: {issue.hint}"
    name = _quote_xml_attribute(f"{issue.rule} {start_place}")
    return (
        f"    <testcase classname={_quote_xml_attribute(file)} name={name}"
        f' file={_quote_xml_attribute(file)} line="{located_issue.line}">'
        f"<{outcome}{type_attribute} message={_quote_xml_attribute(issue.message)}>"
        f"{escape(escape_text(body))}</{outcome}></testcase>\n"
    )


def _quote_xml_attribute(text: str) -> str:
    # What XML cannot hold at all, control characters and lone surrogates, is written as JSON would escape it.
    return quoteattr(escape_text(text))
