"""What may be typed at a spot: names of fields, words of closed lists, ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.canonical import string
from bmkit.content import TERMS
from bmkit.handbook import what
from bmkit.lsp.fields import field_at, members_at
from bmkit.schema import SCHEMA_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.lsp.cursor import Spot
    from bmkit.schema import Field, Kind


class Offer(NamedTuple):
    """A text that may stand at a spot.

    `text` is to be written as it is; `snippet`, unless "", is the same with `$1`, `$2` where the cursor goes.
    """

    label: str
    text: str
    detail: str = ""
    about: str = ""
    snippet: str = ""


def offers(spot: Spot, kind: Kind, content: Content, folder: str) -> list[Offer]:
    """Give what may be typed at a spot of a file of that kind, in that folder of content/."""
    if spot.key:
        return list(_names(spot, kind))
    if spot.path == ("$schema",):
        return [Offer("$schema", string(f"../../schema/{kind.name}{SCHEMA_SUFFIX}"))]
    field = field_at(kind, spot.path)
    if field is None:
        return []
    if field.is_list and isinstance(spot.path[-1], str):
        return []  # inside the brackets, not before them
    return list(_values(field, content, folder))


def _names(spot: Spot, kind: Kind) -> Iterator[Offer]:
    if not spot.path:
        for name in ("$schema", "records"):
            if name not in spot.names:
                yield Offer(name, string(name) if spot.colon else f"{string(name)}: ")
        return
    for field in members_at(kind, spot.path):
        if field.name in spot.names:
            continue
        text, snippet = string(field.name), ""
        if not spot.colon:
            text += ": "
            snippet = text + _outline(field)
        detail = what(field) if field.required else f"{what(field)} (may be left out)"
        yield Offer(field.name, text, detail, f"{field.title}: {field.description}", snippet)


def _outline(field: Field) -> str:
    if field.type == "quantity":
        one = next(iter(_quantities(field))).snippet
    elif field.type == "object":
        one = "{$1}"
    else:
        one = '"$1"' if field.type in {"text", "reference"} else "$1"
    return f"[{one}]" if field.is_list else one


def _values(field: Field, content: Content, folder: str) -> Iterator[Offer]:
    if field.type == "reference":
        for record in content.every(field.target_kind):
            if record.id and record.folder in {folder, TERMS}:
                label = record.value.get("label")
                yield Offer(record.id, string(record.id), label if isinstance(label, str) else "")
    elif field.type == "quantity":
        yield from _quantities(field)
    elif field.type == "boolean":
        yield from (Offer(word, word) for word in ("true", "false"))
    for value in field.values:
        if isinstance(value, str):
            yield Offer(value, string(value))


def _quantities(field: Field) -> Iterator[Offer]:
    for unit in field.units:
        end = f'"unit": {string(unit)}}}'
        safe = end.replace("$", "\\$").replace("}", "\\}")
        yield Offer(
            f"value in {unit}", f'{{"value": 0, {end}', "one number", snippet=f'{{"value": $1, {safe}'
        )
        yield Offer(
            f"range in {unit}",
            f'{{"low": 0, "high": 0, {end}',
            "from low to high",
            snippet=f'{{"low": $1, "high": $2, {safe}',
        )
