"""The files of a project: on disk, or in memory as they were in a git revision."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bmkit.disk import find_link_fault, refuse_way_out
from bmkit.jsontext import MAX_FILE_BYTES, make_json_error, make_too_large_error, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping


class FolderEntry(NamedTuple):
    """One entry of a folder; links are followed, and one that leads nowhere or out is broken."""

    name: str
    is_folder: bool
    is_broken_link: bool


class ProjectFiles(Protocol):
    """The files below a root; paths are relative to it, with "/"."""

    def is_folder(self, path: str) -> bool:
        """Return whether there is such a folder."""

    def list_folder(self, path: str) -> list[FolderEntry]:
        """List a folder by name; OSError if it cannot be read."""

    def find_link_target(self, path: str) -> str:
        """Return where the link at `path` leads; "" if it is no link."""

    def read_file(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
        """Read a file; JsonError if there is none, or none that may be read."""


class DiskFiles:
    """The files below a folder on disk; `unsaved_files` has bytes that count in place of files, by path.

    Such a file need not be on disk yet, nor its folder.  Nothing is read or written through a link that leads
    out of the folder, but where it comes with bmkit: `follow_all_links`.
    """

    def __init__(
        self, root: str, unsaved_files: Mapping[str, bytes] | None = None, *, follow_all_links: bool = False
    ) -> None:
        self._root = root
        self._unsaved_files = unsaved_files or {}
        self._follow_all_links = follow_all_links
        self._link_faults_of_folders: dict[str, str] = {"": ""}

    def is_folder(self, path: str) -> bool:
        """Return whether there is such a folder; links are followed."""
        is_on_disk = os.path.isdir(os.path.join(self._root, path)) and not self._find_folder_link_fault(path)
        return is_on_disk or bool(self._list_unsaved_entries(path))

    def list_folder(self, path: str) -> list[FolderEntry]:
        """List a folder by name; OSError if it cannot be read."""
        unsaved_entries = self._list_unsaved_entries(path)
        entries = {}
        try:
            with os.scandir(os.path.join(self._root, path)) as scan:
                entries = {entry.name: self._make_folder_entry(path, entry) for entry in scan}
        except FileNotFoundError:
            if not unsaved_entries:
                raise
        for entry in unsaved_entries:
            if entry.name not in entries or not entry.is_folder:
                entries[entry.name] = entry
        return sorted(entries.values())

    def _list_unsaved_entries(self, path: str) -> list[FolderEntry]:
        """List what unsaved files add to a folder: themselves, and the folders that they are in."""
        inner_paths = [
            unsaved_path.removeprefix(f"{path}/").partition("/")
            for unsaved_path in self._unsaved_files
            if unsaved_path.startswith(f"{path}/")
        ]
        return [FolderEntry(name, bool(slash), is_broken_link=False) for name, slash, _ in inner_paths]

    def find_link_target(self, path: str) -> str:
        """Return where the link at `path` leads; "" if it is no link."""
        disk_path = os.path.join(self._root, path)
        return os.readlink(disk_path) if os.path.islink(disk_path) else ""

    def read_file(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
        """Read a file; JsonError if there is none, or none that may be read."""
        if path in self._unsaved_files:
            return self._unsaved_files[path]
        if fault := self._find_link_fault(path):
            raise make_json_error("json.outside-link", 0, 0, fault)
        return read_bytes(os.path.join(self._root, path), max_bytes)

    def rewrite_file(self, path: str, old_data: bytes, new_data: bytes) -> None:
        """Replace the bytes of a file; WriteError or LinkError if that cannot be."""
        # Only who writes pays for this import.
        from bmkit.atomic import rewrite_file

        disk_path = os.path.join(self._root, path)
        refuse_way_out(disk_path, [self._root])
        rewrite_file(disk_path, old_data, new_data)

    def rename_folder(self, path: str, new_name: str) -> None:
        """Give a folder another name beside its own; WriteError or LinkError if that cannot be."""
        from bmkit.atomic import WriteError

        disk_path = os.path.join(self._root, path)
        refuse_way_out(disk_path, [self._root])
        new_path = os.path.join(os.path.dirname(disk_path), new_name)
        try:
            # An empty folder of that name would be replaced.
            if os.path.lexists(new_path):
                raise FileExistsError(0, "there is one already")
            os.rename(disk_path, new_path)
        except OSError as error:
            raise WriteError(f"{disk_path}: cannot be renamed to {new_name}: {error.strerror}") from None

    def add_files(self, data_by_path: Mapping[str, bytes]) -> None:
        """Write files that are not there yet, all or none; WriteError or LinkError if that cannot be."""
        from pathlib import Path

        from bmkit.atomic import add_files

        for path in data_by_path:
            refuse_way_out(os.path.join(self._root, path), [self._root])
        if data_by_path:
            add_files(Path(self._root), data_by_path)

    def _make_folder_entry(self, folder: str, entry: os.DirEntry[str]) -> FolderEntry:
        if not entry.is_symlink():
            return FolderEntry(entry.name, entry.is_dir(), is_broken_link=False)
        is_broken = not os.path.exists(entry.path) or bool(self._find_link_fault(f"{folder}/{entry.name}"))
        return FolderEntry(entry.name, not is_broken and entry.is_dir(), is_broken_link=is_broken)

    def _find_link_fault(self, path: str) -> str:
        """Return, for people, that links lead a path out of the root; "" if they do not."""
        if self._follow_all_links:
            return ""
        disk_path = os.path.join(self._root, path)
        fault = self._find_folder_link_fault(path.rpartition("/")[0])
        return fault or (find_link_fault(disk_path, self._root) if os.path.islink(disk_path) else "")

    def _find_folder_link_fault(self, path: str) -> str:
        if path not in self._link_faults_of_folders:
            self._link_faults_of_folders[path] = self._find_link_fault(path)
        return self._link_faults_of_folders[path]


class MemoryFiles:
    """Files in memory, by path; links are never followed, and count as broken.

    `link_targets` says where each link leads, `sizes` how many bytes a file has that was too large to read.
    """

    def __init__(
        self,
        bytes_by_path: Mapping[str, bytes],
        link_targets: Mapping[str, str],
        sizes: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._bytes_by_path = bytes_by_path
        self._link_targets = link_targets
        self._sizes = sizes
        self._entries_by_folder: dict[str, dict[str, FolderEntry]] = {}
        for path in (*bytes_by_path, *link_targets, *sizes):
            folder, _, name = path.rpartition("/")
            self._add_entry(folder, FolderEntry(name, is_folder=False, is_broken_link=path in link_targets))

    def is_folder(self, path: str) -> bool:
        """Return whether there is such a folder."""
        return path in self._entries_by_folder

    def list_folder(self, path: str) -> list[FolderEntry]:
        """List a folder by name."""
        return sorted(self._entries_by_folder[path].values())

    def find_link_target(self, path: str) -> str:
        """Return where the link at `path` leads; "" if it is no link."""
        return self._link_targets.get(path, "")

    def read_file(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
        """Read a file; JsonError if there is none, or none that may be read."""
        if path in self._sizes:
            raise make_too_large_error(self._sizes[path], max_bytes)
        if path in self._link_targets:
            message = f"the link leads to {self._link_targets[path]!r} and is not followed"
            raise make_json_error("json.broken-link", 0, 0, message)
        if path not in self._bytes_by_path:
            raise make_json_error("json.missing", 0, 0, "there is no such file")
        return self._bytes_by_path[path]

    def _add_entry(self, folder: str, entry: FolderEntry) -> None:
        if folder and folder not in self._entries_by_folder:
            parent, _, name = folder.rpartition("/")
            self._add_entry(parent, FolderEntry(name, is_folder=True, is_broken_link=False))
        self._entries_by_folder.setdefault(folder, {})[entry.name] = entry
