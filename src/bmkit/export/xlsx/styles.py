"""The styles of the workbook: sober colours, and one format for every sort of cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# The header and tab of a sheet show by their colour what it holds.
COLOUR_BY_GROUP = {"fact": "#1F4E79", "article": "#5B5B5B", "term": "#3E6B53"}
OTHER_COLOUR = "#5B5B5B"

_INK_COLOUR, _SOFT_COLOUR, _LINK_COLOUR, _SHADE_COLOUR, _BORDER_COLOUR = (
    "#1A1A1A",
    "#6B6B6B",
    "#1A4F8B",
    "#F3F4F6",
    "#DDE1E6",
)
# Decimal places that have a format of their own, so that 4.0 shows as 4.0; more are shown as Excel likes.
MAX_DECIMAL_PLACES = 10

_CELL_PROPERTIES: dict[str, Any] = {
    "font_color": _INK_COLOUR,
    "valign": "top",
    "text_wrap": True,
    "border": 1,
    "border_color": _BORDER_COLOUR,
    "locked": False,
}
_LOCKED_PROPERTIES = {**_CELL_PROPERTIES, "locked": True, "bg_color": _SHADE_COLOUR}

# Cells of the rows.  "text" and the numbers can be edited, the shaded ones cannot.
_PROPERTIES_BY_FORMAT: dict[str, dict[str, Any]] = {
    "text": {**_CELL_PROPERTIES, "num_format": "@"},
    "link": {**_CELL_PROPERTIES, "num_format": "@", "font_color": _LINK_COLOUR, "underline": 1},
    "date": {**_CELL_PROPERTIES, "num_format": "yyyy-mm-dd", "align": "left"},
    "number": _CELL_PROPERTIES,
    **{
        f"number.{places}": {**_CELL_PROPERTIES, "num_format": f"{0:.{places}f}"}
        for places in range(MAX_DECIMAL_PLACES + 1)
    },
    "locked": {**_LOCKED_PROPERTIES, "num_format": "@", "font_color": _SOFT_COLOUR},
    "sentence": {**_LOCKED_PROPERTIES, "num_format": "@"},
}


def add_row_formats(workbook: Workbook) -> dict[str, Format]:
    """Add the formats of the cells of records, and return them by name; their order never changes."""
    return {
        format_name: workbook.add_format(properties)
        for format_name, properties in _PROPERTIES_BY_FORMAT.items()
    }


def add_heading_format(workbook: Workbook, colour: str) -> Format:
    """Add and return the format of a column's heading."""
    return workbook.add_format({
        "bold": True, "font_color": "#FFFFFF", "bg_color": colour, "text_wrap": True, "valign": "vcenter",
        "border": 1, "border_color": "#FFFFFF",
    })  # fmt: skip


def add_cover_formats(workbook: Workbook) -> dict[str, Format]:
    """Add the formats of the cover sheet, and return them by name."""
    base_properties: dict[str, Any] = {"font_color": _INK_COLOUR, "valign": "top", "text_wrap": True}
    return {
        "title": workbook.add_format(
            {
                **base_properties,
                "bold": True,
                "font_size": 20,
                "text_wrap": False,
                "font_color": COLOUR_BY_GROUP["fact"],
            }
        ),
        "warning": workbook.add_format(
            {**base_properties, "bold": True, "bg_color": "#FFF4D6", "border": 1, "border_color": "#E3C46A"}
        ),
        "part": workbook.add_format(
            {
                **base_properties,
                "bold": True,
                "font_size": 13,
                "font_color": COLOUR_BY_GROUP["fact"],
                "text_wrap": False,
            }
        ),
        "name": workbook.add_format({**base_properties, "font_color": _SOFT_COLOUR}),
        "value": workbook.add_format({**base_properties, "align": "left"}),
        "link": workbook.add_format({**base_properties, "font_color": _LINK_COLOUR, "underline": 1}),
        "count": workbook.add_format({**base_properties, "num_format": "0", "align": "right"}),
    }
