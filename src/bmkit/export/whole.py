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


class UnfitError(ExportError):
    """An export that its format would not accept, so that nothing was written; one line for each fault.

    Content is at fault, so that the exit status is 1.
    """


def silent(done: int, total: int) -> None:
    """A tick that says nothing."""


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path to write to; what is there at the end replaces `target`, and on any failure nothing does."""
    target = _led_to(target)
    _sweep(target)
    part = _beside(target)
    try:
        yield part
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, ours: Callable[[str], bool]) -> Iterator[Path]:
    """An empty folder to write to; at the end it replaces the folder `target` with all that was in it.

    `ours` tells whether an earlier export can have written a file or folder, from its path below `target`
    with "/".  ExportError, before anything is written, if `target` holds something else: neither a folder
    that was named by mistake nor what somebody put into one of ours is swept away.
    """
    shown, target = target, _led_to(target)
    _sweep(target)
    if target.exists():
        for name in _inside(target):
            if not ours(name) or (target / name).is_symlink():
                raise ExportError(
                    f"{shown}: holds {name}, which is not of an earlier export; name another folder"
                )
    part, old = _beside(target), _beside(target, "old")
    try:
        part.mkdir()
        yield part
        if target.exists():
            os.replace(target, old)
        os.replace(part, target)
    finally:
        # Whatever stopped us between the two, even a signal: what was there is put back.
        if old.exists() and not target.exists():
            os.replace(old, target)
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _led_to(target: Path) -> Path:
    """Where a link leads: the link was set by somebody, and stays."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _inside(folder: Path) -> Iterator[str]:
    """The paths of all that is below a folder, with "/"."""

    def stop(error: OSError) -> NoReturn:
        raise error

    for place, folders, files in os.walk(folder, onerror=stop):
        folders.sort()
        for name in sorted((*folders, *files)):
            yield Path(place, name).relative_to(folder).as_posix()


def _beside(target: Path, why: str = "part") -> Path:
    # The process number keeps two exports at once from writing into each other's file.
    return target.with_name(f".{target.name}.{os.getpid()}.{why}")


def _sweep(target: Path) -> None:
    """Take away what exports to `target` left beside it whose process was killed.

    If it was killed between taking the old export away and putting the new one in its place, the old one is
    put back.
    """
    left = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.(part|old)")
    with suppress(FileNotFoundError):
        for name in os.listdir(target.parent):
            if (found := left.fullmatch(name)) and not _lives(int(found[1])):
                path = target.with_name(name)
                if found[2] == "old" and not target.exists():
                    os.replace(path, target)
                elif path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    if process == os.getpid():
        return False  # it was another's number before: we have only begun
    if os.name == "nt":
        return True  # where asking a process is ending it
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
