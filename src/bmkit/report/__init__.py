"""Says a list of issues: where each stands in its text, and the formats that people and machines read."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bmkit.issue import Severity
from bmkit.jsontext import Lines, Positions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bmkit.issue import Issue

# What each format is for; the module of that name renders it.
FORMATS = {
    "text": "for people: the line, a mark under the fault, and a hint",
    "concise": "one line an issue, for editors and grep",
    "json": "for programs; its schema is schema/report/issues.schema.json",
    "github": "annotations of a GitHub Actions run",
    "gitlab": "a GitLab code quality report (Code Climate)",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit XML, for CI servers that show tests",
}


FOR_PEOPLE = ("text", "concise")


class Located(NamedTuple):
    """An issue and where it stands: lines and columns count from 1 and in characters, the end is exclusive.

    `start` and `end` are the same place as offsets in `text`, the text of the file ("" where it has none).
    `record` is the id of the record that the issue is about, "" where it is about none.
    """

    issue: Issue
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    start: int
    end: int
    record: str

    @property
    def file(self) -> str:
        """The file, relative to the root."""
        return self.issue.place.file

    @property
    def severity(self) -> str:
        """The word "error" or "warning"."""
        return self.issue.severity.value


class Report(NamedTuple):
    """All that one run has to say.

    `files` are those that were looked at, and `records` how many records they hold.  `folder` leads from the
    current folder to the root, with "/" at its end unless it is ""; formats whose files are looked up from
    the current folder put it before the file.  `told` has the title of a rule and why it is one, by its id,
    for formats that carry that; what is not there is left out.
    """

    issues: tuple[Located, ...]
    files: tuple[str, ...]
    records: int
    folder: str = ""
    told: Mapping[str, tuple[str, str]] = MappingProxyType({})

    @property
    def errors(self) -> int:
        """How many issues are errors."""
        return sum(located.issue.severity is Severity.ERROR for located in self.issues)

    @property
    def warnings(self) -> int:
        """How many issues are warnings."""
        return len(self.issues) - self.errors

    @property
    def summary(self) -> str:
        """The closing line, such as "1 error, 0 warnings in 57 files, 812 records"."""
        counts = (
            _number_of(self.errors, "error"),
            _number_of(self.warnings, "warning"),
            _number_of(len(self.files), "file"),
            _number_of(self.records, "record"),
        )
        return "{}, {} in {}, {}".format(*counts)


class Screen(NamedTuple):
    """What the reader's terminal can show: `width` in cells, `encoding` of its characters, and colour.

    `rules` is the URL of the page on rules, "" where a link cannot be followed.
    """

    width: int = 120
    encoding: str = "utf-8"
    colour: bool = False
    rules: str = ""


def located(issues: Iterable[Issue], text_of: Callable[[str], str]) -> tuple[Located, ...]:
    """Find each issue in the text of its file, which `text_of` gives; "" is a file that has none.

    An issue whose file has no text stands at line 1, column 1.
    """
    files: dict[str, _File] = {}
    found = []
    for issue in issues:
        name = issue.place.file
        if name not in files:
            files[name] = _File(text_of(name))
        found.append(files[name].find(issue))
    return tuple(found)


def count(report: Report) -> str:
    """How often each rule is broken, for people, with a newline at its end."""
    from bmkit.report import statistics

    return statistics.render(report)


class _File:
    """A file in which issues are found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self._positions: Positions | None = None

    def find(self, issue: Issue) -> Located:
        place = issue.place
        start, end = place.start, max(place.start, place.end)
        record = ""
        if place.pointer or start < 0:
            token = self._locate(place.pointer, key=place.key) if self.text else (0, 0)
            if start < 0 or not self.text:
                start, end = token
            else:
                start, end = self._known().locate_span_in_token(token, (start, end))
            record = self._record(place.pointer)
        end = min(end, len(self.text))
        start = min(start, end)
        return Located(
            issue,
            *self.lines.to_line_column(start),
            *self.lines.to_line_column(end),
            self.text,
            start,
            end,
            record,
        )

    def _locate(self, pointer: str, *, key: bool = False) -> tuple[int, int]:
        return self._known().locate_pointer(pointer, key=key)

    def _known(self) -> Positions:
        if self._positions is None:
            self._positions = Positions(self.text)
        return self._positions

    def _record(self, pointer: str) -> str:
        """The id of the record that the pointer leads into, as it stands in the text."""
        parts = pointer.split("/", 3)
        if len(parts) < 3 or parts[1] != "records" or not self.text:  # noqa: PLR2004  "", "records", number
            return ""
        try:
            start, end = self._locate(f"/records/{parts[2]}/id")
        except LookupError:
            return ""
        return self.text[start + 1 : end - 1] if self.text[start] == '"' else ""


def render(name: str, report: Report, screen: Screen) -> str:
    """The report in the format of that name (a key of FORMATS), with a newline at its end."""
    match name:
        case "text":
            from bmkit.report import text

            return text.render(report, screen)
        case "concise":
            from bmkit.report import concise

            return concise.render(report, screen)
        case "json":
            from bmkit.report import json

            return json.render(report)
        case "github":
            from bmkit.report import github

            return github.render(report)
        case "gitlab":
            from bmkit.report import gitlab

            return gitlab.render(report)
        case "sarif":
            from bmkit.report import sarif

            return sarif.render(report)
        case "junit":
            from bmkit.report import junit

            return junit.render(report)
    raise ValueError(f"no report format {name!r}")


def _number_of(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
