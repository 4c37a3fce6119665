"""Content as rules and exports see it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from bmkit.config import Settings
from bmkit.content.codes import CodeLock
from bmkit.content.own_terms import RecordLocation, index_own_terms, locate_record
from bmkit.content.record import FieldReferences, Folder, Reference
from bmkit.jsontext import JsonError, decode_for_display
from bmkit.project_files import DiskFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bmkit.content.own_terms import OwnTerms
    from bmkit.content.record import File, Record
    from bmkit.issue import Issue, Place
    from bmkit.project_files import ProjectFiles
    from bmkit.schema import Kind, Schemas

__all__ = ["Content", "FieldReferences", "Reference", "per_content", "per_folder"]

# Records of a batch of articles: enough that a hundred rules do not each begin anew for every few.
_MIN_BATCH_RECORDS = 4000

_Derived = TypeVar("_Derived")


def per_content(compute: Callable[[Content], _Derived]) -> Callable[[Content], _Derived]:
    """Keep what a function of a Content returns with the content: rules that need the same share it."""

    @wraps(compute)
    def compute_once(content: Content) -> _Derived:
        if compute not in content.derived_values:
            content.derived_values[compute] = compute(content)
        derived_value: _Derived = content.derived_values[compute]
        return derived_value

    return compute_once


def per_folder(compute: Callable[[Content, str], _Derived]) -> Callable[[Content, str], _Derived]:
    """Keep what a function of a Content and the name of a folder returns with the folder.

    It may depend on that article and the shared terms only: all views of the content share it.
    """

    @wraps(compute)
    def compute_once(content: Content, folder_name: str) -> _Derived:
        derived_values = content.folders[folder_name].derived_values
        if compute not in derived_values:
            derived_values[compute] = compute(content, folder_name)
        derived_value: _Derived = derived_values[compute]
        return derived_value

    return compute_once


class Content:
    """The records of a project, or of some articles and the shared terms.

    `folders` are those whose records can be found, by name; `judged_names` those whose records
    `iter_records`, `list_records` and the like go through: all but in the views of `iter_batches` and in
    single articles.  A record sees those of its own article and the shared terms; `own_terms` says where the
    terms of all articles stand, also of those that are not here.  `issues` are the faults met in reading,
    `code_lock` is the lock of standard codes, `bytes_by_path` has what was read, and `files` all files of the
    project, those below `root` on disk unless others are given.  `settings` are those of the project.
    `derived_values` has what functions that are `per_content` returned.
    """

    def __init__(  # noqa: PLR0913  content is made in one place
        self,
        root: str,
        schemas: Schemas,
        folders: Mapping[str, Folder],
        *,
        code_lock: CodeLock | None = None,
        issues: Sequence[Issue] = (),
        bytes_by_path: Mapping[str, bytes] | None = None,
        terms_folder: str = "terms",
        judged_names: Sequence[str] | None = None,
        files: ProjectFiles | None = None,
        settings: Settings | None = None,
        own_terms: OwnTerms | None = None,
    ) -> None:
        self.root = root
        self.schemas = schemas
        self.settings = settings if settings is not None else Settings()
        self.folders = folders
        self.code_lock = code_lock if code_lock is not None else CodeLock()
        self.issues = tuple(issues)
        self._bytes_by_path = bytes_by_path if bytes_by_path is not None else {}
        self._project_files = DiskFiles(root) if files is None else files
        self._terms_folder = terms_folder
        self._own_terms = own_terms
        self._id_tables: dict[tuple[str, str], Sequence[Mapping[str, Record]]] = {}
        self._reachable_folders: dict[str, Sequence[str]] = {}
        self._files_by_path: dict[str, File] | None = None
        self.derived_values: dict[Callable[[Content], Any], Any] = {}
        self._judged_names = frozenset(folders if judged_names is None else judged_names)
        self._judged_folders = [folders[name] for name in (folders if judged_names is None else judged_names)]

    @property
    def own_terms(self) -> OwnTerms:
        """Where the terms of all articles stand."""
        if self._own_terms is None:
            self._own_terms = index_own_terms(self.folders.values(), self._terms_folder)
        return self._own_terms

    @property
    def files(self) -> list[File]:
        """All files that hold JSON of a known kind, by folder and name."""
        return [file for folder in self._judged_folders for file in folder.files]

    def list_kinds(self) -> list[Kind]:
        """List the kinds that have a file, by name."""
        kinds_by_name = {file.kind.name: file.kind for file in self.files}
        return [kinds_by_name[name] for name in sorted(kinds_by_name)]

    def iter_records(self) -> Iterator[Record]:
        """Yield all valid records."""
        for folder in self._judged_folders:
            yield from folder.list_valid_records()

    def is_judged(self, record: Record) -> bool:
        """Return whether `iter_records` and the like go through the folder of the record."""
        return self.is_judged_folder(record.folder)

    def is_judged_folder(self, folder_name: str) -> bool:
        """Return whether `iter_records` and the like go through a folder."""
        return folder_name in self._judged_names

    def list_records(self, kind: str) -> Sequence[Record]:
        """List the valid records of a kind; none if the project does not have the kind."""
        return [
            record
            for folder in self._judged_folders
            for record in folder.records_by_kind.get(kind, ())
            if record.is_valid
        ]

    def list_records_of_role(self, role: str) -> Sequence[Record]:
        """List the valid records of all kinds of a role (see schema/roles.py), by folder and kind."""
        return [
            record
            for folder in self._judged_folders
            for records in folder.list_tables_of_role(role)
            for record in records
            if record.is_valid
        ]

    def find_record(self, kind: str, record_id: str, near_record: Record | None = None) -> Record | None:
        """Return the valid record of that kind and id, None if there is none.

        Two articles may use one id for different records; `near_record` is then one of the article meant.
        """
        record = self.get(kind, record_id, near_record)
        return record if record is not None and record.is_valid else None

    def get(self, kind: str, record_id: str, near_record: Record | None = None) -> Record | None:
        """Return the record of that kind and id, valid or not, None if there is none; see `find_record`."""
        folder_name = near_record.folder if near_record is not None else ""
        id_tables = self._id_tables.get((folder_name, kind))
        for records_by_id in self._list_id_tables(folder_name, kind) if id_tables is None else id_tables:
            if record_id in records_by_id:
                return records_by_id[record_id]
        return None

    def find_missing_ids(self, kind: str, record_ids: frozenset[str], folder_name: str) -> frozenset[str]:
        """Return those of the ids that have no record of the kind, as looked up from the folder."""
        id_tables = self._id_tables.get((folder_name, kind))
        for records_by_id in self._list_id_tables(folder_name, kind) if id_tables is None else id_tables:
            record_ids = record_ids.difference(records_by_id)
        return record_ids

    def iter_reachable_terms(self) -> Iterator[Record]:
        """Yield the terms that can be found, those of articles too, valid or not."""
        for folder in self.folders.values():
            for records in folder.records_by_kind.values():
                if records and records[0].kind.group == "term":
                    yield from records

    def iter_reachable_records(self, kind: str, near_record: Record | None = None) -> Iterator[Record]:
        """Yield the records of a kind that can be found, from `near_record` if given, valid or not."""
        folder_names = (
            self.folders if near_record is None else self._list_lookup_folders(near_record.folder, kind)
        )
        for folder_name in folder_names:
            yield from self.folders[folder_name].records_by_kind.get(kind, ())

    def iter_reachable_records_of_role(
        self, role: str, near_record: Record | None = None
    ) -> Iterator[Record]:
        """Yield the records of the kinds of a role that can be found, as `iter_reachable_records` does."""
        folder_names = (
            self.folders if near_record is None else self.list_reachable_folders(near_record.folder)
        )
        for folder_name in folder_names:
            for records in self.folders[folder_name].list_tables_of_role(role):
                yield from records

    def find_own_term(self, kind: str, record_id: str, folder_name: str) -> RecordLocation | None:
        """Return where the term of that kind and id stands that an article has for itself.

        None if there is none, or only that of the article in the folder `folder_name`.
        """
        return self.own_terms.find_elsewhere(kind, record_id, folder_name)

    def list_reachable_folders(self, folder_name: str) -> Sequence[str]:
        """List the folders whose records can be found from a record of the folder, by name.

        From the shared terms all are, but there a term is looked up among them alone.
        """
        if folder_name not in self._reachable_folders:
            article_name = (
                folder_name if folder_name in self.folders and folder_name != self._terms_folder else ""
            )
            self._reachable_folders[folder_name] = [
                name
                for name in self.folders
                if not article_name or name in {article_name, self._terms_folder}
            ]
        return self._reachable_folders[folder_name]

    def find_file(self, path: str) -> File | None:
        """Return the file at a path relative to the root, None if it is none of a known kind with JSON."""
        if self._files_by_path is None:
            self._files_by_path = {
                file.path: file for folder in self.folders.values() for file in folder.files
            }
        return self._files_by_path.get(path)

    def find_record_at(self, place: Place) -> Record | None:
        """Return the record that a place is in, None if it is in none."""
        _, list_name, index, *_ = *place.pointer.split("/", 3), "", ""
        if list_name != "records" or not index.isdecimal():
            return None
        file = self.find_file(place.file)
        return file.find_record_at(int(index)) if file is not None else None

    def find_namesakes(self) -> Iterator[tuple[Record, RecordLocation]]:
        """Yield every record whose id an earlier record of its kind has already, and where that one stands.

        Valid or not.  The id of a term is its own in the whole project; the same id of two facts or sections
        in two articles is no clash.
        """
        for folder in self._judged_folders:
            terms_folder = self.folders.get(self._terms_folder, folder)
            for kind, records in folder.records_by_kind.items():
                own_ids, terms_ids = folder.ids_by_kind[kind], terms_folder.ids_by_kind.get(kind, {})
                is_own_term = (
                    folder.name != self._terms_folder and records and records[0].kind.group == "term"
                )
                # As many ids as records, and none of the shared ones: then nobody has a namesake.
                if (
                    not is_own_term
                    and len(own_ids) == len(records)
                    and (own_ids is terms_ids or own_ids.keys().isdisjoint(terms_ids))
                ):
                    continue
                for record in records:
                    earlier_record = terms_ids.get(record.id) or own_ids.get(record.id)
                    if earlier_record is not None and earlier_record is not record:
                        yield record, locate_record(earlier_record)
                    elif is_own_term and (location := self.find_own_term(kind, record.id, folder.name)):
                        yield record, location

    def is_fully_read(self, kind: str, folder_name: str) -> bool:
        """Return whether all files of the kind that can be reached from the folder were read.

        Only then an unknown id is a missing record.
        """
        return not any(
            kind in self.folders[name].unread_kinds for name in self._list_lookup_folders(folder_name, kind)
        )

    def is_complete(self, near_record: Record, *kinds: str) -> bool:
        """Return whether all records of these kinds (none: of all) that can be reached are there and valid.

        A rule that concludes from the absence of a record asks first.  They are looked up from `near_record`.
        """
        folders = [self.folders[name] for name in self.list_reachable_folders(near_record.folder)]
        return not any(
            folder.partial_kinds.intersection(kinds) if kinds else folder.partial_kinds for folder in folders
        )

    def has_all_of_roles(self, near_record: Record, *roles: str) -> bool:
        """Return whether all records of the kinds of these roles that can be reached are there and valid.

        A rule that concludes from the absence of a record asks first.  They are looked up from `near_record`.
        """
        return not any(
            self.schemas.get_kind_role(kind) in roles
            for name in self.list_reachable_folders(near_record.folder)
            for kind in self.folders[name].partial_kinds
        )

    def iter_field_references(self) -> Iterator[FieldReferences]:
        """Yield what valid records refer to, by file and field."""
        for folder in self._judged_folders:
            yield from folder.list_field_references()

    def iter_references(self) -> Iterator[Reference]:
        """Yield every reference of a valid record."""
        for field_references in self.iter_field_references():
            yield from field_references.iter_references()

    def clear_caches(self) -> None:
        """Forget what was derived from valid records, after some were found to be invalid."""
        self.derived_values.clear()
        for folder in self.folders.values():
            folder.clear_caches()

    def find_invalid_records(self) -> Iterator[Record]:
        """Yield the records that do not fit their schema."""
        for folder in self._judged_folders:
            yield from folder.find_invalid_records()

    def iter_batches(self, min_records: int = _MIN_BATCH_RECORDS) -> Iterator[Content]:
        """Yield the content as views of some articles each, with the shared terms.

        A view has `min_records` at least, but for the last.  The terms are judged once: in a view of their
        own, or with the article if there is only one.  One view of all articles would need memory for all
        that rules derive from them.
        """
        article_names = [folder.name for folder in self._judged_folders if folder.name != self._terms_folder]
        terms_names = [self._terms_folder] if self._terms_folder in self.folders else []
        if len(article_names) < 2:  # noqa: PLR2004  one article and the terms are the whole content
            yield self
            return
        if terms_names:
            yield self.make_view(self.folders, terms_names)
        batch_names: list[str] = []
        record_count = 0
        for name in article_names:
            batch_names.append(name)
            record_count += sum(map(len, self.folders[name].records_by_kind.values()))
            if record_count >= min_records or name == article_names[-1]:
                folders = {name: self.folders[name] for name in (*terms_names, *batch_names)}
                yield self.make_view(folders, batch_names)
                batch_names, record_count = [], 0

    def list_read_paths(self) -> list[str]:
        """Return the paths of the files that were read, whatever they hold."""
        return list(self._bytes_by_path)

    def get_bytes(self, path: str) -> bytes:
        """Return the bytes of a file as they were read; b"" if it was not read."""
        return self._bytes_by_path.get(path, b"")

    def read_text(self, path: str) -> str:
        """Return the text of any file of the project, for positions; "" if it cannot be read.

        Bytes that are not UTF-8 are replaced.  A file is read from disk once.
        """
        data = self._bytes_by_path.get(path)
        if data is None:
            try:
                data = self._project_files.read_file(path)
            except JsonError:
                return ""
        return decode_for_display(data)

    def make_view(
        self,
        folders: Mapping[str, Folder],
        judged_names: Sequence[str] | None = None,
        issues: Sequence[Issue] = (),
        bytes_by_path: Mapping[str, bytes] | None = None,
    ) -> Content:
        """Return a content of these folders of the project; it judges all of them unless some are named.

        Its `bytes_by_path` are those of this one unless others are given.
        """
        return Content(
            self.root,
            self.schemas,
            folders,
            code_lock=self.code_lock,
            issues=issues,
            bytes_by_path=self._bytes_by_path if bytes_by_path is None else bytes_by_path,
            terms_folder=self._terms_folder,
            judged_names=judged_names,
            files=self._project_files,
            settings=self.settings,
            own_terms=self.own_terms,
        )

    def change_files(self, changed_files: Sequence[File]) -> Content:
        """Return the content with these files in the place of theirs; it judges the folders that have some.

        What their text was is not known there.  Records of other files are the same objects.
        """
        files_by_path = {file.path: file for file in changed_files}
        folders: dict[str, Folder] = {}
        for name, folder in self.folders.items():
            folders[name] = Folder(name)
            folders[name].unread_kinds = folder.unread_kinds
            folders[name].seal_path = folder.seal_path
            for file in folder.files:
                folders[name].add_file(files_by_path.get(file.path, file))
        kept_bytes = {path: data for path, data in self._bytes_by_path.items() if path not in files_by_path}
        judged_names = sorted({file.folder for file in changed_files})
        return self.make_view(folders, judged_names, bytes_by_path=kept_bytes)

    def _list_lookup_folders(self, folder_name: str, kind: str) -> Sequence[str]:
        """Return the folders in which a record of the folder finds those of a kind, by name."""
        is_shared_term = (
            folder_name == self._terms_folder
            and folder_name in self.folders
            and kind in self.schemas
            and self.schemas.get_kind(kind).group == "term"
        )
        return (folder_name,) if is_shared_term else self.list_reachable_folders(folder_name)

    def _list_id_tables(self, folder_name: str, kind: str) -> Sequence[Mapping[str, Record]]:
        """Return the records of a kind by id, a table a folder, in the order of look-up from a folder."""
        folder_names = sorted(
            self._list_lookup_folders(folder_name, kind), key=lambda name: name != folder_name
        )
        folder_tables = [self.folders[name].ids_by_kind.get(kind) for name in folder_names]
        id_tables = self._id_tables[folder_name, kind] = [table for table in folder_tables if table]
        return id_tables
