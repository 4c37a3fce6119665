"""The looks of the workbook: sober colours, and one style for every sort of cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# The header and tab of a sheet say by their colour what it holds.
COLOURS = {"fact": "#1F4E79", "article": "#5B5B5B", "term": "#3E6B53"}
OTHER = "#5B5B5B"

_INK, _SOFT, _LINK, _SHADE, _RULE = "#1A1A1A", "#6B6B6B", "#1A4F8B", "#F3F4F6", "#DDE1E6"
# Decimal places that have a style of their own, so that 4.0 shows as 4.0; more are shown as Excel likes.
PLACES = 10

_BODY: dict[str, Any] = {
    "font_color": _INK,
    "valign": "top",
    "text_wrap": True,
    "border": 1,
    "border_color": _RULE,
    "locked": False,
}
_LOCKED = {**_BODY, "locked": True, "bg_color": _SHADE}

# Cells of the rows.  "text" and the numbers can be edited, the shaded ones cannot.
_ROWS: dict[str, dict[str, Any]] = {
    "text": {**_BODY, "num_format": "@"},
    "link": {**_BODY, "num_format": "@", "font_color": _LINK, "underline": 1},
    "date": {**_BODY, "num_format": "yyyy-mm-dd", "align": "left"},
    "number": _BODY,
    **{f"number.{places}": {**_BODY, "num_format": _shape} for places, _shape in enumerate(
        "0" + "." * (places > 0) + "0" * places for places in range(PLACES + 1)
    )},
    "locked": {**_LOCKED, "num_format": "@", "font_color": _SOFT},
    "sentence": {**_LOCKED, "num_format": "@"},
}  # fmt: skip


def row_styles(book: Workbook) -> dict[str, Format]:
    """The formats of the cells of records, by name, in an order that never changes."""
    return {name: book.add_format(properties) for name, properties in _ROWS.items()}


def heading(book: Workbook, colour: str) -> Format:
    """The format of a column's heading."""
    return book.add_format({
        "bold": True, "font_color": "#FFFFFF", "bg_color": colour, "text_wrap": True, "valign": "vcenter",
        "border": 1, "border_color": "#FFFFFF",
    })  # fmt: skip


def cover_styles(book: Workbook) -> dict[str, Format]:
    """The formats of the cover sheet, by name."""
    flat: dict[str, Any] = {"font_color": _INK, "valign": "top", "text_wrap": True}
    return {
        "title": book.add_format(
            {**flat, "bold": True, "font_size": 20, "text_wrap": False, "font_color": COLOURS["fact"]}
        ),
        "warning": book.add_format(
            {**flat, "bold": True, "bg_color": "#FFF4D6", "border": 1, "border_color": "#E3C46A"}
        ),
        "part": book.add_format(
            {**flat, "bold": True, "font_size": 13, "font_color": COLOURS["fact"], "text_wrap": False}
        ),
        "name": book.add_format({**flat, "font_color": _SOFT}),
        "value": book.add_format({**flat, "align": "left"}),
        "link": book.add_format({**flat, "font_color": _LINK, "underline": 1}),
        "count": book.add_format({**flat, "num_format": "0", "align": "right"}),
    }
