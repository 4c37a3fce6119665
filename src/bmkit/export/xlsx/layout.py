"""All of a sheet but its rows: header, widths, filter, rules for entries, protection, print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.xlsx import styles
from bmkit.export.xlsx.validation import limit
from bmkit.export.xlsx.widths import LINE, lines

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.sheet import Sheet
    from bmkit.export.xlsx.validation import Lists

_A3, _A4 = 8, 9
# Characters that can still be read side by side on a page of A3.
_PAGE = 280
# Without a password: it guards against slips, not against people.
_ALLOWED = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "sort": True,
    "autofilter": True,
}  # fmt: skip


def frame(book: Workbook, sheet: Sheet, formats: dict[str, Format], lists: Lists) -> None:
    """Add the sheet to `book`, with everything but the rows, which are put in when the book is closed."""
    page = book.add_worksheet(sheet.name)
    colour = styles.COLOURS.get(sheet.table.kind.group, styles.OTHER)
    heading = styles.heading(book, colour)
    count = len(sheet.table.records)
    page.set_tab_color(colour)
    page.freeze_panes(1, 1)
    wide = 0
    for place, (shown, width) in enumerate(zip(sheet.columns, sheet.widths, strict=True)):
        column = shown.column
        unused = column is not None and not column.required and not sheet.table.has_value_in(column)
        # The format of a whole column is what a new row below the last one is typed in.
        below = formats[
            "text"
            if shown.style in ("link", "locked")
            else "number.0"
            if shown.style == "number"
            else shown.style
        ]
        wide += 0 if unused else width
        page.set_column(
            place,
            place,
            width,
            below if shown.editable or place == 0 else formats[shown.style],
            {"hidden": unused},
        )
        page.write_string(0, place, shown.heading, heading)
        page.write_comment(
            0, place, shown.note, {"author": "bmkit", "width": 300, "height": _height(shown.note)}
        )
        if column is not None and shown.editable:
            limit(page, shown, place, count, lists)
    # Two characters less, for the arrow of the filter.
    tall = max(
        lines(shown.heading, width - 2) for shown, width in zip(sheet.columns, sheet.widths, strict=True)
    )
    page.set_row(0, (tall + 0.4) * LINE)
    page.autofilter(0, 0, count, len(sheet.columns) - 1)
    page.protect("", _ALLOWED)
    # Excel would mark every code of digits as a mistake.
    page.ignore_errors({"number_stored_as_text": f"A2:{sheet.last}"})
    pages = max(1, round(wide / _PAGE))
    set_print(page, f"{sheet.table.kind.title} ({sheet.name})", landscape=True, pages=pages)
    page.repeat_rows(0)
    page.repeat_columns(0)


def set_print(page: Worksheet, title: str, *, landscape: bool, pages: int = 1) -> None:
    """Paper, margins and foot of a printed sheet, whose columns are spread over the width of `pages`."""
    if landscape:
        page.set_landscape()
    page.set_paper(_A3 if landscape else _A4)
    page.fit_to_pages(pages, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer(f"&L{title.replace('&', '&&')}&RPage &P of &N")


def _height(note: str) -> int:
    """Enough for `note` in a box of 300 pixels, in pixels."""
    return 14 + 17 * sum(1 + len(line) // 44 for line in note.split("\n"))
