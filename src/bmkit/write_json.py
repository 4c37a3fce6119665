"""JSON text of a value, with every number as it was written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

_quote_string = json.encoder.encode_basestring
_quote_ascii = json.encoder.encode_basestring_ascii


def format_json(value: Any, indent: int = 0) -> str:
    """Return `value` as JSON text, keys in their order; on one line, or with `indent` spaces a level.

    It may hold what `parse_json` returns: None, bool, int, Decimal, str, list, dict.
    """
    return _format_indented_json(value, indent, "\n" if indent else "")


def format_exact_json(value: Any) -> str:
    """Return `value` as JSON text on one line, in ASCII, keys in order, each number with all its digits."""
    if isinstance(value, dict):
        members = (
            f"{_quote_ascii(key)}:{format_exact_json(member)}" for key, member in sorted(value.items())
        )
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(format_exact_json, value))}]"
    if isinstance(value, str):
        return _quote_ascii(value)
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def format_plain_number(value: int | Decimal) -> str:
    """Return a number with all its digits and no exponent: 4.0, and 0.0000001 where str has 1E-7."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _format_indented_json(value: Any, indent: int, newline: str) -> str:
    if isinstance(value, str):
        return _quote_string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return format_plain_number(value)
    if isinstance(value, dict):
        inner_newline = newline and newline + " " * indent
        return _join_json_parts(
            "{}",
            [
                f"{_quote_string(key)}: {_format_indented_json(member_value, indent, inner_newline)}"
                for key, member_value in value.items()
            ],
            newline,
            inner_newline,
        )
    if isinstance(value, list | tuple):
        inner_newline = newline and newline + " " * indent
        return _join_json_parts(
            "[]",
            [_format_indented_json(item, indent, inner_newline) for item in value],
            newline,
            inner_newline,
        )
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _join_json_parts(brackets: str, parts: list[str], newline: str, inner_newline: str) -> str:
    if not parts:
        return brackets
    separator = f",{inner_newline}" if inner_newline else ", "
    return f"{brackets[0]}{inner_newline}{separator.join(parts)}{newline}{brackets[1]}"
