"""Values as people read them: labels for references, words for units and comparators."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.schema import Field

# Roles of integers that count people, and are written as amounts are.
_COUNT_ROLES = frozenset({"events", "population-size", "sample-size"})
# How the codes of pieces, drops and points begin.
_COUNTED_UNITS = ("{", "[drp]")
# "1 and 2", but "1 to 3".
_LEAST_RUN_LENGTH = 3
_WORDS_BY_COMPARATOR = {"<": "below", "<=": "at most", ">=": "at least", ">": "above"}


def format_value(value: Any, field: Field, content: Content, near_record: Record | None = None) -> str:
    """Return a value of a field in English, "" for None; a list is joined with commas and "and", or "or".

    The members of an object after the first stand in brackets, but a lone quantity follows it: "creatinine
    clearance of 50–60 mL per minute".

    An integer is a year, a place in an order or the like, and has its digits alone; a number of people and a
    quantity of a thousand and more have commas.  Of integers that follow one another the first and the last
    are written: "1 to 14".  `near_record` is the record that the value belongs to: ids are looked up in its
    article first.
    """
    if value is None:
        return ""
    if isinstance(value, list):
        conjunction = "or" if field.joined_by == "any" else "and"
        if field.type == "integer":
            return join_phrases(list(_iter_runs(value)), conjunction)
        return join_phrases([format_value(item, field, content, near_record) for item in value], conjunction)
    if field.type == "reference":
        if isinstance(value, dict):
            value = value[field.fields[0].name]
        record = content.find_record(field.target_kind, value, near_record)
        label = record.value.get("label") if record is not None else None
        return label if isinstance(label, str) else str(value)
    if field.type == "object":
        members = [member for member in field.fields if value.get(member.name) not in (None, [])]
        member_texts = [format_value(value[member.name], member, content, near_record) for member in members]
        first_text, *other_texts = member_texts or [""]
        if [member.type for member in members[1:]] == ["quantity"]:
            is_open = value[members[1].name].get("comparator") in {"<", ">"}
            return f"{first_text} {'' if is_open else 'of '}{other_texts[0]}"
        return f"{first_text} ({', '.join(other_texts)})" if other_texts else first_text
    if field.type == "integer" and field.role not in _COUNT_ROLES and not isinstance(value, bool):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return format_quantity(value) if field.type == "quantity" else _format_scalar(value)


def _iter_runs(numbers: Sequence[int]) -> Iterator[str]:
    """Yield integers in words, three or more that follow one another as "1 to 14"."""
    for _, members in itertools.groupby(enumerate(numbers), lambda member: member[1] - member[0]):
        run = [number for _, number in members]
        if len(run) < _LEAST_RUN_LENGTH:
            yield from map(str, run)
        else:
            yield f"{run[0]} to {run[-1]}"


def _format_scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format_number(value) if isinstance(value, int | Decimal) else str(value)


def format_quantity(value: dict[str, Any]) -> str:
    """Return a quantity in English: "65–75 %", "about 12 months", "at most 7 days"."""
    if "value" in value:
        amount = format_number(value["value"])
    else:
        low, high = value["low"], value["high"]
        # A dash before a minus sign would be read as one; and pieces are counted: "1 to 2 tablets".
        is_spelt_out = low < 0 or high < 0 or value["unit"].startswith(_COUNTED_UNITS)
        amount = f"{format_number(low)}{' to ' if is_spelt_out else '–'}{format_number(high)}"
    comparator = value.get("comparator", "")
    comparator_text = _WORDS_BY_COMPARATOR.get(comparator, comparator)
    unit_text = format_unit(value["unit"], is_singular=value.get("value") == 1)
    if unit_text.startswith("10"):
        unit_text = f"× {unit_text}"
    return " ".join(part for part in (comparator_text, amount, unit_text) if part)


def format_without_comparator(value: dict[str, Any]) -> str:
    """Return a quantity without its comparator, for a sentence that compares it in words of its own."""
    return format_quantity({name: member for name, member in value.items() if name != "comparator"})


def format_unit(code: str, *, is_singular: bool = False) -> str:
    """Return a UCUM code in safe words: "ug" is "mcg", "mg/d" is "mg per day", "1" is ""."""
    # Rules import this module, but only who writes for people needs the words.
    from bmkit.ucum.names import format_unit as words

    return words(code, is_singular=is_singular)


def format_comparator(comparator: str) -> str:
    """Return a comparator in words: "<=" is "at most"."""
    return _WORDS_BY_COMPARATOR.get(comparator, comparator)


def format_number(value: int | Decimal) -> str:
    """Return a number with the digits it was written with, and commas from a thousand on."""
    if isinstance(value, Decimal):
        value = Decimal(format(value, "f"))
    return format(value, ",")


def join_phrases(phrases: Sequence[str], conjunction: str = "and") -> str:
    """Join phrases as English does: "a", "a and b", "a, b and c"; `conjunction` stands before the last."""
    *first_phrases, last_phrase = phrases or ("",)
    return f"{', '.join(first_phrases)} {conjunction} {last_phrase}" if first_phrases else last_phrase
