"""Content that goes through a workbook or CSV files comes back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.export.conftest import make_measure, make_records, write_project
from tests.strategies import make_records as draw_records

from bmkit.articles import ArticleContent
from bmkit.canonical import format_canonical_json
from bmkit.content import read_content
from bmkit.export import ignore_tick, write_export
from bmkit.export.csv import RECORDS_FILE, CsvWriter
from bmkit.export.exported_files import FileList
from bmkit.export.xlsx.workbook import write_workbook
from bmkit.schema import read_project_schemas, read_shipped_schemas
from bmkit.sheets.archive import open_workbook_file
from bmkit.sheets.csv_files import CsvFolder
from bmkit.sheets.exported import Exported, read_exported, read_exported_csv
from bmkit.sheets.plan import plan_import
from bmkit.sheets.read import WorkbookReader
from bmkit.sheets.rows import read_edits
from bmkit.tables import project_tables
from bmkit.write_json import format_json

from .conftest import Project, bring_back, read_valid

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.schema import Schemas
    from bmkit.sheets.edits import SheetEdits

ROOT = Path(__file__).parents[2]


def forget_digests(exported: Exported) -> Exported:
    """Return what was exported without the digests of rows, so that each cell is compared."""
    records = {
        key: record._replace(cells_digest="", sentence_digest="") for key, record in exported.records.items()
    }
    return exported._replace(records=records)


def read_back(path: Path, content: Content, *, has_digests: bool = True) -> tuple[SheetEdits, Exported]:
    """Return the edits of a workbook or of a folder of CSV files, and what was exported there."""
    if path.is_dir():
        folder = CsvFolder(str(path))
        exported = read_exported_csv(str(path), folder, content.schemas)
        assert exported is not None
        exported = exported if has_digests else forget_digests(exported)
        return read_edits(folder, exported, content.schemas), exported
    with open_workbook_file(str(path)) as file:
        book = WorkbookReader(file)
        exported = read_exported(book)
        assert exported is not None
        exported = exported if has_digests else forget_digests(exported)
        return read_edits(book, exported, content.schemas), exported


def assert_nothing_changes(path: Path, content: Content) -> None:
    for has_digests in (True, False):
        edits, exported = read_back(path, content, has_digests=has_digests)
        assert edits.faults == []
        assert edits.edits == []
        assert edits.places.keys() == exported.records.keys()
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
    for path in write_export("csv", content, tmp_path):
        if path.name == RECORDS_FILE:
            assert_nothing_changes(path.parent, content)


def read_schemas_of(name: str) -> Schemas:
    return read_project_schemas(str(ROOT / "examples" / name / "project")) if name else read_shipped_schemas()


# Six kinds at a time of our own, and the kinds of the examples.
KIND_GROUPS = [
    *((name, ("site", "trial")) for name in ("inverted-range", "eleven-mistakes")),
    *(("", tuple(read_shipped_schemas().kind_names[start : start + 6])) for start in range(0, 78, 6)),
]


@pytest.mark.parametrize(
    ("example", "kind_names"),
    [
        pytest.param(*group, marks=pytest.mark.audit if number % 8 else pytest.mark.slow)
        for number, group in enumerate(KIND_GROUPS)
    ],
)
@settings(deadline=None, max_examples=3, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_drawn_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, example: str, kind_names: tuple[str, ...], data: st.DataObject
) -> None:
    """Onto the content they came from, without a change; into an empty one as `bmkit fmt` writes them."""
    schemas = read_schemas_of(example)
    root, empty_root = tmp_path_factory.mktemp("drawn"), tmp_path_factory.mktemp("empty")
    (empty_root / "content").mkdir()
    for kind in map(schemas.get_kind, kind_names):
        records = data.draw(
            st.lists(draw_records(kind), min_size=1, max_size=4, unique_by=lambda record: record["id"])
        )
        document = {"$schema": f"../../schema/{kind.name}.schema.json", "records": records}
        folder = root / "content" / ("terms" if kind.group == "term" else "drawn")
        folder.mkdir(parents=True, exist_ok=True)
        text = format_json(document, indent=data.draw(st.sampled_from([0, 2])))
        (folder / f"{kind.name}.json").write_text(text, "utf-8")
    content = read_content(str(root), schemas)
    tables = project_tables(content)
    workbook = root / "drawn.xlsx"
    write_workbook(tables, lambda record: f"A sentence on {record.id}", workbook)
    files = FileList(root)
    with files:
        CsvWriter(root, files).add_article(ArticleContent("drawn", content, content), ignore_tick)
    canonical_texts = {
        file.path: ("", format_canonical_json(content.read_text(file.path), file.kind))
        for file in content.files
    }
    empty_content = read_content(str(empty_root), schemas, may_be_empty=True)
    for path in (workbook, root / "drawn"):
        assert_nothing_changes(path, content)
        edits, exported = read_back(path, empty_content)
        assert edits.faults == []
        assert plan_import(empty_content, edits, exported).texts == canonical_texts


def test_labels_with_breaks_and_controls_come_back(tmp_path: Path) -> None:
    records = make_records()
    records["site"] += [{"id": "a", "label": "a\x00"}, {"id": "b", "label": "b\nc"}]
    records["measure"] = [make_measure(0, regions=["a", "b"])]
    project = Project(write_project(tmp_path / "project", records))
    assert_nothing_changes(project.path, project.content)


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
