"""The sheet of one kind: its name, its columns and how wide they are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.xlsx.columns import (
    REVIEW_COLUMNS,
    SENTENCE_COLUMN,
    SheetColumn,
    UniqueLabels,
    make_sheet_column,
)
from bmkit.export.xlsx.widths import measure_width
from bmkit.sentence import iter_slots
from bmkit.tables import ID_FIELD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.tables import Column, Table

COVER_SHEET = "Cover"
LISTS_SHEET, MAP_SHEET, RECORDS_SHEET = "bmkit lists", "bmkit map", "bmkit records"
# Excel's own limit, and the one name that it keeps for itself.
_MAX_SHEET_NAME = 31
_REVIEWED_GROUPS = ("fact", "term")
_RESERVED_NAMES = (COVER_SHEET, LISTS_SHEET, MAP_SHEET, RECORDS_SHEET, "History")


class Sheet(NamedTuple):
    """What one sheet shows: a table under the name of its tab; `widths` are in characters.

    The columns from `first_unused` on hold no value of any record, and are hidden.
    """

    name: str
    table: Table
    columns: tuple[SheetColumn, ...]
    widths: tuple[int, ...]
    first_unused: int


def make_sheets(tables: tuple[Table, ...], labels: UniqueLabels) -> list[Sheet]:
    """Return the sheets of these tables.

    Facts have their sentence right after their id, what reviewers say of it, and then the fields that it
    names, in its order; terms have reviews behind their fields.  Columns without any value come last.
    """
    sheets = []
    sheet_names = make_sheet_names([table.name for table in tables])
    for schema_table, sheet_name in zip(tables, sheet_names, strict=True):
        used_columns, unused_columns = _order_columns(schema_table)
        table = schema_table._replace(columns=(*used_columns, *unused_columns))
        sheet_columns = [make_sheet_column(column, labels, table.kind) for column in table.columns]
        if table.kind.group == "fact" and table.kind.sentence_template and table.records:
            sheet_columns[1:1] = [SENTENCE_COLUMN, *REVIEW_COLUMNS]
        elif table.kind.group in _REVIEWED_GROUPS:
            # Of what is not there yet nothing was said.
            review_columns = REVIEW_COLUMNS if table.records else REVIEW_COLUMNS[1:]
            sheet_columns[len(used_columns) : len(used_columns)] = review_columns
        sheet_columns = make_headings_unique(sheet_columns)
        widths = tuple(measure_width(sheet_column, table) for sheet_column in sheet_columns)
        first_unused = len(sheet_columns) - len(unused_columns)
        sheets.append(Sheet(sheet_name, table, tuple(sheet_columns), widths, first_unused))
    return sheets


def _order_columns(table: Table) -> tuple[list[Column], list[Column]]:
    """Return the columns with values (id, what the sentence names in its order, the rest), and the others.

    In an empty table any column may get some.
    """
    field_names = dict.fromkeys(slot.path[0] for slot, _ in iter_slots(table.kind.sentence_template))
    position_by_name = {name: position for position, name in enumerate([ID_FIELD, *field_names])}
    used_columns: list[Column] = []
    unused_columns: list[Column] = []
    for column in table.columns:
        is_used = column.required or not table.records or table.has_value_in(column)
        (used_columns if is_used else unused_columns).append(column)
    used_columns.sort(key=lambda column: position_by_name.get(column.path[0], len(position_by_name)))
    return used_columns, unused_columns


def make_headings_unique(sheet_columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """Return the columns, those of one heading with their names in it: a column is found by its heading."""
    counts = Counter(sheet_column.heading.casefold() for sheet_column in sheet_columns)
    return [
        sheet_column._replace(heading=f"{sheet_column.heading} ({sheet_column.column.name})")
        if sheet_column.column is not None and counts[sheet_column.heading.casefold()] > 1
        else sheet_column
        for sheet_column in sheet_columns
    ]


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
