"""For which patients a record holds, and whether a limit for some patients holds for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.derived.hierarchy import lineage
from bmkit.rules.derived.value import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Content, Record

Traits = frozenset[tuple[str, str]]
"""What is said of patients, as fields of a population and their values: ("conditions", "renal-failure")."""

_NOT_TRAITS = ("id", "label", "synonyms", "as_in_article", "codes", "notes")


def traits(record: Record, content: Content) -> Traits:
    """Give what a record says of its patients in its population and condition; nothing if it is for all."""
    found = content.once(_found)
    if id(record) not in found:
        found[id(record)] = frozenset(_traits(record, content))
    return found[id(record)]


def wider(record: Record, content: Content) -> Traits:
    """Add to a record's traits what follows: whoever has a severe form of a condition has the condition."""
    found = content.once(_widened)
    if id(record) not in found:
        said = traits(record, content)
        more = {(name, above) for name, value in said for above in _above(name, value, record, content)}
        found[id(record)] = said | more
    return found[id(record)]


def holds_for(limit: Record, record: Record, content: Content) -> bool:
    """Say whether what one record says of its patients holds for those of the other."""
    return traits(limit, content) <= wider(record, content)


def closest(records: Iterable[Record], record: Record, content: Content) -> list[Record]:
    """Give those that hold for a record's patients, without those that another one makes an exception of.

    What is said of patients with renal failure and of all patients holds for a patient with renal failure;
    what counts is the first.
    """
    fits = [other for other in records if holds_for(other, record, content)]
    return [
        one
        for one in fits
        if not any(
            traits(one, content) < wider(other, content)
            for other in fits
            if traits(other, content) != traits(one, content)
        )
    ]


def _found(_: Content) -> dict[int, Traits]:
    """Give a place to keep the traits of each record, by its identity."""
    return {}


def _widened(_: Content) -> dict[int, Traits]:
    """Give a place to keep what follows from the traits of each record."""
    return {}


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


def _above(name: str, value: str, record: Record, content: Content) -> Sequence[str]:
    """Give what a trait's value belongs to, if it is the id of a term with a hierarchy."""
    population = content.schemas.kind("population") if "population" in content.schemas else None
    ref = population.field(name).ref if population is not None and name in population else ""
    return lineage(content, ref, value, record) if ref else []
