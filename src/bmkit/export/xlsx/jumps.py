"""The links of a sheet: from each reference to the row of the record it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.xlsx.splice import MAX_LINKS, build_link_tail

if TYPE_CHECKING:
    from bmkit.export.xlsx.labels import UniqueLabels


class Hyperlinks:
    """The links of one sheet, collected while its rows are written; `names` has the sheet of each kind.

    `links` holds them as XML, as many in one text as a block of rows has in one column.
    """

    def __init__(self, labels: UniqueLabels, sheet_name_by_kind: dict[str, str]) -> None:
        self.link_xml: list[str] = []
        self._remaining_links = MAX_LINKS
        self._labels = labels
        self._sheet_name_by_kind = sheet_name_by_kind
        self._link_tails: dict[tuple[str, int], dict[str, str]] = {}

    def add_links(
        self, kind_name: str, column_letters: str, first_row: int, values: list[Any], line_length: int
    ) -> list[bool]:
        """Note the links of these cells to records of `kind`, and tell which cells have one.

        A cell has one link at most, and LibreOffice cuts off what is longer than a line in a cell with a
        link.  So there is none for several references in one cell, nor for a label of more than `room`
        characters.
        """
        link_tails = self._collect_link_tails(kind_name, line_length)
        link_flags = [
            (value if type(value) is str else value[0] if value and len(value) == 1 else None) in link_tails
            for value in values
        ]
        if sum(link_flags) > self._remaining_links:
            return [False] * len(values)
        self._remaining_links -= sum(link_flags)
        self.link_xml.append(
            "".join(
                f'<hyperlink ref="{column_letters}{row}"{link_tails[value if type(value) is str else value[0]]}'
                for row, (has_link, value) in enumerate(zip(link_flags, values, strict=True), first_row)
                if has_link
            )
        )
        return link_flags

    def _collect_link_tails(self, kind_name: str, line_length: int) -> dict[str, str]:
        """Id to the rest of the XML of a link, for the records of `kind` that are linked to."""
        if (kind_name, line_length) not in self._link_tails:
            row_by_id = self._labels.get_rows(kind_name)
            sheet_name = self._sheet_name_by_kind.get(kind_name)
            self._link_tails[kind_name, line_length] = {
                record_id: build_link_tail(f"'{sheet_name}'!A{row_by_id[record_id]}", f"go to {label}")
                for record_id, label in self._labels.get_labels(kind_name).items()
                if sheet_name and len(label) <= line_length
            }
        return self._link_tails[kind_name, line_length]
