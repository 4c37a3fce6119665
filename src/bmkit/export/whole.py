"""Writing whole or not at all: beside the target first, then in its place with one rename."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Told now and then how many records are done, and how many there are.
Tick = Callable[[int, int], None]


class ExportError(Exception):
    """An export that cannot be written; the message is one line, for people."""


class UnfitError(ExportError):
    """An export that its format would not accept, so that nothing was written; one line for each fault."""


def silent(done: int, total: int) -> None:
    """A tick that says nothing."""


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path to write to; what is there at the end replaces `target`, and on any failure nothing does."""
    part = _beside(target)
    try:
        yield part
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, ours: Callable[[str], bool]) -> Iterator[Path]:
    """An empty folder to write to; at the end it replaces the folder `target` with all that was in it.

    `ours` tells from a name whether an earlier export can have written it.  ExportError, before anything is
    written, if `target` holds something else: a folder that was named by mistake is not swept away.
    """
    if target.exists():
        for name in sorted(os.listdir(target)):
            if not ours(name):
                raise ExportError(
                    f"{target}: holds {name}, which is not of an earlier export; name another folder"
                )
    part, old = _beside(target), _beside(target, "old")
    try:
        part.mkdir()
        yield part
        if target.exists():
            os.replace(target, old)
        try:
            os.replace(part, target)
        except BaseException:
            if old.exists():
                os.replace(old, target)
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _beside(target: Path, why: str = "part") -> Path:
    # The process number keeps two exports at once from writing into each other's file.
    return target.with_name(f".{target.name}.{os.getpid()}.{why}")
