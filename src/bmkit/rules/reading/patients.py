"""For which patients a record holds, and whether a limit for some patients holds for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.reading.lineage import lineage
from bmkit.rules.reading.value import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Content, Record

Traits = frozenset[tuple[str, str]]
"""What is said of patients, as fields of a population and their values: ("conditions", "renal-failure")."""

_NOT_TRAITS = ("id", "label", "synonyms", "as_in_article", "codes", "notes")


def traits(record: Record, content: Content) -> Traits:
    """Give what a record says of its patients in its population and condition; nothing if it is for all."""
    return frozenset(_traits(record, content))


def wider(said: Traits, content: Content) -> Traits:
    """Add what follows from traits: whoever has a severe form of a condition has the condition."""
    return said | {(name, above) for name, value in said for above in _above(name, value, content)}


def holds_for(limit: Record, patients: Traits, content: Content) -> bool:
    """Say whether what a record says of its own patients holds for these ones: they are among its own."""
    return traits(limit, content) <= wider(patients, content)


def closest(records: Iterable[Record], patients: Traits, content: Content) -> list[Record]:
    """Give the records that hold for the patients, without those that another one makes an exception of.

    What is said of patients with renal failure and of all patients holds for a patient with renal failure;
    what counts is the first.
    """
    fits = [(traits(record, content), record) for record in records if holds_for(record, patients, content)]
    return [
        record
        for said, record in fits
        if not any(said < wider(other, content) for other, _ in fits if other != said)
    ]


def _traits(record: Record, content: Content) -> Iterator[tuple[str, str]]:
    condition = text(record, "condition") if "condition" in record.kind else None
    if condition:
        yield "conditions", condition
    name = text(record, "population") if "population" in record.kind else None
    population = content.find("population", name, record) if name else None
    if population is None:
        yield from [("population", name)] if name else []
        return
    said = [
        (field.name, value)
        for field in population.kind.fields
        if field.name not in _NOT_TRAITS and field.type != "quantity"
        for _, value in population.values(field)
    ]
    # Of patients who are called by a name only, the name is all that is known.
    yield from said or [("population", population.id)]


def _above(name: str, value: str, content: Content) -> Sequence[str]:
    """Give what a trait's value belongs to, if it is the id of a term with a hierarchy."""
    population = content.schemas.kind("population") if "population" in content.schemas else None
    ref = population.field(name).ref if population is not None and name in population else ""
    return lineage(content, ref, value) if ref else []
