"""The terms of articles: each stands in the folder of an article, and only that article sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content.record import Folder, Record


class RecordLocation(NamedTuple):
    """Where a record stands: it is record `number`, counted from 1, of `file`, which is in `folder`."""

    folder: str
    file: str
    number: int


class OwnTerms:
    """Where the terms of all articles stand, by kind and id; of terms with one id the first is known."""

    def __init__(self) -> None:
        self._locations: dict[tuple[str, str], RecordLocation] = {}

    def add_records(self, records: Iterable[Record]) -> None:
        """Add the terms among the records of one article."""
        for record in records:
            if record.id and record.kind.group == "term":
                self._locations.setdefault((record.kind.name, record.id), locate_record(record))

    def find_elsewhere(self, kind: str, record_id: str, folder: str) -> RecordLocation | None:
        """Return where the term of that kind and id stands that another folder has; None if none has."""
        location = self._locations.get((kind, record_id))
        return location if location is not None and location.folder != folder else None


def locate_record(record: Record) -> RecordLocation:
    """Return where a record stands."""
    return RecordLocation(record.folder, record.file, record.index + 1)


def index_own_terms(folders: Iterable[Folder], terms_folder: str) -> OwnTerms:
    """Return the terms of the articles among the folders."""
    own_terms = OwnTerms()
    for folder in folders:
        if folder.name != terms_folder:
            for records in folder.records_by_kind.values():
                own_terms.add_records(records if records and records[0].kind.group == "term" else ())
    return own_terms
