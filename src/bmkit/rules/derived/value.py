"""What stands in a field of a record, whatever its schema makes of a field of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.derived.amounts import convert_to, to_amount

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.rules.derived.amounts import Amount


_QUANTITY_SHAPES = ({"value", "unit"}, {"low", "high", "unit"})


def has_value(record: Record, name: str) -> bool:
    """Say whether a record has a value in a field; a kind without the field has none."""
    return record.value.get(name) is not None


def find_text(record: Record, name: str) -> str:
    """Give the text or reference in a field, "" if there is none."""
    value = record.value.get(name)
    return value if isinstance(value, str) else ""


def find_quantity(record: Record, name: str) -> Amount | None:
    """Give the quantity in a field, None if there is none."""
    value = record.value.get(name)
    return (
        to_amount(value)
        if isinstance(value, dict) and any(members <= value.keys() for members in _QUANTITY_SHAPES)
        else None
    )


def agree_on(record: Record, other: Record, name: str) -> bool:
    """Say whether two records have the same in a field, or one of them says nothing of it."""
    if not has_value(record, name) or not has_value(other, name):
        return True
    amount, other_amount = find_quantity(record, name), find_quantity(other, name)
    if amount is None or other_amount is None:
        return bool(record[name] == other[name])
    converted = convert_to(amount, other_amount.unit)
    return converted is not None and converted[:2] == other_amount[:2]
