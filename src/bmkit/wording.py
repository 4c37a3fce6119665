"""Values as people read them: labels for references, words for units and comparators."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Content, Record
    from bmkit.schema import Field

_COMPARATORS = {"<": "below", "<=": "at most", ">=": "at least", ">": "above"}


def human(value: Any, field: Field, content: Content, near: Record | None = None) -> str:
    """Say a value of a field in English, "" for None; a list is joined with commas and "and".

    `near` is the record that the value belongs to: ids are looked up in its article first.
    """
    if value is None:
        return ""
    if isinstance(value, list):
        return joined([human(item, field, content, near) for item in value])
    if field.type == "reference":
        record = content.find(field.target_kind, value, near)
        label = record.value.get("label") if record is not None else None
        return label if isinstance(label, str) else str(value)
    if field.type == "object":
        parts = (human(value.get(part.name), part, content, near) for part in field.fields)
        return ", ".join(part for part in parts if part)
    return quantity(value) if field.type == "quantity" else _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, int | Decimal) else str(value)


def quantity(value: dict[str, Any]) -> str:
    """Say a quantity in English: "65–75 %", "about 12 months", "at most 7 days"."""
    if "value" in value:
        amount = number(value["value"])
    else:
        low, high = value["low"], value["high"]
        # A dash before a minus sign would be read as one.
        amount = f"{number(low)}{' to ' if low < 0 or high < 0 else '–'}{number(high)}"
    comparator = value.get("comparator", "")
    before = _COMPARATORS.get(comparator, comparator)
    unit = unit_words(value["unit"], one=value.get("value") == 1)
    return " ".join(part for part in (before, amount, unit) if part)


def bare(value: dict[str, Any]) -> str:
    """Say a quantity without its comparator, in a sentence that compares it in words of its own."""
    return quantity({name: part for name, part in value.items() if name != "comparator"})


def unit_words(code: str, *, one: bool = False) -> str:
    """Say a UCUM code in safe words: "ug" is "mcg", "mg/d" is "mg per day", "1" is nothing.

    `one` says that one of it is spoken of, so that the word is singular.
    """
    # Rules import this module, but only who writes for people needs the words.
    from bmkit.ucum.names import human as words

    return words(code, one=one)


def comparator_words(comparator: str) -> str:
    """Say a comparator in words: "<=" is "at most"."""
    return _COMPARATORS.get(comparator, comparator)


def number(value: int | Decimal) -> str:
    """Write a number with the digits it was written with, and commas from a thousand on."""
    if isinstance(value, Decimal):
        value = Decimal(format(value, "f"))
    return format(value, ",")


def joined(parts: Sequence[str], word: str = "and") -> str:
    """Join words as English does: "a", "a and b", "a, b and c"; `word` stands before the last."""
    *most, last = parts or ("",)
    return f"{', '.join(most)} {word} {last}" if most else last
