"""The reports for people: excerpts, one line an issue, counts of rules; and what a terminal can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.escape import count_cells, escape_text

if TYPE_CHECKING:
    from bmkit.report import LocatedIssue, Report, Terminal

_CUT_MARK = "..."
# Less than this beside the gutter shows nothing of use; a narrower terminal wraps.
_MIN_EXCERPT_CELLS = 40

_BOLD = "1"
_BLUE = "1;34"
_SEVERITY_COLOURS = {"error": "1;31", "warning": "1;33"}


def render_text(report: Report, terminal: Terminal) -> str:
    """Return all issues, then the summary line."""
    issue_blocks = [
        _format_issue_block(located_issue, report.path_prefix, terminal) for located_issue in report.issues
    ]
    colour = (
        _SEVERITY_COLOURS["error"]
        if report.error_count
        else _SEVERITY_COLOURS["warning"]
        if report.warning_count
        else "1;32"
    )
    return "".join([*issue_blocks, _paint(report.summary, colour, terminal), "\n"])


def render_concise(report: Report, terminal: Terminal) -> str:
    """Return an issue a line, "file:line:column: severity: message [rule]", then the summary line."""
    lines = []
    for located_issue in report.issues:
        issue = located_issue.issue
        hint = f" ({issue.hint})" if issue.hint else ""
        location = f"{report.path_prefix}{located_issue.file}:{located_issue.line}:{located_issue.column}"
        lines.append(
            escape_text(
                f"{location}: {located_issue.severity}: {issue.message} [{issue.rule}]{hint}",
                terminal.encoding,
            )
        )
    return "\n".join([*lines, report.summary]) + "\n"


def render_rule_counts(report: Report) -> str:
    """Return how often each rule is broken, the most often first, then the summary line."""
    issue_counts: dict[tuple[str, str], int] = {}
    for located_issue in report.issues:
        rule_and_severity = (located_issue.issue.rule, located_issue.severity)
        issue_count = 1 + located_issue.more_count
        issue_counts[rule_and_severity] = issue_counts.get(rule_and_severity, 0) + issue_count
    ranked_counts = sorted(issue_counts.items(), key=lambda counted: (-counted[1], counted[0]))
    count_width = len(str(max(issue_counts.values(), default=0)))
    lines = [
        f"{count:>{count_width}} {severity:<7} {rule_id}" for (rule_id, severity), count in ranked_counts
    ]
    return "\n".join([*lines, report.summary]) + "\n"


def _format_issue_block(located_issue: LocatedIssue, path_prefix: str, terminal: Terminal) -> str:
    issue = located_issue.issue
    colour = _SEVERITY_COLOURS[located_issue.severity]
    location = (
        escape_text(f"{path_prefix}{located_issue.file}", terminal.encoding)
        + f":{located_issue.line}:{located_issue.column}:"
    )
    severity_text = _paint(f"{located_issue.severity}:", colour, terminal)
    rule_text = _paint(f"[{_format_rule_link(issue.rule, terminal)}]", _BLUE, terminal)
    message = escape_text(issue.message, terminal.encoding)
    lines = [f"{_paint(location, _BOLD, terminal)} {severity_text} {message} {rule_text}"]
    gutter_width = len(str(located_issue.line))
    bar = _paint("|", _BLUE, terminal)
    # What is no part of a file is not found in its first line, and a picture has no lines.
    if located_issue.text and not issue.place.is_file:
        excerpt, indent, mark_width = _cut_excerpt(
            located_issue, terminal, max(_MIN_EXCERPT_CELLS, terminal.width - gutter_width - 4)
        )
        line_number = _paint(str(located_issue.line), _BLUE, terminal)
        lines.append(f" {line_number} {bar} {excerpt}".rstrip())
        lines.append(
            f" {' ' * gutter_width} {bar} {' ' * indent}{_paint('^' * mark_width, colour, terminal)}"
        )
    if issue.hint:
        hint = escape_text(issue.hint, terminal.encoding)
        lines.append(f" {' ' * gutter_width} {_paint('=', _BLUE, terminal)} hint: {hint}")
    return "\n".join(lines) + "\n\n"


def _cut_excerpt(located_issue: LocatedIssue, terminal: Terminal, max_cells: int) -> tuple[str, int, int]:
    """Return the line cut to `max_cells`, and how many cells stand before the token and how many it takes.

    A line may be as long as its file: only the part that can be shown is looked at.
    """
    text, start = located_issue.text, located_issue.start
    line_start = start - (located_issue.column - 1)
    text_before = text[max(line_start, start - max_cells) : start]
    token = _take_first_line(text[start : min(located_issue.end, start + max_cells)])
    token_end = start + len(token)
    text_after = (
        _take_first_line(text[token_end : token_end + max_cells])
        if located_issue.end_line == located_issue.line
        else ""
    )
    cell_counts = [count_cells(part, terminal.encoding) for part in (text_before, token, text_after)]
    is_cut_left = start - max_cells > line_start
    excerpt_end = token_end + len(text_after)
    is_cut_right = text[excerpt_end : excerpt_end + 1] not in {"", "\n", "\r"}
    if is_cut_left or is_cut_right or sum(cell_counts) > max_cells:
        # The token comes first; what is left of the room is shared by its two sides.
        token, is_token_cut = _take_start(token, max_cells - 2 * len(_CUT_MARK), terminal.encoding)
        if is_token_cut:
            text_after = ""
        spare_cells = max_cells - count_cells(token, terminal.encoding) - 2 * len(_CUT_MARK)
        text_before, is_before_cut = _take_end(
            text_before, max(spare_cells // 2, spare_cells - cell_counts[2]), terminal.encoding
        )
        text_after, is_after_cut = _take_start(
            text_after, spare_cells - count_cells(text_before, terminal.encoding), terminal.encoding
        )
        is_cut_left, is_cut_right = is_cut_left or is_before_cut, is_cut_right or is_token_cut or is_after_cut
    indent, mark_width = count_cells(text_before, terminal.encoding), count_cells(token, terminal.encoding)
    excerpt = (
        escape_text(text_before, terminal.encoding)
        + escape_text(token, terminal.encoding)
        + escape_text(text_after, terminal.encoding)
    )
    if is_cut_left:
        excerpt, indent = _CUT_MARK + excerpt, indent + len(_CUT_MARK)
    return excerpt + _CUT_MARK if is_cut_right else excerpt, indent, max(1, mark_width)


def _take_first_line(text: str) -> str:
    """Return the text up to its first line end."""
    return text[
        : min(
            (line_end for line_end in (text.find("\n"), text.find("\r")) if line_end >= 0), default=len(text)
        )
    ]


def _take_start(text: str, max_cells: int, encoding: str) -> tuple[str, bool]:
    """Return as much of the text's start as fits, and whether something was cut."""
    used_cells = 0
    for index, character in enumerate(text):
        used_cells += count_cells(character, encoding)
        if used_cells > max_cells:
            return text[:index], True
    return text, False


def _take_end(text: str, max_cells: int, encoding: str) -> tuple[str, bool]:
    """Return as much of the text's end as fits, and whether something was cut."""
    used_cells = 0
    for index in range(len(text) - 1, -1, -1):
        used_cells += count_cells(text[index], encoding)
        if used_cells > max_cells:
            return text[index + 1 :], True
    return text, False


def _format_rule_link(rule_id: str, terminal: Terminal) -> str:
    """Return the id of a rule, as a link to its part of the page on rules if there is one (OSC 8)."""
    if not terminal.rules_url:
        return rule_id
    # A page names its headings without their dots.
    url = f"{terminal.rules_url}#{rule_id.replace('.', '')}"
    return f"\x1b]8;;{url}\x1b\\{rule_id}\x1b]8;;\x1b\\"


def _paint(text: str, colour: str, terminal: Terminal) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if terminal.has_colour else text
