"""Strict reading of JSON bytes: one value, or the first fault of each record."""

from __future__ import annotations

import re
from typing import Any

from jiter import from_json

from bmkit.jsontext.errors import MAX_NESTING, JsonError, make_too_deep_fault
from bmkit.jsontext.files import MAX_FILE_BYTES, make_too_large_error
from bmkit.jsontext.numbers import has_suspect_number, locate_number_faults

_BRACES_TO_BRACKETS, _BLANK_BYTES = bytes.maketrans(b"{}", b"[]"), b" \t\r\n"
# Compiled when first needed: hardly a file has so many lists, and an empty one.
_STRING_OR_BRACKET = rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]'


def parse_json(data: bytes, max_bytes: int = MAX_FILE_BYTES) -> Any:
    """Return the value of a JSON text: None, bool, int, Decimal, str, list or dict.

    Every number with a point or an exponent is a Decimal with the digits it was written with ("4.0" stays
    Decimal("4.0")), every other an int (-0 is 0).  Raises JsonError, with the first fault of each record, if
    the text is not JSON in UTF-8, says anything twice, or holds a number or a character that not every reader
    keeps; see docs/rules.md, family json.
    """
    if len(data) > max_bytes:
        raise make_too_large_error(len(data), max_bytes)
    parser_message = ""
    value: Any = None
    try:
        value = from_json(
            data, catch_duplicate_keys=True, allow_inf_nan=False, float_mode="decimal", cache_mode="all"
        )
    except ValueError as error:
        parser_message = str(error)
    if parser_message:
        # Only a faulty file pays for the import and the slower pass.
        from bmkit.jsontext.recover import find_json_faults

        raise JsonError(find_json_faults(data, parser_message))
    if (too_deep_offset := _find_excess_nesting(data)) >= 0:
        raise JsonError([make_too_deep_fault(len(data[:too_deep_offset].decode("utf-8")))])
    if has_suspect_number(data) and (faults := locate_number_faults(data.decode("utf-8"))):
        raise JsonError(faults)
    return value


def _find_excess_nesting(data: bytes) -> int:
    """Return the offset of the first list or object that is nested too deeply, -1 if there is none.

    The parser refuses what is deeper, but for an empty list or object that is one level deeper.
    """
    if data.count(b"[") + data.count(b"{") <= MAX_NESTING or b"[]" not in data.translate(
        _BRACES_TO_BRACKETS, _BLANK_BYTES
    ):
        return -1
    depth = 0
    for token in re.finditer(_STRING_OR_BRACKET, data):
        bracket = token.group()
        depth += (bracket in b"[{") - (bracket in b"]}")
        if depth > MAX_NESTING:
            return token.start()
    return -1
