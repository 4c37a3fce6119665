"""From a path in a file to the field that stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content.record import PathPart
    from bmkit.schema import Field, Kind


def find_field(kind: Kind, path: Sequence[PathPart]) -> Field | None:
    """Give the field whose value, or an item of whose list, stands at a path; None if there is none."""
    names = _list_field_names(path)
    field = None
    fields: Sequence[Field] = kind.fields
    for name in names or ():
        field = next((candidate for candidate in fields if candidate.name == name), None)
        if field is None:
            return None
        fields = field.fields
    return field


def find_member_fields(kind: Kind, path: Sequence[PathPart]) -> Sequence[Field]:
    """Give the fields of the object at a path; none if no object belongs there."""
    names = _list_field_names(path)
    if names is None:
        return ()
    if not names:
        return kind.fields
    field = find_field(kind, path)
    return field.fields if field is not None else ()


def _list_field_names(path: Sequence[PathPart]) -> list[str] | None:
    """Give the names from the record down; None if the path does not lead into a record."""
    if len(path) < 2 or path[0] != "records" or not isinstance(path[1], int):  # noqa: PLR2004
        return None
    return [part for part in path[2:] if isinstance(part, str)]
