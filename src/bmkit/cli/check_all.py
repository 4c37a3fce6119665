"""From content to a report, as several commands need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.cli.project import folder
from bmkit.report import Report, located

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Content
    from bmkit.issue import Issue


def issues_of(
    content: Content, engine: str = "auto", select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> list[Issue]:
    """Check the content; wrong names of rules are wrong use."""
    from bmkit.check import check

    return check(content, engine, select, ignore)


def report_of(issues: Sequence[Issue], content: Content, wanted: set[str] | None = None) -> Report:
    """Locate the issues, and count the files and records they were looked for in."""
    files = {file.path: len(file.records) for file in content.files}
    for issue in content.issues:  # a file that could not be read was looked at too
        if issue.place.file.endswith(".json"):
            files.setdefault(issue.place.file, 0)
    if wanted is not None:
        files = {path: count for path, count in files.items() if path in wanted}
    return Report(located(issues, content.text), tuple(files), sum(files.values()), folder(content.root))
