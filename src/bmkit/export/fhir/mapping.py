"""The table of kinds of fact and their resources, and the order in which resources are added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import (
    activity_definition,
    article,
    characteristics,
    clinical_use,
    code_systems,
    medication,
    medication_knowledge,
    notes,
    observation_definition,
    plan_definition,
    provenance,
)
from bmkit.export.fhir.activity_definition import ACTIVITY_ROLES_BY_KIND, add_activity_definition
from bmkit.export.fhir.evidence import add_evidence
from bmkit.export.fhir.evidence_roles import EVIDENCE_ROLES_BY_KIND, EvidenceRoles
from bmkit.export.fhir.ids import make_record_path
from bmkit.export.fhir.r4b import to_r4b
from bmkit.export.fhir.resources import Resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.content import Content, Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.options import FhirOptions
    from bmkit.export.fhir.resources import ResourceKey
    from bmkit.export.fhir.stamp import ArticleMetadata

    ResourceMaker = Callable[[Resources, Record], None]
    SharedResources = dict[ResourceKey, Json]

# Resources beside, or instead of, Evidence or an ActivityDefinition.
RESOURCE_MAKERS: dict[str, tuple[ResourceMaker, ...]] = {
    "lab-marker": (observation_definition.add_lab_marker_definition,),
    "imaging-appearance": (observation_definition.add_appearance_definition,),
    "adverse-effect": (clinical_use.add_adverse_effect,),
    "indication": (clinical_use.add_indication,),
    "interaction": (clinical_use.add_interaction,),
    "dose-limit": (clinical_use.add_limit_warning,),
    "combination": (plan_definition.add_combination_plan,),
    "procedure-use": (activity_definition.add_examination_definition,),
    "presentation": (
        medication.add_presentation_medication,
        medication_knowledge.add_presentation_knowledge,
    ),
}
# Kinds whose facts share a resource.
GATHERED_KINDS = frozenset({"procedure-step", "storage", "drug-classification"})
# Kinds that are only in the narrative, because they are words or marks of the text.
NARRATED_KINDS = frozenset({"statement", "literature"})


def is_mapped(kind_name: str) -> bool:
    """Whether facts of this kind have a resource of their own or a place in one."""
    return (
        kind_name in EVIDENCE_ROLES_BY_KIND
        or kind_name in ACTIVITY_ROLES_BY_KIND
        or kind_name in RESOURCE_MAKERS
        or kind_name in GATHERED_KINDS
    )


def build_article_resources(
    content: Content,
    article_metadata: ArticleMetadata,
    options: FhirOptions,
    shared_resources: SharedResources | None = None,
) -> Resources:
    """Build all resources of an article; `content` is its facts and the shared terms.

    `shared_resources` is kept from article to article, so that the code systems are built once.
    """
    resources = Resources(content, article_metadata, options)
    if shared_resources:
        resources.by_key.update(shared_resources)
    else:
        article.add_device(resources)
        code_systems.add_code_systems(resources)
        if shared_resources is not None:
            shared_resources.update(resources.by_key)
    code_systems.add_own_code_systems(resources)
    _add_term_resources(resources)
    if article_metadata.record is not None:
        article.add_citation(resources)
    for record in iter_facts(content):
        _add_fact_resources(resources, record)
    plan_definition.add_procedure_plans(resources, content.list_records("procedure-step"))
    for term in content.list_records("product"):
        medication_knowledge.add_product_knowledge(resources, term)
    observation_definition.add_condition_definition(resources)
    provenance.add_provenances(resources)
    provenance.add_assessments(resources)
    notes.attach_notes(resources, iter_facts(content))
    if article_metadata.review_date:
        article.add_composition(resources)
    if options.release == "R4B":
        to_r4b(resources)
    resources.stamp_versions()
    return resources


def iter_facts(content: Content) -> Iterator[Record]:
    """All facts, kind by kind."""
    for kind in content.list_kinds():
        if kind.group == "fact":
            yield from content.list_records(kind.name)


def _add_fact_resources(resources: Resources, record: Record) -> None:
    kind_name = record.kind.name
    if kind_name in EVIDENCE_ROLES_BY_KIND or not (is_mapped(kind_name) or kind_name in NARRATED_KINDS):
        # A kind without a mapping becomes Evidence with all its fields measured.
        add_evidence(resources, record, EVIDENCE_ROLES_BY_KIND.get(kind_name, EvidenceRoles()))
    if kind_name in ACTIVITY_ROLES_BY_KIND:
        add_activity_definition(resources, record, ACTIVITY_ROLES_BY_KIND[kind_name])
    for make_resource in RESOURCE_MAKERS.get(kind_name, ()):
        make_resource(resources, record)


def _add_term_resources(resources: Resources) -> None:
    """Add the resources of terms, those of shared ones the same for every article: substances and so on."""
    content = resources.content
    for term in content.list_records("substance"):
        medication.add_substance(resources, term)
    for term in content.list_records("product"):
        medication.add_product_medication(resources, term)
    for term in content.list_records("solution"):
        medication.add_solution_medication(resources, term)
    for term in content.list_records("population"):
        characteristics.refer_to_population(resources, term)
    for term in content.list_records("usual-dose"):
        # The editors' limits of plausibility: no dosing advice, but numbers of the content.
        field_names = characteristics.find_unplaced_fields(term, characteristics.NON_CHARACTERISTIC_FIELDS)
        characteristics.refer_to_variable(
            resources,
            characteristics.build_characteristics(resources.terms, term, field_names),
            make_record_path(term),
            term["label"],
        )
