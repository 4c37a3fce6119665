"""The one way to write a file of content: how its members are ordered and laid out, no value changed."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bmkit.schema import Field, Kind

MAX_LINE_WIDTH = 110
"""Characters of the longest line that holds a list or object: with its key, without a comma at the end."""

# Levels of the file itself, {"records": [...]}: they open a line each, however little they hold.
_OUTER_LEVELS = 2
_ESCAPABLE_CHARACTER = re.compile(r'["\\]|[^\x20-\x7e]')
# Control and format characters, and blanks other than the space: nobody can see which one it is.
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Zl", "Zp", "Zs"})
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MAX_SINGLE_ESCAPE = 0xFFFF  # the last code that one \u can name


class _NumberToken(str):
    """A number as it stands in the text."""

    __slots__ = ()


def format_canonical_json(text: str, kind: Kind | None = None) -> str:
    """Return the canonical form of the JSON text of a content file; the text must be strict JSON.

    Members stand in the order of the schema of `kind`, those it does not know behind the others.  A list or
    object that holds nothing but scalars stands on one line where it fits.  Numbers keep their tokens, and
    strings their characters, each written as itself unless it cannot be seen.  Lines end as all do in the
    text: git may check out files with the ends of lines of another system.
    """
    value = json.loads(text, parse_int=_NumberToken, parse_float=_NumberToken)
    canonical_text = _format_json_value(value, _make_file_order(kind), 0, 0) + "\n"
    is_crlf_text = 0 < text.count("\n") == text.count("\r\n")
    return canonical_text.replace("\n", "\r\n") if is_crlf_text else canonical_text


def format_json_string(value: str) -> str:
    """Return a string in its canonical form, with its quotes."""
    return f'"{_ESCAPABLE_CHARACTER.sub(_escape_json_character, value)}"'


class _MemberOrder:
    """The names of an object's members in their order, with the order inside each."""

    __slots__ = ("inner_orders", "ranks")

    def __init__(self, member_names: Sequence[str], inner_orders: dict[str, _MemberOrder]) -> None:
        self.ranks = {name: rank for rank, name in enumerate(member_names)}
        self.inner_orders = inner_orders

    def sort_names(self, member_names: Iterable[str]) -> list[str]:
        """Sort names; unknown ones keep their order, after the others."""
        return sorted(member_names, key=lambda name: self.ranks.get(name, len(self.ranks)))


_NO_ORDER = _MemberOrder((), {})


def _make_file_order(kind: Kind | None) -> _MemberOrder:
    record_order = _make_member_order(kind.fields) if kind is not None else _NO_ORDER
    return _MemberOrder(("$schema", "records"), {"records": record_order})


def _make_member_order(fields: Sequence[Field]) -> _MemberOrder:
    return _MemberOrder(
        [field.name for field in fields],
        {field.name: _make_member_order(field.fields) for field in fields if field.fields},
    )


def _format_json_value(value: Any, order: _MemberOrder, depth: int, used_width: int) -> str:
    """Return a value as text, indented to `depth`; `used_width` characters stand before it on its line."""
    if not isinstance(value, dict | list):
        return _format_json_scalar(value)
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    if (
        depth >= _OUTER_LEVELS
        and (one_line := _format_on_one_line(value, order))
        and used_width + len(one_line) <= MAX_LINE_WIDTH
    ):
        return one_line
    indent = "  " * (depth + 1)
    if isinstance(value, dict):
        opener, closer = "{}"
        lines = []
        for name in order.sort_names(value):
            member_start = f"{indent}{format_json_string(name)}: "
            inner_order = order.inner_orders.get(name, _NO_ORDER)
            lines.append(
                member_start + _format_json_value(value[name], inner_order, depth + 1, len(member_start))
            )
    else:
        opener, closer = "[]"
        lines = [indent + _format_json_value(item, order, depth + 1, len(indent)) for item in value]
    return opener + "\n" + ",\n".join(lines) + "\n" + indent[2:] + closer


def _format_on_one_line(value: dict[str, Any] | list[Any], order: _MemberOrder) -> str:
    """Return a list or object on one line; "" if it holds other lists or objects."""
    children = value.values() if isinstance(value, dict) else value
    if any(isinstance(child, dict | list) for child in children):
        return ""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(
                f"{format_json_string(name)}: {_format_json_scalar(value[name])}"
                for name in order.sort_names(value)
            )
            + "}"
        )
    return "[" + ", ".join(map(_format_json_scalar, value)) + "]"


def _format_json_scalar(value: Any) -> str:
    if isinstance(value, _NumberToken):
        return str(value)
    if isinstance(value, str):
        return format_json_string(value)
    return "null" if value is None else "true" if value else "false"


def _escape_json_character(match: re.Match[str]) -> str:
    char = match.group()
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if unicodedata.category(char) not in _INVISIBLE_CATEGORIES:
        return char
    code = ord(char)
    if code > _MAX_SINGLE_ESCAPE:
        high, low = divmod(code - _MAX_SINGLE_ESCAPE - 1, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"
