"""How reviewers see a column: its heading and what explains it, and what each value shows as."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.json_value import plain
from bmkit.tables import ID_FIELD
from bmkit.wording import format_comparator, format_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.export.xlsx.labels import Labels
    from bmkit.schema import Field
    from bmkit.tables import Column

YES, NO = "yes", "no"
# The unit of a count, which has no word.
_PURE = "(number)"
_SENTENCE = "The record as a sentence, made from its fields. To change it, change the fields."


class Shown(NamedTuple):
    """One column of a sheet; `column` is None for the generated sentence.

    `text` is what a value shows as, None where that is the value itself; `style` the name of the cells'
    style, with "number" for all of the numbers' styles.
    """

    heading: str
    note: str
    style: str
    text: Callable[[Any], str] | None
    column: Column | None

    @property
    def editable(self) -> bool:
        """Whether reviewers may change it."""
        return self.style not in ("locked", "sentence")

    def say(self, value: Any) -> str:
        """What `value` shows as."""
        return scalar(value) if self.text is None else self.text(value)


IN_WORDS = Shown("In words", _SENTENCE, "sentence", None, None)


def shown(column: Column, labels: Labels) -> Shown:
    """How `column` is seen."""
    field = column.field
    style, one = "text", _one(column)
    if column.name == ID_FIELD:
        style = "locked"
    elif field.target_kind:
        style, one = "link", partial(_label, labels.of(field.target_kind))
    elif field.fields:
        # An object in one cell cannot be read back from what is typed there.
        style, one = "locked", compact(field)
    elif not field.is_list and field.type in ("integer", "number"):
        style = "number"
    elif not field.is_list and field.format == "date":
        style = "date"
    text = partial(_lines, one or scalar) if field.is_list else one
    return Shown(column.title, _note(column), style, text, column)


def _one(column: Column) -> Callable[[Any], str] | None:
    """What a single value of `column` shows as, if not itself.

    Units and comparators are codes, which people misread: ug for mg, < for >.
    """
    field = column.field
    if column.parent_type == "quantity" and field.name in ("unit", "comparator"):
        words = format_unit if field.name == "unit" else format_comparator
        table = {code: words(code) or _PURE for code in field.values if isinstance(code, str)}
        if len(set(table.values())) == len(table):
            return partial(_label, table)
    return None if field.type in ("text", "reference") else scalar


def _label(labels: dict[str, str], name: str) -> str:
    return labels.get(name, name)


def _lines(one: Callable[[Any], str], items: list[Any]) -> str:
    return "\n".join(one(item) for item in items)


def scalar(value: Any) -> str:
    """A single value as text."""
    if isinstance(value, bool):
        return YES if value else NO
    return plain(value) if isinstance(value, int | Decimal) else str(value)


def compact(field: Field) -> Callable[[dict[str, Any]], str]:
    """What one object of a list shows: a span its ends, any other its values side by side."""
    names = [part.name for part in field.fields]
    if "start" in names and "end" in names:
        return lambda item: f"{scalar(item['start'])}–{scalar(item['end'])}"
    return lambda item: " · ".join(scalar(item[name]) for name in names if name in item)


def _note(column: Column) -> str:
    field = column.field
    parts = [column.name, field.description]
    if column.name == ID_FIELD:
        parts.append("The id of a record never changes.")
    elif field.fields:
        parts.append("Kept by the editors; it cannot be changed here.")
    else:
        parts.append("Every record has it." if column.required else "May be empty.")
        if field.is_list:
            parts.append("One entry a line (Alt and Enter begin a new line).")
    return "\n".join(parts)
