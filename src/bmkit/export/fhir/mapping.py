"""The table of kinds of fact and their resources, and the order in which resources are added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import (
    activity_definition,
    article,
    characteristics,
    clinical_use,
    code_systems,
    eligibility,
    formulas,
    medication,
    medication_knowledge,
    naming_systems,
    notes,
    observation_definition,
    plan_definition,
    provenance,
    regimen_plans,
)
from bmkit.export.fhir.activity_definition import ACTIVITY_MAPPINGS, add_activity_definition
from bmkit.export.fhir.evidence import add_evidence
from bmkit.export.fhir.ids import get_label, make_record_path
from bmkit.export.fhir.r4b import to_r4b
from bmkit.export.fhir.resources import Resources
from bmkit.rules.derived.facts import find_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content import Content, Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.options import FhirOptions
    from bmkit.export.fhir.resources import ResourceKey
    from bmkit.export.fhir.stamp import ArticleMetadata
    from bmkit.schema import Kind

    ResourceMaker = Callable[[Resources, Record], None]
    SharedResources = dict[ResourceKey, Json]

# Resources of the facts of a kind, by its role, beside or instead of Evidence and ActivityDefinition.
RESOURCE_MAKERS: dict[str, tuple[ResourceMaker, ...]] = {
    "marker": (observation_definition.add_marker_definition,),
    "imaging-appearance": (observation_definition.add_appearance_definition,),
    "reference-interval": (observation_definition.add_interval_definition,),
    "eligibility": (eligibility.add_eligibility_group,),
    "adverse-effect": (clinical_use.add_adverse_effect,),
    "indication": (clinical_use.add_indication,),
    "caution": (clinical_use.add_caution,),
    "dose-limit": (clinical_use.add_limit_warning,),
    "combination": (plan_definition.add_combination_plan,),
    "procedure-use": (activity_definition.add_examination_definition,),
    "presentation": (
        medication.add_presentation_medication,
        medication_knowledge.add_presentation_knowledge,
    ),
}


def _add_usual_dose_variable(resources: Resources, term: Record) -> None:
    """Add the editors' limits of plausibility: no dosing advice, but numbers of the content."""
    if fields := characteristics.find_unplaced_fields(term):
        values = characteristics.build_characteristics(resources.terms, term, fields)
        characteristics.refer_to_variable(resources, values, make_record_path(term), get_label(term))


TERM_RESOURCE_MAKERS: dict[str, Callable[[Resources, Record], object]] = {
    "substance": medication.add_substance,
    "product": medication.add_product_medication,
    "solution": medication.add_solution_medication,
    "population": characteristics.refer_to_population,
    "formula": formulas.add_formula_variable,
    "publication": article.add_publication_citation,
    "usual-dose": _add_usual_dose_variable,
}
# Roles of kinds whose facts are no Evidence, because another resource says all of them.
_UNMEASURED_ROLES = frozenset({"combination", "eligibility", "presentation"})
# Roles of kinds whose facts share a resource.
_GATHERED_ROLES = frozenset({"procedure-step", "storage", "drug-classification"})


def build_article_resources(
    content: Content,
    article_metadata: ArticleMetadata,
    options: FhirOptions,
    shared_resources: SharedResources | None = None,
    vocabulary: Content | None = None,
) -> Resources:
    """Build all resources of an article; `content` is its facts and the terms that they use.

    `vocabulary` is the article with all terms: code systems are whole, because articles share them.
    `shared_resources` is kept from article to article, so that the code systems are built once.
    """
    resources = Resources(content, article_metadata, options, vocabulary)
    if shared_resources:
        resources.by_key.update(shared_resources)
    else:
        article.add_device(resources)
        code_systems.add_code_systems(resources)
        naming_systems.add_naming_systems(resources)
        if shared_resources is not None:
            shared_resources.update(resources.by_key)
    code_systems.add_article_code_systems(resources)
    _add_term_resources(resources)
    if article_metadata.record is not None:
        article.add_citation(resources)
    for record in find_facts(content):
        _add_fact_resources(resources, record)
    plan_definition.add_procedure_plans(resources, resources.terms.list_records("procedure-step"))
    regimen_plans.add_regimen_plans(resources)
    for term in resources.terms.list_records("product"):
        medication_knowledge.add_product_knowledge(resources, term)
    observation_definition.add_condition_definition(resources)
    provenance.add_provenances(resources)
    provenance.add_assessments(resources)
    notes.attach_notes(resources, find_facts(content))
    if article_metadata.review_date:
        article.add_composition(resources)
    if options.release == "R4B":
        to_r4b(resources)
    resources.stamp_versions()
    return resources


def is_evidence(kind: Kind) -> bool:
    """Whether the facts of a kind become Evidence: all those that no other resource says in full."""
    return kind.role not in {*ACTIVITY_MAPPINGS, *_UNMEASURED_ROLES, *_GATHERED_ROLES}


def _add_fact_resources(resources: Resources, record: Record) -> None:
    if is_evidence(record.kind):
        add_evidence(resources, record)
    if record.kind.role in ACTIVITY_MAPPINGS:
        add_activity_definition(resources, record, ACTIVITY_MAPPINGS[record.kind.role])
    for make_resource in RESOURCE_MAKERS.get(record.kind.role, ()):
        make_resource(resources, record)


def _add_term_resources(resources: Resources) -> None:
    """Add the resources of terms, those of shared ones the same for every article: substances and so on."""
    for role, make_resource in TERM_RESOURCE_MAKERS.items():
        for term in resources.terms.list_records(role):
            make_resource(resources, term)
