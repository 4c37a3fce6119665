"""A record: one term or fact, with the place of each of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.schema import Field, Kind

Part = str | int
"""A step from a value to one inside it: a member's name, or a position in a list."""


class Record:
    """One record of `file` (relative to the root), the `number`th of its list from 0.

    `value` is the record as it was read, `id` its id ("" where it has no text for one).  `shaped` is False
    once the record was found not to fit its schema; rules do not see it then.
    """

    __slots__ = ("file", "folder", "id", "kind", "number", "shaped", "value")

    def __init__(self, kind: Kind, folder: str, file: str, number: int, value: dict[str, Any]) -> None:
        self.kind = kind
        self.folder = folder
        self.file = file
        self.number = number
        self.value = value
        name = value.get("id")
        self.id: str = name if isinstance(name, str) else ""
        self.shaped = True

    def __repr__(self) -> str:
        return f"Record({self.kind.name!r}, {self.id!r})"

    @property
    def pointer(self) -> str:
        """Where it stands in its file, "/records/3"."""
        return f"/records/{self.number}"

    def __getitem__(self, name: str) -> Any:
        """Give the value of a field, None where there is none; KeyError if the kind has no such field."""
        value = self.value.get(name)
        if value is None and name not in self.kind:
            raise KeyError(f"{self.kind.name} has no field {name!r}")
        return value

    def at(self, *parts: Part, key: bool = False) -> Place:
        """Give the place of a value in the record, or of its key; the parts are like "dose", "low"."""
        return Place(self.file, self.pointer + pointer(parts), key)

    def values(self, field: Field) -> Sequence[tuple[tuple[Part, ...], Any]]:
        """Give every value of a field, with the way to it; list positions on that way are filled in."""
        path = field.path
        value = self.value.get(path[0])
        if value is None:
            return ()
        # Rules ask all day, mostly for what stands in the record itself.
        if len(path) == 1 and not isinstance(value, list):
            return ((path, value),)
        name = path[-1]
        return _items([((*way, name), holder[name]) for way, holder in self.holders(field)])

    def each(self, field: Field) -> Sequence[Any]:
        """Give every value of a field, without the ways to them."""
        if len(field.path) == 1:
            value = self.value.get(field.name)
            return value if isinstance(value, list) else () if value is None else (value,)
        return [value for _, value in self.values(field)]

    def holders(self, field: Field) -> Sequence[tuple[tuple[Part, ...], dict[str, Any]]]:
        """Give every object that has the field: the record itself or some in it, with the way to it."""
        found: list[tuple[tuple[Part, ...], Any]] = [((), self.value)]
        *above, last = field.path
        for name in above:
            found = _items([((*way, name), holder[name]) for way, holder in found if name in holder])
        return [one for one in found if last in one[1]]


def pointer(parts: tuple[Part, ...]) -> str:
    """Write parts as a JSON Pointer: "a/b" and 2 become "/a~1b/2"."""
    return "".join(
        f"/{part}" if isinstance(part, int) else f"/{part.replace('~', '~0').replace('/', '~1')}"
        for part in parts
    )


def _items(found: list[tuple[tuple[Part, ...], Any]]) -> list[tuple[tuple[Part, ...], Any]]:
    """Replace lists by what is in them."""
    items: list[tuple[tuple[Part, ...], Any]] = []
    for one in found:
        way, value = one
        if isinstance(value, list):
            items += [((*way, number), item) for number, item in enumerate(value)]
        else:
            items.append(one)
    return items
