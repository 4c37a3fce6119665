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


class Mention(NamedTuple):
    """All that one field of a file's well-shaped records refers to: ids of the kind `field.ref`."""

    kind: Kind
    field: Field
    records: list[Record]
    targets: frozenset[str]

    def references(self) -> Iterator[Reference]:
        """Give them one by one, with their places."""
        name = self.field.path[0]
        for record in self.records:
            for parts, target in record.values(self.field) if name in record.value else ():
                yield Reference(record, self.field, parts, target)


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

    __slots__ = ("_mentions", "_partial", "_shaped", "files", "ids", "name", "records", "unread")

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: list[File] = []
        self.records: dict[str, list[Record]] = {}
        self.ids: dict[str, dict[str, Record]] = {}
        self.unread: set[str] = set()
        self._shaped: list[Record] | None = None
        self._mentions: list[Mention] | None = None
        self._partial: frozenset[str] | None = None

    def add(self, file: File) -> None:
        """Take in a file and its records; of records with the same id the first is the one that is found."""
        self.files.append(file)
        self.records[file.kind.name] = file.records
        self.ids[file.kind.name] = {record.id: record for record in reversed(file.records) if record.id}

    def mentions(self) -> list[Mention]:
        """Give all that well-shaped records refer to, field by field; found once."""
        if self._mentions is None:
            self._mentions = []
            for file in self.files:
                shaped = [record for record in file.records if record.shaped]
                for field in file.kind.reference_fields if shaped else ():
                    targets = _targets(shaped, field)
                    if targets:
                        self._mentions.append(Mention(file.kind, field, shaped, targets))
        return self._mentions

    def shaped(self) -> list[Record]:
        """Give all well-shaped records, in the order of the files; found once."""
        if self._shaped is None:
            self._shaped = [
                record for records in self.records.values() for record in records if record.shaped
            ]
        return self._shaped

    @property
    def partial(self) -> frozenset[str]:
        """The kinds of which a record may be missing or does not fit its schema; found once."""
        if self._partial is None:
            self._partial = frozenset((*self.unread, *(record.kind.name for record in self.misshapen())))
        return self._partial

    def forget(self) -> None:
        """Find well-shaped records and their references anew when they are next asked for."""
        self._shaped = self._mentions = self._partial = None

    def misshapen(self) -> Iterator[Record]:
        """Give the records that do not fit their schema."""
        return (record for records in self.records.values() for record in records if not record.shaped)


def _targets(records: list[Record], field: Field) -> frozenset[str]:
    """Give what a field of the records refers to.  Where that is right nobody asks for the places."""
    first, *rest = field.path
    values = [record.value[first] for record in records if first in record.value]
    if len(rest) == 1 and not field.is_list:
        last = rest[0]
        # What stands in a list of objects is rare, and left to the general way.
        if all(type(value) is dict for value in values):
            return frozenset([value[last] for value in values if last in value])
    elif not rest:
        return frozenset([name for value in values for name in value] if field.is_list else values)
    return frozenset(target for record in records for _, target in record.values(field))
