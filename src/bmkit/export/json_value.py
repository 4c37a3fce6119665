"""JSON text of a value, with every number as it was written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

_quoted = json.encoder.encode_basestring


def json_value(value: Any, indent: int = 0) -> str:
    """`value` as JSON text, keys in their order; on one line, or with `indent` spaces a level.

    Knows what strict JSON reading yields: None, bool, int, Decimal, str, list, dict.
    """
    return _text(value, indent, "\n" if indent else "")


def plain(value: int | Decimal) -> str:
    """The number with all its digits and no exponent: 4.0, and 0.0000001 where str says 1E-7."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _text(value: Any, indent: int, line: str) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return plain(value)
    if isinstance(value, dict):
        inner = line and line + " " * indent
        return _joined(
            "{}", [f"{_quoted(key)}: {_text(one, indent, inner)}" for key, one in value.items()], line, inner
        )
    if isinstance(value, list | tuple):
        inner = line and line + " " * indent
        return _joined("[]", [_text(one, indent, inner) for one in value], line, inner)
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _joined(brackets: str, parts: list[str], line: str, inner: str) -> str:
    if not parts:
        return brackets
    between = f",{inner}" if inner else ", "
    return f"{brackets[0]}{inner}{between.join(parts)}{line}{brackets[1]}"
