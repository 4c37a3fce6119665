"""A sheet without its records: header, widths, filter, rules for entries, protection, print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_range

from bmkit.export.xlsx import styles
from bmkit.export.xlsx.rows import write_text
from bmkit.export.xlsx.validation import set_data_validation
from bmkit.export.xlsx.widths import LINE_HEIGHT, count_lines

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.sheet import Sheet
    from bmkit.export.xlsx.validation import DropdownLists

_A3_PAPER, _A4_PAPER = 8, 9
# Characters that can still be read side by side on a page of A3.
_CHARACTERS_PER_PAGE = 280
# Without a password: it guards against slips, not against people.
_PROTECTION_OPTIONS = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "sort": True,
    "autofilter": True,
}  # fmt: skip


def add_sheet(
    workbook: Workbook, sheet: Sheet, cell_formats: dict[str, Format], dropdown_lists: DropdownLists
) -> Worksheet:
    """Add the sheet with all but its records, and return it."""
    worksheet = workbook.add_worksheet(sheet.name)
    colour = styles.COLOUR_BY_GROUP.get(sheet.table.kind.group, styles.OTHER_COLOUR)
    heading_format = styles.add_heading_format(workbook, colour)
    record_count = len(sheet.table.records)
    worksheet.set_tab_color(colour)
    worksheet.freeze_panes(1, 1)
    total_width = 0
    for column_index, (sheet_column, width) in enumerate(zip(sheet.columns, sheet.widths, strict=True)):
        is_unused = column_index >= sheet.first_unused
        # The format of a whole column is what a new row below the last one is typed in: a new fact needs its
        # places in the text, too.
        new_row_format = cell_formats[
            "text" if sheet_column.cell_format in ("link", "locked") else sheet_column.cell_format
        ]
        total_width += 0 if is_unused else width
        worksheet.set_column(
            column_index,
            column_index,
            width,
            new_row_format,
            {"hidden": is_unused},
        )
        write_text(worksheet, 0, column_index, sheet_column.heading, heading_format)
        worksheet.write_comment(
            0,
            column_index,
            sheet_column.note,
            {"author": "bmkit", "width": 300, "height": _compute_comment_height(sheet_column.note)},
        )
        if sheet_column.is_editable:
            set_data_validation(worksheet, sheet_column, column_index, record_count, dropdown_lists)
    # Two characters less, for the arrow of the filter.
    heading_lines = max(
        count_lines(sheet_column.heading, width - 2)
        for sheet_column, width in zip(sheet.columns, sheet.widths, strict=True)
    )
    worksheet.set_row(0, (heading_lines + 0.4) * LINE_HEIGHT)
    worksheet.autofilter(0, 0, record_count, len(sheet.columns) - 1)
    worksheet.protect("", _PROTECTION_OPTIONS)
    # Excel would mark every code of digits as a mistake.
    record_range = xl_range(1, 0, max(record_count, 1), len(sheet.columns) - 1)
    worksheet.ignore_errors({"number_stored_as_text": record_range})
    page_count = max(1, round(total_width / _CHARACTERS_PER_PAGE))
    set_print_layout(
        worksheet, f"{sheet.table.kind.title} ({sheet.name})", landscape=True, page_count=page_count
    )
    worksheet.repeat_rows(0)
    worksheet.repeat_columns(0)
    return worksheet


def set_print_layout(worksheet: Worksheet, title: str, *, landscape: bool, page_count: int = 1) -> None:
    """Set paper, margins and footer; the columns are spread over the width of so many pages."""
    if landscape:
        worksheet.set_landscape()
    worksheet.set_paper(_A3_PAPER if landscape else _A4_PAPER)
    worksheet.fit_to_pages(page_count, 0)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.set_footer(f"&L{title.replace('&', '&&')}&RPage &P of &N")


def _compute_comment_height(note: str) -> int:
    """Return the height of a box 300 pixels wide that holds `note`, in pixels."""
    return 14 + 17 * sum(1 + len(line) // 44 for line in note.split("\n"))
