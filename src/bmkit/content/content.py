"""Content as rules and exports see it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from bmkit.content.codes import Codes
from bmkit.content.folder import Folder, Mention, Reference
from bmkit.jsontext import JsonError, decode_for_display, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bmkit.content.folder import File
    from bmkit.content.record import Record
    from bmkit.issue import Issue
    from bmkit.schema import Kind, Schemas

__all__ = ["Content", "Mention", "Reference"]

# Records of a batch of articles: enough that a hundred rules do not each begin anew for every few.
_BATCH = 4000

_Made = TypeVar("_Made")


class Content:
    """The records of a project, or of some articles and the shared terms.

    `folders` are those whose records can be found, by name; `judged` the names of those whose records
    `records`, `of` and the like go through.  They differ only in the views that `batches` gives.  `issues`
    are the faults met in reading; `codes` is the lock of standard codes; `data` the bytes of what was read.
    """

    def __init__(  # noqa: PLR0913  content is made in one place
        self,
        root: str,
        schemas: Schemas,
        folders: Mapping[str, Folder],
        *,
        codes: Codes | None = None,
        issues: Sequence[Issue] = (),
        data: Mapping[str, bytes] | None = None,
        terms: str = "terms",
        judged: Sequence[str] | None = None,
    ) -> None:
        self.root = root
        self.schemas = schemas
        self.folders = folders
        self.codes = codes if codes is not None else Codes()
        self.issues = tuple(issues)
        self._data = data if data is not None else {}
        self._terms = terms
        self._ids: dict[tuple[str, str], Sequence[Mapping[str, Record]]] = {}
        self._reached: dict[str, Sequence[str]] = {}
        self._made: dict[Callable[[Content], Any], Any] = {}
        self._judged = [folders[name] for name in (folders if judged is None else judged)]

    @property
    def files(self) -> list[File]:
        """All files that hold JSON of a known kind, by folder and name."""
        return [file for folder in self._judged for file in folder.files]

    def kinds(self) -> list[Kind]:
        """Give the kinds that have a file, by name."""
        found = {file.kind.name: file.kind for file in self.files}
        return [found[name] for name in sorted(found)]

    def records(self) -> Iterator[Record]:
        """Give all well-shaped records."""
        for folder in self._judged:
            yield from folder.shaped()

    def of(self, kind: str) -> Sequence[Record]:
        """Give the well-shaped records of a kind; none if the project does not have the kind."""
        return [record for folder in self._judged for record in folder.records.get(kind, ()) if record.shaped]

    def find(self, kind: str, name: str, near: Record | None = None) -> Record | None:
        """Give the well-shaped record of that kind and id, None if there is none.

        Two articles may use one id for different records; `near` is then the record whose article is meant.
        """
        record = self.named(kind, name, near)
        return record if record is not None and record.shaped else None

    def named(self, kind: str, name: str, near: Record | None = None) -> Record | None:
        """Give the record of that kind and id, well-shaped or not, None if there is none; see `find`."""
        own = near.folder if near is not None else ""
        tables = self._ids.get((own, kind))
        for ids in self._tables(own, kind) if tables is None else tables:
            if name in ids:
                return ids[name]
        return None

    def unnamed(self, kind: str, names: frozenset[str], folder: str) -> frozenset[str]:
        """Give those of the ids that `named` finds no record for, near a record of the folder."""
        tables = self._ids.get((folder, kind))
        for ids in self._tables(folder, kind) if tables is None else tables:
            names = names.difference(ids)
        return names

    def every(self, kind: str, near: Record | None = None) -> Iterator[Record]:
        """Give all records of a kind that can be found, from `near` if that is given, well-shaped or not."""
        names = self.folders if near is None else self.reached(near.folder)
        for name in names:
            yield from self.folders[name].records.get(kind, ())

    def reached(self, folder: str) -> Sequence[str]:
        """Give the names of the folders whose records can be found from a record of the folder."""
        if folder not in self._reached:
            own = folder if folder in self.folders and folder != self._terms else ""
            self._reached[folder] = [name for name in self.folders if not own or name in {own, self._terms}]
        return self._reached[folder]

    def namesakes(self) -> Iterator[tuple[Record, Record]]:
        """Give every record whose id an earlier record of its kind has already, with that record.

        It does not matter whether the two are well-shaped.  The same id in two articles is no clash.
        """
        for folder in self._judged:
            shared = self.folders.get(self._terms, folder)
            for kind, records in folder.records.items():
                own, common = folder.ids[kind], shared.ids.get(kind, {})
                # As many ids as records, and none of the shared ones: then nobody has a namesake.
                if len(own) == len(records) and (own is common or own.keys().isdisjoint(common)):
                    continue
                for record in records:
                    first = common.get(record.id) or own.get(record.id)
                    if first is not None and first is not record:
                        yield record, first

    def complete(self, kind: str, folder: str) -> bool:
        """Say whether all files of the kind that count in the folder could be read.

        Only then an id that is not there is missing.
        """
        return not any(kind in self.folders[name].unread for name in self.reached(folder))

    def whole(self, near: Record, *kinds: str) -> bool:
        """Say whether all records of these kinds that can be found from `near` are there and well-shaped.

        Only then what none of them says is said by none: a rule that concludes from that asks first.  Without
        kinds all that can be found is meant.
        """
        folders = [self.folders[name] for name in self.reached(near.folder)]
        return not any(folder.partial.intersection(kinds) if kinds else folder.partial for folder in folders)

    def mentions(self) -> Iterator[Mention]:
        """Give all that well-shaped records refer to, by file and field."""
        for folder in self._judged:
            yield from folder.mentions()

    def references(self) -> Iterator[Reference]:
        """Give every reference that a well-shaped record makes."""
        for mention in self.mentions():
            yield from mention.references()

    def once(self, make: Callable[[Content], _Made]) -> _Made:
        """Give what `make` makes of this content; rules that need the same share it."""
        if make not in self._made:
            self._made[make] = make(self)
        made: _Made = self._made[make]
        return made

    def forget(self) -> None:
        """Find anew what was remembered of well-shaped records: some were found not to be."""
        self._made.clear()
        for folder in self.folders.values():
            folder.forget()

    def misshapen(self) -> Iterator[Record]:
        """Give the records that do not fit their schema."""
        for folder in self._judged:
            yield from folder.misshapen()

    def batches(self, least: int = _BATCH) -> Iterator[Content]:
        """Give the content some articles at a time, with the shared terms: `least` records, but for the last.

        The terms are gone through once: in a view of their own, or with the article if there is only one.
        One view of all articles would need memory for all that rules remember of them.
        """
        names = [folder.name for folder in self._judged if folder.name != self._terms]
        shared = [self._terms] if self._terms in self.folders else []
        if len(names) < 2:  # noqa: PLR2004  one article and the terms are the whole content
            yield self
            return
        if shared:
            yield self._view(list(self.folders), shared)
        some: list[str] = []
        count = 0
        for name in names:
            some.append(name)
            count += sum(map(len, self.folders[name].records.values()))
            if count >= least or name == names[-1]:
                yield self._view([*shared, *some], some)
                some, count = [], 0

    def data(self, path: str) -> bytes:
        """Give the bytes of a file as they were read; none if it was not."""
        return self._data.get(path, b"")

    def text(self, path: str) -> str:
        """Give the text of any file of the project, for positions; "" if it cannot be had.

        Bytes that are not UTF-8 are replaced.  What was read before is not read again.
        """
        data = self._data.get(path)
        if data is None:
            try:
                data = read_bytes(os.path.join(self.root, path))
            except JsonError:
                return ""
        return decode_for_display(data)

    def _view(self, visible: Sequence[str], judged: Sequence[str]) -> Content:
        folders = {name: self.folders[name] for name in visible}
        return Content(
            self.root,
            self.schemas,
            folders,
            codes=self.codes,
            data=self._data,
            terms=self._terms,
            judged=judged,
        )

    def _tables(self, own: str, kind: str) -> Sequence[Mapping[str, Record]]:
        """Give the records of a kind by id, folder by folder, as they are looked up from the folder `own`."""
        if own in self.folders and own != self._terms:
            names = [name for name in (own, self._terms) if name in self.folders]
        else:
            names = sorted(self.folders, key=lambda name: name != own)
        tables = [self.folders[name].ids.get(kind) for name in names]
        found = self._ids[own, kind] = [table for table in tables if table]
        return found
