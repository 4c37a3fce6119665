"""Writing whole or not at all: beside the target first, then in its place with one rename."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Told now and then how many records are done, and how many there are.
Tick = Callable[[int, int], None]


class ExportError(BmkitError):
    """An export that cannot be written; the message is one line, for people."""


class InvalidExportError(ExportError):
    """An export that its format would not accept, so that nothing was written; one line for each fault.

    Content is at fault, so that the exit status is 1.
    """


def ignore_tick(done: int, total: int) -> None:
    """A tick that says nothing."""


@contextmanager
def replace_file(target: Path) -> Iterator[Path]:
    """A path to write to; what is there at the end replaces `target`, and on any failure nothing does."""
    target = _follow_link(target)
    _remove_leftovers(target)
    partial_file = _make_sibling_path(target)
    try:
        yield partial_file
        os.replace(partial_file, target)
    finally:
        partial_file.unlink(missing_ok=True)


@contextmanager
def replace_folder(target: Path, is_exported_path: Callable[[str], bool]) -> Iterator[Path]:
    """An empty folder to write to; at the end it replaces the folder `target` with all that was in it.

    `ours` tells whether an earlier export can have written a file or folder, from its path below `target`
    with "/".  ExportError, before anything is written, if `target` holds something else: neither a folder
    that was named by mistake nor what somebody put into one of ours is swept away.
    """
    named_target, target = target, _follow_link(target)
    _remove_leftovers(target)
    if target.exists():
        for relative_path in _walk_relative_paths(target):
            if not is_exported_path(relative_path) or (target / relative_path).is_symlink():
                raise ExportError(
                    f"{named_target}: holds {relative_path}, which is not of an earlier export; name another folder"
                )
    partial_folder, old_folder = _make_sibling_path(target), _make_sibling_path(target, "old")
    try:
        partial_folder.mkdir()
        yield partial_folder
        if target.exists():
            os.replace(target, old_folder)
        os.replace(partial_folder, target)
    finally:
        # Whatever stopped us between the two, even a signal: what was there is put back.
        if old_folder.exists() and not target.exists():
            os.replace(old_folder, target)
        shutil.rmtree(partial_folder, ignore_errors=True)
        shutil.rmtree(old_folder, ignore_errors=True)


def _follow_link(target: Path) -> Path:
    """Where a link leads: the link was set by somebody, and stays."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _walk_relative_paths(folder: Path) -> Iterator[str]:
    """The paths of all that is below a folder, with "/"."""

    def raise_walk_error(error: OSError) -> NoReturn:
        raise error

    for parent, folder_names, file_names in os.walk(folder, onerror=raise_walk_error):
        folder_names.sort()
        for name in sorted((*folder_names, *file_names)):
            yield Path(parent, name).relative_to(folder).as_posix()


def _make_sibling_path(target: Path, suffix: str = "part") -> Path:
    # The process number keeps two exports at once from writing into each other's file.
    return target.with_name(f".{target.name}.{os.getpid()}.{suffix}")


def _remove_leftovers(target: Path) -> None:
    """Take away what exports to `target` left beside it whose process was killed.

    If it was killed between taking the old export away and putting the new one in its place, the old one is
    put back.
    """
    leftover_pattern = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.(part|old)")
    with suppress(FileNotFoundError):
        for file_name in os.listdir(target.parent):
            if (match := leftover_pattern.fullmatch(file_name)) and not _is_process_running(int(match[1])):
                path = target.with_name(file_name)
                if match[2] == "old" and not target.exists():
                    os.replace(path, target)
                elif path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def _is_process_running(process_id: int) -> bool:
    if process_id == os.getpid():
        return False  # it was another's number before: we have only begun
    if os.name == "nt":
        return True  # where asking a process is ending it
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
