"""Facts as statements, a subject and values; and the small plain summary of an article that has them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.issue import Place, format_pointer
from bmkit.rules.derived.amounts import name_upper_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.rules.derived.stated_values import StatedValue
    from bmkit.rules.derived.statement_fields import KindOutline
    from bmkit.rules.derived.subjects import Subject, WiderWords

BY_PART = "by"
"""The part of a statement that is who says it: what two say is not compared."""


class Statement(NamedTuple):
    """A fact: where it stands, its subject, and its values by role (or name, for a field without a role).

    `notes` are the editorial notes on a contradiction that it refers to, each with the numbers in its texts;
    None for a note that cannot be read.
    """

    folder: str
    kind: str
    file: str
    position: int
    id: str
    subject: Subject
    values: Mapping[str, StatedValue]
    notes: Mapping[str, frozenset[Fraction] | None]

    def locate(self, role: str) -> Place:
        """Return the place of a value; of a quantity, its upper end."""
        stated = self.values[role]
        end = (name_upper_end(stated.value),) if isinstance(stated.value, dict) else ()
        return Place(self.file, format_pointer(("records", self.position, *stated.field_path, *end)))


class ArticleSummary(NamedTuple):
    """The statements of one article; plain values, without records, so that it can be kept and sent.

    `subject` is what the article is about, `partial_kinds` are those of which records may be missing.
    """

    folder: str
    subject: Subject
    statements: list[Statement]
    wider_words: WiderWords
    outlines: dict[str, KindOutline]
    partial_kinds: frozenset[str]


def is_excused(statement: Statement, other: Statement, values: tuple[StatedValue, ...]) -> bool:
    """Return whether both facts refer to an editorial note that has all numbers of the values.

    A note with other numbers is on another contradiction; one that cannot be read may be on this one.
    """
    numbers = {Fraction(number) for value in values for number in value.list_numbers()}
    return any(
        note_numbers is None or numbers <= note_numbers
        for note_id, note_numbers in statement.notes.items()
        if note_id in other.notes
    )
