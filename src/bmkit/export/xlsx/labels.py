"""What a reference shows in place of an id: the label of its record, made unique in its kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.tables import Table


class Labels:
    """The shown labels of all records: no two of a kind are alike, so each leads back to one id.

    Excel takes "Iron" and "iron" for one entry of a list, therefore they count as alike too.
    """

    def __init__(self, tables: tuple[Table, ...]) -> None:
        meant = {column.field.target_kind for table in tables for column in table.columns}
        self._shown: dict[str, dict[str, str]] = {}
        self._rows: dict[str, dict[str, int]] = {}
        for table in tables:
            if table.name not in meant:
                continue
            labels = {record.id: label(record) for record in table.records}
            times = Counter(shown.casefold() for shown in labels.values())
            self._shown[table.name] = {
                name: shown if times[shown.casefold()] == 1 else f"{shown} ({name})"
                for name, shown in labels.items()
            }
            self._rows[table.name] = {record.id: row for row, record in enumerate(table.records, 2)}

    def of(self, kind: str) -> dict[str, str]:
        """Id to shown label, of the records of `kind`, in their order."""
        return self._shown.get(kind, {})

    def rows(self, kind: str) -> dict[str, int]:
        """Id to the row, from 1, in which the record of `kind` stands on its sheet."""
        return self._rows.get(kind, {})


def label(record: Record) -> str:
    """How people call the record; its id if its kind has no label."""
    return str(record.value.get("label") or record.id)
