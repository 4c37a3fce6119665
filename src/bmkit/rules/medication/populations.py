"""Patients: for whom a record holds, and whether a limit for some patients holds for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.rules.derived.amounts import find_text
from bmkit.rules.derived.hierarchy import find_lineage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Content, Record

PatientTraits = frozenset[tuple[str, str]]
"""Traits of patients as fields of a population and their values: ("conditions", "renal-failure")."""

_NON_TRAIT_FIELDS = ("id", "label", "synonyms", "as_in_article", "codes", "notes")


def find_patient_traits(record: Record, content: Content) -> PatientTraits:
    """Return the traits of the patients in population and condition of a record; none if it is for all."""
    traits_by_record = _get_traits_cache(content)
    if id(record) not in traits_by_record:
        traits_by_record[id(record)] = frozenset(_iter_patient_traits(record, content))
    return traits_by_record[id(record)]


def infer_patient_traits(record: Record, content: Content) -> PatientTraits:
    """Return the traits of a record and all that follow: a severe form of a condition is the condition."""
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
    """Return whether a record for some patients holds for the patients of another record."""
    return find_patient_traits(general, content) <= infer_patient_traits(record, content)


def most_specific(records: Iterable[Record], record: Record, content: Content) -> list[Record]:
    """Return the records that hold for a record's patients, without those that a more specific one overrides.

    A record on patients with renal failure and a record on all patients both hold for a patient with renal
    failure; the first counts.
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
    # A population without traits is known by its id only.
    yield from stated_traits or [("population", population.id)]


def _find_trait_lineage(field_name: str, value: str, record: Record, content: Content) -> Sequence[str]:
    """Return the terms that the value of a trait belongs to, if it is the id of a term with a hierarchy."""
    population = content.schemas.get_kind("population") if "population" in content.schemas else None
    target_kind = (
        population.get_field(field_name).target_kind
        if population is not None and field_name in population
        else ""
    )
    return find_lineage(content, target_kind, value, record) if target_kind else []
