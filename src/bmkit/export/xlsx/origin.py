"""A sheet that nobody sees: which column is which field, and what content the workbook was made from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bmkit.export.xlsx.validation import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.sheet import Sheet
    from bmkit.tables import Table

# Raised when a workbook can no longer be read as an older one was.
FORMAT = 1
# The row, from 1, in which every style of the rows has one empty cell.
PALETTE = 3


def digest(tables: Iterable[Table]) -> str:
    """What tells this content from any other: SHA-256, in hexadecimal, of all values in their order."""
    sum_ = hashlib.sha256()
    for table in tables:
        sum_.update(ascii((table.name, [column.name for column in table.columns])).encode())
        for block in table.iter_blocks():
            # ascii and not str: what counts as printable differs from one Python to the next.
            sum_.update(ascii(block.column_values).encode())
    return sum_.hexdigest()


def origin(page: Worksheet, sheets: Sequence[Sheet], version: str, formats: dict[str, Format]) -> None:
    """Fill the sheet: format, content, styles, then for each column its kind, sheet, letter and field."""
    page.write_row(0, 0, ("bmkit workbook", str(FORMAT)))
    page.write_row(1, 0, ("content", version))
    for place, form in enumerate(formats.values()):
        page.write_blank(PALETTE - 1, place, None, form)
    page.write_row(PALETTE, 0, ("kind", "sheet", "column", "field", "editable"))
    row = PALETTE
    for sheet in sheets:
        for place, shown in enumerate(sheet.columns):
            row += 1
            field = shown.column.name if shown.column else ""
            editable = "yes" if shown.editable else "no"
            page.write_row(row, 0, (sheet.table.name, sheet.name, letters(place), field, editable))
    page.very_hidden()
