"""A sheet that nobody sees: which column is which field, and what content the workbook was made from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.sheet import Sheet
    from bmkit.tables import Table

# Raised when a workbook can no longer be read as an older one was.
WORKBOOK_FORMAT = 1
# The row, from 0, with the headings of the list of columns; the one above it is empty.
_HEADING_ROW = 3


def hash_tables(tables: Iterable[Table]) -> str:
    """Return the SHA-256, in hexadecimal, of all values in their order."""
    hasher = hashlib.sha256()
    for table in tables:
        hasher.update(ascii((table.name, [column.name for column in table.columns])).encode())
        for block in table.iter_blocks():
            # ascii and not str: what counts as printable differs from one Python to the next.
            hasher.update(ascii(block.column_values).encode())
    return hasher.hexdigest()


def fill_map_sheet(worksheet: Worksheet, sheets: Sequence[Sheet], content_digest: str) -> None:
    """Fill the sheet: format, content, then for each column its kind, sheet, letters and field."""
    worksheet.write_row(0, 0, ("bmkit workbook", str(WORKBOOK_FORMAT)))
    worksheet.write_row(1, 0, ("content", content_digest))
    worksheet.write_row(_HEADING_ROW, 0, ("kind", "sheet", "column", "field", "editable"))
    row = _HEADING_ROW
    for sheet in sheets:
        for column_index, sheet_column in enumerate(sheet.columns):
            row += 1
            field_name = sheet_column.column.name if sheet_column.column else ""
            editable_text = "yes" if sheet_column.is_editable else "no"
            worksheet.write_row(
                row,
                0,
                (sheet.table.name, sheet.name, xl_col_to_name(column_index), field_name, editable_text),
            )
    worksheet.very_hidden()
