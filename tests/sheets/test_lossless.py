"""Content that goes through a workbook comes back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies import make_records

from bmkit.content import read_content
from bmkit.export import write_export
from bmkit.export.xlsx.workbook import write_workbook
from bmkit.project_files import MemoryFiles
from bmkit.schema import locate_shipped_schemas, read_schemas
from bmkit.sheets.archive import open_workbook_file
from bmkit.sheets.exported import Exported, read_exported
from bmkit.sheets.plan import plan_import
from bmkit.sheets.read import WorkbookReader
from bmkit.sheets.rows import read_edits
from bmkit.tables import project_tables
from bmkit.write_json import format_json

from .conftest import Project, bring_back, read_valid

if TYPE_CHECKING:
    from bmkit.content import Content

ROOT = Path(__file__).parents[2]


def forget_digests(exported: Exported) -> Exported:
    """Return what was exported without the digests of rows, so that each cell is compared."""
    records = {
        key: record._replace(cells_digest="", sentence_digest="") for key, record in exported.records.items()
    }
    return exported._replace(records=records)


def assert_nothing_changes(path: Path, content: Content, *, with_plan: bool = True) -> None:
    for has_digests in (True, False):
        with open_workbook_file(str(path)) as file:
            book = WorkbookReader(file)
            exported = read_exported(book)
            assert exported is not None
            edits = read_edits(book, exported if has_digests else forget_digests(exported), content.schemas)
        assert edits.faults == []
        assert edits.edits == []
        assert edits.places.keys() == exported.records.keys()
        if with_plan:
            assert plan_import(content, edits, exported).texts == {}


def test_texts_and_numbers_of_every_sort_come_back(sheet_project: Project) -> None:
    assert_nothing_changes(sheet_project.path, sheet_project.content)


@pytest.mark.slow
@pytest.mark.parametrize("root", [ROOT, ROOT / "examples/second/project"], ids=["own", "second"])
def test_the_contents_come_back(root: Path, tmp_path: Path) -> None:
    content = read_valid(root)
    for path in write_export("xlsx", content, tmp_path):
        if path.suffix == ".xlsx":
            assert_nothing_changes(path, content)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 60, 6))
@settings(deadline=None, max_examples=3, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_drawn_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, start: int, data: st.DataObject
) -> None:
    schemas = read_schemas(locate_shipped_schemas(), from_project=False)
    files = {}
    for kind in list(schemas)[start : start + 6]:
        records = data.draw(
            st.lists(make_records(kind), min_size=1, max_size=4, unique_by=lambda record: record["id"])
        )
        document = {"$schema": f"../../schema/{kind.name}.schema.json", "records": records}
        folder = "terms" if kind.group == "term" else "drawn"
        files[f"content/{folder}/{kind.name}.json"] = format_json(document).encode()
    content = read_content(str(ROOT), files=MemoryFiles(files, {}))
    path = tmp_path_factory.mktemp("drawn") / "drawn.xlsx"
    tables = project_tables(content)
    if tables:
        write_workbook(tables, lambda record: f"A sentence on {record.id}", path)
        assert_nothing_changes(path, content, with_plan=False)


def test_an_edit_of_one_cell_changes_one_line(tmp_path: Path) -> None:
    content = read_valid(ROOT / "examples/second/project")
    article = next(folder.name for folder in content.folders.values() if "regimen" in folder.records_by_kind)
    [path] = [path for path in write_export("xlsx", content, tmp_path) if path.stem == article]
    book = openpyxl.load_workbook(path)
    headings = {cell.value: cell.column for cell in book["regimen"][1]}
    cells = [row[headings["Dose: value"] - 1] for row in book["regimen"].iter_rows(min_row=2)]
    cell = next(cell for cell in cells if isinstance(cell.value, int | float))
    cell.value += 1
    book.save(path)
    returned = bring_back(path, content)
    assert returned.errors == []
    [(old_text, new_text)] = returned.plan.texts.values()
    old_lines, new_lines = old_text.split("\n"), new_text.split("\n")
    assert sum(old != new for old, new in zip(old_lines, new_lines, strict=True)) == 1
