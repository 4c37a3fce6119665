"""Cells as a spreadsheet reads them: every text, number and day as it was, whether few rows or many."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.export.conftest import write_project

from bmkit.content import Record
from bmkit.export import ExportError
from bmkit.export.xlsx.workbook import write_workbook
from bmkit.schema import read_schemas
from bmkit.shape.cells import MAX_CELL_LENGTH
from bmkit.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bmkit.schema import Schemas

ANY = st.text(max_size=20) | st.from_regex(r"_?_x[0-9a-fA-F]{4}_\W?", fullmatch=True)
# What XlsxWriter takes for the XML of a formatted text.
RICH = "<r><t>1 & 2</t></r>"


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Schemas:
    return read_schemas(str(write_project(tmp_path_factory.mktemp("project"), {}) / "schema"))


@pytest.fixture(params=["in memory", "with rows on disk"])
def write_column(
    request: pytest.FixtureRequest,
    schemas: Schemas,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str, list[Any]], list[Any]]:
    """Writes measures with these values of one field, and gives the cells as they are read back."""
    monkeypatch.setattr(
        "bmkit.export.xlsx.workbook.MANY_RECORDS", 1 if request.param == "with rows on disk" else 1000
    )
    kind = schemas.get_kind("measure")

    def write(field_name: str, values: list[Any]) -> list[Any]:
        measures = [
            Record(kind, "", "", row, {"id": f"m-{row}", **({} if value is None else {field_name: value})})
            for row, value in enumerate(values)
        ]
        write_workbook((make_table(kind, measures),), lambda record: record.id, tmp_path / "book.xlsx")
        page = load_workbook(BytesIO((tmp_path / "book.xlsx").read_bytes()))["measure"]
        place = next(cell.column for cell in page[1] if cell.comment.text.startswith(f"{field_name}\n"))
        return [page.cell(row, place) for row in range(2, page.max_row + 1)]

    return write


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ANY, min_size=1, max_size=60))
@example(texts=["", "\x00", "\r", "\ufffe", "\uffff", " \n", "_x0041_", RICH, "a\tb", "=1", "{=1}", "0012"])
def test_any_text_survives(write_column: Any, read_texts: Any, tmp_path: Path, texts: list[str]) -> None:
    cells = write_column("words", texts)
    texts_by_cell = read_texts(tmp_path / "book.xlsx", 2)
    assert [texts_by_cell[cell.coordinate] for cell in cells] == texts
    assert {cell.number_format for cell in cells} == {"@"}


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\r", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_escaped(write_column: Any, character: str) -> None:
    [cell] = write_column("words", [f"a{character}b"])
    assert cell.value == f"a_x{ord(character):04X}_b"


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (0, "0"),
        (-7, "0"),
        (123_456_789, "0"),
        (Decimal("4.0"), "0.0"),
        (Decimal("0.10"), "0.00"),
        (Decimal("1e3"), "0"),
        (Decimal("1E-11"), "General"),
        (Decimal("-0.0"), "0.0"),
        (Decimal("19.99"), "0.00"),
        (Decimal("999999.999999999"), "0.000000000"),
        (10**18, "0"),
    ],
)
def test_a_number_keeps_its_digits(write_column: Any, value: Any, number_format: str) -> None:
    [cell] = write_column("ratio", [value])
    assert (cell.data_type, float(cell.value), cell.number_format) == ("n", float(value), number_format)


@pytest.mark.parametrize("value", [1234567890123456, Decimal("0.1234567890123456"), -(10**15) - 1])
def test_a_number_that_excel_would_round_is_text(write_column: Any, value: Any) -> None:
    [cell] = write_column("ratio", [value])
    assert (cell.data_type, cell.value, cell.number_format) == ("s", str(value), "@")


@pytest.mark.parametrize("day", ["1900-03-01", "2000-01-01", "2025-07-07"])
def test_a_day_is_a_day(write_column: Any, day: str) -> None:
    [cell] = write_column("day", [day])
    assert (cell.value, cell.number_format) == (datetime.fromisoformat(day), "yyyy-mm-dd")


def test_a_day_that_excel_counts_otherwise_is_text(write_column: Any) -> None:
    [cell] = write_column("day", ["1900-02-28"])
    assert (cell.value, cell.number_format) == ("1900-02-28", "@")


@pytest.mark.parametrize(
    ("field_name", "value", "number_format"),
    [("words", "x", "@"), ("ratio", Decimal("4.0"), "General"), ("day", "2025-07-07", "yyyy-mm-dd")],
)
def test_absent_values_are_empty_cells_with_a_style(
    write_column: Any, field_name: str, value: Any, number_format: str
) -> None:
    cell = write_column(field_name, [value, None])[1]
    assert (cell.value, cell.number_format) == (None, number_format)
    assert cell.border.left.style == "thin"


def test_a_text_is_measured_as_excel_does(write_column: Any) -> None:
    # An emoji is two units of UTF-16; XlsxWriter would cut what is over the limit.
    [cell] = write_column("words", ["😀" * (MAX_CELL_LENGTH // 2)])
    assert len(cell.value) == MAX_CELL_LENGTH // 2
    with pytest.raises(ExportError, match="measure m-0: Words has 32768 characters, over the 32767"):
        write_column("words", ["😀" * (MAX_CELL_LENGTH // 2 + 1)])


def test_rows_after_the_first_block_are_as_tall_as_their_texts(write_column: Any) -> None:
    cells = write_column("words", ["one\ntwo" if row % 2 else "one" for row in range(1010)])
    heights = [cell.parent.row_dimensions[cell.row].height for cell in cells]
    assert heights == [30 if row % 2 else None for row in range(1010)]
