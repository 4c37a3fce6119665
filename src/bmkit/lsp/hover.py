"""What is said of a field, or of the record that an id names, when the mouse rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.handbook import describe_field_type
from bmkit.lsp.fields import find_field
from bmkit.sentence import format_sentence

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.lsp.cursor import Cursor
    from bmkit.schema import Kind


def format_hover(cursor: Cursor, kind: Kind, content: Content, path: str) -> str:
    """Give Markdown for a spot of a file, "" if there is nothing to say."""
    field = (
        find_field(kind, (*cursor.path, cursor.token.strip('"')))
        if cursor.is_key
        else find_field(kind, cursor.path)
    )
    if field is None:
        return ""
    paragraphs = [
        f"**{field.title}**: {field.description}",
        f"`{'.'.join(field.path)}`: {describe_field_type(field)}",
    ]
    if not cursor.is_key and field.path == ("id",):
        paragraphs += _quote_record_sentence(_find_record_at_cursor(cursor, content, path), content)
    elif not cursor.is_key and field.type == "reference":
        referring_record = _find_record_at_cursor(cursor, content, path)
        target = content.get(field.target_kind, cursor.token.strip('"'), referring_record)
        paragraphs += [f"**{target.value.get('label', target.id)}**"] if target is not None else []
        paragraphs += _quote_record_sentence(target, content)
    return "\n\n".join(paragraphs)


def _find_record_at_cursor(cursor: Cursor, content: Content, path: str) -> Record | None:
    pointer = f"/records/{cursor.path[1]}"
    for content_file in content.files:
        if content_file.path == path:
            return next((record for record in content_file.records if record.pointer == pointer), None)
    return None


def _quote_record_sentence(record: Record | None, content: Content) -> list[str]:
    """Give the sentence of a record that fits its schema."""
    if record is None or not record.is_valid or not record.kind.sentence_template:
        return []
    return [f"> {format_sentence(record, content)}"]
