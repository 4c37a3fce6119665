"""How files of a project are opened: never through a link that leaves it, never a pipe or a device."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from collections.abc import Iterable

# Without O_NONBLOCK the opening of a pipe waits for a writer that may never come.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class LinkError(BmkitError):
    """A path that a link leads out of its folder; the message is one line."""


class NotAFileError(Exception):
    """What should be a file is none; `mode` is as os.stat has it."""

    def __init__(self, mode: int) -> None:
        super().__init__(mode)
        self.mode = mode


def open_regular_file(path: str) -> int:
    """Return the descriptor of a file that is open for reading.

    OSError or ValueError if it cannot be opened, NotAFileError for a folder, a pipe or a device, none of
    which is waited for or read.
    """
    file_descriptor = os.open(path, _OPEN_FLAGS)
    mode = os.fstat(file_descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(file_descriptor)
        raise NotAFileError(mode)
    return file_descriptor


def find_link_fault(path: str, folder: str) -> str:
    """Return, for people, that links lead a path out that is named inside `folder`; "" if they do not.

    What is hidden in the folder counts as outside, unless the path names it: the settings of its repository
    may hold a password.
    """
    real_path, real_folder = os.path.realpath(path), os.path.realpath(folder)
    if not is_inside(real_path, real_folder):
        return f"the link leads out of the project, to {real_path!r}"
    relative_path = os.path.relpath(real_path, real_folder)
    hidden_parts = {
        part for part in relative_path.split(os.sep) if part.startswith(".") and part != os.curdir
    }
    if hidden_parts.difference(os.path.abspath(path).split(os.sep)):
        return f"the link leads to {relative_path!r}, which is hidden"
    return ""


def refuse_way_out(path: str, folders: Iterable[str]) -> None:
    """Raise LinkError if links lead a path out of one of the folders that it is named inside."""
    for folder in folders:
        is_named_inside = is_inside(os.path.abspath(path), os.path.abspath(folder))
        if is_named_inside and (fault := find_link_fault(path, folder)):
            raise LinkError(f"{path}: {fault}")


def is_inside(path: str, folder: str) -> bool:
    """Return whether an absolute path is a folder or below it."""
    try:
        return os.path.commonpath([path, folder]) == folder
    except ValueError:  # another drive
        return False
