"""Files and folders that change in one step: readers see the old or the new, never a half.

What is new is written beside its target, and takes its place with one rename.  A link to the target stays.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_OWNER_ONLY, _AS_USUAL = 0o600, 0o666


class WriteError(BmkitError):
    """A file or folder that cannot be written, and is as it was; the message is one line."""


def create_file(path: str, data: bytes) -> None:
    """Write a file that is not there yet; FileExistsError if it is, OSError if it cannot be written."""
    target = Path(path)
    with _stage(target) as partial_file:
        _write_bytes(partial_file, data, _AS_USUAL)
        if os.path.lexists(target):
            raise FileExistsError(17, "File exists", path)
        _put_file_in_place(partial_file, target)


def add_files(folder: Path, data_by_path: Mapping[str, bytes]) -> None:
    """Write new files below a folder, by their path in it with "/": all of them or none.

    The folder is created if missing.  FileExistsError, naming its path, if one of the files is there already,
    OSError if one cannot be written.
    """
    missing_folders = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    if missing_folders:
        # Nobody sees the folder before it is whole.
        top = missing_folders[-1]
        with _stage(top) as partial_folder:
            _write_files(partial_folder / folder.relative_to(top), data_by_path)
            os.rename(partial_folder, top)
        return
    added_paths: list[Path] = []
    with _stage(folder / "new") as partial_folder:
        _write_files(partial_folder, data_by_path)
        try:
            for path in data_by_path:
                _add_file(folder, path, partial_folder, added_paths)
        except BaseException:  # whatever stopped us, even a signal
            for added_path in reversed(added_paths):
                with suppress(OSError):
                    added_path.rmdir() if added_path.is_dir() else added_path.unlink()
            raise


def rewrite_file(path: str, old_data: bytes, new_data: bytes) -> None:
    """Replace the bytes of the file at `path`; its permissions stay.

    WriteError if the file does not hold `old_data` any more, or cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        with _stage(target) as partial_file:
            _write_bytes(partial_file, new_data, _OWNER_ONLY)
            # As late as can be: what somebody else saved meanwhile must not be lost.
            if target.read_bytes() != old_data:
                raise WriteError(f"{path}: was changed meanwhile; run the command again")
            _put_file_in_place(partial_file, target)
    except OSError as error:
        raise WriteError(f"{path}: cannot be written: {error.strerror or error}") from None


@contextmanager
def replace_file(target: Path) -> Iterator[Path]:
    """Yield a path to write to; at the end that file takes the place of `target`, on any failure it does not.

    The permissions of a file that was there stay.
    """
    target = _follow_link(target)
    with _stage(target) as partial_file:
        yield partial_file
        _sync_file(partial_file)
        _put_file_in_place(partial_file, target)


@contextmanager
def replace_folder(target: Path, is_exported_path: Callable[[str], bool]) -> Iterator[Path]:
    """Yield an empty folder to write to; at the end it replaces the folder `target` with all that was in it.

    `is_exported_path` says whether an earlier export can have written a file or folder, from its path below
    `target` with "/".  WriteError, before anything is written, if `target` holds something else: neither a
    folder that was named by mistake nor what somebody put into an exported one is swept away.
    """
    named_target, target = target, _follow_link(target)
    with _stage(target) as partial_folder:
        for path in _walk_paths(target) if target.exists() else ():
            relative_path = path.relative_to(target).as_posix()
            if path.is_symlink() or not is_exported_path(relative_path):
                stranger = f"holds {relative_path}, which is not of an earlier export"
                raise WriteError(f"{named_target}: {stranger}; name another folder")
        partial_folder.mkdir()
        yield partial_folder
        for path in _walk_paths(partial_folder):
            if path.is_file():
                _sync_file(path)
        old_folder = _make_sibling_path(target, "old")
        try:
            if target.exists():
                os.replace(target, old_folder)
            os.replace(partial_folder, target)
        finally:
            # Whatever stopped us between the two, even a signal: what was there is put back.
            if old_folder.exists() and not target.exists():
                os.replace(old_folder, target)
            _remove(old_folder)


@contextmanager
def _stage(target: Path) -> Iterator[Path]:
    """Yield the path of a partial file or folder beside `target`; what is at it in the end is removed."""
    _remove_leftovers(target)
    partial_path = _make_sibling_path(target, "part")
    try:
        yield partial_path
    finally:
        _remove(partial_path)


def _make_sibling_path(target: Path, suffix: str) -> Path:
    # The process number keeps two runs at once from writing into each other's file.
    return target.with_name(f".{target.name}.{os.getpid()}.{suffix}")


def _follow_link(target: Path) -> Path:
    """Return where a link leads: the link was set by somebody, and stays."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _write_files(folder: Path, data_by_path: Mapping[str, bytes]) -> None:
    for path, data in data_by_path.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        _write_bytes(folder / path, data, _AS_USUAL)


def _add_file(folder: Path, path: str, partial_folder: Path, added_paths: list[Path]) -> None:
    """Move a written file to its place, and note it and the folders that were created for it."""
    target = folder / path
    for parent in reversed(target.relative_to(folder).parents):
        if not (folder / parent).exists():
            (folder / parent).mkdir()
            added_paths.append(folder / parent)
    if os.path.lexists(target):
        raise FileExistsError(17, "File exists", os.fspath(target))
    os.rename(partial_folder / path, target)
    added_paths.append(target)


def _write_bytes(path: Path, data: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(path, flags, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_file(path: Path) -> None:
    """Wait until a file is on disk: a rename may otherwise outlive what it put in place."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _put_file_in_place(partial_file: Path, target: Path) -> None:
    """Rename a written file to `target`, with owner and permissions of the file that it replaces."""
    with suppress(FileNotFoundError):
        target_stat, partial_stat = os.stat(target), os.stat(partial_file)
        if (partial_stat.st_uid, partial_stat.st_gid) != (target_stat.st_uid, target_stat.st_gid):
            # Only a superuser can give a file away; for others the file becomes theirs.
            with suppress(OSError):
                os.chown(partial_file, target_stat.st_uid, target_stat.st_gid)
        os.chmod(partial_file, stat.S_IMODE(target_stat.st_mode))
    os.replace(partial_file, target)


def _walk_paths(folder: Path) -> Iterator[Path]:
    """Go through all that is below a folder, by name; OSError if a folder cannot be read."""

    def raise_walk_error(error: OSError) -> NoReturn:
        raise error

    for parent, folder_names, file_names in os.walk(folder, onerror=raise_walk_error):
        folder_names.sort()
        yield from (Path(parent, name) for name in sorted((*folder_names, *file_names)))


def _remove(path: Path) -> None:
    """Remove a partial file or folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _remove_leftovers(target: Path) -> None:
    """Remove what runs that were killed left beside `target`.

    If one was killed between taking the old folder away and putting the new one in its place, the old one is
    put back.
    """
    leftover_pattern = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.(part|old)")
    try:
        sibling_names = os.listdir(target.parent)
    except OSError:  # missing or not to be listed: writing will fail, or work without
        return
    for name in sibling_names:
        if (match := leftover_pattern.fullmatch(name)) and not _is_process_running(int(match[1])):
            path = target.with_name(name)
            if match[2] == "old" and not target.exists():
                os.replace(path, target)
            else:
                _remove(path)


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
