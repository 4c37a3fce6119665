"""Values and lists in the words of a message."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_TYPE_PHRASES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
}
_JSON_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MAX_LITERAL_LENGTH = 60
_MAX_JOINED_WORDS = 12


def format_literal(value: Any) -> str:
    """Return a value as JSON, on one line and cut short where it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, str):
        return f'"{_escape_json_text(shorten_text(value))}"'
    if isinstance(value, dict):
        return shorten_text(
            "{"
            + ", ".join(f"{format_literal(key)}: {format_literal(item)}" for key, item in value.items())
            + "}",
            2 * _MAX_LITERAL_LENGTH,
        )
    if isinstance(value, list):
        return shorten_text(
            "[" + ", ".join(format_literal(item) for item in value) + "]", 2 * _MAX_LITERAL_LENGTH
        )
    return shorten_text(str(value))


def _escape_json_text(text: str) -> str:
    """Return a text as JSON has it, with escapes for invisible characters."""
    return "".join(
        char
        if char.isprintable() and char not in _JSON_ESCAPES
        else _JSON_ESCAPES.get(char)
        or "".join(f"\\u{code_unit:04x}" for code_unit in _encode_utf16_units(char))
        for char in text
    )


def _encode_utf16_units(char: str) -> tuple[int, ...]:
    """Return the code units of a sign in UTF-16, which JSON escapes."""
    high, low = divmod(ord(char) - 0x10000, 0x400)
    return (ord(char),) if high < 0 else (0xD800 + high, 0xDC00 + low)


def shorten_text(text: str, max_length: int = _MAX_LITERAL_LENGTH) -> str:
    """Return a text, cut short if it is too long for a message."""
    return text if len(text) <= max_length else f"{text[:max_length]}…"


def format_typed_value(value: Any) -> str:
    """Return a value with its type: "the text "12"", "the number 4", "a list"."""
    if isinstance(value, str):
        return f"the text {format_literal(value)}"
    if isinstance(value, bool):
        return f"the value {format_literal(value)}"
    if isinstance(value, int | Decimal):
        return f"the number {format_literal(value)}"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else "null"


def format_type(type_name: str) -> str:
    """Return a type of JSON Schema in words."""
    return _TYPE_PHRASES.get(type_name, type_name)


def join_words(words: Sequence[str], conjunction: str) -> str:
    """Join words with commas and "and" or "or" before the last; a long list is cut short."""
    if len(words) > _MAX_JOINED_WORDS:
        return f"{', '.join(words[:_MAX_JOINED_WORDS])} {conjunction} {len(words) - _MAX_JOINED_WORDS} more"
    *leading_words, last_word = words or ("",)
    return f"{', '.join(leading_words)} {conjunction} {last_word}" if leading_words else last_word


def format_phrase(text: str) -> str:
    """Return a title or description as part of a message: no full stop, no capital unless it is a name."""
    text = text.rstrip().removesuffix(".")
    first_word = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first_word[1:].islower() or len(first_word) == 1 else text


def find_repeated_items(items: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the positions of every repeated item: the first and the later one."""
    first_positions: dict[Any, int] = {}
    position_pairs: list[tuple[int, int]] = []
    for position, item in enumerate(items):
        frozen_item = _freeze_json_value(item)
        if frozen_item in first_positions:
            position_pairs.append((first_positions[frozen_item], position))
        first_positions.setdefault(frozen_item, position)
    return position_pairs


def _freeze_json_value(value: Any) -> Any:
    """Return a hashable form of a value that is equal where JSON Schema says so: 1 is 1.0 and not true."""
    if isinstance(value, dict):
        return ("object", frozenset((key, _freeze_json_value(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("list", tuple(_freeze_json_value(item) for item in value))
    if isinstance(value, bool) or value is None:
        return ("constant", str(value))
    return value
