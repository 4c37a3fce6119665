"""Which kind of fact becomes which resources: the one table, and the order in which they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import article, knowledge, medicine, observation, plan, terms, trace, traits, use
from bmkit.export.fhir.activity import ACTIVITIES, activity
from bmkit.export.fhir.evidence import FINDINGS, evidence
from bmkit.export.fhir.making import Making
from bmkit.export.fhir.r4b import lower

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.content import Content, Record
    from bmkit.export.fhir.setting import Setting

    Make = Callable[[Making, Record], None]

# What is made of a fact beside, or instead of, its Evidence or ActivityDefinition.
MAKES: dict[str, tuple[Make, ...]] = {
    "lab-marker": (observation.lab_marker,),
    "imaging-appearance": (observation.appearance,),
    "adverse-effect": (use.adverse_effect,),
    "indication": (use.indication,),
    "interaction": (use.interaction,),
    "dose-limit": (use.limit,),
    "combination": (plan.together,),
    "product-presentation": (medicine.presentation, knowledge.presentation),
}
# Facts that are stated by a resource about several of them.
GATHERED = frozenset({"procedure-step", "storage", "drug-classification"})
# Facts that only the narrative holds, because they are words or marks of the text.
NARRATED = frozenset({"statement", "literature"})


def mapped(kind: str) -> bool:
    """Whether facts of this kind have a resource of their own or a place in one."""
    return kind in FINDINGS or kind in ACTIVITIES or kind in MAKES or kind in GATHERED


def make(content: Content, about: Record, setting: Setting) -> Making:
    """Make all resources of the article `about`; `content` is its facts and the shared terms."""
    making = Making(content, about, setting)
    article.citation(making)
    article.device(making)
    for record in facts(content):
        _fact(making, record)
    plan.procedures(making, content.of("procedure-step"))
    _things(making)
    observation.condition(making)
    trace.provenance(making)
    trace.assessments(making)
    terms.code_systems(making)
    article.composition(making)
    if setting.release == "R4B":
        lower(making)
    return making


def facts(content: Content) -> Iterator[Record]:
    """All facts, kind by kind."""
    for kind in content.kinds():
        if kind.group == "fact":
            yield from content.of(kind.name)


def _fact(making: Making, record: Record) -> None:
    name = record.kind.name
    if name in FINDINGS:
        evidence(making, record, FINDINGS[name])
    if name in ACTIVITIES:
        activity(making, record, ACTIVITIES[name])
    for one in MAKES.get(name, ()):
        one(making, record)


def _things(making: Making) -> None:
    """Make the terms that are things of their own in FHIR: substances, products, solutions, populations."""
    content = making.content
    for term in content.of("substance"):
        medicine.substance(making, term)
    for term in content.of("product"):
        medicine.product(making, term)
        knowledge.product(making, term)
    for term in content.of("solution"):
        medicine.solution(making, term)
    for term in content.of("population"):
        traits.population(making, term)
    for term in content.of("dose-range"):
        # The editors' limits of plausibility: no dosing advice, but numbers of the content all the same.
        names = traits.rest(term, traits.PLAIN)
        traits.variable(making, traits.traits(making, term, names), making.path(term), term["label"])
