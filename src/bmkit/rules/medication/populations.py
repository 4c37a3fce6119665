"""For which patients a record holds, and whether a limit for some patients holds for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.rules.derived.amounts import find_text
from bmkit.rules.derived.hierarchy import find_lineage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Content, Record

PatientTraits = frozenset[tuple[str, str]]
"""What is said of patients, as fields of a population and their values: ("conditions", "renal-failure")."""

_NON_TRAIT_FIELDS = ("id", "label", "synonyms", "as_in_article", "codes", "notes")


def find_patient_traits(record: Record, content: Content) -> PatientTraits:
    """Return what a record says of its patients in its population and condition; nothing if it is for all."""
    traits_by_record = _get_traits_cache(content)
    if id(record) not in traits_by_record:
        traits_by_record[id(record)] = frozenset(_iter_patient_traits(record, content))
    return traits_by_record[id(record)]


def infer_patient_traits(record: Record, content: Content) -> PatientTraits:
    """Add to a record's traits what follows: whoever has a severe form of a condition has the condition."""
    traits_by_record = _get_inferred_traits_cache(content)
    if id(record) not in traits_by_record:
        traits = find_patient_traits(record, content)
        inherited_traits = {
            (name, ancestor_id)
            for name, value in traits
            for ancestor_id in _find_trait_lineage(name, value, record, content)
        }
        traits_by_record[id(record)] = traits | inherited_traits
    return traits_by_record[id(record)]


def holds_for(general: Record, record: Record, content: Content) -> bool:
    """Return whether what one record says of its patients holds for those of the other."""
    return find_patient_traits(general, content) <= infer_patient_traits(record, content)


def most_specific(records: Iterable[Record], record: Record, content: Content) -> list[Record]:
    """Return those that hold for a record's patients, without those that another one makes an exception of.

    What is said of patients with renal failure and of all patients holds for a patient with renal failure;
    what counts is the first.
    """
    applicable = [other for other in records if holds_for(other, record, content)]
    return [
        candidate
        for candidate in applicable
        if not any(
            find_patient_traits(candidate, content) < infer_patient_traits(other, content)
            for other in applicable
            if find_patient_traits(other, content) != find_patient_traits(candidate, content)
        )
    ]


@per_content
def _get_traits_cache(_: Content) -> dict[int, PatientTraits]:
    """Return a place to keep the traits of each record, by its identity."""
    return {}


@per_content
def _get_inferred_traits_cache(_: Content) -> dict[int, PatientTraits]:
    """Return a place to keep what follows from the traits of each record."""
    return {}


def _iter_patient_traits(record: Record, content: Content) -> Iterator[tuple[str, str]]:
    condition = find_text(record, "condition") if "condition" in record.kind else None
    if condition:
        yield "conditions", condition
    population_id = find_text(record, "population") if "population" in record.kind else None
    population = content.find_record("population", population_id, record) if population_id else None
    if population is None:
        yield from [("population", population_id)] if population_id else []
        return
    stated_traits = [
        (field.name, value)
        for field in population.kind.fields
        if field.name not in _NON_TRAIT_FIELDS and field.type != "quantity"
        for _, value in population.list_values_with_paths(field)
    ]
    # Of patients who are called by a name only, the name is all that is known.
    yield from stated_traits or [("population", population.id)]


def _find_trait_lineage(field_name: str, value: str, record: Record, content: Content) -> Sequence[str]:
    """Return what a trait's value belongs to, if it is the id of a term with a hierarchy."""
    population = content.schemas.get_kind("population") if "population" in content.schemas else None
    target_kind = (
        population.get_field(field_name).target_kind
        if population is not None and field_name in population
        else ""
    )
    return find_lineage(content, target_kind, value, record) if target_kind else []
