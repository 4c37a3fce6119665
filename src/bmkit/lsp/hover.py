"""What is said of a field, or of the record that an id names, when the mouse rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.handbook import what
from bmkit.lsp.fields import field_at
from bmkit.sentence import sentence

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.lsp.cursor import Spot
    from bmkit.schema import Kind


def hover(spot: Spot, kind: Kind, content: Content, file: str) -> str:
    """Give Markdown for a spot of a file, "" if there is nothing to say."""
    field = field_at(kind, (*spot.path, spot.token.strip('"'))) if spot.key else field_at(kind, spot.path)
    if field is None:
        return ""
    parts = [f"**{field.title}**: {field.description}", f"`{'.'.join(field.path)}`: {what(field)}"]
    if not spot.key and field.path == ("id",):
        parts += _said(_record(spot, content, file), content)
    elif not spot.key and field.type == "reference":
        near = _record(spot, content, file)
        meant = content.named(field.target_kind, spot.token.strip('"'), near)
        parts += [f"**{meant.value.get('label', meant.id)}**"] if meant is not None else []
        parts += _said(meant, content)
    return "\n\n".join(parts)


def _record(spot: Spot, content: Content, file: str) -> Record | None:
    pointer = f"/records/{spot.path[1]}"
    for found in content.files:
        if found.path == file:
            return next((record for record in found.records if record.pointer == pointer), None)
    return None


def _said(record: Record | None, content: Content) -> list[str]:
    """Give the sentence of a record that fits its schema."""
    if record is None or not record.shaped or not record.kind.sentence_template:
        return []
    return [f"> {sentence(record, content)}"]
