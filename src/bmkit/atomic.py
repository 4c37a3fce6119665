"""Rewriting a file in one step: whoever reads it meanwhile sees the old text or the new, never a half."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from bmkit.errors import BmkitError


class RewriteError(BmkitError):
    """A file that cannot be rewritten, and is as it was; the message is one line."""


def rewrite_file(path: str, old_data: bytes, new_data: bytes) -> None:
    """Replace the bytes of the file at `path`; permissions and a link to it stay.

    RewriteError if the file does not hold `old_data` any more, or cannot be written.
    """
    target_path = os.path.realpath(path)
    part_path = os.path.join(
        os.path.dirname(target_path), f".{os.path.basename(target_path)}.{os.getpid()}.part"
    )
    try:
        target_stat = os.stat(target_path)
        _write_part_file(part_path, new_data, target_stat)
        # As late as can be: what somebody else saved meanwhile must not be lost.
        with open(target_path, "rb") as file:
            if file.read() != old_data:
                raise RewriteError(f"{path}: was changed meanwhile; run the command again")
        os.replace(part_path, target_path)
    except OSError as error:
        raise RewriteError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            os.unlink(part_path)


def _write_part_file(part_path: str, data: bytes, target_stat: os.stat_result) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(part_path, flags, stat.S_IRUSR | stat.S_IWUSR), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part_stat = os.stat(part_path)
    if (part_stat.st_uid, part_stat.st_gid) != (target_stat.st_uid, target_stat.st_gid):
        # Only a superuser can give a file away; for others the file becomes theirs.
        with suppress(OSError):
            os.chown(part_path, target_stat.st_uid, target_stat.st_gid)
    os.chmod(part_path, stat.S_IMODE(target_stat.st_mode))
