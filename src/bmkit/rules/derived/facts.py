"""What a fact is about, beside the numbers that it states, and whether a note excuses that two disagree."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.schema import Kind

_NAMES = ("id", "notes")
_ASIDE = (*_NAMES, "source")
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


def said(record: Record) -> frozenset[tuple[str, str]]:
    """Give all that a fact says, and where the article says it: its fields but for its name and its notes."""
    return frozenset([(name, _text(value)) for name, value in record.value.items() if name not in _NAMES])


def is_explained(
    one: Record, other: Record, content: Content, values: tuple[dict[str, Any], ...] = ()
) -> bool:
    """Say whether both facts name an editorial note that tells of a contradiction.

    Of one between quantities the note must give all numbers: a note that tells of other numbers tells of
    another contradiction.  A note that cannot be read may be one.
    """
    return any(note is None or _gives(note, values) for note in explanations(one, other, content))


def explanations(one: Record, other: Record, content: Content) -> Iterator[Record | None]:
    """Give the notes on a contradiction that both facts name, None for one that cannot be read."""
    for name in set(_notes(one)) & set(_notes(other)):
        note = content.find(_NOTE, name, one)
        if note is None or note.value.get("category") == "contradiction":
            yield note


def _gives(note: Record, values: tuple[dict[str, Any], ...]) -> bool:
    """Say whether the texts of a note have each number of these quantities, in digits."""
    if not values:
        return True
    words = " ".join(text for name, text in note.value.items() if name != "id" and isinstance(text, str))
    given = {float(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", words)}
    numbers = [value[name] for value in values for name in ("value", "low", "high") if name in value]
    return all(float(number) in given for number in numbers)


def _facts(content: Content) -> list[Record]:
    kinds = [kind for kind in content.kinds() if kind.group == "fact"]
    return [record for kind in kinds for record in content.of(kind.name)]


def _notes(record: Record) -> list[str]:
    return record.value.get("notes", []) if "notes" in record.kind else []


def _text(value: Any) -> str:
    """Write a value so that lists with the same items in another order are the same."""
    return " ".join(sorted(map(str, value))) if isinstance(value, list) else str(value)
