"""What stands in a folder, before any of it is read."""

from __future__ import annotations

import os
from typing import NamedTuple


class ContentError(Exception):
    """A root that holds no content, or content that cannot be listed; the message is one line."""


class FolderEntry(NamedTuple):
    """One entry of a folder; links are followed, and one that leads nowhere is `lost`."""

    name: str
    is_folder: bool
    is_broken_link: bool


def read_entries(folder: str, root: str) -> list[FolderEntry]:
    """List a folder, by name; ContentError if it cannot be read."""
    try:
        with os.scandir(folder) as scan:
            return sorted(
                FolderEntry(entry.name, _is_folder(entry), _is_broken_link(entry)) for entry in scan
            )
    except OSError as error:
        display_path = os.path.relpath(folder, root)
        raise ContentError(f"{root}: {display_path}/ cannot be read: {error.strerror}") from None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself
        return False


def _is_broken_link(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and not os.path.exists(entry.path)
