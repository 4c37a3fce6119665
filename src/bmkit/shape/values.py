"""Values and lists in the words of a message."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONGEST = 60
_MOST = 12


def literal(value: Any) -> str:
    """Write a value as JSON does, on one line and cut short where it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, str):
        return f'"{_escaped(short(value))}"'
    if isinstance(value, dict):
        return short(
            "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}",
            2 * _LONGEST,
        )
    if isinstance(value, list):
        return short("[" + ", ".join(literal(item) for item in value) + "]", 2 * _LONGEST)
    return short(str(value))


def _escaped(text: str) -> str:
    """Write a text as JSON does, with escapes for what cannot be seen."""
    return "".join(
        sign
        if sign.isprintable() and sign not in _ESCAPES
        else _ESCAPES.get(sign) or "".join(f"\\u{unit:04x}" for unit in _units(sign))
        for sign in text
    )


def _units(sign: str) -> tuple[int, ...]:
    """Give the code units of a sign in UTF-16, which JSON escapes."""
    high, low = divmod(ord(sign) - 0x10000, 0x400)
    return (ord(sign),) if high < 0 else (0xD800 + high, 0xDC00 + low)


def short(text: str, longest: int = _LONGEST) -> str:
    """Cut a text that is too long for a message."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def a_value(value: Any) -> str:
    """Name a value with its type: "the text "12"", "the number 4", "a list"."""
    if isinstance(value, str):
        return f"the text {literal(value)}"
    if isinstance(value, bool):
        return f"the value {literal(value)}"
    if isinstance(value, int | Decimal):
        return f"the number {literal(value)}"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else "null"


def a_type(name: str) -> str:
    """Name a type of JSON Schema in words."""
    return _TYPES.get(name, name)


def listed(words: Sequence[str], joint: str) -> str:
    """Join words with commas and a last "and" or "or"; a long list is cut short."""
    if len(words) > _MOST:
        return f"{', '.join(words[:_MOST])} {joint} {len(words) - _MOST} more"
    *most, last = words or ("",)
    return f"{', '.join(most)} {joint} {last}" if most else last


def phrase(text: str) -> str:
    """Make a title or description fit into a message: no full stop, and no capital unless it is a name."""
    text = text.rstrip().removesuffix(".")
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first[1:].islower() or len(first) == 1 else text


def repeats(items: Sequence[Any]) -> list[tuple[int, int]]:
    """Give the positions of every item that was there before: where it was first, and where it is again."""
    seen: dict[Any, int] = {}
    found: list[tuple[int, int]] = []
    for at, item in enumerate(items):
        key = _frozen(item)
        if key in seen:
            found.append((seen[key], at))
        seen.setdefault(key, at)
    return found


def _frozen(value: Any) -> Any:
    """Make a value comparable as JSON Schema compares: 1 is 1.0 and not true."""
    if isinstance(value, dict):
        return ("object", frozenset((key, _frozen(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("list", tuple(_frozen(item) for item in value))
    if isinstance(value, bool) or value is None:
        return ("constant", str(value))
    return value
