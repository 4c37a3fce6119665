"""How reviewers see a column: its heading and note, the text of a value, the labels that stand for ids."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bmkit.content import REVIEW_KIND
from bmkit.tables import ID_FIELD
from bmkit.wording import format_comparator, format_quantity, format_unit
from bmkit.write_json import format_json, format_plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bmkit.content import Record
    from bmkit.schema import Field, Kind
    from bmkit.tables import Column, Table

YES, NO = "yes", "no"
# The unit of a count, which has no word.
_COUNT_UNIT = "(number)"
_SENTENCE_NOTE = "The record as a sentence, made from its fields. To change it, change the fields."
_REVIEWS_NOTE = "What reviewers have said of the record so far, and whether it was changed since."
_STATUS_NOTE = (
    "What you say of the record as it stands in this row: that it is right (reviewed), that it is not "
    "(disputed), or that somebody must look at it (proposed). Bringing the workbook back signs it."
)
_REVIEWER_NOTE = "Your name, where you choose an entry under Your review."
_REASON_NOTE = "Why, if you like: who reads it later sees it."


class SheetColumn(NamedTuple):
    """One column of a sheet; `column` is None for one that shows no field, called `extra_name` and so wide.

    `formatter` returns the text of a value, and is None where that is the value itself; `cell_format` is the
    name of the cells' format, "number" for all formats of numbers.  `choices` are what may be chosen in a
    column that shows no field.
    """

    heading: str
    note: str
    cell_format: str
    formatter: Callable[[Any], str] | None
    column: Column | None
    extra_name: str = ""
    extra_width: int = 0
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called for programs: the field, or what stands there that is none, "" for sentences."""
        return self.column.name if self.column is not None else self.extra_name

    @property
    def is_editable(self) -> bool:
        """Whether reviewers may change it."""
        return self.cell_format not in ("locked", "sentence")

    def format_cell(self, value: Any) -> str:
        """Return the text of a value."""
        return format_single_value(value) if self.formatter is None else self.formatter(value)


SENTENCE_COLUMN = SheetColumn("In words", _SENTENCE_NOTE, "sentence", None, None, extra_width=60)
# No field has a colon in its name.
REVIEW_PREFIX = "review:"
REVIEWS_NAME, STATUS_NAME = f"{REVIEW_PREFIX}so-far", f"{REVIEW_PREFIX}status"
REVIEWER_NAME, REASON_NAME = f"{REVIEW_PREFIX}reviewer", f"{REVIEW_PREFIX}reason"
STATUSES = ("reviewed", "disputed", "proposed")
"""What a reviewer can say of a record that is there."""
REVIEW_COLUMNS = (
    SheetColumn("Reviews", _REVIEWS_NOTE, "sentence", None, None, REVIEWS_NAME, 28),
    SheetColumn("Your review", _STATUS_NOTE, "text", None, None, STATUS_NAME, 13, STATUSES),
    SheetColumn("Reviewer", _REVIEWER_NOTE, "text", None, None, REVIEWER_NAME, 18),
    SheetColumn("Reason", _REASON_NOTE, "text", None, None, REASON_NAME, 28),
)


class Labels(Protocol):
    """The shown labels of the records that may be referred to."""

    def get_labels(self, kind_name: str) -> dict[str, str]:
        """Return the shown label of each id of a kind that may be chosen."""


def make_sheet_column(column: Column, labels: Labels, kind: Kind) -> SheetColumn:
    """Return the column of the sheet of a kind that shows `column`."""
    field = column.field
    cell_format, value_formatter = "text", _choose_value_formatter(column)
    if column.name == ID_FIELD or kind.name == REVIEW_KIND:
        # What somebody has said is changed by nobody else.
        cell_format = "locked"
    elif field.target_kind:
        cell_format, value_formatter = (
            "link",
            make_label_formatter(field, labels.get_labels(field.target_kind)),
        )
    elif field.fields:
        # An object in one cell cannot be read back from what is typed there.
        cell_format, value_formatter = "locked", make_object_formatter(field, labels)
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
    """Return the function that formats a single value of `column`, None where the text is the value itself.

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


def make_label_formatter(field: Field, labels: dict[str, str]) -> Callable[[Any], str]:
    """Return the function that formats a reference: the label, and what else an object in its place says."""
    if not field.fields:
        return partial(_look_up_label, labels)
    id_name, *other_names = (member.name for member in field.fields)

    def format_reference(value: Any) -> str:
        if not isinstance(value, dict):
            return _look_up_label(labels, value)
        other_values = [value[name] for name in other_names if name in value]
        words = [word for item in other_values for word in (item if isinstance(item, list) else [item])]
        return f"{_look_up_label(labels, value[id_name])} ({', '.join(map(format_single_value, words))})"

    return format_reference


def _look_up_label(labels: dict[str, str], key: str) -> str:
    return labels.get(key, key)


def _format_item_lines(format_item: Callable[[Any], str], items: list[Any]) -> str:
    """Return the items one a line; as a JSON list where the lines would not show where an item ends."""
    texts = [format_item(item) for item in items]
    if any("\n" in text or not text.strip() for text in texts) or (texts[:1] and texts[0].startswith("[")):
        return format_json(texts)
    return "\n".join(texts)


def format_single_value(value: Any) -> str:
    """Return a single value as text."""
    if isinstance(value, bool):
        return YES if value else NO
    return format_plain_number(value) if isinstance(value, int | Decimal) else str(value)


def make_object_formatter(field: Field, labels: Labels) -> Callable[[dict[str, Any]], str]:
    """Return the function that formats an object in a list: the ends of a span, else its values in words."""
    field_names = [inner_field.name for inner_field in field.fields]
    if "start" in field_names and "end" in field_names:
        return lambda item: f"{format_single_value(item['start'])}–{format_single_value(item['end'])}"
    member_formatters = {
        inner_field.name: _choose_member_formatter(inner_field, labels) for inner_field in field.fields
    }
    return lambda item: " · ".join(
        format_member(item[name]) for name, format_member in member_formatters.items() if name in item
    )


def _choose_member_formatter(field: Field, labels: Labels) -> Callable[[Any], str]:
    if field.type == "quantity":
        return format_quantity
    return (
        partial(_look_up_label, labels.get_labels(field.target_kind))
        if field.target_kind
        else format_single_value
    )


def _format_heading_note(column: Column) -> str:
    field = column.field
    note_lines = [column.name, field.description]
    if column.name == ID_FIELD:
        note_lines.append("The id of a record never changes.")
    elif field.type == "object":
        note_lines.append("Kept by the editors; it cannot be changed here.")
    else:
        note_lines.append("Every record has it." if column.required else "May be empty.")
        if field.is_list:
            note_lines.append("One entry a line (Alt and Enter begin a new line).")
    return "\n".join(note_lines)


class UniqueLabels:
    """The shown labels of all records that may be chosen: no two of a kind are alike, each leads to one id.

    Excel takes "Iron" and "iron" for one entry of a list, therefore they count as alike too.  `list_choices`
    returns the records of a kind that a reference may lead to, those of the tables by default.
    """

    def __init__(
        self, tables: tuple[Table, ...], list_choices: Callable[[str], Sequence[Record]] | None = None
    ) -> None:
        records_by_kind = {table.name: table.records for table in tables}
        fields = [column.field for table in tables for column in table.columns]
        target_kinds = {
            field.target_kind for column_field in fields for field in (column_field, *column_field.fields)
        }
        self._labels_by_kind: dict[str, dict[str, str]] = {}
        self._rows_by_kind: dict[str, dict[str, int]] = {}
        self._retired_ids: dict[str, frozenset[str]] = {}
        for kind_name in sorted(target_kinds - {""}):
            records = records_by_kind.get(kind_name, ())
            choices = records if list_choices is None else list_choices(kind_name)
            # The records of the tables themselves: of a choice that is one of them, both have the same label.
            label_by_id = {record.id: format_record_label(record) for record in (*choices, *records)}
            label_counts = Counter(label_text.casefold() for label_text in label_by_id.values())
            self._labels_by_kind[kind_name] = {
                record_id: label_text
                if label_counts[label_text.casefold()] == 1
                else f"{label_text} ({record_id})"
                for record_id, label_text in label_by_id.items()
            }
            self._rows_by_kind[kind_name] = {record.id: row for row, record in enumerate(records, 2)}
            self._retired_ids[kind_name] = frozenset(
                record.id for record in (*choices, *records) if record.value.get("retired")
            )

    def get_labels(self, kind_name: str) -> dict[str, str]:
        """Return the shown label of each id of a kind that may be chosen."""
        return self._labels_by_kind.get(kind_name, {})

    def list_kinds(self) -> list[str]:
        """Return the kinds that may be referred to, by name."""
        return list(self._labels_by_kind)

    def get_retired_ids(self, kind_name: str) -> frozenset[str]:
        """Return the ids of a kind that are retired: they can be read, and not be chosen any more."""
        return self._retired_ids.get(kind_name, frozenset())

    def get_rows(self, kind_name: str) -> dict[str, int]:
        """Return the row of each id of a kind on its sheet, counted from 1."""
        return self._rows_by_kind.get(kind_name, {})


def format_record_label(record: Record) -> str:
    """Return the label of a record; its id if its kind has no label."""
    return str(record.value.get("label") or record.id)
