"""Sheets that nobody sees: which column is which field, and each record as the workbook was made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from bmkit.export.xlsx.rows import write_text
from bmkit.write_json import format_exact_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.sheet import Sheet
    from bmkit.export.xlsx.validation import DropdownLists

# Raised when a workbook can no longer be read as an older one was.
WORKBOOK_FORMAT = 3
FORMAT_LABEL, ARTICLE_LABEL = "bmkit workbook", "article"
# The row, from 0, with the headings of the list of columns; the one above it is empty.
_HEADING_ROW = 3
# A cell holds a few more.
_MAX_TEXT_LENGTH = 32_000


def fill_map_sheet(
    worksheet: Worksheet,
    sheets: Sequence[Sheet],
    article_name: str,
    content_digest: str,
    dropdown_lists: DropdownLists,
) -> None:
    """Fill the sheet: format, content, article, then for each column its kind, sheet, field and the like."""
    worksheet.write_row(0, 0, (FORMAT_LABEL, str(WORKBOOK_FORMAT)))
    worksheet.write_row(1, 0, ("content", content_digest))
    worksheet.write_row(2, 0, (ARTICLE_LABEL, article_name))
    headings = ("kind", "sheet", "column", "field", "editable", "heading", "list")
    worksheet.write_row(_HEADING_ROW, 0, headings)
    row = _HEADING_ROW
    for sheet in sheets:
        for column_index, sheet_column in enumerate(sheet.columns):
            row += 1
            editable_text = "yes" if sheet_column.is_editable else "no"
            cells = (
                sheet.table.name,
                sheet.name,
                xl_col_to_name(column_index),
                sheet_column.name,
                editable_text,
                sheet_column.heading,
                dropdown_lists.assign_letters(sheet_column),
            )
            for cell_index, text in enumerate(cells):
                if text:
                    write_text(worksheet, row, cell_index, text)
    worksheet.very_hidden()


def fill_records_sheet(
    worksheet: Worksheet,
    sheets: Sequence[Sheet],
    digests_by_kind: Mapping[str, Sequence[tuple[str, str, str]]],
) -> None:
    """Fill the sheet: for each record kind, folder, id, the digests of its row, and the record as JSON."""
    worksheet.write_row(0, 0, ("kind", "folder", "id", "row", "sentence", "reviews", "record"))
    row = 0
    for sheet in sheets:
        records = sheet.table.records
        for record, digests in zip(records, digests_by_kind[sheet.table.name], strict=True):
            row += 1
            text = format_exact_json(record.value)
            if "_x" in text or "x005F_" in text:
                text = text.replace("_", "\\u005f")  # an escape of Excel would be read as what it stands for
            parts = [
                text[start : start + _MAX_TEXT_LENGTH] for start in range(0, len(text), _MAX_TEXT_LENGTH)
            ]
            for column_index, cell in enumerate(
                (record.kind.name, record.folder, record.id, *digests, *parts)
            ):
                worksheet.write_string(row, column_index, cell)
    worksheet.very_hidden()
