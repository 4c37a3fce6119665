"""What a fact is about, beside the numbers that it states, and whether a note excuses that two disagree."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.schema import Kind

_ASIDE = ("id", "notes", "source")
_NOTE = "editorial-note"


def facts(content: Content) -> list[Record]:
    """Give every fact."""
    return content.once(_facts)


def subject(record: Record, without: str = "") -> frozenset[tuple[str, str]]:
    """Give what a fact is about: its fields that hold no quantity, with their values, but for one."""
    aside = _aside(record.kind, without)
    return frozenset([(name, _text(value)) for name, value in record.value.items() if name not in aside])


@cache
def _aside(kind: Kind, without: str) -> frozenset[str]:
    quantities = (field.name for field in kind.quantities if len(field.path) == 1)
    return frozenset((*_ASIDE, without, *quantities))


def is_explained(one: Record, other: Record, content: Content) -> bool:
    """Say whether both facts name an editorial note that tells of a contradiction.

    A note that cannot be read may be one.
    """
    return any(True for _ in explanations(one, other, content))


def explanations(one: Record, other: Record, content: Content) -> Iterator[Record | None]:
    """Give the notes on a contradiction that both facts name, None for one that cannot be read."""
    for name in set(_notes(one)) & set(_notes(other)):
        note = content.find(_NOTE, name, one)
        if note is None or note.value.get("category") == "contradiction":
            yield note


def _facts(content: Content) -> list[Record]:
    kinds = [kind for kind in content.kinds() if kind.group == "fact"]
    return [record for kind in kinds for record in content.of(kind.name)]


def _notes(record: Record) -> list[str]:
    return record.value.get("notes", []) if "notes" in record.kind else []


def _text(value: Any) -> str:
    """Write a value so that lists with the same items in another order are the same."""
    return " ".join(sorted(map(str, value))) if isinstance(value, list) else str(value)
