"""Reading a file that may be anything (missing, a pipe, too large, changing), and decoding its bytes."""

from __future__ import annotations

import errno
import os
import stat

from bmkit.disk import NotAFileError, open_regular_file
from bmkit.jsontext.errors import JsonError, TextFault, format_byte_size, make_json_error

MAX_FILE_BYTES = 64 << 20
"""Bytes of the largest file that is read unless a caller says otherwise: 64 MiB."""

_FILE_TYPE_NAMES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# The longer marks first: the UTF-16 mark is how the UTF-32 one begins.
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32", "utf-32 with the low byte first"),
    (b"\x00\x00\xfe\xff", "utf-32", "utf-32 with the high byte first"),
    (b"\xff\xfe", "utf-16", "utf-16 with the low byte first"),
    (b"\xfe\xff", "utf-16", "utf-16 with the high byte first"),
)
# Which of the first four bytes are zero, of a JSON text in that encoding without a mark.
_ENCODINGS_BY_ZERO_BYTES: dict[tuple[bool, ...], tuple[str, str]] = {
    (True, True, True, False): ("utf-32-be", "utf-32 with the high byte first"),
    (False, True, True, True): ("utf-32-le", "utf-32 with the low byte first"),
    (True, False, True, False): ("utf-16-be", "utf-16 with the high byte first"),
    (False, True, False, True): ("utf-16-le", "utf-16 with the low byte first"),
}
_SAVE_AS_UTF8_HINT = "save the file as utf-8"


def read_bytes(path: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
    """Return the bytes of the file at `path`, of at most `max_bytes` bytes.

    Raises JsonError if there is no regular file of that size, if it cannot be read, or if it changed, was
    replaced or was removed meanwhile.  Never waits for a pipe and never reads what is above the limit.
    """
    try:
        file_descriptor = open_regular_file(path)
    except NotAFileError as error:
        raise _make_not_a_file_error(error.mode) from None
    except (OSError, ValueError) as error:
        raise _explain_open_error(path, error) from None
    try:
        stat_before = os.fstat(file_descriptor)
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


def make_too_large_error(byte_count: int, max_bytes: int) -> JsonError:
    """Make the refusal of a text of so many bytes."""
    return make_json_error(
        "json.too-large",
        0,
        0,
        f"the file has {format_byte_size(byte_count)}, more than the {format_byte_size(max_bytes)} allowed",
        "split it, or raise the limit with --max-size",
    )


def decode_utf8(data: bytes) -> str:
    """Return the text of a file; raises JsonError if the bytes are not UTF-8.

    A byte order mark stays in the text, so that its offset can be named.
    """
    wide_encoding = _detect_wide_encoding(data)
    if wide_encoding is not None:
        raise JsonError([_make_wide_encoding_fault(data, *wide_encoding)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError([_make_not_utf8_fault(data, error)]) from None


def decode_for_display(data: bytes) -> str:
    """Return the text to show beside faults, whatever the bytes are; what cannot be read is U+FFFD."""
    wide_encoding = _detect_wide_encoding(data)
    return data.decode(wide_encoding[0] if wide_encoding is not None else "utf-8", errors="replace")


def _detect_wide_encoding(data: bytes) -> tuple[str, str] | None:
    for byte_order_mark, codec, encoding_name in _BYTE_ORDER_MARKS:
        if data.startswith(byte_order_mark):
            return codec, encoding_name
    return _ENCODINGS_BY_ZERO_BYTES.get(tuple(byte == 0 for byte in data[:4]))


def _make_wide_encoding_fault(data: bytes, codec: str, encoding_name: str) -> TextFault:
    rule_id = "json.utf16" if codec.startswith("utf-16") else "json.utf32"
    # Nothing but a mark leaves no character to point at.
    end = min(1, len(data.decode(codec, errors="replace")))
    return TextFault(rule_id, 0, end, f"the file is {encoding_name}, not utf-8", _SAVE_AS_UTF8_HINT)


def _make_not_utf8_fault(data: bytes, error: UnicodeDecodeError) -> TextFault:
    start = len(data[: error.start].decode("utf-8"))
    invalid_bytes = data[error.start : error.end]
    # The decoder is not asked for the rest one by one: a picture renamed to .json has a million of them.
    later_bytes = data[error.end :]
    later_count = later_bytes.decode("utf-8", errors="replace").count("\ufffd")
    later_count -= later_bytes.count("\ufffd".encode())
    noun, verb = ("bytes", "are") if len(invalid_bytes) > 1 else ("byte", "is")
    message = f"{noun} {invalid_bytes.hex(' ')} at byte offset {error.start} {verb} not utf-8"
    if later_count:
        message += f", nor are {later_count} later places" if later_count > 1 else ", nor is 1 later place"
    hint = _SAVE_AS_UTF8_HINT
    # Two such bytes in a row are no letter of an older encoding but a damaged one of UTF-8.
    if data[error.start + 1 : error.start + 2] < b"\x80":
        character = invalid_bytes[:1].decode("windows-1252", errors="replace")
        hint += (
            f"; in windows-1252 the byte is {character!r}"
            if character.isprintable() and character != "\ufffd"
            else ""
        )
    return TextFault("json.not-utf8", start, start + 1, message, hint)
