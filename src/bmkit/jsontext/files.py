"""Reading the bytes of a file that may be anything: missing, a pipe, too large, or changing meanwhile."""

from __future__ import annotations

import errno
import os
import stat

from bmkit.jsontext.errors import JsonError, make_json_error
from bmkit.jsontext.parse import MAX_FILE_BYTES, make_too_large_error

# Without O_NONBLOCK the opening of a pipe waits for a writer that may never come.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FILE_TYPE_NAMES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_bytes(path: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
    """Give the bytes of the file at `path`, of at most `limit` bytes.

    Raises JsonFault if there is no regular file of that size, if it cannot be read, or if it changed, was
    replaced or was removed meanwhile.  Never waits for a pipe and never reads what is above the limit.
    """
    try:
        file_descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as error:
        raise _explain_open_error(path, error) from None
    try:
        stat_before = os.fstat(file_descriptor)
        if not stat.S_ISREG(stat_before.st_mode):
            raise _make_not_a_file_error(stat_before.st_mode)
        if stat_before.st_size > max_bytes:
            raise make_too_large_error(stat_before.st_size, max_bytes)
        data = _read_all_bytes(file_descriptor, stat_before.st_size, max_bytes)
        stat_after = os.fstat(file_descriptor)
    except OSError as error:
        raise _make_unreadable_error(error.strerror or str(error)) from None
    finally:
        os.close(file_descriptor)
    if not stat_after.st_nlink:
        raise _make_changed_error("it was removed or replaced")
    if len(data) != stat_before.st_size or stat_after.st_size != stat_before.st_size:
        final_size = len(data) if stat_after.st_size == stat_before.st_size else stat_after.st_size
        raise _make_changed_error(f"it had {stat_before.st_size:,} bytes and then {final_size:,}")
    if stat_after.st_mtime_ns != stat_before.st_mtime_ns:
        raise _make_changed_error("it was written to")
    return data


def _read_all_bytes(file_descriptor: int, size: int, max_bytes: int) -> bytes:
    # One byte more than expected, to see whether the file grew; a short read is no end of file.
    data = os.read(file_descriptor, size + 1)
    if len(data) == size or not data:
        return data
    chunks = [data]
    byte_count = len(data)
    while byte_count <= max_bytes and (chunk := os.read(file_descriptor, 1 << 20)):
        chunks.append(chunk)
        byte_count += len(chunk)
    return b"".join(chunks)


def _explain_open_error(path: str, error: OSError | ValueError) -> JsonError:
    error_code = error.errno if isinstance(error, OSError) else None
    if error_code == errno.ELOOP:
        return make_json_error("json.link-loop", 0, 0, "the link leads back to itself", "remove the link")
    if error_code in (errno.ENOENT, errno.ENOTDIR):
        if os.path.islink(path):
            link_target = os.readlink(path)
            return make_json_error(
                "json.broken-link", 0, 0, f"the link leads to {link_target!r}, which is not there"
            )
        return make_json_error("json.missing", 0, 0, "there is no such file")
    if error_code == errno.ENXIO:
        return _make_not_a_file_error(stat.S_IFSOCK)
    if os.path.isdir(path):
        return _make_not_a_file_error(stat.S_IFDIR)
    return _make_unreadable_error(getattr(error, "strerror", "") or str(error))


def _make_not_a_file_error(mode: int) -> JsonError:
    type_name = next(
        (type_name for is_file_type, type_name in _FILE_TYPE_NAMES if is_file_type(mode)), "no regular file"
    )
    return make_json_error("json.not-a-file", 0, 0, f"this is {type_name}, not a file")


def _make_unreadable_error(reason: str) -> JsonError:
    return make_json_error(
        "json.unreadable", 0, 0, f"the file cannot be read: {reason[:1].lower()}{reason[1:]}"
    )


def _make_changed_error(change: str) -> JsonError:
    return make_json_error(
        "json.changed", 0, 0, f"the file changed while it was read: {change}", "run the command again"
    )
