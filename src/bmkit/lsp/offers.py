"""What may be typed at a spot: names of fields, words of closed lists, ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.canonical import format_json_string
from bmkit.content import TERMS_FOLDER
from bmkit.handbook import describe_field_type
from bmkit.lsp.fields import find_field, find_member_fields
from bmkit.schema import SCHEMA_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.lsp.cursor import Cursor
    from bmkit.schema import Field, Kind


class Completion(NamedTuple):
    """A text that may stand at a spot.

    `text` is to be written as it is; `snippet`, unless "", is the same with `$1`, `$2` where the cursor goes.
    """

    label: str
    text: str
    detail: str = ""
    documentation: str = ""
    snippet: str = ""


def list_completions(cursor: Cursor, kind: Kind, content: Content, folder: str) -> list[Completion]:
    """Give what may be typed at a spot of a file of that kind, in that folder of content/."""
    if cursor.is_key:
        return list(_iter_field_names(cursor, kind))
    if cursor.path == ("$schema",):
        return [Completion("$schema", format_json_string(f"../../schema/{kind.name}{SCHEMA_SUFFIX}"))]
    field = find_field(kind, cursor.path)
    if field is None:
        return []
    if field.is_list and isinstance(cursor.path[-1], str):
        return []  # inside the brackets, not before them
    return list(_iter_value_completions(field, content, folder))


def _iter_field_names(cursor: Cursor, kind: Kind) -> Iterator[Completion]:
    if not cursor.path:
        for name in ("$schema", "records"):
            if name not in cursor.other_names:
                yield Completion(
                    name, format_json_string(name) if cursor.has_colon else f"{format_json_string(name)}: "
                )
        return
    for field in find_member_fields(kind, cursor.path):
        if field.name in cursor.other_names:
            continue
        text, snippet = format_json_string(field.name), ""
        if not cursor.has_colon:
            text += ": "
            snippet = text + _make_value_snippet(field)
        detail = (
            describe_field_type(field)
            if field.required
            else f"{describe_field_type(field)} (may be left out)"
        )
        yield Completion(field.name, text, detail, f"{field.title}: {field.description}", snippet)


def _make_value_snippet(field: Field) -> str:
    if field.type == "quantity":
        value_snippet = next(iter(_iter_quantity_completions(field))).snippet
    elif field.type == "object":
        value_snippet = "{$1}"
    else:
        value_snippet = '"$1"' if field.type in {"text", "reference"} else "$1"
    return f"[{value_snippet}]" if field.is_list else value_snippet


def _iter_value_completions(field: Field, content: Content, folder: str) -> Iterator[Completion]:
    if field.type == "reference":
        for record in content.iter_reachable_records(field.target_kind):
            if record.id and record.folder in {folder, TERMS_FOLDER}:
                label = record.value.get("label")
                yield Completion(
                    record.id, format_json_string(record.id), label if isinstance(label, str) else ""
                )
    elif field.type == "quantity":
        yield from _iter_quantity_completions(field)
    elif field.type == "boolean":
        yield from (Completion(word, word) for word in ("true", "false"))
    for value in field.values:
        if isinstance(value, str):
            yield Completion(value, format_json_string(value))


def _iter_quantity_completions(field: Field) -> Iterator[Completion]:
    for unit in field.units:
        unit_part = f'"unit": {format_json_string(unit)}}}'
        escaped_unit_part = unit_part.replace("$", "\\$").replace("}", "\\}")
        yield Completion(
            f"value in {unit}",
            f'{{"value": 0, {unit_part}',
            "one number",
            snippet=f'{{"value": $1, {escaped_unit_part}',
        )
        yield Completion(
            f"range in {unit}",
            f'{{"low": 0, "high": 0, {unit_part}',
            "from low to high",
            snippet=f'{{"low": $1, "high": $2, {escaped_unit_part}',
        )
