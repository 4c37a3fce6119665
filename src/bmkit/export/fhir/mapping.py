"""Which kind of fact becomes which resources: the one table, and the order in which they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import (
    article,
    characteristics,
    clinical_use,
    code_systems,
    examination,
    medication,
    medication_knowledge,
    notes,
    observation_definition,
    plan_definition,
    provenance,
    trait,
)
from bmkit.export.fhir.activity_definition import ACTIVITIES, activity
from bmkit.export.fhir.evidence import evidence
from bmkit.export.fhir.evidence_roles import FINDINGS, Finding
from bmkit.export.fhir.r4b import lower
from bmkit.export.fhir.resources import Making
from bmkit.export.fhir.version import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.content import Content, Record
    from bmkit.export.fhir.about import About
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.options import Setting
    from bmkit.export.fhir.resources import Key

    Make = Callable[[Making, Record], None]
    Shared = dict[Key, Json]

# What is made of a fact beside, or instead of, its Evidence or ActivityDefinition.
MAKES: dict[str, tuple[Make, ...]] = {
    "lab-marker": (observation_definition.lab_marker,),
    "imaging-appearance": (observation_definition.appearance,),
    "adverse-effect": (clinical_use.adverse_effect,),
    "indication": (clinical_use.indication,),
    "interaction": (clinical_use.interaction,),
    "dose-limit": (clinical_use.limit,),
    "combination": (plan_definition.together,),
    "procedure-use": (examination.examination,),
    "product-presentation": (medication.presentation, medication_knowledge.presentation),
}
# Facts that are stated by a resource about several of them.
GATHERED = frozenset({"procedure-step", "storage", "drug-classification"})
# Facts that only the narrative holds, because they are words or marks of the text.
NARRATED = frozenset({"statement", "literature"})


def mapped(kind: str) -> bool:
    """Whether facts of this kind have a resource of their own or a place in one."""
    return kind in FINDINGS or kind in ACTIVITIES or kind in MAKES or kind in GATHERED


def make(content: Content, about: About, setting: Setting, shared: Shared | None = None) -> Making:
    """Make all resources of the article `about`; `content` is its facts and the shared terms.

    `shared` is kept from article to article, so that what the terms become is made only once.
    """
    making = Making(content, about, setting)
    if shared:
        making.resources.update(shared)
    else:
        _terms(making)
        if shared is not None:
            shared.update(making.resources)
    if about.record is not None:
        article.citation(making)
    for record in facts(content):
        _fact(making, record)
    plan_definition.procedures(making, content.list_records("procedure-step"))
    for term in content.list_records("product"):
        medication_knowledge.product(making, term)
    observation_definition.condition(making)
    provenance.provenance(making)
    provenance.assessments(making)
    notes.carry(making, facts(content))
    if about.reviewed:
        article.composition(making)
    if setting.release == "R4B":
        lower(making)
    stamp(making)
    return making


def facts(content: Content) -> Iterator[Record]:
    """All facts, kind by kind."""
    for kind in content.list_kinds():
        if kind.group == "fact":
            yield from content.list_records(kind.name)


def _fact(making: Making, record: Record) -> None:
    name = record.kind.name
    if name in FINDINGS or not (mapped(name) or name in NARRATED):
        # A kind that nobody has mapped is Evidence of which all is measured.
        evidence(making, record, FINDINGS.get(name, Finding()))
    if name in ACTIVITIES:
        activity(making, record, ACTIVITIES[name])
    for one in MAKES.get(name, ()):
        one(making, record)


def _terms(making: Making) -> None:
    """Make what the terms become, whatever the article: code systems, substances, populations …."""
    content = making.content
    article.device(making)
    code_systems.code_systems(making)
    for term in content.list_records("substance"):
        medication.substance(making, term)
    for term in content.list_records("product"):
        medication.product(making, term)
    for term in content.list_records("solution"):
        medication.solution(making, term)
    for term in content.list_records("population"):
        characteristics.population(making, term)
    for term in content.list_records("dose-range"):
        # The editors' limits of plausibility: no dosing advice, but numbers of the content all the same.
        names = characteristics.rest(term, characteristics.PLAIN)
        characteristics.variable(making, trait.traits(making, term, names), making.path(term), term["label"])
