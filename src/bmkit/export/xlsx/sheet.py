"""The sheet of one kind: its name, its columns and how wide they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.xlsx.columns import SENTENCE_COLUMN, SheetColumn, UniqueLabels, make_sheet_column
from bmkit.export.xlsx.widths import measure_width

if TYPE_CHECKING:
    from bmkit.tables import Table

COVER_SHEET, LISTS_SHEET, MAP_SHEET = "Cover", "bmkit lists", "bmkit map"
# Excel's own limit, and the one name that it keeps for itself.
_MAX_SHEET_NAME = 31
_RESERVED_NAMES = (COVER_SHEET, LISTS_SHEET, MAP_SHEET, "History")


class Sheet(NamedTuple):
    """What one sheet shows: a table under the name of its tab; `widths` are in characters."""

    name: str
    table: Table
    columns: tuple[SheetColumn, ...]
    widths: tuple[int, ...]


def make_sheets(tables: tuple[Table, ...], labels: UniqueLabels) -> list[Sheet]:
    """Return the sheets of these tables; facts have their sentence right after their id."""
    sheets = []
    for table, sheet_name in zip(tables, make_sheet_names([table.name for table in tables]), strict=True):
        sheet_columns = [make_sheet_column(column, labels) for column in table.columns]
        if table.kind.group == "fact" and table.kind.sentence_template:
            sheet_columns.insert(1, SENTENCE_COLUMN)
        widths = tuple(measure_width(sheet_column, table) for sheet_column in sheet_columns)
        sheets.append(Sheet(sheet_name, table, tuple(sheet_columns), widths))
    return sheets


def make_sheet_names(kind_names: list[str]) -> list[str]:
    """Return the name of each kind's sheet: the kind's, cut and numbered where it is too long or taken."""
    taken_names = {sheet_name.casefold() for sheet_name in _RESERVED_NAMES}
    sheet_names = []
    for kind_name in kind_names:
        sheet_name, number = kind_name[:_MAX_SHEET_NAME], 1
        while sheet_name.casefold() in taken_names:
            number += 1
            sheet_name = f"{kind_name[: _MAX_SHEET_NAME - len(f' {number}')]} {number}"
        taken_names.add(sheet_name.casefold())
        sheet_names.append(sheet_name)
    return sheet_names
