"""Group and EvidenceVariable: the people that have some traits, and what is measured or given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable
from bmkit.export.fhir.trait import build_characteristics, build_term_characteristic, format_characteristics
from bmkit.wording import join_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json, ResourcePath
    from bmkit.export.fhir.resources import Resources
    from bmkit.export.fhir.trait import Characteristic


def refer_to_group(
    resources: Resources, characteristics: Sequence[Characteristic], path: ResourcePath
) -> Json:
    """A reference to the Group of people with these traits; one trait alone is a Group for all facts."""
    only_term = _find_only_term(characteristics)
    if only_term is not None and only_term.kind.name == "population":
        return refer_to_population(resources, only_term)
    if only_term is not None:
        path, characteristics = (
            resources.make_path(only_term),
            [_build_shared_characteristic(resources, only_term)],
        )
    elif (population_term := _find_known_population(resources, characteristics)) is not None:
        return refer_to_population(resources, population_term)
    name = _describe_people(characteristics)
    if not resources.has_resource("Group", path):
        _add_group(resources, path, name, characteristics)
    return resources.refer_to("Group", path, name)


def _find_known_population(resources: Resources, characteristics: Sequence[Characteristic]) -> Record | None:
    """The population of the reference list that has these traits and no others."""
    term_keys = _collect_required_terms(characteristics)
    for term in resources.content.list_records("population") if term_keys else ():
        if (
            _collect_required_terms(
                build_characteristics(resources, term, find_unplaced_fields(term, NON_CHARACTERISTIC_FIELDS))
            )
            == term_keys
        ):
            return term
    return None


def _collect_required_terms(characteristics: Sequence[Characteristic]) -> set[tuple[str, str]]:
    """The terms that all must hold; none where anything else is told."""
    term_keys = {
        (characteristic.term.kind.name, characteristic.term.id)
        for characteristic in characteristics
        if characteristic.term is not None and not characteristic.exclude
    }
    return term_keys if len(term_keys) == len(characteristics) else set()


# What people have; all else that is known of them (a site, an age) is said by its name.
_CONDITION_KINDS = frozenset({"condition", "tumour", "lesion-type"})


def _describe_people(characteristics: Sequence[Characteristic]) -> str:
    condition_texts = [
        characteristic.value_text
        for characteristic in characteristics
        if characteristic.term is not None and characteristic.term.kind.name in _CONDITION_KINDS
    ]
    other_characteristics = [
        characteristic
        for characteristic in characteristics
        if characteristic.term is None or characteristic.term.kind.name not in _CONDITION_KINDS
    ]
    people_text = f"people with {join_phrases(condition_texts)}" if condition_texts else "people"
    return "; ".join([people_text, *(characteristic.text for characteristic in other_characteristics)])


def refer_to_population(resources: Resources, term: Record) -> Json:
    """A reference to the Group that a population of the reference list is."""
    path = resources.make_path(term)
    if not resources.has_resource("Group", path):
        field_names = [
            field.name for field in term.kind.fields if field.name not in NON_CHARACTERISTIC_FIELDS
        ]
        own_characteristic = build_term_characteristic(
            resources,
            term,
            "population",
            codeable.build_name_concept(resources.base, "population", term.kind.title),
        )
        _add_group(
            resources,
            path,
            term["label"],
            [own_characteristic, *build_characteristics(resources, term, field_names)],
        )
    return resources.refer_to("Group", path, term["label"])


def refer_to_variable(
    resources: Resources, characteristics: Sequence[Characteristic], path: ResourcePath, title: str = ""
) -> Json:
    """A reference to the EvidenceVariable of these traits; that of one term alone serves all facts."""
    only_term = _find_only_term(characteristics)
    if only_term is not None:
        path, title = resources.make_path(only_term), resources.describe_record(only_term)
        characteristics = [_build_shared_characteristic(resources, only_term)]
    title = title or format_characteristics(characteristics)
    if not resources.has_resource("EvidenceVariable", path):
        resources.add_definition(
            "EvidenceVariable",
            path,
            title,
            {"characteristic": list(_build_variable_characteristics(characteristics))},
        )
    return resources.refer_to("EvidenceVariable", path, title)


def _find_only_term(characteristics: Sequence[Characteristic]) -> Record | None:
    """The term that is the only trait, if the field says no more of it than its kind; else None.

    That a site is the one to be spared, say, must not be lost in a variable that is only about the site.
    """
    [first, *others] = characteristics
    if others or first.term is None or first.exclude:
        return None
    kind_field = first.term.kind.name.replace("-", "_")
    return first.term if first.name in (kind_field, f"{kind_field}s") else None


def _build_shared_characteristic(resources: Resources, term: Record) -> Characteristic:
    """A term as what it is: what articles share is the same, whatever field of theirs it comes from."""
    return build_term_characteristic(
        resources,
        term,
        term.kind.name,
        codeable.build_name_concept(resources.base, term.kind.name, term.kind.title),
    )


# What every term has and no trait is made of.
NON_CHARACTERISTIC_FIELDS = frozenset(
    {"id", "label", "synonyms", "as_in_article", "codes", "parent", "notes", "source"}
)


def _add_group(
    resources: Resources, path: ResourcePath, name: str, characteristics: Sequence[Characteristic]
) -> None:
    characteristic_elements: list[Json] = []
    for characteristic in characteristics:
        value_element = characteristic.value
        if characteristic.alternatives:
            # All characteristics of a Group must hold, so "one of these" is a variable of its own.
            value_element = {
                "valueReference": refer_to_variable(resources, [characteristic], (*path, characteristic.name))
            }
        characteristic_elements.append(
            {"code": characteristic.code, **value_element, "exclude": characteristic.exclude}
        )
    body: Json = {"type": "person", "membership": "definitional", "name": name}
    resources.add_resource("Group", path, [name], {**body, "characteristic": characteristic_elements})


def _build_variable_characteristics(characteristics: Sequence[Characteristic]) -> Iterator[Json]:
    counts: dict[str, int] = {}
    for number, characteristic in enumerate(characteristics, 1):
        occurrence = counts[characteristic.name] = counts.get(characteristic.name, 0) + 1
        yield _to_variable_characteristic(
            characteristic,
            characteristic.name if occurrence == 1 else f"{characteristic.name}.{occurrence}",
            f"c{number}",
        )


def _to_variable_characteristic(characteristic: Characteristic, element_id: str, link_id: str) -> Json:
    element: Json = {
        "id": element_id,
        "linkId": link_id,
        "description": characteristic.text,
        "exclude": characteristic.exclude,
    }
    if characteristic.alternatives:
        alternative_elements = [
            _to_variable_characteristic(alternative, f"{element_id}.or-{number}", f"{link_id}.{number}")
            for number, alternative in enumerate(characteristic.alternatives, 1)
        ]
        return {
            **element,
            "definitionByCombination": {"code": "any-of", "characteristic": alternative_elements},
        }
    if not characteristic.value:
        return {**element, "definitionCodeableConcept": characteristic.code}
    return {**element, "definitionByTypeAndValue": {"type": characteristic.code, **characteristic.value}}


# Every record has these; they say nothing of the world.
_METADATA_FIELDS = frozenset({"id", "notes", "source"})


def find_unplaced_fields(record: Record, placed_fields: Iterable[str]) -> list[str]:
    """The fields that have a value and no place yet, in the order of the schema."""
    skipped_fields = _METADATA_FIELDS.union(placed_fields)
    field_names = (field.name for field in record.kind.fields)
    return [
        field_name
        for field_name in field_names
        if field_name not in skipped_fields and record[field_name] is not None
    ]
