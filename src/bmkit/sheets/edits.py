"""What was changed on sheets since their export, and what is wrong with their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bmkit.schema import Kind

RecordKey = tuple[str, str]
"""Kind and id of a record."""


class SheetFault(NamedTuple):
    """What is wrong with a cell, a row or a sheet; `place` is as `SheetPlaces.format_place` has it.

    What is no error is told and does not hinder.
    """

    place: str
    message: str
    hint: str = ""
    is_error: bool = True


class SheetPlaces(NamedTuple):
    """How people find what stands on a sheet: `columns` has what each column is called, by its field.

    That is letters in a workbook, and the heading in a CSV file, whose rows are counted in lines.
    """

    name: str
    is_csv: bool
    columns: Mapping[str, str]

    def format_place(self, row: int, column: str = "") -> str:
        """Return the place of a cell or row: "regimen!C5" or "regimen.csv:5:dose.value"; row 0 is none."""
        if not row:
            return self.name
        if self.is_csv:
            return f"{self.name}:{row}:{column}" if column else f"{self.name}:{row}"
        return f"{self.name}!{column}{row}"


class RowPlace(NamedTuple):
    """A row of a sheet, with the names of the fields that were changed in it."""

    sheet: SheetPlaces
    row: int
    changed_names: Sequence[str] = ()

    def locate(self, path: Sequence[str] = ()) -> str:
        """Return the place of a value of the record, of what it is in, or of the row."""
        columns = self.sheet.columns
        for length in range(len(path), 0, -1):
            field_name = ".".join(path[:length])
            for name in (*self.changed_names, *columns):
                if (name == field_name or name.startswith(f"{field_name}.")) and name in columns:
                    return self.sheet.format_place(self.row, columns[name])
        return self.sheet.format_place(self.row)


class RowStatement(NamedTuple):
    """What a reviewer says of a row; reviewer and reason are "" for none.

    `said_before` has what had been said of it when it was exported, one a line.
    """

    status: str
    reviewer: str
    reason: str
    said_before: str


class RowEdit(NamedTuple):
    """A record that was changed on a sheet: as it was exported, and as it is now; None where it is not there.

    `folder` and `record_id` are "" where a new row names none.  Of a row that is only signed both values are
    the same.
    """

    kind: Kind
    folder: str
    record_id: str
    base: dict[str, Any] | None
    value: dict[str, Any] | None
    place: RowPlace
    statement: RowStatement | None = None


class SheetEdits(NamedTuple):
    """All that was changed on sheets; `places` has the row of each record that has one."""

    edits: list[RowEdit]
    faults: list[SheetFault]
    places: dict[RecordKey, RowPlace]
