"""The words for a text that does not have the form that its pattern asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.shape.context import Said
from bmkit.shape.values import literal, phrase

if TYPE_CHECKING:
    from bmkit.shape.context import Case

# A longer text would be cut short in the advice to write it.
_LONGEST = 60


def unfit(case: Case) -> Said:
    """Say that a text does not have its form, and how it is written right."""
    if case.ref:
        meant = case.meant(case.ref, case.value)
        hint = f'did you mean "{meant}"?' if meant else f'write the id of a record of the kind "{case.ref}"'
        return Said("pattern", f"{literal(case.value)} is not a valid id{_look_alike(case.value)}", hint)
    title = phrase(case.holder.get("title", "")) or case.name
    hint = _meant(case) or phrase(case.holder.get("description", ""))
    return Said("pattern", f"{literal(case.value)} is not a valid {title}{_look_alike(case.value)}", hint)


def _look_alike(text: str) -> str:
    """Name the letter that only looks like a plain one, which else nobody would find."""
    if text.isascii():
        return ""
    from unicodedata import name

    from bmkit.letters import TWINS

    odd = next((char for char in text if char in TWINS), "")
    return f": U+{ord(odd):04X} ({name(odd).lower()}) only looks like {TWINS[odd]}" if odd else ""


def _meant(case: Case) -> str:
    text = case.value
    line = " ".join(text.split())
    ways = (line, text.lower(), text.upper(), _slug(text) if case.name == "id" else "")
    meant = next((way for way in ways if way and way != text and _fits(case.want, way)), "")
    if meant != line or len(line) <= _LONGEST:
        return f"write {literal(meant)}" if meant else ""
    return "write it on one line" if "\n" in text.strip() else "take away the blanks around it"


def _fits(pattern: str, text: str) -> bool:
    # To Python alone a line end may follow the end.
    return not text.endswith("\n") and re.search(pattern, text) is not None


def _slug(text: str) -> str:
    """Make an id of a text, "" if it has letters that would be lost."""
    from bmkit.letters import unmarked

    plain = unmarked(text).lower()
    if any(char.isalnum() and not char.isascii() for char in plain):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
