"""The small project of the exports, its workbook, and what comes back of it after an edit."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest
from tests.export.conftest import make_records, write_project

from bmkit.content import Content, read_content
from bmkit.export import write_export
from bmkit.shape import ShapeChecker, find_shape_issues
from bmkit.sheets.archive import WorkbookError, open_workbook_file
from bmkit.sheets.exported import read_exported
from bmkit.sheets.plan import ImportPlan, plan_import
from bmkit.sheets.read import WorkbookReader
from bmkit.sheets.rows import read_edits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bmkit.sheets.edits import SheetEdits, SheetFault


class Sheet:
    """A sheet of an openpyxl workbook, its cells found by id and heading."""

    def __init__(self, worksheet: Any) -> None:
        self.worksheet = worksheet

    def column(self, heading: str) -> int:
        return next(int(cell.column) for cell in self.worksheet[1] if cell.value == heading)

    def row(self, record_id: str) -> int:
        return next(
            int(row[0].row) for row in self.worksheet.iter_rows(min_row=2) if row[0].value == record_id
        )

    def cell(self, record_id: str, heading: str) -> Any:
        return self.worksheet.cell(self.row(record_id), self.column(heading))

    def append(self, **values: Any) -> int:
        """Add a row of these values by heading, "_" for a blank and "__" for a colon; return its number."""
        row = int(self.worksheet.max_row) + 1
        for name, value in values.items():
            heading = name.replace("__", ": ").replace("_", " ")
            self.worksheet.cell(row, self.column(heading), value)
        return row


class Returned(NamedTuple):
    """What came back of a workbook."""

    edits: SheetEdits
    plan: ImportPlan

    @property
    def faults(self) -> list[SheetFault]:
        return [*self.edits.faults, *self.plan.faults]

    @property
    def errors(self) -> list[str]:
        return [f"{fault.place}: {fault.message}" for fault in self.faults if fault.is_error]

    @property
    def notes(self) -> list[str]:
        return [f"{fault.place}: {fault.message}" for fault in self.faults if not fault.is_error]

    def value(self, record_id: str, *names: str, kind: str = "measure") -> Any:
        """Return a value of a record of the content as it would be then, None for none."""
        record = self.plan.content.get(kind, record_id)
        value: Any = record.value if record is not None else None
        for name in names:
            value = value.get(name) if value is not None else None
        return value

    def changed_lines(self) -> list[str]:
        """Return the lines that are new in any file."""
        return [
            line
            for old_text, new_text in self.plan.texts.values()
            for line in new_text.split("\n")
            if line not in old_text.split("\n")
        ]


def read_valid(root: Path) -> Content:
    content = read_content(str(root))
    find_shape_issues(content, ShapeChecker())
    return content


def bring_back(path: Path, content: Content, *, deletes: bool = False) -> Returned:
    """Return what an import of a workbook would do; WorkbookError if it cannot be read."""
    with open_workbook_file(str(path)) as file:
        book = WorkbookReader(file)
        exported = read_exported(book)
        if exported is None:
            raise WorkbookError("no base")
        edits = read_edits(book, exported, content.schemas)
    return Returned(edits, plan_import(content, edits, exported, deletes=deletes))


class Project:
    """A project with its workbook; `edit` returns what comes back after a change with openpyxl."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = read_valid(root)
        [self.path] = write_export("xlsx", self.content, root / "out")

    def edit(
        self,
        change: Callable[[Any], object],
        target: Path,
        *,
        deletes: bool = False,
        root: Path | None = None,
    ) -> Returned:
        book = openpyxl.load_workbook(self.path)
        change(book)
        book.save(target)
        content = self.content if root is None else read_valid(root)
        return bring_back(target, content, deletes=deletes)


def replace_in_parts(path: Path, part_start: str, old: bytes, new: bytes) -> None:
    """Replace bytes in the parts of a workbook whose names start like that; they must be in one of them."""
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    assert any(old in data for name, data in parts.items() if name.startswith(part_start))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(old, new) if name.startswith(part_start) else data)


@pytest.fixture(scope="session")
def sheet_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(write_project(tmp_path_factory.mktemp("sheets") / "project", make_records()))


@pytest.fixture
def copied_root(sheet_project: Project, tmp_path: Path) -> Path:
    """A copy of the project that a test may change."""
    return shutil.copytree(sheet_project.root, tmp_path / "copy", ignore=shutil.ignore_patterns("out"))


@pytest.fixture
def edit(sheet_project: Project, tmp_path: Path) -> Callable[..., Returned]:
    """Return what comes back after a change of the sheet of measures."""

    def edit(change: Callable[[Sheet], object], **options: Any) -> Returned:
        return sheet_project.edit(
            lambda book: change(Sheet(book["measure"])), tmp_path / "edited.xlsx", **options
        )

    return edit
