"""The words for a text that does not have the form that its pattern asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.shape.context import Message
from bmkit.shape.values import format_literal, format_phrase

if TYPE_CHECKING:
    from bmkit.shape.context import MistakeContext

# A longer text would be cut short in the advice to write it.
_MAX_ADVISED_LENGTH = 60


def describe_pattern_mismatch(context: MistakeContext) -> Message:
    """Say that a text does not have its form, and how it is written right."""
    if context.target_kind:
        from bmkit.suggest import format_suggestion

        suggestion = context.suggest_id(context.target_kind, context.value)
        advice = f'write the id of a record of the kind "{context.target_kind}"'
        return Message(
            "pattern",
            f"{format_literal(context.value)} is not a valid id{_describe_look_alike(context.value)}",
            format_suggestion(suggestion, advice),
        )
    title = format_phrase(context.subschema.get("title", "")) or context.name
    hint = _advise_rewriting(context) or format_phrase(context.subschema.get("description", ""))
    return Message(
        "pattern",
        f"{format_literal(context.value)} is not a valid {title}{_describe_look_alike(context.value)}",
        hint,
    )


def _describe_look_alike(text: str) -> str:
    """Name the letter that only looks like a plain one, which else nobody would find."""
    if text.isascii():
        return ""
    from unicodedata import name

    from bmkit.letters import LATIN_BY_LOOKALIKE

    look_alike = next((char for char in text if char in LATIN_BY_LOOKALIKE), "")
    return (
        f": U+{ord(look_alike):04X} ({name(look_alike).lower()}) only looks like {LATIN_BY_LOOKALIKE[look_alike]}"
        if look_alike
        else ""
    )


def _advise_rewriting(context: MistakeContext) -> str:
    text = context.value
    one_line = " ".join(text.split())
    candidates = (one_line, text.lower(), text.upper(), _slugify_text(text) if context.name == "id" else "")
    suggestion = next(
        (
            candidate
            for candidate in candidates
            if candidate and candidate != text and _matches_pattern(context.keyword_value, candidate)
        ),
        "",
    )
    if suggestion != one_line or len(one_line) <= _MAX_ADVISED_LENGTH:
        return f"write {format_literal(suggestion)}" if suggestion else ""
    return "write it on one line" if "\n" in text.strip() else "take away the blanks around it"


def _matches_pattern(pattern: str, text: str) -> bool:
    # To Python alone a line end may follow the end.
    return not text.endswith("\n") and re.search(pattern, text) is not None


def _slugify_text(text: str) -> str:
    """Make an id of a text, "" if it has letters that would be lost."""
    from bmkit.letters import to_latin_letters

    plain_text = to_latin_letters(text).lower()
    if any(char.isalnum() and not char.isascii() for char in plain_text):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", plain_text).strip("-")
