"""What may be typed into a cell: drop-downs for closed lists and references, limits for numbers and days."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name

from bmkit.export.xlsx.columns import NO, YES, format_single_value
from bmkit.export.xlsx.rows import write_text
from bmkit.export.xlsx.sheet import LISTS_SHEET

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.columns import SheetColumn, UniqueLabels
    from bmkit.schema import Field

# Rows below the last record that take the same entries, for records that a reviewer adds.
SPARE_ROWS = 200
# Rows of a sheet of Excel, less the header.
MAX_RECORD_ROWS = 1_048_575
_NUMBER_PHRASES = {"integer": "whole number", "number": "number"}
_LARGEST_NUMBER = "9E+307"
ID_HEADING, CODE_HEADING = "id", "code"


class DropdownLists:
    """The entries of all drop-downs, each list one column of a hidden sheet, with the ids or codes beside it.

    In the rule itself a list may hold no more than 255 characters, and no comma.
    """

    def __init__(self, labels: UniqueLabels) -> None:
        self._labels = labels
        self._columns: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[int, str]] = {}

    def assign_letters(self, sheet_column: SheetColumn) -> str:
        """Return the letters of the column that has the entries for a column, "" if any value is allowed."""
        heading, codes_by_entry = self._collect_entries(sheet_column)
        has_ids = sheet_column.column is not None and bool(sheet_column.column.field.target_kind)
        return self._add_list(heading, codes_by_entry, has_ids=has_ids)

    def add_labels(self) -> None:
        """Add the labels of all records that may be referred to, those that are not in a cell alone too."""
        for kind_name in self._labels.list_kinds():
            self._add_list(kind_name, self._collect_labels(kind_name), has_ids=True)

    def collect_lists(self) -> dict[str, tuple[str, dict[str, str], bool]]:
        """Return for the letters of each list its heading, the id or code of each entry, and whether ids."""
        return {
            xl_col_to_name(index): (heading, dict(entries), bool(kind_name))
            for (kind_name, entries), (index, heading) in self._columns.items()
        }

    def _add_list(self, heading: str, codes_by_entry: dict[str, str], *, has_ids: bool) -> str:
        if not codes_by_entry:
            return ""
        # Closed lists may share a column, and those of references only with others of their kind.
        key = (heading if has_ids else "", tuple(codes_by_entry.items()))
        letters: str = xl_col_to_name(self._columns.setdefault(key, (2 * len(self._columns), heading))[0])
        return letters

    def _collect_labels(self, kind_name: str) -> dict[str, str]:
        """Return the id of each label, those of retired records last."""
        labels = self._labels.get_labels(kind_name)
        retired_ids = self._labels.get_retired_ids(kind_name)
        entries = sorted(
            ((label, record_id) for record_id, label in labels.items()),
            key=lambda entry: (entry[1] in retired_ids, *_rank_entry(entry)),
        )
        return dict(entries)

    def assign_range(self, sheet_column: SheetColumn) -> str:
        """Return the range of a drop-down for a column, "" where it has none."""
        letters = self.assign_letters(sheet_column)
        if not letters or (sheet_column.column and sheet_column.column.field.is_list):
            return ""
        kind_name, codes_by_entry = self._collect_entries(sheet_column)
        # Retired terms stand at the end of a list, where they can be looked up and not be chosen.
        choice_count = len(codes_by_entry) - len(
            self._labels.get_retired_ids(kind_name).intersection(codes_by_entry.values())
        )
        return f"='{LISTS_SHEET}'!${letters}$2:${letters}${choice_count + 1}" if choice_count else ""

    def _collect_entries(self, sheet_column: SheetColumn) -> tuple[str, dict[str, str]]:
        """Return what may be chosen in a column with the id or code of each entry, and what to call that."""
        column = sheet_column.column
        if sheet_column.choices:
            return sheet_column.name, {choice: choice for choice in sheet_column.choices}
        if column is None or not sheet_column.is_editable:
            return "", {}
        field = column.field
        if field.target_kind:
            return field.target_kind, self._collect_labels(field.target_kind)
        if field.is_list:
            return "", {}
        if field.type == "boolean":
            return "yes or no", {YES: "true", NO: "false"}
        return column.name, {
            sheet_column.format_cell(value): format_single_value(value) for value in field.values
        }

    def fill_worksheet(self, worksheet: Worksheet) -> None:
        """Write the lists that have a range, each into its column, and the ids or codes into the next."""
        columns = []
        for (kind_name, entries), (_, heading) in self._columns.items():
            columns += [
                (heading, *(entry for entry, _ in entries)),
                (ID_HEADING if kind_name else CODE_HEADING, *(code for _, code in entries)),
            ]
        for row, texts in enumerate(zip_longest(*columns)):
            for column_index, text in enumerate(texts):
                if text is not None:
                    write_text(worksheet, row, column_index, text)


def _rank_entry(entry: tuple[str, str]) -> tuple[str, str]:
    return (entry[0].casefold(), entry[0])


def set_data_validation(
    worksheet: Worksheet,
    sheet_column: SheetColumn,
    column_index: int,
    record_count: int,
    dropdown_lists: DropdownLists,
) -> None:
    """Set what the cells of a column accept, on a sheet with so many records."""
    validation = _build_data_validation(sheet_column, dropdown_lists)
    if validation:
        validation["error_title"] = "Not possible here"
        validation["error_message"] = f"{sheet_column.heading[:80]}: {validation['error_message']}"
        worksheet.data_validation(
            1, column_index, min(record_count + SPARE_ROWS, MAX_RECORD_ROWS), column_index, validation
        )


def _build_data_validation(sheet_column: SheetColumn, dropdown_lists: DropdownLists) -> dict[str, Any]:
    list_range = dropdown_lists.assign_range(sheet_column)
    if list_range:
        return {
            "validate": "list",
            "source": list_range,
            "error_message": "choose an entry of the list; Alt and the down key open it.",
        }
    field = sheet_column.column.field if sheet_column.column is not None else None
    if field is None or field.is_list:
        return {}
    if field.type in _NUMBER_PHRASES:
        return {
            "validate": "integer" if field.type == "integer" else "decimal",
            "criteria": "between",
            "minimum": f"-{_LARGEST_NUMBER}" if field.minimum is None else str(field.minimum),
            "maximum": _LARGEST_NUMBER if field.maximum is None else str(field.maximum),
            "error_message": f"a {_NUMBER_PHRASES[field.type]}{_format_number_range(field)}.",
        }
    if field.format == "date":
        return {
            "validate": "date",
            "criteria": ">=",
            "value": date(1900, 1, 1),
            "error_message": "a day, written year-month-day, such as 2025-07-31.",
        }
    return {}


def _format_number_range(field: Field) -> str:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of {low} or more"
    return "" if high is None else f" of {high} or less"
