"""Bytes of a file to text: UTF-8 and nothing else."""

from __future__ import annotations

from bmkit.jsontext.errors import JsonError, TextFault

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


def decode_utf8(data: bytes) -> str:
    """Give the text of a file; raises JsonFault if the bytes are not UTF-8.

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
    """Give the text to show beside faults, whatever the bytes are; what cannot be read is U+FFFD."""
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
    later_count = data[error.end :].decode("utf-8", errors="replace").count("\ufffd") - data[
        error.end :
    ].count("\ufffd".encode())
    noun_and_verb = ("bytes", "are") if len(invalid_bytes) > 1 else ("byte", "is")
    message = "{0} {2} at byte offset {3} {1} not utf-8".format(
        *noun_and_verb, invalid_bytes.hex(" "), error.start
    )
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
