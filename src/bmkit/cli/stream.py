"""Checks a project one article at a time, so that a project of any size is exported in the same memory."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bmkit.cli.project import folder, unreadable
from bmkit.cli.run_check import issues_of, report_of
from bmkit.content import TERMS, Content, ContentError, File, Folder, Record
from bmkit.content.articles import read_articles
from bmkit.issue import Severity
from bmkit.jsontext import LARGEST
from bmkit.report import Report
from bmkit.schema import SchemaError
from bmkit.shape import Shapes, check_shape
from bmkit.suppression import KIND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.report import Located


class FaultyError(Exception):
    """Content with errors; `report` says them."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.errors} errors")
        self.report = report


class OneByOne:
    """The articles of the project in the folder `root`, read and checked one after the other.

    `names` are those of the articles; no file may have more than `limit` bytes.  WrongUseError, at once or on
    the way, if the project or a schema cannot be read.
    """

    def __init__(self, root: str, limit: int = LARGEST) -> None:
        try:
            self.names, self._parts = read_articles(root, limit=limit)
        except (ContentError, SchemaError) as wrong:
            raise unreadable(wrong) from None
        self._shapes = Shapes()
        self._found: list[Located] = []
        self._files: list[tuple[str, tuple[str, ...]]] = []
        self._records = 0
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
            for name, one in part.folders.items():
                if name != TERMS and (kept := _met(one, wanted)) is not None:
                    met[name] = kept
            if not self._found:
                yield _whole(part)
        self._judge(_beside(terms, met))
        if self._found:
            raise FaultyError(self._report(terms.root))
        if not self.names:
            yield terms

    def _judge(self, part: Content) -> None:
        kinds = {kind.name for kind in part.kinds()}
        issues = issues_of(part, shapes=self._shapes, schemas=not kinds <= self._kinds)
        self._kinds |= kinds
        report = report_of([issue for issue in issues if issue.severity is Severity.ERROR], part)
        self._found += report.issues
        self._records += report.records
        # Of files that are alike in all articles only the folders are remembered one by one.
        for place in dict.fromkeys(os.path.dirname(file) for file in report.files):
            names = (os.path.basename(file) for file in report.files if os.path.dirname(file) == place)
            self._files.append((place, tuple(map(sys.intern, names))))

    def _report(self, root: str) -> Report:
        issues = sorted(self._found, key=lambda one: (one.file, one.start, one.end))
        files = tuple(f"{place}/{name}" for place, names in self._files for name in names)
        return Report(tuple(issues), files, self._records, folder(root))


def _targets(terms: Content) -> set[tuple[str, str]]:
    """The records, by kind and id, that terms refer to and that may stand in an article."""
    return {(one.field.ref, target) for one in terms.mentions() for target in one.targets}


def _met(folder: Folder, wanted: set[tuple[str, str]]) -> Folder | None:
    """What of an article must be known to judge the terms: what they refer to, and what it allows.

    What was found is wanted no more: it is there, in whatever article.
    """
    made = Folder(folder.name)
    made.unread = folder.unread
    for file in folder.files:
        kind = file.kind.name
        if kind == KIND:
            kept = file.records
        else:
            kept = [_named(one) for one in file.records if (kind, one.id) in wanted]
            wanted -= {(kind, one.id) for one in kept if one.shaped}
        if kept:
            new = File(file.path, file.folder, file.kind, None)
            new.records = kept
            made.add(new)
    return made if made.files or made.unread else None


def _named(record: Record) -> Record:
    """A record of which only the id is left."""
    made = Record(record.kind, record.folder, record.file, record.number, {"id": record.id})
    made.shaped = record.shaped
    return made


def _beside(terms: Content, met: dict[str, Folder]) -> Content:
    """The terms as they are judged beside all articles."""
    return Content(
        terms.root,
        terms.schemas,
        {**terms.folders, **met},
        codes=terms.codes,
        issues=terms.issues,
        data={file.path: terms.data(file.path) for file in terms.files},
        terms=TERMS,
        judged=list(terms.folders),
    )


def _whole(part: Content) -> Content:
    """An article and the terms, as exports go through them."""
    return Content(part.root, part.schemas, part.folders, codes=part.codes)
