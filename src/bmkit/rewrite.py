"""Records of a file changed in its text: what an edit does not touch stays as it is, to the last blank."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bmkit.canonical import format_canonical_json
from bmkit.jsontext import Positions, parse_json
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bmkit.schema import Kind

_RECORDS = "/records"
_INDENT = 2


class _Absent:
    """The value of a field that a record does not have."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
"""Stands for the value of a field that is taken away."""


class RecordEdit(NamedTuple):
    """What becomes of the record of an id: its fields by name get a value, or are ABSENT.

    With `is_new` there is no such record yet, and `fields` are all its fields; with `is_removed` it goes.
    """

    record_id: str
    fields: Mapping[str, Any]
    is_new: bool = False
    is_removed: bool = False


def rewrite_records(text: str, kind: Kind, edits: Sequence[RecordEdit]) -> str:
    """Return the text of a file of `kind` after edits of its records.

    A file in its canonical form keeps that form.  Of any other only the values that differ are replaced;
    new fields stand where the schema has them, and new records at the end.  The text must be strict JSON with
    a list of records.  KeyError if there is no record of the id of an edit.
    """
    was_canonical = format_canonical_json(text, kind) == text
    new_text = _rewrite_list(text, kind, edits)
    if 0 < text.count("\n") == text.count("\r\n"):
        new_text = new_text.replace("\r\n", "\n").replace("\n", "\r\n")
    return format_canonical_json(new_text, kind) if was_canonical else new_text


class _Part(NamedTuple):
    """A part of a list or object: the text that it has, and which it was before, None for a new one."""

    text: str
    old_index: int | None


def _rewrite_list(text: str, kind: Kind, edits: Sequence[RecordEdit]) -> str:
    records = parse_json(text.removeprefix("\ufeff").encode("utf-8", "surrogatepass"))["records"]
    positions = Positions(text)
    spans = [positions.locate_pointer(f"{_RECORDS}/{index}") for index in range(len(records))]
    index_by_id = {record.get("id"): index for index, record in reversed([*enumerate(records)])}
    edit_by_index = {index_by_id[edit.record_id]: edit for edit in edits if not edit.is_new}
    parts = []
    for index, (start, end) in enumerate(spans):
        edit = edit_by_index.get(index)
        if edit is None:
            parts.append(_Part(text[start:end], index))
        elif not edit.is_removed:
            pointer = f"{_RECORDS}/{index}"
            names = [field.name for field in kind.fields]
            parts.append(
                _Part(_rewrite_object(text, positions, pointer, records[index], edit.fields, names), index)
            )
    is_spread = any("\n" in text[start:end] for start, end in spans) or not spans
    parts += [_Part(_format_new(edit.fields, is_spread=is_spread), None) for edit in edits if edit.is_new]
    start, end = positions.locate_pointer(_RECORDS)
    return text[:start] + _join_parts(text[start:end], start, spans, parts) + text[end:]


def _rewrite_object(  # noqa: PLR0913, PLR0917  where the object stands, what it has, what it gets
    text: str,
    positions: Positions,
    pointer: str,
    value: dict[str, Any],
    changes: Mapping[str, Any],
    member_order: Sequence[str],
) -> str:
    """Return the text of an object after changes of its members, new ones in the order of `member_order`."""
    spans: list[tuple[int, int]] = []
    parts: list[_Part] = []
    for name, old_value in value.items():
        member_pointer = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        key_start, _ = positions.locate_pointer(member_pointer, key=True)
        value_start, value_end = positions.locate_pointer(member_pointer)
        new_value = changes.get(name, old_value)
        if new_value is not ABSENT:
            value_text = _rewrite_value(text, positions, member_pointer, old_value, new_value)
            parts.append(_Part(text[key_start:value_start] + value_text, len(spans)))
        spans.append((key_start, value_end))
    rank = {name: number for number, name in enumerate(member_order)}
    names = [name for name in value if changes.get(name) is not ABSENT]
    for name, new_value in changes.items():
        if name not in value and new_value is not ABSENT:
            own_rank = rank.get(name, len(rank))
            place = max(
                (number for number, other in enumerate(names, 1) if rank.get(other, len(rank)) <= own_rank),
                default=0,
            )
            names.insert(place, name)
            parts.insert(place, _Part(f"{format_json(name)}: {format_json(new_value)}", None))
    start, end = positions.locate_pointer(pointer)
    return _join_parts(text[start:end], start, spans, parts)


def _rewrite_value(text: str, positions: Positions, pointer: str, old_value: Any, new_value: Any) -> str:
    """Return the text of a value after a change; of an object only the members that differ are written."""
    start, end = positions.locate_pointer(pointer)
    if _is_same(old_value, new_value):
        return text[start:end]
    if not (isinstance(old_value, dict) and isinstance(new_value, dict)):
        return format_json(new_value)
    changes = {name: new_value.get(name, ABSENT) for name in (*old_value, *new_value)}
    return _rewrite_object(text, positions, pointer, old_value, changes, list(new_value))


def _is_same(old_value: Any, new_value: Any) -> bool:
    """Return whether two values are the same to JSON: 4 and 4.0 are, true and 1 are not."""
    if isinstance(old_value, bool) or isinstance(new_value, bool):
        return old_value is new_value
    if isinstance(old_value, list) and isinstance(new_value, list):
        return len(old_value) == len(new_value) and all(map(_is_same, old_value, new_value))
    if isinstance(old_value, dict) and isinstance(new_value, dict):
        return old_value.keys() == new_value.keys() and all(
            _is_same(value, new_value[name]) for name, value in old_value.items()
        )
    return bool(old_value == new_value)


def _join_parts(container: str, offset: int, spans: Sequence[tuple[int, int]], parts: Sequence[_Part]) -> str:
    """Return a list or object of these parts, with what stood between them; its parts stood at `spans`."""
    if not parts:
        return container[0] + container[-1]
    bounds = [(start - offset, end - offset) for start, end in spans]
    if bounds:
        head, tail = container[1 : bounds[0][0]], container[bounds[-1][1] : -1]
    else:
        head, tail = f"\n{' ' * 2 * _INDENT}", f"\n{' ' * _INDENT}"
    separators = [container[end:start] for (_, end), (start, _) in pairwise(bounds)]
    new_separator = separators[-1] if separators else f",{head}" if "\n" in head else ", "
    pieces = [head, parts[0].text]
    for part in parts[1:]:
        pieces += [separators[part.old_index - 1] if part.old_index else new_separator, part.text]
    return container[0] + "".join([*pieces, tail]) + container[-1]


def _format_new(fields: Mapping[str, Any], *, is_spread: bool) -> str:
    """Return the text of a new record, over several lines if it `is_spread`."""
    record = {name: value for name, value in fields.items() if value is not ABSENT}
    if not is_spread:
        return format_json(record)
    indent = " " * 2 * _INDENT
    members = [f"{indent}  {format_json(name)}: {format_json(value)}" for name, value in record.items()]
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"
