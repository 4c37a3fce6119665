"""A folder of content: the shared terms, or one article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content.record import Part, Record
    from bmkit.schema import Field, Kind


class Reference(NamedTuple):
    """One mention of a record: `record` says at `parts` that it means the `field.ref` of id `target`."""

    record: Record
    field: Field
    parts: tuple[Part, ...]
    target: str


class File:
    """One file of content that is JSON; `path` is relative to the root, `value` what it holds."""

    __slots__ = ("folder", "kind", "path", "records", "value")

    def __init__(self, path: str, folder: str, kind: Kind, value: Any) -> None:
        self.path = path
        self.folder = folder
        self.kind = kind
        self.value = value
        self.records: list[Record] = []


class Folder:
    """The files of one folder, and its records by kind and id.

    `unread` names the kinds of which records may be missing because a file could not be read: whether a
    reference to such a kind dangles cannot be told.
    """

    __slots__ = ("_references", "_shaped", "files", "ids", "name", "records", "unread")

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: list[File] = []
        self.records: dict[str, list[Record]] = {}
        self.ids: dict[str, dict[str, Record]] = {}
        self.unread: set[str] = set()
        self._shaped: list[Record] | None = None
        self._references: list[Reference] | None = None

    def add(self, file: File) -> None:
        """Take in a file and its records; of records with the same id the first is the one that is found."""
        self.files.append(file)
        self.records[file.kind.name] = file.records
        self.ids[file.kind.name] = {record.id: record for record in reversed(file.records) if record.id}

    def references(self) -> list[Reference]:
        """Give all references that well-shaped records make, in the order of the text; found once."""
        if self._references is None:
            self._references = [
                Reference(record, field, parts, target)
                for record in self.shaped()
                for field in record.kind.references
                if field.path[0] in record.value
                for parts, target in record.values(field)
            ]
        return self._references

    def shaped(self) -> list[Record]:
        """Give all well-shaped records, in the order of the files; found once."""
        if self._shaped is None:
            self._shaped = [
                record for records in self.records.values() for record in records if record.shaped
            ]
        return self._shaped

    def forget(self) -> None:
        """Find well-shaped records and their references anew when they are next asked for."""
        self._shaped = self._references = None

    def misshapen(self) -> Iterator[Record]:
        """Give the records that do not fit their schema."""
        return (record for records in self.records.values() for record in records if not record.shaped)
