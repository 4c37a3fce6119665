"""A record: one term or fact, with the place of each of its values; and the files and folders of records."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.issue import Place, format_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.issue import PathPart
    from bmkit.schema import Field, Kind


class Record:
    """One record of `file` (relative to the root), at `index` of its list.

    `value` is the record as it was read, `id` its id ("" where it has no text for one).  `is_valid` is False
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
        """Its JSON Pointer in its file, "/records/3"."""
        return f"/records/{self.index}"

    def __getitem__(self, field_name: str) -> Any:
        """Return the value of a field, None where there is none; KeyError if the kind has no such field."""
        value = self.value.get(field_name)
        if value is None and field_name not in self.kind:
            raise KeyError(f"{self.kind.name} has no field {field_name!r}")
        return value

    def find_value(self, role: str) -> Any:
        """Return the value of the field that has the role, None if there is no such field or no value."""
        field = self.kind.find_role_field(role)
        return None if field is None else self.value.get(field.name)

    def locate_field(self, *parts: PathPart, key: bool = False) -> Place:
        """Return the place of a value in the record, or of its key; the parts are like "dose", "low"."""
        return Place(self.file, self.pointer + format_pointer(parts), key)

    def find_holder(self, parts: Sequence[PathPart]) -> dict[str, Any]:
        """Return the object that has the value at `parts`: the record itself, or one in it."""
        holder_parts = list(parts)
        while isinstance(holder_parts.pop(), int):
            pass
        value: Any = self.value
        for part in holder_parts:
            value = value[part]
        holder: dict[str, Any] = value
        return holder

    def list_values_with_paths(self, field: Field) -> Sequence[tuple[tuple[PathPart, ...], Any]]:
        """List every value of a field with the path to it, list positions included."""
        field_path = field.path
        value = self.value.get(field_path[0])
        if value is None:
            return ()
        # Rules ask all day, mostly for what stands in the record itself.
        if len(field_path) == 1 and not isinstance(value, list | dict):
            return ((field_path, value),)
        last_name = field_path[-1]
        placed_values = _expand_lists(
            [
                ((*holder_path, last_name), holder[last_name])
                for holder_path, holder in self.list_holders_with_paths(field)
            ]
        )
        if field.type == "reference" and field.fields:
            # An object in place of an id has the id in a field of its own.
            return [(parts, value) for parts, value in placed_values if not isinstance(value, dict)]
        return placed_values

    def list_values(self, field: Field) -> Sequence[Any]:
        """List every value of a field, without the paths to them."""
        if len(field.path) == 1:
            value = self.value.get(field.name)
            values = value if isinstance(value, list) else () if value is None else (value,)
            return _drop_objects(values) if field.type == "reference" and field.fields else values
        return [value for _, value in self.list_values_with_paths(field)]

    def list_holders_with_paths(self, field: Field) -> Sequence[tuple[tuple[PathPart, ...], dict[str, Any]]]:
        """List every object that has the field: the record itself or some in it, with the path to it."""
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
        return [
            placed_holder
            for placed_holder in placed_holders
            # What may be an object or its id is no holder where it is the id.
            if isinstance(placed_holder[1], dict) and last_name in placed_holder[1]
        ]


class Reference(NamedTuple):
    """A reference: `record` names at `parts` the record `target_id` of the kind that `field` refers to."""

    record: Record
    field: Field
    parts: tuple[PathPart, ...]
    target_id: str


class FieldReferences(NamedTuple):
    """What one field of a file's valid records refers to: ids of the target kind of `field`."""

    kind: Kind
    field: Field
    records: list[Record]
    target_ids: frozenset[str]

    def iter_references(self) -> Iterator[Reference]:
        """Yield them one by one, with their places."""
        top_name = self.field.path[0]
        for record in self.records:
            for parts, target_id in (
                record.list_values_with_paths(self.field) if top_name in record.value else ()
            ):
                yield Reference(record, self.field, parts, target_id)


class File:
    """One file of content that is JSON; `path` is relative to the root, `value` what it holds."""

    __slots__ = ("folder", "kind", "path", "records", "value")

    def __init__(self, path: str, folder: str, kind: Kind, value: Any) -> None:
        self.path = path
        self.folder = folder
        self.kind = kind
        self.value = value
        self.records: list[Record] = []

    def find_record_at(self, index: int) -> Record | None:
        """Return the record at that position of the list; None if no object stands there."""
        # What is no object is no record, and moves those behind it forward.
        position = bisect_left(self.records, index, key=lambda record: record.index)
        record = self.records[position] if position < len(self.records) else None
        return record if record is not None and record.index == index else None


class Folder:
    """The files of one folder, and its records by kind and id.

    `unread_kinds` names the kinds of which records may be missing because a file could not be read: a
    reference to such a kind cannot be called dangling.  `seal_path` is the path of what was read in the text
    of the article, "" if there is none.  `derived_values` has what functions that are
    `per_folder` returned.
    """

    __slots__ = (
        "_field_references",
        "_partial_kinds",
        "_valid_records",
        "derived_values",
        "files",
        "ids_by_kind",
        "name",
        "records_by_kind",
        "seal_path",
        "unread_kinds",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: list[File] = []
        self.records_by_kind: dict[str, list[Record]] = {}
        self.ids_by_kind: dict[str, dict[str, Record]] = {}
        self.unread_kinds: set[str] = set()
        self.seal_path = ""
        self.derived_values: dict[Any, Any] = {}
        self._valid_records: list[Record] | None = None
        self._field_references: list[FieldReferences] | None = None
        self._partial_kinds: frozenset[str] | None = None

    def add_file(self, file: File) -> None:
        """Add a file and its records; of records with the same id the first is found."""
        self.files.append(file)
        self.records_by_kind[file.kind.name] = file.records
        self.ids_by_kind[file.kind.name] = {
            record.id: record for record in reversed(file.records) if record.id
        }

    def list_tables_of_role(self, role: str) -> list[list[Record]]:
        """Return the records of each kind that has the role, in the order of the files."""
        return [file.records for file in self.files if file.kind.role == role]

    def list_field_references(self) -> list[FieldReferences]:
        """List what valid records refer to, field by field."""
        if self._field_references is None:
            self._field_references = []
            for file in self.files:
                valid_records = [record for record in file.records if record.is_valid]
                for field in file.kind.reference_fields if valid_records else ():
                    target_ids = _collect_target_ids(valid_records, field)
                    if target_ids:
                        self._field_references.append(
                            FieldReferences(file.kind, field, valid_records, target_ids)
                        )
        return self._field_references

    def list_valid_records(self) -> list[Record]:
        """List all valid records, in the order of the files."""
        if self._valid_records is None:
            self._valid_records = [
                record for records in self.records_by_kind.values() for record in records if record.is_valid
            ]
        return self._valid_records

    @property
    def partial_kinds(self) -> frozenset[str]:
        """The kinds of which a record may be missing or invalid."""
        if self._partial_kinds is None:
            self._partial_kinds = frozenset(
                (*self.unread_kinds, *(record.kind.name for record in self.find_invalid_records()))
            )
        return self._partial_kinds

    def clear_caches(self) -> None:
        """Forget which records are valid and what was derived from them."""
        self.derived_values.clear()
        self._valid_records = self._field_references = self._partial_kinds = None

    def find_invalid_records(self) -> Iterator[Record]:
        """Yield the records that do not fit their schema."""
        return (
            record for records in self.records_by_kind.values() for record in records if not record.is_valid
        )


def _collect_target_ids(records: list[Record], field: Field) -> frozenset[str]:
    """Return the ids that a field of the records names; places are only needed for faulty ones."""
    top_name, *nested_names = field.path
    top_values = [record.value[top_name] for record in records if top_name in record.value]
    if field.fields and field.is_list:
        top_values = [_drop_objects(values) for values in top_values]
    if len(nested_names) == 1 and not field.is_list:
        nested_name = nested_names[0]
        # What stands in a list of objects is rare, and left to the general way.
        if all(type(value) is dict for value in top_values):
            return frozenset([value[nested_name] for value in top_values if nested_name in value])
    elif not nested_names:
        return frozenset(
            [target_id for value in top_values for target_id in value] if field.is_list else top_values
        )
    return frozenset(target_id for record in records for _, target_id in record.list_values_with_paths(field))


def _drop_objects(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if not isinstance(value, dict)]


def _expand_lists(
    placed_values: list[tuple[tuple[PathPart, ...], Any]],
) -> list[tuple[tuple[PathPart, ...], Any]]:
    """Replace each list by its items, with their paths."""
    expanded: list[tuple[tuple[PathPart, ...], Any]] = []
    for placed_value in placed_values:
        value_path, value = placed_value
        if isinstance(value, list):
            expanded += [((*value_path, index), item) for index, item in enumerate(value)]
        else:
            expanded.append(placed_value)
    return expanded
