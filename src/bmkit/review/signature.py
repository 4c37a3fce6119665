"""What a signature keeps of a record: each of its values, so that a later change is known with both."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.changes import FieldChange, compare_values
from bmkit.changes.values import ValueReader
from bmkit.quoting import format_full_quote
from bmkit.schema import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bmkit.content import Record
    from bmkit.schema import Kind

_ID, _SOURCE = "id", "source"
# Where words stand in the text says nothing of the fact: their digest tells them.
_PLACE_MEMBERS = ("start", "end")
_READER = ValueReader({})
_QUANTITY = re.compile(r"(?:([^\d\s-][^\s]*) )?(-?[0-9.]+)(?: to (-?[0-9.]+))? (.+)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_OPENERS, _CLOSERS = "[{", "]}"


def sign_record(record: Record) -> list[str]:
    """Return each value of a record in the words in which it is signed: "dose=4 mg".

    References are ids, a set has an order of its own, and of a place in the text only the digest counts.
    """
    return [
        f"{name}={format_full_quote(sort_sets(value, _find_field(name, record.kind)))}"
        for name, value in _select_signed_values(record).items()
    ]


def find_changes_since(signed: Iterable[str], record: Record) -> list[FieldChange]:
    """Return what changed in a record since it was signed, in the order of its fields.

    A value that cannot be read back is a change.
    """
    kind = record.kind
    values_before = dict(_iter_signed_values(signed, kind))
    values_after = _select_signed_values(record)
    changes: list[FieldChange] = []
    for name in dict.fromkeys((*(field.name for field in kind.fields), *values_before, *values_after)):
        before, after = values_before.get(name), values_after.get(name)
        if before is not None or after is not None:
            changes += compare_values(before, after, _find_field(name, kind), kind, _READER)
    return changes


def _find_field(name: str, kind: Kind) -> Field:
    """Return the field of a name; one that a later schema does not have any more stands for itself."""
    return kind.get_field(name) if name in kind else Field(name, (name,), name, "", "")


def _select_signed_values(record: Record) -> dict[str, Any]:
    values = {name: value for name, value in record.value.items() if name != _ID}
    source = values.get(_SOURCE)
    if isinstance(source, dict):
        values[_SOURCE] = {name: _drop_places(member) for name, member in source.items()}
    return values


def _drop_places(value: Any) -> Any:
    if isinstance(value, list):
        return [_drop_places(item) for item in value]
    if isinstance(value, dict) and "digest" in value:
        return {name: member for name, member in value.items() if name not in _PLACE_MEMBERS}
    return value


def sort_sets(value: Any, field: Field) -> Any:
    """Return a value whose lists that are sets have an order of their own."""
    if isinstance(value, list):
        items = [sort_sets(item, field) for item in value]
        return items if field.is_sequence else sorted(items, key=format_full_quote)
    if isinstance(value, dict):
        members = {member.name: member for member in field.fields}
        return {
            name: sort_sets(member, members[name]) if name in members else member
            for name, member in value.items()
        }
    return value


def _iter_signed_values(signed: Iterable[str], kind: Kind) -> Iterator[tuple[str, Any]]:
    for text in signed:
        name, _, quote = text.partition("=")
        yield name, read_quote(quote, _find_field(name, kind))


def read_quote(quote: str, field: Field) -> Any:
    """Return the value that `format_full_quote` wrote; the text itself if it cannot be read."""
    try:
        value, end = _read_value(quote, 0, field)
    except (ValueError, IndexError):
        return quote
    return value if end == len(quote) else quote


def _read_value(text: str, start: int, field: Field, *, in_list: bool = False) -> tuple[Any, int]:
    """Return the value that begins at `start`, and where it ends."""
    if field.type == "quantity" and (in_list or not field.is_list):
        end = _find_end(text, start)
        return _read_quantity(text[start:end]), end
    opener = text[start : start + 1]
    if opener == "[":
        return _read_list(text, start + 1, field)
    if opener == "{":
        return _read_object(text, start + 1, {member.name: member for member in field.fields})
    if opener == '"':
        return json.JSONDecoder().raw_decode(text, start)
    end = _find_end(text, start)
    word = text[start:end]
    if word in _WORDS:
        return _WORDS[word], end
    if _NUMBER.fullmatch(word):
        return Decimal(word) if "." in word else int(word), end
    return word, end


def _read_list(text: str, start: int, field: Field) -> tuple[list[Any], int]:
    items: list[Any] = []
    while text[start] != "]":
        item, start = _read_value(text, start, field, in_list=True)
        items.append(item)
        start = _skip_comma(text, start)
    return items, start + 1


def _read_object(text: str, start: int, members: Mapping[str, Field]) -> tuple[dict[str, Any], int]:
    value: dict[str, Any] = {}
    while text[start] != "}":
        end = text.index(": ", start)
        name = text[start:end]
        field = members[name] if name in members else Field(name, (name,), name, "", "")
        value[name], start = _read_value(text, end + 2, field)
        start = _skip_comma(text, start)
    return value, start + 1


def _skip_comma(text: str, start: int) -> int:
    return start + 2 if text[start : start + 2] == ", " else start


def _find_end(text: str, start: int) -> int:
    """Return where a bare word or a quantity ends: at a comma, or at a bracket that it did not open."""
    depth = 0
    for index in range(start, len(text)):
        character = text[index]
        if character in _OPENERS:
            depth += 1
        elif character in _CLOSERS:
            if not depth:
                return index
            depth -= 1
        elif character == "," and not depth:
            return index
    return len(text)


def _read_quantity(text: str) -> dict[str, Any]:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise ValueError(text)
    comparator, first, second, unit = match.groups()
    numbers = {"value": first} if second is None else {"low": first, "high": second}
    quantity: dict[str, Any] = {
        name: Decimal(number) if "." in number else int(number) for name, number in numbers.items()
    }
    return {**quantity, **({"comparator": comparator} if comparator else {}), "unit": unit}
