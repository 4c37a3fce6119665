"""Reads content/: every file strictly, and a file that cannot be read hides nothing else."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING

from bmkit.config import read_settings
from bmkit.content.codes import CodeLock, parse_code_lock
from bmkit.content.content import Content
from bmkit.content.own_terms import OwnTerms
from bmkit.content.record import File, Folder, Record
from bmkit.errors import BmkitError
from bmkit.issue import Issue, Place, Severity
from bmkit.jsontext import MAX_FILE_BYTES, JsonError, decode_utf8, parse_json
from bmkit.project_files import DiskFiles
from bmkit.schema import SCHEMA_SUFFIX, read_project_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from bmkit.config import Settings
    from bmkit.project_files import FolderEntry, ProjectFiles
    from bmkit.schema import Kind, Schemas

CONTENT_FOLDER = "content"
TERMS_FOLDER = "terms"
REVIEW_KIND = "review"
"""The kind of what reviewers have said, of facts in their article and of shared terms among these."""
CODE_LOCK_FILE = "codes.lock.tsv"
SEAL_FILE = "source.seal"
"""What was read in the text of an article, and what its facts were then."""
JSON_SUFFIX = ".json"
# What ids are made of, too: an article is called like its folder.
_NAME_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_MAX_NAME_LENGTH = 80
_DEVICE_NAME = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]", re.ASCII)


class ContentError(BmkitError):
    """A root that holds no content, or content that cannot be listed; the message is one line."""


def is_article_name(name: str) -> bool:
    """Return whether the folder of an article can be called like that."""
    is_fit = len(name) <= _MAX_NAME_LENGTH and _NAME_FORM.fullmatch(name) and not _DEVICE_NAME.fullmatch(name)
    return bool(is_fit) and name != TERMS_FOLDER


def format_root_start(root: str) -> str:
    """Return the root as the start of a message; "" for the current folder, which need not be named."""
    return "" if root == os.curdir else f"{root}: "


def read_content(  # noqa: PLR0913  where everything may come from
    root: str,
    schemas: Schemas | None = None,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    files: ProjectFiles | None = None,
    unsaved_files: Mapping[str, bytes] | None = None,
    settings: Settings | None = None,
    may_be_empty: bool = False,
) -> Content:
    """Read the content of the project in the folder `root`, with its own schemas unless others are given.

    The settings, too, are its own unless others are given.  No file may have more than `max_bytes`.  `files`
    are those of the project if they are not read from `root`; else `unsaved_files` has bytes to take instead
    of what files hold, by path.  What is wrong with a file is an issue of the content.  Raises ContentError
    if there is no content to read, unless it `may_be_empty`, SchemaError if a schema that is needed cannot be
    used, SettingsError if the settings cannot.
    """
    loader = _start_loading(root, files, unsaved_files, schemas, max_bytes, settings)
    top_entries = loader.list_folder(CONTENT_FOLDER)
    loader.add_twin_names(CONTENT_FOLDER, top_entries)
    for entry in top_entries:
        if not entry.is_folder:
            loader.read_loose_file(entry)
        elif entry.name.endswith(JSON_SUFFIX):
            loader.read_file(f"{CONTENT_FOLDER}/{entry.name}")
        else:
            loader.read_folder(entry.name)
    if not may_be_empty:
        loader.refuse_if_no_json_file()
    return _make_content(loader, None)


def read_articles(
    root: str,
    schemas: Schemas | None = None,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    settings: Settings | None = None,
) -> tuple[list[str], Iterator[Content]]:
    """Read the content of a project as read_content does, but one article at a time.

    Returns the names of the articles, and an iterator: first the shared terms with the lock and whatever
    stands in content/ itself, then each article with the terms, of which it judges only its own records.
    Nothing is kept of an article once the next is asked for, but where its own terms stand.  Raises what
    read_content raises, now or later.
    """
    loader = _start_loading(root, None, None, schemas, max_bytes, settings)
    top_entries = loader.list_folder(CONTENT_FOLDER)
    own_terms = OwnTerms()
    article_names = []
    for entry in top_entries:
        if entry.is_folder and not entry.name.endswith(JSON_SUFFIX) and entry.name != TERMS_FOLDER:
            file_names = [inner.name for inner in loader.list_article_folder(entry.name)]
            kind_names = [name.removesuffix(JSON_SUFFIX) for name in file_names if name.endswith(JSON_SUFFIX)]
            if kind_names:
                article_names.append(entry.name)
            # An article is judged before those behind it are read, and the ids of their terms are taken, too.
            for kind_name in kind_names:
                own_terms.add_records(loader.preview_terms(entry.name, kind_name))
    loader.own_terms = own_terms
    return article_names, _iter_articles(loader, top_entries)


def _start_loading(  # noqa: PLR0913, PLR0917  what read_content is given
    root: str,
    files: ProjectFiles | None,
    unsaved_files: Mapping[str, bytes] | None,
    schemas: Schemas | None,
    max_bytes: int,
    settings: Settings | None,
) -> Loader:
    """Return a loader that has read nothing yet; ContentError if there is no folder content/."""
    if files is None and not os.path.isdir(root):
        raise ContentError(f"{root}: no such folder")
    project_files = DiskFiles(root, unsaved_files) if files is None else files
    if not project_files.is_folder(CONTENT_FOLDER):
        if link_target := project_files.find_link_target(CONTENT_FOLDER):
            reason = f"the link leads to {link_target!r}, no folder of the project"
            raise ContentError(f"{format_root_start(root)}{CONTENT_FOLDER}: {reason}")
        raise ContentError(f"{root}: holds no folder {CONTENT_FOLDER}/")
    if schemas is None:
        schemas = read_project_schemas(root, files)
    if settings is None:
        settings = read_settings(root, files)
    return Loader(root, project_files, schemas, max_bytes, settings)


def _iter_articles(loader: Loader, top_entries: list[FolderEntry]) -> Iterator[Content]:
    article_names: list[str] = []
    loader.add_twin_names(CONTENT_FOLDER, top_entries)
    for entry in top_entries:
        name = entry.name
        if not entry.is_folder:
            loader.read_loose_file(entry)
        elif name.endswith(JSON_SUFFIX):
            loader.read_file(f"{CONTENT_FOLDER}/{name}")
        elif name == TERMS_FOLDER:
            loader.read_folder(name)
        else:
            article_names.append(name)
    yield _make_content(loader, list(loader.folders))
    for name in article_names:
        loader.issues, loader.bytes_by_path = [], {}
        loader.read_folder(name)
        if name in loader.folders or loader.issues:
            yield _make_content(loader, [name] if name in loader.folders else [])
        loader.folders.pop(name, None)
    loader.refuse_if_no_json_file()


def _make_content(loader: Loader, judged_names: list[str] | None) -> Content:
    return Content(
        loader.root,
        loader.schemas,
        # The shared terms first, as where articles are read one by one: exports have records in this order.
        dict(sorted(loader.folders.items(), key=lambda item: item[0] != TERMS_FOLDER)),
        code_lock=loader.code_lock,
        issues=loader.issues,
        bytes_by_path=loader.bytes_by_path,
        terms_folder=TERMS_FOLDER,
        judged_names=judged_names,
        files=loader.files,
        settings=loader.settings,
        own_terms=loader.own_terms,
    )


class Loader:
    """Reads the files of a project, and keeps what was read so far."""

    def __init__(
        self, root: str, files: ProjectFiles, schemas: Schemas, max_bytes: int, settings: Settings
    ) -> None:
        self.root = root
        self.files = files
        self.schemas = schemas
        self.max_bytes = max_bytes
        self.settings = settings
        self.folders: dict[str, Folder] = {}
        self.code_lock = CodeLock()
        self.issues: list[Issue] = []
        self.bytes_by_path: dict[str, bytes] = {}
        self.own_terms: OwnTerms | None = None
        self.has_json_file = False
        self.broken_links: set[str] = set()

    def list_folder(self, path: str) -> list[FolderEntry]:
        """List a folder by name; ContentError if it cannot be read."""
        try:
            return self.files.list_folder(path)
        except OSError as error:
            message = f"{format_root_start(self.root)}{path}/ cannot be read: {error.strerror}"
            raise ContentError(message) from None

    def list_article_folder(self, name: str) -> list[FolderEntry]:
        """List the folder content/<name>; ContentError if it cannot be read."""
        return self.list_folder(f"{CONTENT_FOLDER}/{name}")

    def refuse_if_no_json_file(self) -> None:
        """Raise ContentError if no JSON file was found."""
        if not self.has_json_file:
            message = f"{format_root_start(self.root)}{CONTENT_FOLDER}/ holds no *{JSON_SUFFIX} file"
            raise ContentError(message)

    def add_twin_names(self, folder: str, entries: list[FolderEntry]) -> None:
        """Add an issue for each name that is another's but for case, or for how an accent is written."""
        first_names: dict[str, str] = {}
        for name in [entry.name for entry in entries if not entry.name.startswith(".")]:
            if name.lower().endswith(JSON_SUFFIX) and not name.endswith(JSON_SUFFIX):
                continue  # has an issue of its own
            first_name = first_names.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
            if name != first_name:
                message = f"{name} and {first_name} are one name where case does not count"
                self._add_file_issue(f"{folder}/{name}", "twin-names", message, "rename one of them")

    def read_folder(self, name: str) -> None:
        """Read the folder content/<name>; ContentError if it cannot be listed."""
        entries = self.list_article_folder(name)
        folder = Folder(name)
        entry_names = {entry.name for entry in entries}
        self.add_twin_names(f"{CONTENT_FOLDER}/{name}", entries)
        for entry_name, is_folder, is_broken_link in entries:
            path = f"{CONTENT_FOLDER}/{name}/{entry_name}"
            stem, suffix = os.path.splitext(entry_name)
            if is_folder and not entry_name.endswith(JSON_SUFFIX):
                self._add_file_issue(
                    path,
                    "folder-too-deep",
                    "folders inside the folders of content/ are not read",
                    is_error=False,
                )
            elif entry_name == SEAL_FILE and not is_broken_link:
                folder.seal_path = path
                self.read_file(path)
            elif entry_name.endswith(JSON_SUFFIX):
                self.has_json_file = True
                self._read_record_file(path, folder, entry_name.removesuffix(JSON_SUFFIX), entry_names)
            elif suffix.lower() == JSON_SUFFIX:
                self._add_suffix_case(path, entry_name, is_taken=stem + JSON_SUFFIX in entry_names)
                folder.unread_kinds.add(stem.lower())
            else:
                self._add_stray_file(path, entry_name, is_broken_link=is_broken_link)
        if folder.files or folder.unread_kinds:
            self.folders[name] = folder
            self._add_name_issue(name)

    def _add_name_issue(self, name: str) -> None:
        """Add an issue for an article whose folder cannot be called so in an address or on every disk."""
        hint = 'rename it: lower-case words and digits joined by hyphens, like "bone-metastasis"'
        if len(name) > _MAX_NAME_LENGTH:
            message = f"the name of the folder has {len(name)} signs, and may have {_MAX_NAME_LENGTH}"
        elif not _NAME_FORM.fullmatch(name):
            message = "the name of the folder cannot stand in an address, or not on every disk"
        elif _DEVICE_NAME.fullmatch(name):
            message = f"no folder can be called {name} on Windows"
        else:
            return
        self._add_file_issue(f"{CONTENT_FOLDER}/{name}", "folder-name", message, hint)

    def preview_terms(self, folder_name: str, kind_name: str) -> list[Record]:
        """Return the records of an article's file if its kind is one of terms; none if it cannot be read.

        Nothing is kept, and no issue is added: the file is read again with its article.
        """
        if kind_name not in self.schemas or self.schemas.get_kind(kind_name).group != "term":
            return []
        path = f"{CONTENT_FOLDER}/{folder_name}/{kind_name}{JSON_SUFFIX}"
        try:
            document = parse_json(self.files.read_file(path, self.max_bytes), self.max_bytes)
        except JsonError:
            return []
        return _make_records(self.schemas.get_kind(kind_name), folder_name, path, document) or []

    def read_loose_file(self, entry: FolderEntry) -> None:
        """Read a file that stands in content/ itself."""
        name = entry.name
        path = f"{CONTENT_FOLDER}/{name}"
        if name == CODE_LOCK_FILE:
            self._read_code_lock(path)
        elif name.lower().endswith(JSON_SUFFIX):
            self.has_json_file = True
            hint = f"move it to {CONTENT_FOLDER}/{TERMS_FOLDER}/ or to the folder of its article"
            self._add_file_issue(path, "misplaced-file", "a file of records stands outside the folders", hint)
        else:
            self._add_stray_file(path, name, is_broken_link=entry.is_broken_link)
            if path in self.broken_links:
                # It stands where a folder may, and what that held is missing everywhere.
                self.has_json_file = True
                self.folders[name] = Folder(name)
                self.folders[name].unread_kinds.update(self.schemas.kind_names)

    def read_file(self, path: str) -> bytes | None:
        """Return the bytes of a file; None, and an issue is added, if it cannot be read."""
        try:
            data = self.files.read_file(path, self.max_bytes)
        except JsonError as error:
            self._add_json_faults(path, error)
            return None
        self.bytes_by_path[path] = data
        return data

    def _read_record_file(self, path: str, folder: Folder, kind_name: str, entry_names: set[str]) -> None:
        if kind_name not in self.schemas:
            self._add_unknown_kind(path, folder, kind_name, entry_names)
            return
        kind = self.schemas.get_kind(kind_name)
        data = self.read_file(path)
        if data is None:
            folder.unread_kinds.add(kind_name)
            return
        try:
            document = parse_json(data, self.max_bytes)
        except JsonError as error:
            folder.unread_kinds.add(kind_name)
            self._add_json_faults(path, error)
            return
        file = File(path, folder.name, kind, document)
        records = _make_records(kind, folder.name, path, document)
        if records is None:
            folder.unread_kinds.add(kind_name)
        else:
            file.records = records
        folder.add_file(file)
        self._add_placement_issues(file)

    def _add_placement_issues(self, file: File) -> None:
        """Add an issue if a file names another schema than its own, or stands in the wrong sort of folder."""
        named_schema = file.value.get("$schema") if isinstance(file.value, dict) else None
        expected_schema = f"../../schema/{file.kind.name}{SCHEMA_SUFFIX}"
        if (
            isinstance(named_schema, str)
            and named_schema != expected_schema
            and not _is_schema_of_kind(
                named_schema, expected_schema, is_own=self.schemas.is_own_kind(file.kind.name)
            )
        ):
            place = Place(file.path, "/$schema")
            self._add_issue(
                place,
                "wrong-schema",
                f'the schema is named as "{named_schema}"',
                f'write "{expected_schema}"',
            )
        if (
            file.folder == TERMS_FOLDER
            and file.kind.group not in ("", "term")
            and file.kind.name != REVIEW_KIND
        ):
            message = f"{file.kind.name} is a kind of {file.kind.group} and does not belong in {file.folder}/"
            self._add_file_issue(
                file.path, "wrong-folder", message, "move the file to the folder of its article"
            )

    def _read_code_lock(self, path: str) -> None:
        self.code_lock = CodeLock(is_unreadable=True)
        data = self.read_file(path)
        if data is None:
            return
        try:
            text = decode_utf8(data)
        except JsonError as error:
            self._add_json_faults(path, error)
            return
        self.code_lock, faults = parse_code_lock(text)
        for fault_name, start, end, message in faults:
            self._add_issue(Place(path, start=start, end=end), fault_name, message, family="codes")

    def _add_unknown_kind(self, path: str, folder: Folder, kind_name: str, entry_names: set[str]) -> None:
        # Only a faulty project pays for this import.
        from bmkit.suggest import format_suggestion, suggest_candidate

        suggestion = suggest_candidate(kind_name, self.schemas.kind_names)
        folder.unread_kinds.add(suggestion or kind_name)
        suggested_file = suggestion and suggestion + JSON_SUFFIX
        hint = format_suggestion(suggested_file, f"a kind needs a schema, schema/{kind_name}{SCHEMA_SUFFIX}")
        if suggested_file in entry_names:
            hint = f"{suggested_file} exists already: move the records there"
        self._add_file_issue(path, "unknown-kind", f'unknown kind "{kind_name}"', hint)

    def _add_suffix_case(self, path: str, file_name: str, *, is_taken: bool) -> None:
        self.has_json_file = True
        right_name = os.path.splitext(file_name)[0] + JSON_SUFFIX
        hint = (
            f"{right_name} exists already: remove one of them" if is_taken else f"rename it to {right_name}"
        )
        self._add_file_issue(
            path, "suffix-case", f"{file_name} is not read: only names that end with {JSON_SUFFIX} are", hint
        )

    def _add_stray_file(self, path: str, file_name: str, *, is_broken_link: bool) -> None:
        # Read-me files and what editors and systems hide are nobody's mistake.
        if file_name.startswith(".") or file_name.lower().endswith(".md"):
            return
        if is_broken_link:
            self.broken_links.add(path)
            self.read_file(path)
        else:
            self._add_file_issue(
                path, "stray-file", f"{file_name} is not content and is ignored", is_error=False
            )

    def _add_json_faults(self, path: str, error: JsonError) -> None:
        for rule_id, start, end, message, hint in error.faults:
            place = Place(path, start=start, end=end)
            self.issues.append(Issue(place, rule_id, Severity.ERROR, message, hint))

    def _add_file_issue(
        self, path: str, fault_name: str, message: str, hint: str = "", *, is_error: bool = True
    ) -> None:
        self._add_issue(Place(path, start=0, end=0), fault_name, message, hint, is_error=is_error)

    def _add_issue(  # noqa: PLR0913  an issue has that many parts
        self,
        place: Place,
        fault_name: str,
        message: str,
        hint: str = "",
        *,
        is_error: bool = True,
        family: str = "content",
    ) -> None:
        severity = Severity.ERROR if is_error else Severity.WARNING
        self.issues.append(Issue(place, f"{family}.{fault_name}", severity, message, hint))


def _make_records(kind: Kind, folder_name: str, path: str, document: Any) -> list[Record] | None:
    """Return the records of a file that holds `document`; None if it has no list of records."""
    items = document.get("records") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    return [
        Record(kind, folder_name, path, index, item)
        for index, item in enumerate(items)
        if isinstance(item, dict)
    ]


def _is_schema_of_kind(named_schema: str, expected_schema: str, *, is_own: bool) -> bool:
    """Return whether a $schema value leads to the kind's schema; shipped schemas may lie anywhere."""
    if is_own and "://" not in named_schema:
        return os.path.normpath(named_schema).replace(os.sep, "/") == expected_schema
    return named_schema.rsplit("/", 1)[-1] == expected_schema.rsplit("/", 1)[-1]
