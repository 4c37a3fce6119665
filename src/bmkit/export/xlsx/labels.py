"""What a reference shows in place of an id: the label of its record, made unique in its kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.tables import Table


class UniqueLabels:
    """The shown labels of all records: no two of a kind are alike, so each leads back to one id.

    Excel takes "Iron" and "iron" for one entry of a list, therefore they count as alike too.
    """

    def __init__(self, tables: tuple[Table, ...]) -> None:
        target_kinds = {column.field.target_kind for table in tables for column in table.columns}
        self._labels_by_kind: dict[str, dict[str, str]] = {}
        self._rows_by_kind: dict[str, dict[str, int]] = {}
        for table in tables:
            if table.name not in target_kinds:
                continue
            label_by_id = {record.id: format_record_label(record) for record in table.records}
            label_counts = Counter(label_text.casefold() for label_text in label_by_id.values())
            self._labels_by_kind[table.name] = {
                record_id: label_text
                if label_counts[label_text.casefold()] == 1
                else f"{label_text} ({record_id})"
                for record_id, label_text in label_by_id.items()
            }
            self._rows_by_kind[table.name] = {record.id: row for row, record in enumerate(table.records, 2)}

    def get_labels(self, kind_name: str) -> dict[str, str]:
        """Id to shown label, of the records of `kind`, in their order."""
        return self._labels_by_kind.get(kind_name, {})

    def get_rows(self, kind_name: str) -> dict[str, int]:
        """Id to the row, from 1, in which the record of `kind` stands on its sheet."""
        return self._rows_by_kind.get(kind_name, {})


def format_record_label(record: Record) -> str:
    """How people call the record; its id if its kind has no label."""
    return str(record.value.get("label") or record.id)
