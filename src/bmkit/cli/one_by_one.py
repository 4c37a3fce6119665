"""Checks a project one article at a time, so that a project of any size is exported in the same memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.cli.check_all import issues_of, report_of
from bmkit.cli.project import unreadable
from bmkit.content import TERMS, Content, ContentError, File, Folder, read_articles
from bmkit.issue import Severity
from bmkit.report import Report
from bmkit.schema import SchemaError
from bmkit.shape import Shapes, check_shape
from bmkit.suppression import KIND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.issue import Issue


class FaultyError(Exception):
    """Content with errors; `report` says them."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.errors} errors")
        self.report = report


class OneByOne:
    """The articles of the project in the folder `root`, read and checked one after the other.

    `names` are those of the articles.  WrongUseError, at once or on the way, if the project or a schema
    cannot be read.
    """

    def __init__(self, root: str) -> None:
        try:
            self.names, self._parts = read_articles(root)
        except (ContentError, SchemaError) as wrong:
            raise unreadable(wrong) from None
        self._shapes = Shapes()
        self._reports: list[Report] = []
        self._kinds: set[str] = set()

    def parts(self) -> Iterator[Content]:
        """Give each article with the shared terms, or the terms alone, while no error is met.

        What errors there are is known at the end, because the terms may refer to any article: FaultyError is
        raised then.  Whoever writes what is given must undo it.
        """
        try:
            yield from self._checked()
        except (ContentError, SchemaError) as wrong:
            raise unreadable(wrong) from None

    def _checked(self) -> Iterator[Content]:
        terms = next(self._parts)
        # Rules about an article pass over terms of a wrong shape, so the shape of terms is looked at first.
        check_shape(terms, self._shapes)
        wanted = _targets(terms)
        met: dict[str, Folder] = {}
        for part in self._parts:
            self._judge(part)
            for name, folder in part.folders.items():
                if name != TERMS:
                    met[name] = _met(folder, wanted)
            if not self._faulty():
                yield _whole(part)
        self._judge(_beside(terms, met))
        if self._faulty():
            raise FaultyError(_together(self._reports))
        if not self.names:
            yield terms

    def _judge(self, part: Content) -> None:
        kinds = {kind.name for kind in part.kinds()}
        issues = issues_of(part, shapes=self._shapes, schemas=not kinds <= self._kinds)
        self._kinds |= kinds
        errors: list[Issue] = [issue for issue in issues if issue.severity is Severity.ERROR]
        self._reports.append(report_of(errors, part))

    def _faulty(self) -> bool:
        return any(report.issues for report in self._reports)


def _targets(terms: Content) -> set[tuple[str, str]]:
    """The records, by kind and id, that terms refer to and that may stand in an article."""
    return {(one.field.ref, target) for one in terms.mentions() for target in one.targets}


def _met(folder: Folder, wanted: set[tuple[str, str]]) -> Folder:
    """What of an article must be known to judge the terms: what they refer to, and what it allows."""
    made = Folder(folder.name)
    made.unread = folder.unread
    for file in folder.files:
        kind = file.kind.name
        kept = [one for one in file.records if kind == KIND or (kind, one.id) in wanted]
        if kept:
            new = File(file.path, file.folder, file.kind, None)
            new.records = kept
            made.add(new)
    return made


def _beside(terms: Content, met: dict[str, Folder]) -> Content:
    """The terms as they are judged beside all articles."""
    return Content(
        terms.root,
        terms.schemas,
        {**terms.folders, **{name: folder for name, folder in met.items() if folder.files or folder.unread}},
        codes=terms.codes,
        issues=terms.issues,
        data={file.path: terms.data(file.path) for file in terms.files},
        terms=TERMS,
        judged=list(terms.folders),
    )


def _whole(part: Content) -> Content:
    """An article and the terms, as exports go through them."""
    return Content(part.root, part.schemas, part.folders, codes=part.codes)


def _together(reports: list[Report]) -> Report:
    issues = sorted(
        (issue for report in reports for issue in report.issues),
        key=lambda one: (one.file, one.start, one.end),
    )
    files = tuple(file for report in reports for file in report.files)
    return Report(tuple(issues), files, sum(report.records for report in reports), reports[0].folder)
