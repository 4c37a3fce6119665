"""How reviewers see a column: its heading and what explains it, and what each value shows as."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.json_value import format_plain_number
from bmkit.tables import ID_FIELD
from bmkit.wording import format_comparator, format_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.export.xlsx.labels import UniqueLabels
    from bmkit.schema import Field
    from bmkit.tables import Column

YES, NO = "yes", "no"
# The unit of a count, which has no word.
_COUNT_UNIT = "(number)"
_SENTENCE_NOTE = "The record as a sentence, made from its fields. To change it, change the fields."


class SheetColumn(NamedTuple):
    """One column of a sheet; `column` is None for the generated sentence.

    `text` is what a value shows as, None where that is the value itself; `style` the name of the cells'
    style, with "number" for all of the numbers' styles.
    """

    heading: str
    note: str
    cell_format: str
    formatter: Callable[[Any], str] | None
    column: Column | None

    @property
    def is_editable(self) -> bool:
        """Whether reviewers may change it."""
        return self.cell_format not in ("locked", "sentence")

    def format_cell(self, value: Any) -> str:
        """What `value` shows as."""
        return format_single_value(value) if self.formatter is None else self.formatter(value)


SENTENCE_COLUMN = SheetColumn("In words", _SENTENCE_NOTE, "sentence", None, None)


def make_sheet_column(column: Column, labels: UniqueLabels) -> SheetColumn:
    """How `column` is seen."""
    field = column.field
    cell_format, value_formatter = "text", _choose_value_formatter(column)
    if column.name == ID_FIELD:
        cell_format = "locked"
    elif field.target_kind:
        cell_format, value_formatter = "link", partial(_look_up_label, labels.get_labels(field.target_kind))
    elif field.fields:
        # An object in one cell cannot be read back from what is typed there.
        cell_format, value_formatter = "locked", make_object_formatter(field)
    elif not field.is_list and field.type in ("integer", "number"):
        cell_format = "number"
    elif not field.is_list and field.format == "date":
        cell_format = "date"
    formatter = (
        partial(_format_item_lines, value_formatter or format_single_value)
        if field.is_list
        else value_formatter
    )
    return SheetColumn(column.title, _format_heading_note(column), cell_format, formatter, column)


def _choose_value_formatter(column: Column) -> Callable[[Any], str] | None:
    """What a single value of `column` shows as, if not itself.

    Units and comparators are codes, which people misread: ug for mg, < for >.
    """
    field = column.field
    if column.parent_type == "quantity" and field.name in ("unit", "comparator"):
        format_code = format_unit if field.name == "unit" else format_comparator
        text_by_code = {
            code: format_code(code) or _COUNT_UNIT for code in field.values if isinstance(code, str)
        }
        if len(set(text_by_code.values())) == len(text_by_code):
            return partial(_look_up_label, text_by_code)
    return None if field.type in ("text", "reference") else format_single_value


def _look_up_label(labels: dict[str, str], key: str) -> str:
    return labels.get(key, key)


def _format_item_lines(format_item: Callable[[Any], str], items: list[Any]) -> str:
    return "\n".join(format_item(item) for item in items)


def format_single_value(value: Any) -> str:
    """A single value as text."""
    if isinstance(value, bool):
        return YES if value else NO
    return format_plain_number(value) if isinstance(value, int | Decimal) else str(value)


def make_object_formatter(field: Field) -> Callable[[dict[str, Any]], str]:
    """What one object of a list shows: a span its ends, any other its values side by side."""
    field_names = [inner_field.name for inner_field in field.fields]
    if "start" in field_names and "end" in field_names:
        return lambda item: f"{format_single_value(item['start'])}–{format_single_value(item['end'])}"
    return lambda item: " · ".join(
        format_single_value(item[field_name]) for field_name in field_names if field_name in item
    )


def _format_heading_note(column: Column) -> str:
    field = column.field
    note_lines = [column.name, field.description]
    if column.name == ID_FIELD:
        note_lines.append("The id of a record never changes.")
    elif field.fields:
        note_lines.append("Kept by the editors; it cannot be changed here.")
    else:
        note_lines.append("Every record has it." if column.required else "May be empty.")
        if field.is_list:
            note_lines.append("One entry a line (Alt and Enter begin a new line).")
    return "\n".join(note_lines)
