"""What stands in a folder, before any of it is read."""

from __future__ import annotations

import os
from typing import NamedTuple

from bmkit.errors import BmkitError


class ContentError(BmkitError):
    """A root that holds no content, or content that cannot be listed; the message is one line."""


def format_root_start(root: str) -> str:
    """The root as the start of a message; "" for the current folder, which nobody has to be told."""
    return "" if root == os.curdir else f"{root}: "


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
        raise ContentError(
            f"{format_root_start(root)}{os.path.relpath(folder, root)}/ cannot be read: {error.strerror}"
        ) from None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself
        return False


def _is_broken_link(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and not os.path.exists(entry.path)
