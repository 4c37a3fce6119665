"""Strict JSON text: its values, its faults, and where each value stands."""

from bmkit.jsontext.errors import (
    MAX_FAULTS,
    MAX_NESTING,
    JsonError,
    TextFault,
    format_byte_size,
    make_json_error,
)
from bmkit.jsontext.files import (
    MAX_FILE_BYTES,
    decode_for_display,
    decode_utf8,
    make_too_large_error,
    read_bytes,
)
from bmkit.jsontext.parse import parse_json
from bmkit.jsontext.positions import Lines, Positions, locate_pointer_in_text, split_lines

__all__ = [
    "MAX_FAULTS",
    "MAX_FILE_BYTES",
    "MAX_NESTING",
    "JsonError",
    "Lines",
    "Positions",
    "TextFault",
    "decode_for_display",
    "decode_utf8",
    "format_byte_size",
    "locate_pointer_in_text",
    "make_json_error",
    "make_too_large_error",
    "parse_json",
    "read_bytes",
    "split_lines",
]
