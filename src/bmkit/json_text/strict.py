"""Strict reading of JSON bytes: one value, or every fault that can be found."""

from __future__ import annotations

from typing import Any

from jiter import from_json

from bmkit.json_text.faults import JsonFault, amount, refuse
from bmkit.json_text.numbers import doubtful, number_faults

LARGEST = 64 << 20
"""Bytes of the largest file that is read unless a caller says otherwise: 64 MiB."""

DEEPEST = 200
"""Levels of nested lists and objects that are read; the parser's own limit."""


def parse(data: bytes, limit: int = LARGEST) -> Any:
    """Give the value of a JSON text: None, bool, int, Decimal, str, list or dict.

    Every number with a point or an exponent is a Decimal with the digits it was written with ("4.0" stays
    Decimal("4.0")).  Raises JsonFault, with all faults that were found, if the text is not JSON in UTF-8,
    says anything twice, or holds a number or a character that not every reader keeps; see docs/rules.md,
    family json.
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
        from bmkit.json_text.scan import find_faults

        raise JsonFault(find_faults(data, why))
    if doubtful(data) and (faults := number_faults(data.decode("utf-8"))):
        raise JsonFault(faults)
    return value


def too_large(size: int, limit: int) -> JsonFault:
    """Make the refusal of a text of `size` bytes."""
    return refuse(
        "json.too-large",
        0,
        0,
        f"the file has {amount(size)}, more than the {amount(limit)} allowed",
        "split it, or raise the limit with --max-size",
    )
