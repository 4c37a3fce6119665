"""Reading the bytes of a file that may be anything: missing, a pipe, too large, or changing meanwhile."""

from __future__ import annotations

import errno
import os
import stat

from bmkit.jsontext.errors import JsonFault, refuse
from bmkit.jsontext.parse import LARGEST, too_large

# Without O_NONBLOCK the opening of a pipe waits for a writer that may never come.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NAMES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_bytes(path: str, limit: int = LARGEST) -> bytes:
    """Give the bytes of the file at `path`, of at most `limit` bytes.

    Raises JsonFault if there is no regular file of that size, if it cannot be read, or if it changed, was
    replaced or was removed meanwhile.  Never waits for a pipe and never reads what is above the limit.
    """
    try:
        file = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise _unopened(path, error) from None
    try:
        before = os.fstat(file)
        if not stat.S_ISREG(before.st_mode):
            raise _not_a_file(before.st_mode)
        if before.st_size > limit:
            raise too_large(before.st_size, limit)
        data = _all_of(file, before.st_size, limit)
        after = os.fstat(file)
    except OSError as error:
        raise _unreadable(error.strerror or str(error)) from None
    finally:
        os.close(file)
    if not after.st_nlink:
        raise _changed("it was removed or replaced")
    if len(data) != before.st_size or after.st_size != before.st_size:
        then = len(data) if after.st_size == before.st_size else after.st_size
        raise _changed(f"it had {before.st_size:,} bytes and then {then:,}")
    if after.st_mtime_ns != before.st_mtime_ns:
        raise _changed("it was written to")
    return data


def _all_of(file: int, size: int, limit: int) -> bytes:
    # One byte more than expected, to see whether the file grew; a short read is no end of file.
    data = os.read(file, size + 1)
    if len(data) == size or not data:
        return data
    pieces = [data]
    total = len(data)
    while total <= limit and (piece := os.read(file, 1 << 20)):
        pieces.append(piece)
        total += len(piece)
    return b"".join(pieces)


def _unopened(path: str, error: OSError | ValueError) -> JsonFault:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.ELOOP:
        return refuse("json.link-loop", 0, 0, "the link leads back to itself", "remove the link")
    if code in (errno.ENOENT, errno.ENOTDIR):
        if os.path.islink(path):
            goal = os.readlink(path)
            return refuse("json.broken-link", 0, 0, f"the link leads to {goal!r}, which is not there")
        return refuse("json.missing", 0, 0, "there is no such file")
    if code == errno.ENXIO:
        return _not_a_file(stat.S_IFSOCK)
    if os.path.isdir(path):
        return _not_a_file(stat.S_IFDIR)
    return _unreadable(getattr(error, "strerror", "") or str(error))


def _not_a_file(mode: int) -> JsonFault:
    name = next((name for test, name in _NAMES if test(mode)), "no regular file")
    return refuse("json.not-a-file", 0, 0, f"this is {name}, not a file")


def _unreadable(why: str) -> JsonFault:
    return refuse("json.unreadable", 0, 0, f"the file cannot be read: {why[:1].lower()}{why[1:]}")


def _changed(how: str) -> JsonFault:
    return refuse("json.changed", 0, 0, f"the file changed while it was read: {how}", "run the command again")
