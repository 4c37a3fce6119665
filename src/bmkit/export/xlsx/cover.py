"""The first sheet: what the workbook holds, where, and how to read and edit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.xlsx.columns import format_record_label
from bmkit.export.xlsx.layout import set_print_layout
from bmkit.export.xlsx.rows import write_text
from bmkit.export.xlsx.sheet import COVER_SHEET
from bmkit.export.xlsx.styles import OTHER_COLOUR, add_cover_formats
from bmkit.export.xlsx.widths import LINE_HEIGHT, compute_line_length, count_lines
from bmkit.tables import ID_FIELD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.sheet import Sheet

_WARNING = (
    "For editorial review. This workbook states what the article says; it is not a medical device and "
    "no basis for treating a patient. Check every dose against the current product information."
)
_TEXT_WIDTH = 86
_GUIDE_TITLE = "How to read and change it"
_GROUP_TITLES = {"fact": "Facts", "article": "About the article", "term": "Reference lists"}
_GUIDE_TEXTS = {
    "Rows": (
        "One record a row. On the sheets of facts, the second column says the record in words; it is "
        "made from the other columns and cannot disagree with them."
    ),
    "Headings": "Point at a heading to see what the column means, and its name in the content.",
    "Numbers": (
        "Numbers are numbers, with as many decimal places as they were written with; the unit has a "
        "column of its own. A range has a lower end (from) and an upper end (to); a comparator such as"
        " at most or about qualifies the number."
    ),
    "Blue cells": "A click goes to the row that is meant. A cell that names several rows has no link.",
    "Changing a cell": (
        "White cells can be changed. Many offer a list: its arrow is at the right of the cell, and Alt"
        " and the down key open it. Move to a blue cell with the arrow keys. Cells that hold several "
        "entries have one a line (Alt and Enter begin a new line)."
    ),
    "Shaded cells": "Ids, sentences, codes and places in the text are locked: the editors keep them.",
    "Reviewing": (
        "Choose under Your review what you say of a row as it stands, also after you have changed it, and "
        "write your name under Reviewer. Bringing the workbook back signs it with today's date. What was "
        "said before, and whether the row was changed since, stands under Reviews."
    ),
    "Adding a record": "Type it below the last row; the id is small letters, digits and hyphens.",
    "Hidden columns": (
        "A column that no record uses is hidden. To fill it in, select the columns at its sides and "
        "choose Unhide."
    ),
    "Filter and sort": (
        "The arrows in the header filter the rows. Excel sorts only where no cell is locked: choose "
        "Review, Unprotect Sheet first (there is no password)."
    ),
}


def add_cover_sheet(workbook: Workbook, sheets: Sequence[Sheet], content_digest: str) -> str:
    """Add the cover and return its title; the version that it shows is the digest of the content."""
    worksheet = workbook.add_worksheet(COVER_SHEET)
    cell_formats = add_cover_formats(workbook)
    article_sheets = [sheet for sheet in sheets if sheet.table.name == "article"]
    title = (
        "; ".join(format_record_label(record) for sheet in article_sheets for record in sheet.table.records)
        or "Content"
    )
    worksheet.hide_gridlines(2)
    worksheet.set_column(0, 0, 30)
    worksheet.set_column(1, 1, _TEXT_WIDTH)
    worksheet.set_column(2, 2, 11)
    worksheet.set_row(0, 30)
    write_text(worksheet, 0, 0, title, cell_formats["title"])
    worksheet.set_row(1, 34)
    worksheet.merge_range(1, 0, 1, 2, _WARNING, cell_formats["warning"])
    row = _add_article_fields(worksheet, 3, article_sheets, cell_formats, content_digest)
    # The guide itself would push the list of sheets off the screen.
    guide_row = row + 2 + _count_sheet_list_rows(sheets)
    worksheet.write_string(row, 0, _GUIDE_TITLE, cell_formats["name"])
    worksheet.write_url(
        row, 1, f"internal:'{COVER_SHEET}'!A{guide_row + 1}", cell_formats["link"], "below the list of sheets"
    )
    _add_sheet_list(worksheet, row + 2, sheets, cell_formats)
    worksheet.write_string(guide_row, 0, _GUIDE_TITLE, cell_formats["part"])
    row = guide_row + 1
    for topic, text in _GUIDE_TEXTS.items():
        row = _add_labelled_text(worksheet, row, topic, text, cell_formats)
    worksheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
    set_print_layout(worksheet, title, landscape=False)
    worksheet.set_tab_color(OTHER_COLOUR)
    worksheet.activate()
    return title


def _add_article_fields(
    worksheet: Worksheet,
    row: int,
    article_sheets: Sequence[Sheet],
    cell_formats: dict[str, Format],
    content_digest: str,
) -> int:
    for sheet in article_sheets:
        for record in sheet.table.records:
            for sheet_column in sheet.columns:
                value = (
                    record.value.get(sheet_column.column.name)
                    if sheet_column.column and sheet_column.column.name != ID_FIELD
                    else None
                )
                if value is not None:
                    row = _add_labelled_text(
                        worksheet, row, sheet_column.heading, sheet_column.format_cell(value), cell_formats
                    )
            row += 1
    return _add_labelled_text(worksheet, row, "Version of the content", content_digest[:16], cell_formats)


def _group_sheets(sheets: Sequence[Sheet]) -> dict[str, list[Sheet]]:
    sheets_by_group: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        sheets_by_group.setdefault(sheet.table.kind.group, []).append(sheet)
    return sheets_by_group


def _count_sheet_list_rows(sheets: Sequence[Sheet]) -> int:
    """Return the height of the list of sheets: a group has a heading, its sheets, and an empty row."""
    return sum(len(group_sheets) + 2 for group_sheets in _group_sheets(sheets).values())


def _add_sheet_list(
    worksheet: Worksheet, row: int, sheets: Sequence[Sheet], cell_formats: dict[str, Format]
) -> None:
    for group, group_sheets in _group_sheets(sheets).items():
        record_count = sum(len(sheet.table.records) for sheet in group_sheets)
        worksheet.write_string(row, 0, _GROUP_TITLES.get(group, "Other records"), cell_formats["part"])
        worksheet.write_string(
            row, 1, f"{record_count} records on {len(group_sheets)} sheets", cell_formats["name"]
        )
        for sheet in group_sheets:
            row += 1
            worksheet.write_url(
                row,
                0,
                f"internal:'{sheet.name}'!A1",
                cell_formats["link"],
                sheet.table.kind.title,
                f"go to {sheet.name}",
            )
            _add_wrapped_text(worksheet, row, sheet.table.kind.description, cell_formats)
            worksheet.write_number(row, 2, len(sheet.table.records), cell_formats["count"])
        row += 2


def _add_labelled_text(
    worksheet: Worksheet, row: int, heading: str, text: str, cell_formats: dict[str, Format]
) -> int:
    worksheet.write_string(row, 0, heading, cell_formats["name"])
    _add_wrapped_text(worksheet, row, text, cell_formats)
    return row + 1


def _add_wrapped_text(worksheet: Worksheet, row: int, text: str, cell_formats: dict[str, Format]) -> None:
    worksheet.set_row(row, count_lines(text, compute_line_length(_TEXT_WIDTH)) * LINE_HEIGHT)
    write_text(worksheet, row, 1, text, cell_formats["value"])
