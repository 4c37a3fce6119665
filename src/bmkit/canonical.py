"""The one way to write a file of content: how its members are ordered and laid out, no value changed."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bmkit.schema import Field, Kind

WIDTH = 110
"""Characters of the longest line that holds a list or object: with its key, without a comma at the end."""

# Levels of the file itself, {"records": [...]}: they open a line each, however little they hold.
_OUTERMOST = 2
_ESCAPED = re.compile(r'["\\]|[^\x20-\x7e]')
# Control and format characters, and blanks other than the space: nobody can see which one it is.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Zl", "Zp", "Zs"})
_NAMED = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SHORT = 0xFFFF  # the last code that one \u can name


class _Token(str):
    """A number as it stands in the text."""

    __slots__ = ()


def canonical(text: str, kind: Kind | None = None) -> str:
    """Write the JSON text of a file of content canonically; the text must be one that `parse` accepts.

    Members stand in the order of the schema of `kind`, those it does not know behind the others.  A list or
    object that holds nothing but scalars stands on one line where it fits.  Numbers keep their tokens, and
    strings their characters, each written as itself unless it cannot be seen.
    """
    value = json.loads(text, parse_int=_Token, parse_float=_Token)
    return _written(value, _file_fields(kind), 0, 0) + "\n"


def string(value: str) -> str:
    """Write a string canonically, with its quotes."""
    return f'"{_ESCAPED.sub(_escape, value)}"'


class _Order:
    """The names of an object's members in their order, with the order inside each."""

    __slots__ = ("inside", "names")

    def __init__(self, names: Sequence[str], inside: dict[str, _Order]) -> None:
        self.names = {name: rank for rank, name in enumerate(names)}
        self.inside = inside

    def of(self, names: Iterable[str]) -> list[str]:
        """Sort names; those that are not known keep their order, behind the others."""
        return sorted(names, key=lambda name: self.names.get(name, len(self.names)))


_NO_ORDER = _Order((), {})


def _file_fields(kind: Kind | None) -> _Order:
    records = _fields(kind.fields) if kind is not None else _NO_ORDER
    return _Order(("$schema", "records"), {"records": records})


def _fields(fields: Sequence[Field]) -> _Order:
    return _Order(
        [field.name for field in fields],
        {field.name: _fields(field.fields) for field in fields if field.fields},
    )


def _written(value: Any, order: _Order, depth: int, taken: int) -> str:
    """Write a value at a depth of indentation, `taken` characters standing before it on its line."""
    if not isinstance(value, dict | list):
        return _scalar(value)
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    if depth >= _OUTERMOST and (flat := _flat(value, order)) and taken + len(flat) <= WIDTH:
        return flat
    pad = "  " * (depth + 1)
    if isinstance(value, dict):
        opener, closer = "{}"
        lines = []
        for name in order.of(value):
            key = f"{pad}{string(name)}: "
            inside = order.inside.get(name, _NO_ORDER)
            lines.append(key + _written(value[name], inside, depth + 1, len(key)))
    else:
        opener, closer = "[]"
        lines = [pad + _written(item, order, depth + 1, len(pad)) for item in value]
    return opener + "\n" + ",\n".join(lines) + "\n" + pad[2:] + closer


def _flat(value: dict[str, Any] | list[Any], order: _Order) -> str:
    """Write a list or object on one line; "" if it holds others."""
    inside = value.values() if isinstance(value, dict) else value
    if any(isinstance(item, dict | list) for item in inside):
        return ""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{string(name)}: {_scalar(value[name])}" for name in order.of(value)) + "}"
    return "[" + ", ".join(map(_scalar, value)) + "]"


def _scalar(value: Any) -> str:
    if isinstance(value, _Token):
        return str(value)
    if isinstance(value, str):
        return string(value)
    return "null" if value is None else "true" if value else "false"


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if char in _NAMED:
        return _NAMED[char]
    if unicodedata.category(char) not in _UNSEEN:
        return char
    code = ord(char)
    if code > _SHORT:
        high, low = divmod(code - _SHORT - 1, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"
