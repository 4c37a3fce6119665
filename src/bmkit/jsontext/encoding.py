"""Bytes of a file to text: UTF-8 and nothing else."""

from __future__ import annotations

from bmkit.jsontext.errors import Fault, JsonFault

# The longer marks first: the UTF-16 mark is how the UTF-32 one begins.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32", "utf-32 with the low byte first"),
    (b"\x00\x00\xfe\xff", "utf-32", "utf-32 with the high byte first"),
    (b"\xff\xfe", "utf-16", "utf-16 with the low byte first"),
    (b"\xfe\xff", "utf-16", "utf-16 with the high byte first"),
)
# Which of the first four bytes are zero, of a JSON text in that encoding without a mark.
_ZEROS: dict[tuple[bool, ...], tuple[str, str]] = {
    (True, True, True, False): ("utf-32-be", "utf-32 with the high byte first"),
    (False, True, True, True): ("utf-32-le", "utf-32 with the low byte first"),
    (True, False, True, False): ("utf-16-be", "utf-16 with the high byte first"),
    (False, True, False, True): ("utf-16-le", "utf-16 with the low byte first"),
}
_SAVE = "save the file as utf-8"


def decode(data: bytes) -> str:
    """Give the text of a file; raises JsonFault if the bytes are not UTF-8.

    A byte order mark stays in the text, so that its offset can be named.
    """
    wide = _wide(data)
    if wide is not None:
        raise JsonFault([_wide_fault(data, *wide)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonFault([_narrow_fault(data, error)]) from None


def readable(data: bytes) -> str:
    """Give the text to show beside faults, whatever the bytes are; what cannot be read is U+FFFD."""
    wide = _wide(data)
    return data.decode(wide[0] if wide is not None else "utf-8", errors="replace")


def _wide(data: bytes) -> tuple[str, str] | None:
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return codec, name
    return _ZEROS.get(tuple(byte == 0 for byte in data[:4]))


def _wide_fault(data: bytes, codec: str, name: str) -> Fault:
    rule = "json.utf16" if codec.startswith("utf-16") else "json.utf32"
    # Nothing but a mark leaves no character to point at.
    end = min(1, len(data.decode(codec, errors="replace")))
    return Fault(rule, 0, end, f"the file is {name}, not utf-8", _SAVE)


def _narrow_fault(data: bytes, error: UnicodeDecodeError) -> Fault:
    start = len(data[: error.start].decode("utf-8"))
    bad = data[error.start : error.end]
    # The decoder is not asked for the rest one by one: a picture renamed to .json has a million of them.
    more = data[error.end :].decode("utf-8", errors="replace").count("\ufffd") - data[error.end :].count(
        "\ufffd".encode()
    )
    bytes_are = ("bytes", "are") if len(bad) > 1 else ("byte", "is")
    message = "{0} {2} at byte offset {3} {1} not utf-8".format(*bytes_are, bad.hex(" "), error.start)
    if more:
        message += f", nor are {more} later places" if more > 1 else ", nor is 1 later place"
    hint = _SAVE
    # Two such bytes in a row are no letter of an older encoding but a damaged one of UTF-8.
    if data[error.start + 1 : error.start + 2] < b"\x80":
        seen = bad[:1].decode("windows-1252", errors="replace")
        hint += f"; in windows-1252 the byte is {seen!r}" if seen.isprintable() and seen != "\ufffd" else ""
    return Fault("json.not-utf8", start, start + 1, message, hint)
