"""The sheets of a workbook, row by row: what each cell holds, what type that has, and how it is shown."""

from __future__ import annotations

import warnings
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter

from bmkit.export.xlsx.digest import normalize_cell, restore_text
from bmkit.sheets.archive import WorkbookError
from bmkit.sheets.marks import SheetMarks, read_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_COLUMNS = 1_000
MAX_CELLS = 50_000_000
"""Columns of a sheet that are looked at, and cells of a workbook."""

NO_MARKS = SheetMarks((), frozenset(), {})


class SheetCell(NamedTuple):
    """What a cell holds: `value` is None, bool, int, float, str, or a date, a time and the like.

    `data_type` is as openpyxl has it: "f" for a formula, "e" for an error, "d" for a date.
    """

    value: Any = None
    data_type: str = "n"
    number_format: str = "General"
    is_rich: bool = False
    is_struck: bool = False

    @property
    def content(self) -> str:
        """What it holds, as `normalize_cell` has it; formulas and errors are never like a text."""
        if self.data_type in {"f", "e"}:
            return f"{self.data_type}{self.value}"
        return normalize_cell(self.value)


EMPTY_CELL = SheetCell()


class CellMaker(Protocol):
    """A sheet of any form: what import asks of its cells."""

    def make_cell(self, cell: Any) -> SheetCell:
        """Return a cell of a row with all that import asks of it."""


class SheetRow(NamedTuple):
    """A row, counted from 1, and what its cells hold from the left, as SheetCell.content has it."""

    number: int
    contents: list[str]
    cells: Sequence[Any]
    reader: CellMaker

    def get_content(self, index: int) -> str:
        """Return what a column holds, counted from 0; "" beyond the last cell."""
        return self.contents[index] if index < len(self.contents) else ""

    def get_cell(self, index: int) -> SheetCell:
        """Return the cell in a column, counted from 0."""
        return self.reader.make_cell(self.cells[index]) if index < len(self.cells) else EMPTY_CELL


class SheetReader:
    """A sheet: its name, its marks, and its rows."""

    is_csv = False

    def __init__(self, worksheet: Any, marks: SheetMarks, *, has_struck_styles: bool) -> None:
        self.name: str = worksheet.title
        self.marks = marks
        self._worksheet = worksheet
        self._has_struck_styles = has_struck_styles
        self._has_strikes = has_struck_styles or bool(marks.struck_cells)

    def iter_rows(self, first_row: int = 1, max_columns: int = MAX_COLUMNS) -> Iterator[SheetRow]:
        """Yield the rows that hold anything; WorkbookError if they cannot be read."""
        cell_count = 0
        number = first_row - 1
        empty_cells = None
        self._worksheet.reset_dimensions()
        for cells in _guard(self._worksheet.iter_rows(min_row=first_row, max_col=max_columns)):
            number += 1
            if cells is empty_cells:  # openpyxl fills a gap with the same row again and again
                continue
            contents = [_read_content(cell) for cell in cells]
            if not any(contents):
                empty_cells = cells
            else:
                yield SheetRow(number, contents, cells, self)
                cell_count += len(contents)
                if cell_count > MAX_CELLS:
                    raise WorkbookError(f"{self.name} has more than {MAX_CELLS:,} cells")

    def name_column(self, index: int) -> str:
        """Return what a column is called in places, counted from 0: its letters."""
        return get_column_letter(index + 1)

    def has_strikes(self, row: SheetRow) -> bool:
        """Return whether a text of a row may be struck through; nearly always no, and then quick."""
        return self._has_strikes or any(isinstance(cell.value, CellRichText) for cell in row.cells)

    def make_cell(self, cell: Any) -> SheetCell:
        """Return a cell of openpyxl's with all that import asks of it."""
        value = cell.value
        if value is None:
            return EMPTY_CELL
        is_rich = isinstance(value, CellRichText)
        is_struck = is_rich and any(isinstance(run, TextBlock) and run.font.strike for run in value)
        if self._has_strikes and not is_struck:
            place = f"{get_column_letter(cell.column)}{cell.row}"
            is_struck = place in self.marks.struck_cells or bool(
                self._has_struck_styles and cell.font and cell.font.strike
            )
        if is_rich or isinstance(value, str):
            value = restore_text(str(value))
        return SheetCell(value, cell.data_type, cell.number_format or "General", is_rich, is_struck)


def _read_content(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    data_type = cell.data_type
    if data_type in {"f", "e"}:
        return f"{data_type}{value}"
    if isinstance(value, str):
        return normalize_cell(restore_text(value))
    return normalize_cell(restore_text(str(value)) if isinstance(value, CellRichText) else value)


class WorkbookReader:
    """The sheets of a workbook by name."""

    def __init__(self, file: IO[bytes]) -> None:
        """Open the file of a workbook that was checked; WorkbookError if openpyxl cannot read it."""
        if not openpyxl.DEFUSEDXML:
            raise WorkbookError("defusedxml is not installed, without which no workbook is read")
        self.sheets: dict[str, SheetReader] = {}
        for worksheets, marks in _guard(_open_workbook(file)):
            for worksheet in worksheets:
                self.sheets[worksheet.title] = SheetReader(
                    worksheet,
                    marks.sheets.get(worksheet.title, NO_MARKS),
                    has_struck_styles=marks.has_struck_styles,
                )


def _open_workbook(file: IO[bytes]) -> Iterator[tuple[Any, Any]]:
    marks = read_marks(file)
    file.seek(0)
    load_workbook: Any = openpyxl.load_workbook  # its stubs know no rich text
    book = load_workbook(file, read_only=True, rich_text=True, keep_links=False)
    yield book.worksheets, marks


def _guard(items: Iterator[Any]) -> Iterator[Any]:
    """Yield what comes; whatever openpyxl raises for a file that is no workbook is a WorkbookError."""
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                item = next(items, None)
        except WorkbookError:
            raise
        except Exception as error:  # noqa: BLE001  of a damaged part it raises KeyError, ValueError, TypeError, …
            reason = " ".join(f"{type(error).__name__} {error}".split())
            raise WorkbookError(f"cannot be read as a workbook: {reason}") from None
        if item is None:
            return
        yield item
