"""A sheet that nobody sees: which column is which field, and what content the workbook was made from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bmkit.export.xlsx.validation import format_column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.sheet import Sheet
    from bmkit.tables import Table

# Raised when a workbook can no longer be read as an older one was.
WORKBOOK_FORMAT = 1
# The row, from 1, in which every style of the rows has one empty cell.
PALETTE_ROW = 3


def hash_tables(tables: Iterable[Table]) -> str:
    """What tells this content from any other: SHA-256, in hexadecimal, of all values in their order."""
    hasher = hashlib.sha256()
    for table in tables:
        hasher.update(ascii((table.name, [column.name for column in table.columns])).encode())
        for block in table.iter_blocks():
            # ascii and not str: what counts as printable differs from one Python to the next.
            hasher.update(ascii(block.column_values).encode())
    return hasher.hexdigest()


def fill_map_sheet(
    worksheet: Worksheet, sheets: Sequence[Sheet], content_digest: str, cell_formats: dict[str, Format]
) -> None:
    """Fill the sheet: format, content, styles, then for each column its kind, sheet, letter and field."""
    worksheet.write_row(0, 0, ("bmkit workbook", str(WORKBOOK_FORMAT)))
    worksheet.write_row(1, 0, ("content", content_digest))
    for column_index, cell_format in enumerate(cell_formats.values()):
        worksheet.write_blank(PALETTE_ROW - 1, column_index, None, cell_format)
    worksheet.write_row(PALETTE_ROW, 0, ("kind", "sheet", "column", "field", "editable"))
    row = PALETTE_ROW
    for sheet in sheets:
        for column_index, sheet_column in enumerate(sheet.columns):
            row += 1
            field_name = sheet_column.column.name if sheet_column.column else ""
            editable_text = "yes" if sheet_column.is_editable else "no"
            worksheet.write_row(
                row,
                0,
                (
                    sheet.table.name,
                    sheet.name,
                    format_column_letters(column_index),
                    field_name,
                    editable_text,
                ),
            )
    worksheet.very_hidden()
