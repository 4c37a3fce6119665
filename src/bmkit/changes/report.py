"""Changes as people and programs read them: with place, gravity, and what was said before and after."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.changes.find import ADDED, CHANGED, REMOVED
from bmkit.changes.gravity import Gravity
from bmkit.changes.words import format_field_change
from bmkit.escape import (
    escape_command_message,
    escape_command_property,
    escape_markdown,
    escape_markdown_code,
    escape_text,
)
from bmkit.jsontext import Lines, Positions
from bmkit.sentence import format_sentence
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.changes.find import RecordChange
    from bmkit.content import Content, Record

CHANGE_FORMATS = {
    "text": "for people",
    "json": "for programs; its schema is schema/report/changes.schema.json",
    "markdown": "for a comment on a pull request, or the summary of a job",
    "github": "annotations of a GitHub Actions run",
}
"""What each format is for."""
REPORT_VERSION = 1

_LISTED_GRAVITIES = (Gravity.CRITICAL, Gravity.MAJOR, Gravity.MINOR)
_ANNOTATION_BY_GRAVITY = {Gravity.CRITICAL: "error", Gravity.MAJOR: "warning"}


class ReportedChange(NamedTuple):
    """A change with its words: `line` and `column` count from 1, in the file as it is now, or as it was.

    `sentence_before` and `sentence_after` say the record, "" where it is not there or has no template.
    `field_lines` has for each changed field its gravity and "Dose: 4 mg → 40 mg".
    """

    change: RecordChange
    line: int
    column: int
    sentence_before: str
    sentence_after: str
    field_lines: tuple[tuple[Gravity, str], ...]

    @property
    def title(self) -> str:
        """What happened to the record: 'regimen "zometa-4-mg" changed'."""
        change = self.change
        verbs = [] if change.action == CHANGED and not change.field_changes else [change.action]
        if change.before is not None and change.after is not None:
            if change.is_renamed:
                verbs.insert(0, f'renamed from "{change.before.id}"')
            if change.is_moved:
                verbs.insert(0, f"moved from {change.before.folder}")
        return f'{change.record.kind.name} "{change.record.id}" {", ".join(verbs)}'


class ChangeReport(NamedTuple):
    """All that changed between two contents; `path_prefix` leads to the root of the later one.

    `seals` has for each changed seal of a text its path and what of it is otherwise.
    """

    changes: tuple[ReportedChange, ...]
    path_prefix: str = ""
    seals: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def summary(self) -> str:
        """The closing line, such as "3 changes: 1 critical, 2 major, 0 minor"."""
        counts = self.count_by_gravity()
        total = len(self.changes)
        parts = ", ".join(f"{counts[gravity]} {gravity.word}" for gravity in _LISTED_GRAVITIES)
        return f"{total} change{'' if total == 1 else 's'}: {parts}"

    def count_by_gravity(self) -> Counter[Gravity]:
        """Return how many records changed with each gravity."""
        return Counter(reported.change.gravity for reported in self.changes)


def build_change_report(
    changes: Sequence[RecordChange], old: Content, new: Content, path_prefix: str = ""
) -> ChangeReport:
    """Return the report of what changed from one content to the other."""
    locators: dict[tuple[bool, str], _FileLocator] = {}

    def locate_change(change: RecordChange) -> tuple[int, int]:
        content = new if change.after is not None else old
        key = (content is new, change.record.file)
        if key not in locators:
            locators[key] = _FileLocator(content.read_text(change.record.file))
        return locators[key].locate_change(change)

    return ChangeReport(
        tuple(
            ReportedChange(
                change,
                *locate_change(change),
                _say(change.before, old),
                _say(change.after, new),
                tuple(
                    (
                        field_change.gravity,
                        format_field_change(field_change, (change.before, old), (change.after, new)),
                    )
                    for field_change in change.field_changes
                ),
            )
            for change in changes
        ),
        path_prefix,
    )


class _FileLocator:
    """Finds where the records of a file stand."""

    def __init__(self, text: str) -> None:
        self._lines = Lines(text)
        self._positions = Positions(text)

    def locate_change(self, change: RecordChange) -> tuple[int, int]:
        """Return line and column of the gravest changed field, else of the record."""
        names = [
            field_change.field.path[0]
            for field_change in sorted(change.field_changes, key=lambda each: -each.gravity)
            if field_change.field.path[0] in change.record.value
        ]
        place = change.record.locate_field(*names[:1])
        return self._lines.to_line_column(self._positions.locate_pointer(place.pointer)[0])


def _say(record: Record | None, content: Content) -> str:
    return format_sentence(record, content) if record is not None and record.is_valid else ""


def render_changes(format_name: str, report: ChangeReport) -> str:
    """Return the report in the format of that name (a key of CHANGE_FORMATS), with a newline at its end."""
    match format_name:
        case "text":
            return _render_text(report)
        case "json":
            return _render_json(report)
        case "markdown":
            return _render_markdown(report)
        case "github":
            return _render_github(report)
    raise ValueError(f"no format of changes {format_name!r}")


def _render_text(report: ChangeReport) -> str:
    lines: list[str] = []
    for reported in report.changes:
        change = reported.change
        location = f"{report.path_prefix}{change.record.file}:{reported.line}:{reported.column}"
        lines.append(f"{location}: {change.gravity.word}: {reported.title}")
        lines += [f"  {gravity.word:<8}  {words}" for gravity, words in reported.field_lines]
        lines += [f"  {label} {sentence}" for label, sentence in _list_sentences(reported)]
        lines.append("")
    for file, words in report.seals:
        lines += [f"{report.path_prefix}{file}: the seal changed", *(f"  {line}" for line in words), ""]
    return "\n".join([*map(escape_text, lines), report.summary]) + "\n"


def _list_sentences(reported: ReportedChange) -> list[tuple[str, str]]:
    """Return the sentences of a record, before and after if they differ, each with its label."""
    before, after = reported.sentence_before, reported.sentence_after
    if before == after:
        return []
    return [(label, sentence) for label, sentence in (("was:", before), ("now:", after)) if sentence]


def _render_json(report: ChangeReport) -> str:
    counts = report.count_by_gravity()
    document = {
        "version": REPORT_VERSION,
        "summary": {gravity.word: counts[gravity] for gravity in _LISTED_GRAVITIES},
        "changes": [_to_change_object(reported) for reported in report.changes],
        **(
            {"seals": [{"file": file, "words": list(words)} for file, words in report.seals]}
            if report.seals
            else {}
        ),
    }
    return format_json(document, indent=2) + "\n"


def _to_change_object(reported: ReportedChange) -> dict[str, Any]:
    change = reported.change
    document: dict[str, Any] = {
        "action": change.action,
        "gravity": change.gravity.word,
        "kind": change.record.kind.name,
        "id": change.record.id,
        "file": change.record.file,
        "line": reported.line,
        "column": reported.column,
    }
    if change.before is not None and change.after is not None:
        if change.is_renamed:
            document["id_before"] = change.before.id
        if change.is_moved:
            document["file_before"] = change.before.file
    if change.action != ADDED and reported.sentence_before:
        document["sentence_before"] = reported.sentence_before
    if change.action != REMOVED and reported.sentence_after:
        document["sentence_after"] = reported.sentence_after
    document["fields"] = [
        {
            "field": field_change.name,
            "gravity": field_change.gravity.word,
            "words": words,
            **({"before": field_change.before} if field_change.before is not None else {}),
            **({"after": field_change.after} if field_change.after is not None else {}),
            **({"reason": field_change.reason} if field_change.reason else {}),
        }
        for field_change, (_, words) in zip(change.field_changes, reported.field_lines, strict=True)
    ]
    return document


def _render_markdown(report: ChangeReport) -> str:
    lines = ["## What changed in the facts", "", f"**{report.summary}**", ""]
    for gravity in _LISTED_GRAVITIES:
        reported_changes = [reported for reported in report.changes if reported.change.gravity is gravity]
        if reported_changes:
            lines += [f"### {gravity.word.capitalize()}", ""]
            for reported in reported_changes:
                lines += _list_markdown_lines(reported)
            lines.append("")
    if report.seals:
        lines += ["### Seals", ""]
        for file, words in report.seals:
            lines += [f"- {escape_markdown_code(file)}", *(f"  - {escape_markdown(line)}" for line in words)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _list_markdown_lines(reported: ReportedChange) -> list[str]:
    change = reported.change
    place = escape_markdown_code(f"{change.record.file}:{reported.line}")
    lines = [f"- {escape_markdown(reported.title)} ({place})"]
    lines += [f"  - {escape_markdown(words)}" for _, words in reported.field_lines]
    lines += [f"  - {label} *{escape_markdown(sentence)}*" for label, sentence in _list_sentences(reported)]
    return lines


def _render_github(report: ChangeReport) -> str:
    commands = []
    for reported in report.changes:
        change = reported.change
        properties = {
            "file": report.path_prefix + change.record.file,
            "line": reported.line,
            "title": f"{change.gravity.word} change",
        }
        pairs = ",".join(
            f"{name}={escape_command_property(str(value))}" for name, value in properties.items()
        )
        message_lines = [
            reported.title,
            *(words for _, words in reported.field_lines),
            *(f"{label} {sentence}" for label, sentence in _list_sentences(reported)),
        ]
        command = _ANNOTATION_BY_GRAVITY.get(change.gravity, "notice")
        commands.append(f"::{command} {pairs}::{escape_command_message(*message_lines)}")
    for file, words in report.seals:
        path = escape_command_property(report.path_prefix + file)
        commands.append(
            f"::notice file={path},title=seal::{escape_command_message('the seal changed', *words)}"
        )
    return "\n".join([*commands, report.summary]) + "\n"
