"""The first sheet: what the workbook holds, where, and how to read and edit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.xlsx.labels import label
from bmkit.export.xlsx.layout import set_print
from bmkit.export.xlsx.names import COVER
from bmkit.export.xlsx.styles import OTHER, cover_styles
from bmkit.export.xlsx.widths import LINE, fitting, lines
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
_WIDE = 86
_GUIDE = "How to read and change it"
_GROUPS = {"fact": "Facts", "article": "About the article", "term": "Reference lists"}
_READING = {
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


def cover(book: Workbook, sheets: Sequence[Sheet], version: str) -> str:
    """Add the cover to `book` and return its title; `version` is the digest of the content."""
    page = book.add_worksheet(COVER)
    styles = cover_styles(book)
    articles = [sheet for sheet in sheets if sheet.table.name == "article"]
    title = "; ".join(label(record) for sheet in articles for record in sheet.table.records) or "Content"
    page.hide_gridlines(2)
    page.set_column(0, 0, 30)
    page.set_column(1, 1, _WIDE)
    page.set_column(2, 2, 11)
    page.set_row(0, 30)
    page.write_string(0, 0, title, styles["title"])
    page.set_row(1, 34)
    page.merge_range(1, 0, 1, 2, _WARNING, styles["warning"])
    row = _article(page, 3, articles, styles, version)
    page.write_string(row, 0, _GUIDE, styles["name"])
    pointer = row
    row = _contents(page, row + 2, sheets, styles)
    # Before the sheets it would push them off the screen.
    page.write_url(pointer, 1, f"internal:'{COVER}'!A{row + 2}", styles["link"], "below the list of sheets")
    page.write_string(row + 1, 0, _GUIDE, styles["part"])
    row += 2
    for name, text in _READING.items():
        row = _line(page, row, name, text, styles)
    page.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
    set_print(page, title, landscape=False)
    page.set_tab_color(OTHER)
    page.activate()
    return title


def _article(
    page: Worksheet, row: int, articles: Sequence[Sheet], styles: dict[str, Format], version: str
) -> int:
    for sheet in articles:
        for record in sheet.table.records:
            for shown in sheet.columns:
                value = (
                    record.value.get(shown.column.name)
                    if shown.column and shown.column.name != ID_FIELD
                    else None
                )
                if value is not None:
                    row = _line(page, row, shown.heading, shown.say(value), styles)
            row += 1
    return _line(page, row, "Version of the content", version[:16], styles)


def _contents(page: Worksheet, row: int, sheets: Sequence[Sheet], styles: dict[str, Format]) -> int:
    groups = list(dict.fromkeys(sheet.table.kind.group for sheet in sheets))
    for group in groups:
        chosen = [sheet for sheet in sheets if sheet.table.kind.group == group]
        total = sum(len(sheet.table.records) for sheet in chosen)
        page.write_string(row, 0, _GROUPS.get(group, "Other records"), styles["part"])
        page.write_string(row, 1, f"{total} records on {len(chosen)} sheets", styles["name"])
        for sheet in chosen:
            row += 1
            page.write_url(
                row,
                0,
                f"internal:'{sheet.name}'!A1",
                styles["link"],
                sheet.table.kind.title,
                f"go to {sheet.name}",
            )
            _text(page, row, sheet.table.kind.description, styles)
            page.write_number(row, 2, len(sheet.table.records), styles["count"])
        row += 2
    return row - 1


def _line(page: Worksheet, row: int, name: str, text: str, styles: dict[str, Format]) -> int:
    page.write_string(row, 0, name, styles["name"])
    _text(page, row, text, styles)
    return row + 1


def _text(page: Worksheet, row: int, text: str, styles: dict[str, Format]) -> None:
    page.set_row(row, lines(text, fitting(_WIDE)) * LINE)
    page.write_string(row, 1, text, styles["value"])
