"""What stands in a field of a record, whatever its schema makes of a field of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.derived.amounts import amount, in_unit

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.rules.derived.amounts import Amount


_SHAPES = ({"value", "unit"}, {"low", "high", "unit"})


def has(record: Record, name: str) -> bool:
    """Say whether a record has a value in a field; a kind without the field has none."""
    return record.value.get(name) is not None


def text(record: Record, name: str) -> str:
    """Give the text or reference in a field, "" if there is none."""
    value = record.value.get(name)
    return value if isinstance(value, str) else ""


def quantity_of(record: Record, name: str) -> Amount | None:
    """Give the quantity in a field, None if there is none."""
    value = record.value.get(name)
    return (
        amount(value) if isinstance(value, dict) and any(names <= value.keys() for names in _SHAPES) else None
    )


def agree(one: Record, other: Record, name: str) -> bool:
    """Say whether two records have the same in a field, or one of them says nothing of it."""
    if not has(one, name) or not has(other, name):
        return True
    mine, its = quantity_of(one, name), quantity_of(other, name)
    if mine is None or its is None:
        return bool(one[name] == other[name])
    turned = in_unit(mine, its.unit)
    return turned is not None and turned[:2] == its[:2]
