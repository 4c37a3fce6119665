"""Reads the files of content, and says what is wrong with them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.content.codes import Codes, read_codes
from bmkit.content.folder import File, Folder
from bmkit.content.record import Record
from bmkit.issue import Issue, Place, Severity
from bmkit.jsontext import JsonError, decode_utf8, parse_json, read_bytes
from bmkit.schema import SCHEMA_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.content.entries import Entry
    from bmkit.schema import Schemas

CONTENT = "content"
TERMS = "terms"
CODES = "codes.lock.tsv"
JSON = ".json"


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
        self.lost: set[str] = set()

    def folder(self, name: str, found: list[Entry]) -> None:
        """Read the folder content/<name>, in which that was found."""
        folder = Folder(name)
        names = {entry.name for entry in found}
        for entry, is_folder, lost in found:
            path = f"{CONTENT}/{name}/{entry}"
            stem, suffix = os.path.splitext(entry)
            if is_folder and not entry.endswith(JSON):
                self._say(
                    path,
                    "folder-too-deep",
                    "content has one level of folders, and this is a second",
                    grave=False,
                )
            elif entry.endswith(JSON):
                self.seen = True
                self._file(path, folder, entry.removesuffix(JSON))
            elif suffix.lower() == JSON:
                self._misspelt(path, entry, taken=stem + JSON in names)
                folder.unread.add(stem.lower())
            else:
                self._stray(path, entry, lost=lost)
        if folder.files or folder.unread:
            self.folders[name] = folder

    def loose(self, entry: Entry) -> None:
        """Read what stands in content/ itself and is no folder."""
        name = entry.name
        path = f"{CONTENT}/{name}"
        if name == CODES:
            self._lock(path)
        elif name.lower().endswith(JSON):
            self.seen = True
            hint = f"move it to {CONTENT}/{TERMS}/ or to the folder of its article"
            self._say(path, "misplaced-file", "a file of records stands outside the folders", hint)
        else:
            self._stray(path, name, lost=entry.lost)
            if path in self.lost:
                # It stands where a folder may, and what that held is missing everywhere.
                self.seen = True
                self.folders[name] = Folder(name)
                self.folders[name].unread.update(self.schemas.kind_names)

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file; None, and an issue, if it cannot be read."""
        try:
            data = (
                self.unsaved[path]
                if path in self.unsaved
                else read_bytes(os.path.join(self.root, path), self.limit)
            )
        except JsonError as refused:
            self._refused(path, refused)
            return None
        self.data[path] = data
        return data

    def _file(self, path: str, folder: Folder, name: str) -> None:
        if name not in self.schemas:
            self._unknown_kind(path, folder, name)
            return
        kind = self.schemas.get_kind(name)
        data = self.read(path)
        if data is None:
            folder.unread.add(name)
            return
        try:
            value = parse_json(data, self.limit)
        except JsonError as refused:
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
        want = f"../../schema/{file.kind.name}{SCHEMA_SUFFIX}"
        if (
            isinstance(named, str)
            and named != want
            and not _names_schema(named, want, own=self.schemas.from_project)
        ):
            place = Place(file.path, "/$schema")
            self._add(place, "wrong-schema", f'the schema is named as "{named}"', f'write "{want}"')
        if file.kind.group and (file.kind.group == "term") != (file.folder == TERMS):
            right = f"{CONTENT}/{TERMS}/" if file.kind.group == "term" else "the folder of its article"
            message = f"{file.kind.name} is a kind of {file.kind.group} and does not belong in {file.folder}/"
            self._say(file.path, "wrong-folder", message, f"move the file to {right}")

    def _lock(self, path: str) -> None:
        self.codes = Codes(unread=True)
        data = self.read(path)
        if data is None:
            return
        try:
            text = decode_utf8(data)
        except JsonError as refused:
            self._refused(path, refused)
            return
        self.codes, faults = read_codes(text)
        for fault, start, end, message in faults:
            self._add(Place(path, start=start, end=end), fault, message, family="codes")

    def _unknown_kind(self, path: str, folder: Folder, name: str) -> None:
        # Only a faulty project pays for this import.
        from bmkit.suggest import suggest

        meant = suggest(name, self.schemas.kind_names)
        folder.unread.add(meant or name)
        hint = (
            f'did you mean "{meant}{JSON}"?'
            if meant
            else f"a kind needs a schema, schema/{name}{SCHEMA_SUFFIX}"
        )
        self._say(path, "unknown-kind", f'there is no kind "{name}"', hint)

    def _misspelt(self, path: str, name: str, *, taken: bool) -> None:
        self.seen = True
        right = os.path.splitext(name)[0] + JSON
        hint = f"{right} is there already: take one of them away" if taken else f"rename it to {right}"
        self._say(path, "suffix-case", f"{name} is not read: only names that end with {JSON} are", hint)

    def _stray(self, path: str, name: str, *, lost: bool) -> None:
        # Read-me files and what editors and systems hide are nobody's mistake.
        if name.startswith(".") or name.lower().endswith(".md"):
            return
        if lost:
            self.lost.add(path)
            self.read(path)
        else:
            self._say(path, "stray-file", f"{name} is not content and is ignored", grave=False)

    def _refused(self, path: str, refused: JsonError) -> None:
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
