"""Facts: their subject, the stances that allow or forbid, and the notes that explain a contradiction."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.content import per_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.schema import Kind

_NAMING_FIELDS = ("id", "notes")
_NOTE_KIND = "editorial-note"
_NUMBER_TEXT = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")

ALLOWING_STANCES = ("required", "recommended", "strongly recommended", "practised", "allowed")
"""The stances that let something be done."""
FORBIDDING_STANCES = (
    "not practised",
    "not recommended",
    "to be avoided",
    "contraindicated",
    "strictly prohibited",
)
"""The stances that forbid it; those that ask a doctor first do neither."""


def find_statement(record: Record) -> frozenset[tuple[str, str]]:
    """Return what a fact states and its source: all its fields except id and notes."""
    return frozenset(
        [
            (name, _normalize_value(record.kind, name, value))
            for name, value in record.value.items()
            if name not in _NAMING_FIELDS
        ]
    )


def is_contradiction_explained(
    fact: Record, other_fact: Record, content: Content, values: tuple[dict[str, Any], ...] = ()
) -> bool:
    """Return whether both facts refer to an editorial note on a contradiction.

    If the contradiction is between quantities the note must have all their numbers: a note with other numbers
    is on another contradiction.  A note that cannot be read may be one.
    """
    return any(
        note is None or _has_all_numbers(note, values)
        for note in iter_explaining_notes(fact, other_fact, content)
    )


def iter_explaining_notes(fact: Record, other_fact: Record, content: Content) -> Iterator[Record | None]:
    """Yield the notes on a contradiction to which both facts refer, None for one that cannot be read."""
    for note_id in set(find_note_ids(fact)) & set(find_note_ids(other_fact)):
        note = content.find_record(_NOTE_KIND, note_id, fact)
        if describe_contradiction_note(note_id, note):
            yield note


def describe_contradiction_note(note_id: str, note: Record | None) -> dict[str, frozenset[Fraction] | None]:
    """Return the id of a note on a contradiction with the numbers in its texts; nothing for other notes.

    A note that cannot be read may be on a contradiction: it has None for the numbers.
    """
    if note is None:
        return {note_id: None}
    return {note_id: _find_note_numbers(note)} if note.value.get("category") == "contradiction" else {}


def _has_all_numbers(note: Record, values: tuple[dict[str, Any], ...]) -> bool:
    """Return whether the texts of a note have each number of these quantities, in digits."""
    if not values:
        return True
    numbers = {
        Fraction(value[name]) for value in values for name in ("value", "low", "high") if name in value
    }
    return numbers <= _find_note_numbers(note)


def _find_note_numbers(note: Record) -> frozenset[Fraction]:
    """Return the numbers in the texts of a note, in digits."""
    text = " ".join(text for name, text in note.value.items() if name != "id" and isinstance(text, str))
    return frozenset(Fraction(number.replace(",", "")) for number in _NUMBER_TEXT.findall(text))


@per_content
def find_facts(content: Content) -> list[Record]:
    """Return every fact."""
    kinds = [kind for kind in content.list_kinds() if kind.group == "fact"]
    return [record for kind in kinds for record in content.list_records(kind.name)]


def find_note_ids(record: Record) -> list[str]:
    """Return the editorial notes that a record refers to, by id."""
    notes = record.value.get("notes")
    # A project may have another kind of this name.
    entries = notes if isinstance(notes, list) else ()
    note_ids = (entry.get("note") if isinstance(entry, dict) else entry for entry in entries)
    return [note_id for note_id in note_ids if isinstance(note_id, str)]


def _normalize_value(kind: Kind, name: str, value: Any) -> str:
    """Return the text of a value; lists with the same items in another order are equal, but for sequences."""
    if not isinstance(value, list):
        return str(value)
    is_sequence = name in kind and kind.get_field(name).is_sequence
    return " ".join(map(str, value) if is_sequence else sorted(map(str, value)))
