"""A record: one term or fact, with the place of each of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Field, Kind

Part = str | int
"""A step from a value to one inside it: a member's name, or a position in a list."""


class Record:
    """One record of `file` (relative to the root), at `pointer` ("/records/3").

    `value` is the record as it was read, `id` its id ("" where it has no text for one).  `shaped` is False
    once the record was found not to fit its schema; rules do not see it then.
    """

    __slots__ = ("file", "folder", "id", "kind", "pointer", "shaped", "value")

    def __init__(self, kind: Kind, folder: str, file: str, pointer: str, value: dict[str, Any]) -> None:
        self.kind = kind
        self.folder = folder
        self.file = file
        self.pointer = pointer
        self.value = value
        name = value.get("id")
        self.id: str = name if isinstance(name, str) else ""
        self.shaped = True

    def __repr__(self) -> str:
        return f"Record({self.kind.name!r}, {self.id!r})"

    def __getitem__(self, name: str) -> Any:
        """Give the value of a field, None where there is none; KeyError if the kind has no such field."""
        if name not in self.kind:
            raise KeyError(f"{self.kind.name} has no field {name!r}")
        return self.value.get(name)

    def at(self, *parts: Part, key: bool = False) -> Place:
        """Give the place of a value in the record, or of its key; the parts are like "dose", "low"."""
        return Place(self.file, self.pointer + pointer(parts), key)

    def values(self, field: Field) -> Iterator[tuple[tuple[Part, ...], Any]]:
        """Give every value of a field, with the way to it; list positions on that way are filled in."""
        first, *rest = field.path
        if first not in self.value:
            return iter(())
        # Most values stand in the record itself or in one object of it, and rules ask for them all day.
        value = self.value[first]
        way: tuple[Part, ...] = field.path
        if len(rest) == 1 and isinstance(value, dict):
            if rest[0] not in value:
                return iter(())
            value = value[rest[0]]
        elif rest:
            return _values(value, field.path[1:], (first,))
        if isinstance(value, list):
            return (((*way, number), item) for number, item in enumerate(value))
        return iter(((way, value),))


def pointer(parts: tuple[Part, ...]) -> str:
    """Write parts as a JSON Pointer: "a/b" and 2 become "/a~1b/2"."""
    return "".join(
        f"/{part}" if isinstance(part, int) else f"/{part.replace('~', '~0').replace('/', '~1')}"
        for part in parts
    )


def _values(
    value: Any, path: tuple[str, ...], way: tuple[Part, ...]
) -> Iterator[tuple[tuple[Part, ...], Any]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _values(item, path, (*way, number))
    elif not path:
        yield way, value
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:], (*way, path[0]))
