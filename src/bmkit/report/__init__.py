"""Reports a list of issues: where each stands in its text, and the formats that people and machines read."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bmkit.issue import Severity
from bmkit.jsontext import Lines, Positions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bmkit.issue import Issue, IssueKey

# What each format is for; the module of that name renders it.
REPORT_FORMATS = {
    "text": "for people: the line, a mark under the fault, and a hint",
    "concise": "one line an issue, for editors and grep",
    "json": "for programs; its schema is schema/report/issues.schema.json",
    "github": "annotations of a GitHub Actions run",
    "gitlab": "a GitLab code quality report (Code Climate)",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit XML, for CI servers that show tests",
}


HUMAN_FORMATS = ("text", "concise")
MAX_SIMILAR_ISSUES = 100
"""Of the issues of one rule in one file so many are shown."""
MAX_RELATED_PLACES = 10
"""Of the places that a value does not agree with so many are shown."""


class LocatedIssue(NamedTuple):
    """An issue and where it stands: lines and columns count from 1 and in characters, the end is exclusive.

    `start` and `end` are the same place as offsets in `text`, the text of the file ("" where it has none).
    `related` are places that the value does not agree with, where they were asked for.  `more_count` is how
    many issues of its rule in its file are left out behind it: its message says so, and they count.
    """

    issue: Issue
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    start: int
    end: int
    related: tuple[LocatedIssue, ...] = ()
    more_count: int = 0

    @property
    def file(self) -> str:
        """The file, relative to the root."""
        return self.issue.place.file

    @property
    def severity(self) -> str:
        """The word "error" or "warning"."""
        return self.issue.severity.value


class Report(NamedTuple):
    """All that one run reports.

    `files` are those that were looked at, `record_count` is how many records they hold.  `path_prefix` leads
    to the root, with "/" at its end unless it is "": from the current folder for people, from the top of the
    repository for the programs that show a report beside its files.  `rule_texts` has the title of a rule and
    why it is one, by its id, for formats that carry that; what is not there is left out.
    """

    issues: tuple[LocatedIssue, ...]
    files: tuple[str, ...]
    record_count: int
    path_prefix: str = ""
    rule_texts: Mapping[str, tuple[str, str]] = MappingProxyType({})

    @property
    def error_count(self) -> int:
        """How many issues are errors."""
        return self._count_issues(Severity.ERROR)

    @property
    def warning_count(self) -> int:
        """How many issues are warnings."""
        return self._count_issues(Severity.WARNING)

    def _count_issues(self, severity: Severity) -> int:
        return sum(
            1 + located_issue.more_count
            for located_issue in self.issues
            if located_issue.issue.severity is severity
        )

    @property
    def summary(self) -> str:
        """The closing line, such as "1 error, 0 warnings in 57 files, 812 records"."""
        count_texts = (
            _format_count(self.error_count, "error"),
            _format_count(self.warning_count, "warning"),
            _format_count(len(self.files), "file"),
            _format_count(self.record_count, "record"),
        )
        return "{}, {} in {}, {}".format(*count_texts)


class Terminal(NamedTuple):
    """What the reader's terminal can show: `width` in cells, `encoding` of its characters, and colour.

    `rules_url` is the URL of the page on rules, "" where a link cannot be followed.
    """

    width: int = 120
    encoding: str = "utf-8"
    has_colour: bool = False
    rules_url: str = ""


def locate_issues(
    issues: Sequence[Issue],
    read_text: Callable[[str], str],
    *,
    with_related: bool = False,
    with_all: bool = False,
) -> tuple[LocatedIssue, ...]:
    """Locate each issue in the text of its file, which `read_text` returns; "" is a file without text.

    An issue whose file has no text stands at line 1, column 1.  With `with_related` the first of the places
    that its value does not agree with are located, too.  Unless `with_all`, of the issues of one rule in one
    file the first MAX_SIMILAR_ISSUES are, and the last of these says how many more there are.
    """
    files_by_path: dict[str, _IssueFile] = {}

    def locate_issue(issue: Issue) -> LocatedIssue:
        file_path = issue.place.file
        if file_path not in files_by_path:
            files_by_path[file_path] = _IssueFile(read_text(file_path))
        return files_by_path[file_path].locate_issue(issue)

    located_issues = [
        locate_issue(issue)._replace(more_count=more_count)
        for issue, more_count in (((issue, 0) for issue in issues) if with_all else _select_shown(issues))
    ]
    if not with_related:
        return tuple(located_issues)
    return tuple(
        located_issue._replace(
            related=tuple(
                locate_issue(located_issue.issue._replace(place=place))
                for place in located_issue.issue.related_places[:MAX_RELATED_PLACES]
            )
        )
        for located_issue in located_issues
    )


def _select_shown(issues: Sequence[Issue]) -> Iterator[tuple[Issue, int]]:
    """Yield the issues that are shown, each with how many of its sort are left out behind it."""
    counts = Counter(map(_get_sort, issues))
    shown_counts = Counter[tuple[str, str, Severity]]()
    for issue in issues:
        sort = _get_sort(issue)
        shown_counts[sort] += 1
        if shown_counts[sort] > MAX_SIMILAR_ISSUES:
            continue
        more_count = counts[sort] - MAX_SIMILAR_ISSUES if shown_counts[sort] == MAX_SIMILAR_ISSUES else 0
        if more_count > 0:
            issue = issue._replace(message=f"{issue.message}; and {more_count:,} more like this")  # noqa: PLW2901
        yield issue, max(0, more_count)


def _get_sort(issue: Issue) -> tuple[str, str, Severity]:
    return issue.rule, issue.place.file, issue.severity


def format_rule_counts(report: Report) -> str:
    """Return how often each rule is broken, for people, with a newline at its end."""
    from bmkit.report import text

    return text.render_rule_counts(report)


def make_fingerprints(report: Report) -> list[str]:
    """Return 32 hex digits for each issue, which stay while the lines around it move; no two are the same.

    They are a digest of its keys; issues with the same keys are numbered.
    """
    from hashlib import sha256

    counts_by_keys: dict[tuple[IssueKey, ...], int] = {}
    digests = []
    for located_issue in report.issues:
        issue_keys = located_issue.issue.keys
        counts_by_keys[issue_keys] = counts_by_keys.get(issue_keys, 0) + 1
        text = "\0".join([*chain.from_iterable(issue_keys), str(counts_by_keys[issue_keys])])
        digests.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return digests


class _IssueFile:
    """A file in which issues are found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self._positions: Positions | None = None

    def locate_issue(self, issue: Issue) -> LocatedIssue:
        place = issue.place
        start, end = place.start, max(place.start, place.end)
        if place.pointer or start < 0:
            token_span = self._locate_token(place.pointer, key=place.key) if self.text else (0, 0)
            if start < 0 or not self.text:
                start, end = token_span
            else:
                start, end = self._index_positions().locate_span_in_token(token_span, (start, end))
        end = min(end, len(self.text))
        start = min(start, end)
        return LocatedIssue(
            issue,
            *self.lines.to_line_column(start),
            *self.lines.to_line_column(end),
            self.text,
            start,
            end,
        )

    def _locate_token(self, pointer: str, *, key: bool = False) -> tuple[int, int]:
        """Return where a token is; of what is not there, the nearest that should have it.

        A record has no id where its schema asks for none.
        """
        while True:
            try:
                return self._index_positions().locate_pointer(pointer, key=key)
            except LookupError:
                if not pointer and not key:
                    raise
                pointer, key = pointer if key else pointer.rpartition("/")[0], False

    def _index_positions(self) -> Positions:
        if self._positions is None:
            self._positions = Positions(self.text)
        return self._positions


def render_report(format_name: str, report: Report, terminal: Terminal) -> str:
    """Return the report in the format of that name (a key of REPORT_FORMATS), with a newline at its end."""
    match format_name:
        case "text":
            from bmkit.report import text

            return text.render_text(report, terminal)
        case "concise":
            from bmkit.report import text

            return text.render_concise(report, terminal)
        case "json":
            from bmkit.report import json

            return json.render_json(report)
        case "github":
            from bmkit.report import github

            return github.render_github(report)
        case "gitlab":
            from bmkit.report import gitlab

            return gitlab.render_gitlab(report)
        case "sarif":
            from bmkit.report import sarif

            return sarif.render_sarif(report)
        case "junit":
            from bmkit.report import junit

            return junit.render_junit(report)
    raise ValueError(f"no report format {format_name!r}")


def _format_count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
