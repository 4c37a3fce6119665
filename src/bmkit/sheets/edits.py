"""What was changed in a workbook since its export, and what is wrong with its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.schema import Kind

RecordKey = tuple[str, str]
"""Kind and id of a record."""


class SheetFault(NamedTuple):
    """What is wrong with a cell, a row or a sheet; `place` is like "regimen!C5".

    What is no error is told and does not hinder.
    """

    place: str
    message: str
    hint: str = ""
    is_error: bool = True


class RowEdit(NamedTuple):
    """A record that was changed on a sheet: as it was exported, and as it is now; None where it is not there.

    `folder` and `record_id` are "" where a new row names none.  `columns` has the letters of each column by
    the name of its field, those that were changed first.
    """

    kind: Kind
    folder: str
    record_id: str
    base: dict[str, Any] | None
    value: dict[str, Any] | None
    sheet_name: str
    row: int
    columns: Mapping[str, str]

    def locate_field(self, field_name: str = "") -> str:
        """Return the place of a field of the record, or of its row."""
        for name, letters in self.columns.items():
            if field_name and (name == field_name or name.startswith(f"{field_name}.")):
                return f"{self.sheet_name}!{letters}{self.row}"
        return f"{self.sheet_name}!{self.row}"


class WorkbookEdits(NamedTuple):
    """All that was changed in a workbook; `rows` has the sheet and row of each record that has one."""

    edits: list[RowEdit]
    faults: list[SheetFault]
    rows: dict[RecordKey, tuple[str, int]]
    letters_by_kind: dict[str, dict[str, str]]

    def locate_value(self, key: RecordKey, field_path: tuple[str, ...]) -> str:
        """Return the place of a value of a record in the workbook, "" if it has none."""
        if key not in self.rows:
            return ""
        sheet_name, row = self.rows[key]
        letters = self.letters_by_kind[key[0]]
        path = field_path
        while path:
            name = ".".join(path)
            for column_name, column_letters in letters.items():
                if column_name == name or column_name.startswith(f"{name}."):
                    return f"{sheet_name}!{column_letters}{row}"
            path = path[:-1]
        return f"{sheet_name}!{row}"
