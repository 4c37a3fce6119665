"""Strict reading of JSON bytes: one value, or every fault that can be found."""

from __future__ import annotations

import re
from typing import Any

from jiter import from_json

from bmkit.jsontext.errors import Fault, JsonFault, amount, refuse
from bmkit.jsontext.numbers import doubtful, number_faults

LARGEST = 64 << 20
"""Bytes of the largest file that is read unless a caller says otherwise: 64 MiB."""

DEEPEST = 200
"""Levels of nested lists and objects that are read; the parser's own limit, but for empty ones."""

_LISTS, _BLANKS = bytes.maketrans(b"{}", b"[]"), b" \t\r\n"
# Compiled when first needed: hardly a file has so many lists, and an empty one.
_BRACKETS = rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]'


def parse(data: bytes, limit: int = LARGEST) -> Any:
    """Give the value of a JSON text: None, bool, int, Decimal, str, list or dict.

    Every number with a point or an exponent is a Decimal with the digits it was written with ("4.0" stays
    Decimal("4.0")), every other an int (-0 is 0).  Raises JsonFault, with all faults that were found, if the
    text is not JSON in UTF-8, says anything twice, or holds a number or a character that not every reader
    keeps; see docs/rules.md, family json.
    """
    if len(data) > limit:
        raise too_large(len(data), limit)
    why = ""
    value: Any = None
    try:
        value = from_json(
            data, catch_duplicate_keys=True, allow_inf_nan=False, float_mode="decimal", cache_mode="all"
        )
    except ValueError as error:
        why = str(error)
    if why:
        # Only a faulty file pays for the import and the slower pass.
        from bmkit.jsontext.found import find_faults

        raise JsonFault(find_faults(data, why))
    if (deepest := _beyond(data)) >= 0:
        raise JsonFault([too_deep(len(data[:deepest].decode("utf-8")))])
    if doubtful(data) and (faults := number_faults(data.decode("utf-8"))):
        raise JsonFault(faults)
    return value


def _beyond(data: bytes) -> int:
    """Give the offset of the first list or object that is nested too deeply, -1 if there is none.

    The parser refuses what is deeper, but for an empty list or object that is one level deeper.
    """
    if data.count(b"[") + data.count(b"{") <= DEEPEST or b"[]" not in data.translate(_LISTS, _BLANKS):
        return -1
    depth = 0
    for token in re.finditer(_BRACKETS, data):
        sign = token.group()
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > DEEPEST:
            return token.start()
    return -1


def too_deep(at: int) -> Fault:
    """Say that the list or object at a code point is nested too deeply."""
    message = f"lists and objects are nested more than {DEEPEST} levels deep"
    return Fault("json.too-deep", at, at + 1, message, "write it flat")


def too_large(size: int, limit: int) -> JsonFault:
    """Make the refusal of a text of `size` bytes."""
    return refuse(
        "json.too-large",
        0,
        0,
        f"the file has {amount(size)}, more than the {amount(limit)} allowed",
        "split it, or raise the limit with --max-size",
    )
