"""Reads content/: every file strictly, and a file that cannot be read hides nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.content.codes import Codes, read_codes
from bmkit.content.content import Content
from bmkit.content.folder import File, Folder
from bmkit.content.record import Record
from bmkit.issue import Issue, Place, Severity
from bmkit.json_text import LARGEST, JsonFault, decode, parse, read_bytes
from bmkit.schema import SUFFIX, schemas_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.schema import Schemas

CONTENT = "content"
TERMS = "terms"
CODES = "codes.lock.tsv"
_JSON = ".json"


class ContentError(Exception):
    """A root that holds no content, or content that cannot be listed; the message is one line."""


def read_content(
    root: str,
    schemas: Schemas | None = None,
    *,
    limit: int = LARGEST,
    unsaved: Mapping[str, bytes] | None = None,
) -> Content:
    """Read the content of the project in the folder `root`, with its own schemas unless others are given.

    No file may have more than `limit` bytes.  `unsaved` has bytes to take instead of what files hold, by
    path.  What is wrong with a file is an issue of the content.  Raises ContentError if there is no content
    to read, SchemaError if a schema that is needed cannot be used.
    """
    top = top_of(root)
    reading = Reading(root, schemas if schemas is not None else schemas_of(root), limit, unsaved or {})
    for name, is_folder in entries(top, root):
        if not is_folder:
            reading.loose(name)
        elif name.endswith(_JSON):
            reading.read(f"{CONTENT}/{name}")
        else:
            reading.folder(name, entries(os.path.join(top, name), root))
    if not reading.seen:
        raise ContentError(f"{root}: {CONTENT}/ holds no *{_JSON} file")
    return Content(
        root,
        reading.schemas,
        reading.folders,
        codes=reading.codes,
        issues=reading.issues,
        data=reading.data,
        terms=TERMS,
    )


def top_of(root: str) -> str:
    """Give the folder content/ of a project; ContentError if there is none."""
    if not os.path.isdir(root):
        raise ContentError(f"{root}: there is no such folder")
    top = os.path.join(root, CONTENT)
    if not os.path.isdir(top):
        raise ContentError(f"{root}: holds no folder {CONTENT}/")
    return top


class Reading:
    """What was read so far."""

    def __init__(self, root: str, schemas: Schemas, limit: int, unsaved: Mapping[str, bytes]) -> None:
        self.root = root
        self.schemas = schemas
        self.limit = limit
        self.unsaved = unsaved
        self.folders: dict[str, Folder] = {}
        self.codes = Codes()
        self.issues: list[Issue] = []
        self.data: dict[str, bytes] = {}
        self.seen = False

    def folder(self, name: str, found: list[tuple[str, bool]]) -> None:
        """Read the folder content/<name>."""
        folder = Folder(name)
        for entry, is_folder in found:
            path = f"{CONTENT}/{name}/{entry}"
            if is_folder and not entry.endswith(_JSON):
                self._say(
                    path,
                    "folder-too-deep",
                    "content has one level of folders, and this is a second",
                    grave=False,
                )
            elif not entry.endswith(_JSON):
                self._stray(path, entry)
            else:
                self.seen = True
                self._file(path, folder, entry.removesuffix(_JSON))
        if folder.files or folder.unread:
            self.folders[name] = folder

    def loose(self, name: str) -> None:
        """Read a file that stands in content/ itself."""
        path = f"{CONTENT}/{name}"
        if name == CODES:
            self._lock(path)
        elif name.endswith(_JSON):
            self.seen = True
            hint = f"move it to {CONTENT}/{TERMS}/ or to the folder of its article"
            self._say(path, "misplaced-file", "a file of records stands outside the folders", hint)
        else:
            self._stray(path, name)

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file; None, and an issue, if it cannot be read."""
        try:
            data = (
                self.unsaved[path]
                if path in self.unsaved
                else read_bytes(os.path.join(self.root, path), self.limit)
            )
        except JsonFault as refused:
            self._refused(path, refused)
            return None
        self.data[path] = data
        return data

    def _file(self, path: str, folder: Folder, name: str) -> None:
        if name not in self.schemas:
            self._unknown_kind(path, folder, name)
            return
        kind = self.schemas.kind(name)
        data = self.read(path)
        if data is None:
            folder.unread.add(name)
            return
        try:
            value = parse(data, self.limit)
        except JsonFault as refused:
            folder.unread.add(name)
            self._refused(path, refused)
            return
        file = File(path, folder.name, kind, value)
        items = value.get("records") if isinstance(value, dict) else None
        if not isinstance(items, list):
            folder.unread.add(name)
        else:
            file.records = [
                Record(kind, folder.name, path, number, item)
                for number, item in enumerate(items)
                if isinstance(item, dict)
            ]
        folder.add(file)
        self._home(file)

    def _home(self, file: File) -> None:
        """Check that a file names its own schema and stands in the right sort of folder."""
        named = file.value.get("$schema") if isinstance(file.value, dict) else None
        want = f"../../schema/{file.kind.name}{SUFFIX}"
        if isinstance(named, str) and named != want and not _names_schema(named, want, own=self.schemas.own):
            place = Place(file.path, "/$schema")
            self._add(place, "wrong-schema", f'the schema is named as "{named}"', f'write "{want}"')
        if file.kind.group and (file.kind.group == "term") != (file.folder == TERMS):
            right = f"{CONTENT}/{TERMS}/" if file.kind.group == "term" else "the folder of its article"
            message = f"{file.kind.name} is a kind of {file.kind.group} and does not belong in {file.folder}/"
            self._say(file.path, "wrong-folder", message, f"move the file to {right}")

    def _lock(self, path: str) -> None:
        data = self.read(path)
        if data is None:
            return
        try:
            text = decode(data)
        except JsonFault as refused:
            self._refused(path, refused)
            return
        self.codes, faults = read_codes(text)
        for fault, start, end, message in faults:
            self._add(Place(path, start=start, end=end), fault, message, family="codes")

    def _unknown_kind(self, path: str, folder: Folder, name: str) -> None:
        # Only a faulty project pays for this import.
        from bmkit.suggest import suggest

        meant = suggest(name, self.schemas.names)
        folder.unread.add(meant or name)
        hint = f'did you mean "{meant}{_JSON}"?' if meant else f"a kind needs a schema, schema/{name}{SUFFIX}"
        self._say(path, "unknown-kind", f'there is no kind "{name}"', hint)

    def _stray(self, path: str, name: str) -> None:
        # Read-me files and what editors and systems hide are nobody's mistake.
        if not name.startswith(".") and not name.lower().endswith(".md"):
            self._say(path, "stray-file", f"{name} is not content and is ignored", grave=False)

    def _refused(self, path: str, refused: JsonFault) -> None:
        for rule, start, end, message, hint in refused.faults:
            place = Place(path, start=start, end=end)
            self.issues.append(Issue(place, rule, Severity.ERROR, message, hint))

    def _say(self, path: str, fault: str, message: str, hint: str = "", *, grave: bool = True) -> None:
        self._add(Place(path, start=0, end=0), fault, message, hint, grave=grave)

    def _add(  # noqa: PLR0913  an issue has that many parts
        self,
        place: Place,
        fault: str,
        message: str,
        hint: str = "",
        *,
        grave: bool = True,
        family: str = "content",
    ) -> None:
        severity = Severity.ERROR if grave else Severity.WARNING
        self.issues.append(Issue(place, f"{family}.{fault}", severity, message, hint))


def _names_schema(named: str, want: str, *, own: bool) -> bool:
    """Say whether a $schema value leads to the kind's schema; shipped schemas may lie anywhere."""
    if own and "://" not in named:
        return os.path.normpath(named).replace(os.sep, "/") == want
    return named.rsplit("/", 1)[-1] == want.rsplit("/", 1)[-1]


def entries(folder: str, root: str) -> list[tuple[str, bool]]:
    """List a folder, by name, with whether each entry is a folder itself; links are followed."""
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name, _is_folder(entry)) for entry in entries)
    except OSError as error:
        shown = os.path.relpath(folder, root)
        raise ContentError(f"{root}: {shown}/ cannot be read: {error.strerror}") from None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself; reading it says so
        return False
