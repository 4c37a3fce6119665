"""Rewriting a file in one step: whoever reads it meanwhile sees the old text or the new, never a half."""

from __future__ import annotations

import os
import stat
from contextlib import suppress


class RewriteError(Exception):
    """A file that cannot be rewritten, and is as it was; the message is one line."""


def rewrite(path: str, before: bytes, after: bytes) -> None:
    """Replace the bytes `before` of the file at `path` by `after`; permissions and a link to it stay.

    RewriteError if the file does not hold `before` any more, or cannot be written.
    """
    goal = os.path.realpath(path)
    part = os.path.join(os.path.dirname(goal), f".{os.path.basename(goal)}.{os.getpid()}.part")
    try:
        state = os.stat(goal)
        _write(part, after, state)
        # As late as can be: what somebody else saved meanwhile must not be lost.
        with open(goal, "rb") as file:
            if file.read() != before:
                raise RewriteError(f"{path}: was changed meanwhile; run the command again")
        os.replace(part, goal)
    except OSError as error:
        raise RewriteError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            os.unlink(part)


def _write(part: str, data: bytes, state: os.stat_result) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(part, flags, stat.S_IRUSR | stat.S_IWUSR), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    own = os.stat(part)
    if (own.st_uid, own.st_gid) != (state.st_uid, state.st_gid):
        # Only a superuser can give a file away; for others the file becomes theirs.
        with suppress(OSError):
            os.chown(part, state.st_uid, state.st_gid)
    os.chmod(part, stat.S_IMODE(state.st_mode))
