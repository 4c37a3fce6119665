"""Files and folders that change in one step: readers see the old or the new, never a half.

What is new is written beside its target, and takes its place with one rename.  A link to the target stays.
What somebody saves there meanwhile stays, too: where the system can swap two files, what came out is compared
with what was read; elsewhere the file is looked at as late as can be.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bmkit.disk import NotAFileError, open_regular_file
from bmkit.errors import BmkitError, TerminatedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OwnPaths = Callable[[str, bool], bool]
"""Says whether an earlier export wrote what is at a path below its target, with "/"; True for a folder."""

_OWNER_ONLY, _AS_USUAL, _ANY_WRITE = 0o600, 0o666, 0o222
# AT_FDCWD, and RENAME_EXCHANGE of renameat2(2) or RENAME_SWAP of renamex_np(2).
_CURRENT_FOLDER, _EXCHANGE = -100, 2
# Names, a line each, the folders that a run is replacing; it stands beside them only so long.
_JOURNAL_NAME = ".bmkit-{}.names"
_JOURNAL_PATTERN = re.compile(re.escape(_JOURNAL_NAME).replace(re.escape("{}"), r"(\d+)"))
_NEW, _REPLACED = "new", "replaced"
_MAX_JOURNAL_LENGTH = 1 << 16
_LEFTOVER_PATTERN = re.compile(r"\.bmkit-(\d+)-(.+)\.(part|old)", re.DOTALL)
# A longer name might be too long with what is put before it: some file systems end at 143 bytes.
_MAX_NAME_BYTES = 100


class WriteError(BmkitError):
    """A file or folder that cannot be written, and is as it was; the message is one line."""


def create_file(path: str, data: bytes) -> None:
    """Write a file that is not there yet; FileExistsError if it is, OSError if it cannot be written."""
    target = Path(path)
    with _stage(target) as partial_file:
        _write_bytes(partial_file, data, _AS_USUAL)
        _put_new_file_in_place(partial_file, target)


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

    WriteError if the file does not hold `old_data` any more, nor `new_data` already, if it may not be
    written, if it has another name that would keep the old bytes, or if it cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        _refuse_protected_file(path, target)
        with _stage(target) as partial_file:
            _write_bytes(partial_file, new_data, _OWNER_ONLY)
            _copy_permissions(target, partial_file)
            current_data = target.read_bytes()
            if current_data == new_data:  # two links of the project led to it
                return
            is_unchanged = current_data == old_data and _swap_files(partial_file, target, old_data, new_data)
    except OSError as error:
        raise WriteError(f"{path}: cannot be written: {error.strerror or error}") from None
    if not is_unchanged:
        raise WriteError(f"{path}: was changed meanwhile; run the command again")


def remove_leftovers(folder: Path) -> None:
    """Remove what runs that were killed left in a folder.

    If one was killed between taking an old folder away and putting the new one in its place, the old one is
    put back.
    """
    try:
        names = os.listdir(folder)
    except OSError:  # missing or not to be listed: writing will fail, or work without
        return
    for name in names:
        if (match := _LEFTOVER_PATTERN.fullmatch(name)) and not _is_process_running(int(match[1])):
            if match[3] == "old" and not os.path.lexists(folder / match[2]):
                os.replace(folder / name, folder / match[2])
            else:
                _remove(folder / name)


@contextmanager
def replace_folders(
    targets: Sequence[Path], find_own_paths: Callable[[Path], OwnPaths]
) -> Iterator[list[Path]]:
    """Yield an empty folder for each target; at the end they replace all targets, or none.

    All targets stand in one folder.  `find_own_paths` says what an earlier export wrote into a target.
    WriteError if a target holds something else: neither a folder that was named by mistake nor what somebody
    put into an exported one is swept away.  That is seen before anything is written, and once more before
    the first folder is replaced.
    """
    parent = targets[0].parent
    _undo_killed_swap(parent, find_own_paths)
    real_targets = [_follow_link(target) for target in targets]
    with ExitStack() as stack:
        partial_folders = [stack.enter_context(_stage(target)) for target in real_targets]
        _refuse_strangers(targets, real_targets, find_own_paths)
        if len(targets) > 1:
            stack.enter_context(_keep_journal(targets))
        for folder in partial_folders:
            folder.mkdir()
        yield partial_folders
        for target, folder in zip(real_targets, partial_folders, strict=True):
            for path in _walk_paths(folder):
                if path.is_file():
                    _sync_file(path)
                _copy_permissions(target / path.relative_to(folder), path)
            _copy_permissions(target, folder)
        _refuse_strangers(targets, real_targets, find_own_paths)
        swaps = [_Swap(*names) for names in zip(targets, real_targets, partial_folders, strict=True)]
        _swap_folders(swaps, find_own_paths)


class _Swap:
    """A folder that takes the place of another: `link` is the target as it was named, `target` the folder."""

    def __init__(self, link: Path, target: Path, partial_folder: Path, process_id: int | None = None) -> None:
        self.link = link
        self.target = target
        self.partial_folder = partial_folder
        self.old_folder = _make_sibling_path(target, "old", process_id)
        self.is_new = not target.exists()

    def replace_target(self) -> None:
        """Put the new folder in the place of the old one, which is kept."""
        if self.target.exists():
            os.replace(self.target, self.old_folder)
        os.replace(self.partial_folder, self.target)

    def restore_target(self) -> None:
        """Put back what was there before, however far `replace_target` came."""
        is_in_place = not self.partial_folder.exists() and self.target.exists()
        if is_in_place and (self.is_new or self.old_folder.exists()):
            os.replace(self.target, self.partial_folder)
        if self.old_folder.exists():
            os.replace(self.old_folder, self.target)


def _swap_folders(swaps: list[_Swap], find_own_paths: Callable[[Path], OwnPaths]) -> None:
    """Replace all folders or, whatever stops us in between, even a signal, none.

    WriteError if somebody put something into one of them since it was looked at: it is in what came out.
    """
    is_refused = False
    try:
        for swap in swaps:
            swap.replace_target()
        is_refused = True
        _refuse_strangers([swap.link for swap in swaps], [swap.old_folder for swap in swaps], find_own_paths)
        is_refused = False
    finally:
        if is_refused or any(swap.partial_folder.exists() for swap in swaps):
            for swap in reversed(swaps):
                swap.restore_target()
        for swap in swaps:
            if swap.target.exists():
                _remove(swap.old_folder)


@contextmanager
def _keep_journal(targets: Sequence[Path]) -> Iterator[None]:
    """Keep a file that names the folders while a run replaces them: if it is killed, the next undoes all."""
    journal = targets[0].with_name(_JOURNAL_NAME.format(os.getpid()))
    _remove(journal)
    lines = [f"{_REPLACED if target.exists() else _NEW} {target.name}\n" for target in targets]
    try:
        _write_bytes(journal, "".join(lines).encode(), _AS_USUAL)
        yield
    finally:
        _remove(journal)


def _undo_killed_swap(parent: Path, find_own_paths: Callable[[Path], OwnPaths]) -> None:
    """Undo what a run did that was killed before the last of its renames."""
    try:
        sibling_names = os.listdir(parent)
    except OSError:  # missing or not to be listed: writing will fail, or work without
        return
    for journal_name in sibling_names:
        match = _JOURNAL_PATTERN.fullmatch(journal_name)
        if match is None or _is_process_running(int(match[1])):
            continue
        lines = _read_journal(parent / journal_name)
        swaps = []
        for word, _, name in (line.partition(" ") for line in lines):
            link = parent / name
            if link.parent == parent and link.name == name:
                target = _follow_link(link)
                swap = _Swap(link, target, _make_sibling_path(target, "part", int(match[1])), int(match[1]))
                swap.is_new = word == _NEW
                swaps.append(swap)
        if any(swap.partial_folder.exists() for swap in swaps):
            for swap in reversed(swaps):
                # What somebody has put into the new folder since then stays, and so does the folder.
                if not swap.target.exists() or not _find_stranger(swap.target, find_own_paths):
                    swap.restore_target()
        for swap in swaps:
            _remove(swap.partial_folder)
            if swap.target.exists():
                _remove(swap.old_folder)
        _remove(parent / journal_name)


def _read_journal(journal: Path) -> list[str]:
    try:
        with open(open_regular_file(os.fspath(journal)), encoding="utf-8", errors="replace") as file:
            return file.read(_MAX_JOURNAL_LENGTH).splitlines()
    except (OSError, NotAFileError):
        return []


def _refuse_strangers(
    targets: Sequence[Path], real_targets: Sequence[Path], find_own_paths: Callable[[Path], OwnPaths]
) -> None:
    for named_target, target in zip(targets, real_targets, strict=True):
        if target.exists() and (stranger := _find_stranger(target, find_own_paths)):
            reason = f"holds {stranger}, which is not of an earlier export"
            raise WriteError(f"{named_target}: {reason}; name another folder")


def _find_stranger(target: Path, find_own_paths: Callable[[Path], OwnPaths]) -> str:
    """Return what stands in the target and is not of an earlier export, by its path there; "" for nothing."""
    is_own_path = find_own_paths(target)
    for path in _walk_paths(target):
        relative_path = path.relative_to(target).as_posix()
        if path.is_symlink() or not is_own_path(relative_path, path.is_dir()):
            return relative_path
    return ""


@contextmanager
def _stage(target: Path) -> Iterator[Path]:
    """Yield the path of a partial file or folder beside `target`; what is at it in the end is removed.

    That is also so where a signal ends the process.
    """
    remove_leftovers(target.parent)
    partial_path = _make_sibling_path(target, "part")
    with _raise_on_sigterm():
        try:
            yield partial_path
        finally:
            _remove(partial_path)


@contextmanager
def _raise_on_sigterm() -> Iterator[None]:
    """Make SIGTERM raise TerminatedError in here, once: a second must not interrupt the cleaning up."""
    # Only who writes pays for this import.
    import signal

    def raise_terminated(signal_number: int, _frame: object) -> NoReturn:
        signal.signal(signal_number, signal.SIG_IGN)
        raise TerminatedError

    try:
        previous_handler = signal.signal(signal.SIGTERM, raise_terminated)
    except ValueError:  # signals are the main thread's
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous_handler)


def _make_sibling_path(target: Path, suffix: str, process_id: int | None = None) -> Path:
    name = target.name
    if len(os.fsencode(name)) > _MAX_NAME_BYTES:
        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    # The process number keeps two runs at once from writing into each other's file; the end of the name, a
    # check at the same time from taking it for content.
    return target.with_name(f".bmkit-{os.getpid() if process_id is None else process_id}-{name}.{suffix}")


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
    _put_new_file_in_place(partial_folder / path, target)
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


def _put_new_file_in_place(partial_file: Path, target: Path) -> None:
    """Give a written file its name, besides that of the stage; FileExistsError if there is such a file."""
    try:
        os.link(partial_file, target)
    except FileExistsError:
        raise FileExistsError(17, "File exists", os.fspath(target)) from None
    except OSError:  # a file system without such links
        if os.path.lexists(target):
            raise FileExistsError(17, "File exists", os.fspath(target)) from None
        os.replace(partial_file, target)


def _refuse_protected_file(path: str, target: Path) -> None:
    """Raise WriteError if a file must not be replaced, though the folder would allow it."""
    target_stat = os.stat(target)
    if target_stat.st_nlink > 1:
        reason = f"has {target_stat.st_nlink} names (hard links), which must not be parted"
        raise WriteError(f"{path}: {reason}; remove the others, or put a copy in its place")
    # The superuser may write everything.
    if not target_stat.st_mode & _ANY_WRITE or not os.access(target, os.W_OK):
        raise WriteError(f"{path}: is read-only; allow writing to it")


def _copy_permissions(source: Path, path: Path) -> None:
    """Give a file or folder owner and permissions of the one that it replaces, if there is one."""
    if source.is_symlink() or not source.exists():
        return
    source_stat, path_stat = os.stat(source), os.stat(path)
    if (path_stat.st_uid, path_stat.st_gid) != (source_stat.st_uid, source_stat.st_gid):
        # Only a superuser can give a file away; for others the file becomes theirs.
        with suppress(OSError):
            os.chown(path, source_stat.st_uid, source_stat.st_gid)
    os.chmod(path, stat.S_IMODE(source_stat.st_mode))


def _swap_files(partial_file: Path, target: Path, old_data: bytes, new_data: bytes) -> bool:
    """Put a written file in place of the one that holds `old_data`; False if somebody saved meanwhile."""
    if not _exchange_files(partial_file, target):
        os.replace(partial_file, target)
        return True
    if partial_file.read_bytes() == old_data:
        return True
    _exchange_files(partial_file, target)
    if partial_file.read_bytes() != new_data:  # saved once more: the last is what its author wants
        _exchange_files(partial_file, target)
    return False


def _exchange_files(path: Path, other_path: Path) -> bool:
    """Give two files each other's name in one step; False where the system cannot."""
    # Only who writes pays for this import.
    import ctypes

    paths = os.fsencode(path), os.fsencode(other_path)
    if sys.platform == "linux":
        rename = getattr(ctypes.CDLL(None), "renameat2", None)
        arguments = (_CURRENT_FOLDER, paths[0], _CURRENT_FOLDER, paths[1], _EXCHANGE)
    elif sys.platform == "darwin":
        rename = getattr(ctypes.CDLL(None), "renamex_np", None)
        arguments = (*paths, _EXCHANGE)
    else:
        return False
    return rename is not None and rename(*arguments) == 0


def _walk_paths(folder: Path) -> Iterator[Path]:
    """Go through all that is below a folder, by name; OSError if a folder cannot be read."""

    def raise_walk_error(error: OSError) -> NoReturn:
        raise error

    for parent, folder_names, file_names in os.walk(folder, onerror=raise_walk_error):
        folder_names.sort()
        yield from (Path(parent, name) for name in sorted((*folder_names, *file_names)))


def _remove(path: Path) -> None:
    """Remove a partial file or folder, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


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
