"""What may be typed into a cell: drop-downs for closed lists and references, limits for numbers and days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bmkit.export.xlsx.columns import NO, YES

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from bmkit.export.xlsx.columns import Shown
    from bmkit.export.xlsx.labels import Labels
    from bmkit.schema import Field
    from bmkit.tables import Column

LISTS = "bmkit lists"
# Rows below the last record that take the same entries, for records that a reviewer adds.
SPARE = 200
# Rows of a sheet of Excel, less the header.
MOST_ROWS = 1_048_575
_NUMBERS = {"integer": "whole number", "number": "number"}
_HUGE = "9E+307"


class Lists:
    """The entries of all drop-downs, each list one column of a hidden sheet.

    In the rule itself a list may hold no more than 255 characters, and no comma.
    """

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._columns: dict[tuple[str, ...], tuple[int, str]] = {}

    def source(self, shown: Shown, column: Column) -> str:
        """The range that holds the entries for `column`, "" if any value will do."""
        field = column.field
        if field.is_list:
            return ""
        if field.target_kind:
            name, entries = (
                field.target_kind,
                tuple(sorted(self._labels.of(field.target_kind).values(), key=_order)),
            )
        elif field.type == "boolean":
            name, entries = "yes or no", (YES, NO)
        else:
            name, entries = column.name, tuple(shown.say(value) for value in field.values)
        if not entries:
            return ""
        place, _ = self._columns.setdefault(entries, (len(self._columns), name))
        letter = letters(place)
        return f"='{LISTS}'!${letter}$2:${letter}${len(entries) + 1}"

    def write(self, sheet: Worksheet) -> None:
        """Put the lists that were asked for on `sheet`, in the order in which they were."""
        for entries, (place, name) in self._columns.items():
            sheet.write_column(0, place, (name, *entries))


def _order(entry: str) -> tuple[str, str]:
    return (entry.casefold(), entry)


def letters(place: int) -> str:
    """The letters of the column at `place`, from 0: A, B, … Z, AA."""
    name = ""
    place += 1
    while place:
        place, left = divmod(place - 1, 26)
        name = chr(65 + left) + name
    return name


def limit(sheet: Worksheet, shown: Shown, place: int, rows: int, lists: Lists) -> None:
    """Set the rule for the cells of the column at `place` of a sheet with `rows` records."""
    rule = _rule(shown, shown.column, lists) if shown.column else {}
    if rule:
        rule["error_title"] = "Not possible here"
        rule["error_message"] = f"{shown.heading[:80]}: {rule['error_message']}"
        sheet.data_validation(1, place, min(rows + SPARE, MOST_ROWS), place, rule)


def _rule(shown: Shown, column: Column, lists: Lists) -> dict[str, Any]:
    field = column.field
    source = lists.source(shown, column)
    if source:
        return {
            "validate": "list",
            "source": source,
            "error_message": "choose an entry of the list; Alt and the down key open it.",
        }
    if field.is_list:
        return {}
    if field.type in _NUMBERS:
        return {
            "validate": "integer" if field.type == "integer" else "decimal",
            "criteria": "between",
            "minimum": f"-{_HUGE}" if field.minimum is None else str(field.minimum),
            "maximum": _HUGE if field.maximum is None else str(field.maximum),
            "error_message": f"a {_NUMBERS[field.type]}{_between(field)}.",
        }
    if field.format == "date":
        return {
            "validate": "date",
            "criteria": ">=",
            "value": date(1900, 1, 1),
            "error_message": "a day, written year-month-day, such as 2025-07-31.",
        }
    return {}


def _between(field: Field) -> str:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of {low} or more"
    return "" if high is None else f" of {high} or less"
