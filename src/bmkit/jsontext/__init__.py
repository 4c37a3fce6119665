"""Strict JSON text: its values, its faults, and where each value stands."""

from bmkit.jsontext.encoding import decode_for_display, decode_utf8
from bmkit.jsontext.errors import JsonError, TextFault, format_byte_size
from bmkit.jsontext.files import read_bytes
from bmkit.jsontext.locate import Positions, locate_pointer_in_text
from bmkit.jsontext.parse import MAX_FILE_BYTES, MAX_NESTING, parse_json
from bmkit.jsontext.positions import Lines

__all__ = [
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
    "parse_json",
    "read_bytes",
]
