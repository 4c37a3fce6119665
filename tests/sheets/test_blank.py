"""Empty sheets that are filled in by hand: what is typed there becomes records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from tests.export.conftest import make_measure, make_records, write_project

from bmkit.cli import main
from bmkit.export import ExportError, write_export

from .conftest import Sheet, bring_back, read_valid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    records = make_records()
    records["measure"] = [make_measure(0, dose={"value": 4, "unit": "mg"})]
    del records["site"][0]["codes"], records["site"][3]
    return write_project(tmp_path / "project", records)


@pytest.fixture
def workbook(root: Path, tmp_path: Path) -> Path:
    content = read_valid(root)
    [path] = [
        path for path in write_export("xlsx", content, tmp_path, blank=["measure", "site"]) if path.suffix
    ]
    return path


@pytest.fixture
def fill(workbook: Path) -> Callable[[Callable[[Any], object]], Path]:
    def fill(change: Callable[[Any], object]) -> Path:
        book = openpyxl.load_workbook(workbook)
        change(book)
        path = workbook.with_name("trial.xlsx")
        book.save(path)
        return path

    return fill


def type_rows(book: Any) -> None:
    Sheet(book["site"]).append(Id="hip", Label="hip")
    measure = {"Site": "hip", "Dose__value": 5, "Dose__unit": "mg", "Source__section": "the first section"}
    Sheet(book["measure"]).append(**measure, Source__spans="2–9 00112233445566aa")
    Sheet(book["measure"]).append(Id="second", **measure, Ratio=4.5, Source__spans="2–9 00112233445566aa")


def test_blank_sheets_have_headings_notes_and_lists_and_no_records(workbook: Path) -> None:
    assert workbook.parent.name == "xlsx-blank"
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["Cover", "measure", "site", "bmkit lists", "bmkit map", "bmkit records"]
    sheet = book["measure"]
    headings = [cell.value for cell in sheet[1]]
    assert headings[:4] == ["Id", "Words", "Site", "Dose: value"]
    assert "In words" not in headings
    assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
    assert all(cell.comment for cell in sheet[1])
    assert sheet.max_row == book["bmkit records"].max_row == 1
    assert sum(rule.type == "list" for rule in sheet.data_validations.dataValidation) >= 6
    assert {"Ribs", "sacrum", "spine"} <= {
        cell.value for row in book["bmkit lists"].iter_rows() for cell in row
    }


def test_rows_that_are_typed_become_records_once(
    root: Path, fill: Callable[[Callable[[Any], object]], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = fill(type_rows)
    returned = bring_back(path, read_valid(root))
    assert returned.faults == []
    assert returned.value("hip-takes-5-mg", "source", "spans") == [
        {"start": 2, "end": 9, "digest": "00112233445566aa"}
    ]
    assert returned.value("second", "dose") == {"value": 5, "unit": "mg"}
    assert returned.value("hip", "label", kind="site") == "hip"
    assert returned.value("m-0", "id") == "m-0"
    assert main(["import", "xlsx", str(path), "--root", str(root)]) == 0
    capsys.readouterr()
    assert main(["import", "xlsx", str(path), "--root", str(root)]) == 0
    printed = capsys.readouterr()
    assert printed.out == (
        f'{path}: measure!2: note: this record is in the content already, as "hip-takes-5-mg"\n'
    )
    assert printed.err == "nothing was changed\n"


def test_a_typed_row_changes_no_record(root: Path, fill: Callable[[Callable[[Any], object]], Path]) -> None:
    path = fill(lambda book: Sheet(book["site"]).append(Id="ribs", Label="other"))
    returned = bring_back(path, read_valid(root))
    [error] = returned.errors
    assert "Label: the sheet has other, the content has Ribs, what was exported has nothing" in error


def test_a_kind_that_there_is_not_is_named(root: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match='no kind "sit"; did you mean "site"'):
        write_export("xlsx", read_valid(root), tmp_path, blank=["sit"])
