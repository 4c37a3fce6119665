"""The CSV files of a folder, row by row, whatever program saved them: read like the sheets of a workbook."""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING

from bmkit.export.xlsx.digest import normalize_cell
from bmkit.jsontext import MAX_FILE_BYTES, JsonError, Lines, decode_for_display, decode_utf8, read_bytes
from bmkit.sheets.archive import WorkbookError
from bmkit.sheets.read import NO_MARKS, SheetCell, SheetRow
from bmkit.tables import ID_FIELD

if TYPE_CHECKING:
    from collections.abc import Iterator

CSV_SUFFIX = ".csv"
# What spreadsheets put between cells: the second where the comma is that of decimals.
_DELIMITERS = (",", ";", "\t")
# Excel's own line before the headings, which names the delimiter and is no row.
_DELIMITER_LINE = "sep="
# Characters of a cell: the longest list has fewer.
_MAX_CELL_LENGTH = 32 << 20
_SAVE_HINT = "save it as CSV UTF-8"


class CsvSheet:
    """A CSV file: its name, and its rows, which are counted in lines."""

    is_csv = True
    marks = NO_MARKS

    def __init__(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> None:
        """Read the file; WorkbookError if it is none, too large, or no text in UTF-8."""
        self.name = os.path.basename(path)
        self._path = path
        self._text = read_text(path, max_bytes).removeprefix("\ufeff")
        self._first_line = 0
        if self._text[: len(_DELIMITER_LINE)].casefold() == _DELIMITER_LINE:
            self._first_line = 1
            self._text = self._text.partition("\n")[2]
        self._delimiter = self._find_delimiter()
        self._headings = next(self._iter_cells(self._delimiter), (0, []))[1]

    def _find_delimiter(self) -> str:
        """Return what stands between the headings: with it one of them is that of the ids."""
        first_line = self._text.lstrip("\r\n").partition("\n")[0]
        for delimiter in _DELIMITERS:
            words = [word.strip(' "\r').casefold() for word in first_line.split(delimiter)]
            if ID_FIELD in words:
                return delimiter
        return _DELIMITERS[0]

    def iter_rows(self, first_row: int = 1, max_columns: int = 0) -> Iterator[SheetRow]:  # noqa: ARG002  as SheetReader has it
        """Yield the rows that hold anything; WorkbookError if they cannot be read.

        `first_row` is 1 for the headings, and 2 for what is below them.
        """
        for number, (line, cells) in enumerate(self._iter_cells(self._delimiter), 1):
            if number >= first_row and any(cells):
                yield SheetRow(line, [normalize_cell(cell) for cell in cells], cells, self)

    def _iter_cells(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Yield the line where each row starts, and its cells."""
        csv.field_size_limit(_MAX_CELL_LENGTH)
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=delimiter, strict=True)
        while True:
            line = self._first_line + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise WorkbookError(
                    f"{self._path}:{line}: is not CSV: {error}; write a quotation mark inside a cell twice"
                ) from None
            if cells:
                yield line, cells

    def name_column(self, index: int) -> str:
        """Return what a column is called in places, counted from 0: its heading."""
        return self._headings[index].strip() if index < len(self._headings) else ""

    def has_strikes(self, row: SheetRow) -> bool:  # noqa: ARG002  as SheetReader has it
        """Return False: a CSV file holds no formats."""
        return False

    def make_cell(self, cell: str) -> SheetCell:
        """Return a cell; in a file with semicolons its format says that commas may be those of decimals."""
        return SheetCell(cell, "s", self._delimiter)


class CsvFolder:
    """The CSV files of a folder, by name; none may have more than `max_bytes`."""

    def __init__(self, folder: str, max_bytes: int = MAX_FILE_BYTES) -> None:
        """Read the files; WorkbookError if one cannot be read."""
        self.max_bytes = max_bytes
        try:
            names = sorted(name for name in os.listdir(folder) if name.endswith(CSV_SUFFIX))
        except OSError as error:
            reason = error.strerror or str(error)
            raise WorkbookError(f"{folder}: cannot be read: {reason[:1].lower()}{reason[1:]}") from None
        self.sheets = {name: CsvSheet(os.path.join(folder, name), max_bytes) for name in names}


def read_text(path: str, max_bytes: int = MAX_FILE_BYTES) -> str:
    """Return the text of a file of a CSV export; WorkbookError if it is none, too large, or not in UTF-8."""
    try:
        data = read_bytes(path, max_bytes)
    except JsonError as error:
        raise WorkbookError(f"{path}: {error.message}") from None
    try:
        return decode_utf8(data)
    except JsonError as error:
        line, column = Lines(decode_for_display(data)).to_line_column(error.start)
        raise WorkbookError(f"{path}:{line}:{column}: {error.message}; {_SAVE_HINT}") from None
