"""A record: one term or fact, with the place of each of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.schema import Field, Kind

PathPart = str | int
"""A step from a value to one inside it: a member's name, or a position in a list."""


class Record:
    """One record of `file` (relative to the root), the `number`th of its list from 0.

    `value` is the record as it was read, `id` its id ("" where it has no text for one).  `shaped` is False
    once the record was found not to fit its schema; rules do not see it then.
    """

    __slots__ = ("file", "folder", "id", "index", "is_valid", "kind", "value")

    def __init__(self, kind: Kind, folder: str, file: str, index: int, value: dict[str, Any]) -> None:
        self.kind = kind
        self.folder = folder
        self.file = file
        self.index = index
        self.value = value
        record_id = value.get("id")
        self.id: str = record_id if isinstance(record_id, str) else ""
        self.is_valid = True

    def __repr__(self) -> str:
        return f"Record({self.kind.name!r}, {self.id!r})"

    @property
    def pointer(self) -> str:
        """Where it stands in its file, "/records/3"."""
        return f"/records/{self.index}"

    def __getitem__(self, field_name: str) -> Any:
        """Give the value of a field, None where there is none; KeyError if the kind has no such field."""
        value = self.value.get(field_name)
        if value is None and field_name not in self.kind:
            raise KeyError(f"{self.kind.name} has no field {field_name!r}")
        return value

    def locate_field(self, *parts: PathPart, key: bool = False) -> Place:
        """Give the place of a value in the record, or of its key; the parts are like "dose", "low"."""
        return Place(self.file, self.pointer + format_pointer(parts), key)

    def list_values_with_paths(self, field: Field) -> Sequence[tuple[tuple[PathPart, ...], Any]]:
        """Give every value of a field, with the way to it; list positions on that way are filled in."""
        field_path = field.path
        value = self.value.get(field_path[0])
        if value is None:
            return ()
        # Rules ask all day, mostly for what stands in the record itself.
        if len(field_path) == 1 and not isinstance(value, list):
            return ((field_path, value),)
        last_name = field_path[-1]
        return _expand_lists(
            [
                ((*holder_path, last_name), holder[last_name])
                for holder_path, holder in self.list_holders_with_paths(field)
            ]
        )

    def list_values(self, field: Field) -> Sequence[Any]:
        """Give every value of a field, without the ways to them."""
        if len(field.path) == 1:
            value = self.value.get(field.name)
            return value if isinstance(value, list) else () if value is None else (value,)
        return [value for _, value in self.list_values_with_paths(field)]

    def list_holders_with_paths(self, field: Field) -> Sequence[tuple[tuple[PathPart, ...], dict[str, Any]]]:
        """Give every object that has the field: the record itself or some in it, with the way to it."""
        placed_holders: list[tuple[tuple[PathPart, ...], Any]] = [((), self.value)]
        *parent_names, last_name = field.path
        for name in parent_names:
            placed_holders = _expand_lists(
                [
                    ((*holder_path, name), holder[name])
                    for holder_path, holder in placed_holders
                    if name in holder
                ]
            )
        return [placed_holder for placed_holder in placed_holders if last_name in placed_holder[1]]


def format_pointer(parts: tuple[PathPart, ...]) -> str:
    """Write parts as a JSON Pointer: "a/b" and 2 become "/a~1b/2"."""
    return "".join(
        f"/{part}" if isinstance(part, int) else f"/{part.replace('~', '~0').replace('/', '~1')}"
        for part in parts
    )


def _expand_lists(
    placed_values: list[tuple[tuple[PathPart, ...], Any]],
) -> list[tuple[tuple[PathPart, ...], Any]]:
    """Replace lists by what is in them."""
    expanded: list[tuple[tuple[PathPart, ...], Any]] = []
    for placed_value in placed_values:
        value_path, value = placed_value
        if isinstance(value, list):
            expanded += [((*value_path, index), item) for index, item in enumerate(value)]
        else:
            expanded.append(placed_value)
    return expanded
