"""A change of a field in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.quoting import quote_value
from bmkit.rules.derived.amounts import is_quantity
from bmkit.wording import format_value

if TYPE_CHECKING:
    from bmkit.changes.find import FieldChange
    from bmkit.content import Content, Record
    from bmkit.schema import Field

    Side = tuple[Record | None, Content]

_NOTHING = "nothing"
_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "reference": (str, dict),
    "object": dict,
    "boolean": bool,
    "integer": (int, Decimal),
    "number": (int, Decimal),
}


def format_field_change(field_change: FieldChange, before: Side, after: Side) -> str:
    """Return a change of a field in words: "Dose: 4 mg → 40 mg, ten times as much".

    `before` and `after` are the record and its content on each side, with None for no record.
    """
    words_before = _format_side(field_change.before, field_change.field, *before)
    words_after = _format_side(field_change.after, field_change.field, *after)
    reason = f", {field_change.reason}" if field_change.reason else ""
    return f"{field_change.field.title}: {words_before} → {words_after}{reason}"


def _format_side(value: Any, field: Field, record: Record | None, content: Content) -> str:
    if value is None:
        return _NOTHING
    # What does not fit its schema, and what a schema has no words for, is quoted.
    is_object_in_list = field.type == "object" and (field.is_list or len(field.path) > 1)
    if record is None or not record.is_valid or is_object_in_list or not _fits(value, field):
        return quote_value(value)
    return format_value(value, field, content, record) or quote_value(value)


def _fits(value: Any, field: Field) -> bool:
    """Return whether a value has the type of its field, or of the items of it."""
    if isinstance(value, list):
        return field.is_list and all(_fits(item, field) for item in value if not isinstance(item, list))
    if field.type == "quantity":
        return is_quantity(value)
    return isinstance(value, _PYTHON_TYPES.get(field.type, ()))
