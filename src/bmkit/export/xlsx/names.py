"""The name of each kind's sheet: the name of the kind, as far as Excel allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.xlsx.validation import LISTS_SHEET

if TYPE_CHECKING:
    from bmkit.tables import Table

COVER_SHEET = "Cover"
MAP_SHEET = "bmkit map"
# Excel's own limit, and the one name that it keeps for itself.
_MAX_SHEET_NAME = 31
_RESERVED_NAMES = (COVER_SHEET, MAP_SHEET, LISTS_SHEET, "History")


def make_sheet_names(tables: tuple[Table, ...]) -> dict[str, str]:
    """Kind to name of its sheet; a name that is too long or taken is cut, and numbered."""
    taken_names = {sheet_name.casefold() for sheet_name in _RESERVED_NAMES}
    sheet_name_by_kind: dict[str, str] = {}
    for table in tables:
        sheet_name, number = table.name[:_MAX_SHEET_NAME], 1
        while sheet_name.casefold() in taken_names:
            number += 1
            sheet_name = f"{table.name[: _MAX_SHEET_NAME - len(f' {number}')]} {number}"
        taken_names.add(sheet_name.casefold())
        sheet_name_by_kind[table.name] = sheet_name
    return sheet_name_by_kind
