"""Invariants of HL7 for the elements of this export, under their keys, evaluated by fhirpathpy."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import fhirpathpy
from fhirpathpy.models import models

from bmkit.export.fhir.check.faults import FhirFault, describe_resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.export.fhir.ids import Json

_REPEAT_INVARIANTS = (
    ("tim-1", "duration.empty() or durationUnit.exists()"),
    ("tim-2", "period.empty() or periodUnit.exists()"),
    ("tim-4", "duration.empty() or duration >= 0"),
    ("tim-5", "period.empty() or period >= 0"),
    ("tim-6", "periodMax.empty() or period.exists()"),
    ("tim-7", "durationMax.empty() or duration.exists()"),
    ("tim-9", "offset.empty() or when.exists()"),
    ("tim-10", "timeOfDay.empty() or when.empty()"),
    # Not HL7's: a range of times with its ends swapped is as wrong as any other.
    ("period-order", "periodMax.empty() or period <= periodMax"),
    ("duration-order", "durationMax.empty() or duration <= durationMax"),
)
_DOSAGE_PATHS = {
    "ActivityDefinition": "dosage",
    "MedicationKnowledge": "(indicationGuideline.dosingGuideline | administrationGuidelines).dosage.dosage",
}
_CHARACTERISTIC_DEFINITIONS = (
    "definitionReference",
    "definitionCodeableConcept",
    "definitionExpression",
    "definitionByTypeAndValue",
    "definitionByCombination",
)
# Expressions on a whole resource; "" stands for every type.
_RESOURCE_INVARIANTS: tuple[tuple[str, str, str], ...] = (
    ("", "cnl-0", "iif(url.exists() and name.exists(), name.matches('^[A-Z]([A-Za-z0-9_]){1,254}$'), true)"),
    ("", "cnl-1", "url.exists() implies url.matches('^[^|# ]+$')"),
    ("", "dom-2", "contained.contained.empty()"),
    ("", "dom-6", "text.`div`.exists()"),
    (
        "ClinicalUseDefinition",
        "cud-1",
        "(indication | interaction | undesirableEffect | contraindication | warning).count() = 1",
    ),
    (
        "EvidenceVariable",
        "evv-1",
        f"characteristic.all(({' | '.join(_CHARACTERISTIC_DEFINITIONS)}).count() = 1)",
    ),
    ("PlanDefinition", "pld-4", "action.relatedAction.all((targetId | actionId) in %context.action.id)"),
    ("CodeSystem", "csd-1", "concept.code.count() = concept.code.distinct().count()"),
    (
        "CodeSystem",
        "csd-3",
        "concept.property.where(code = 'parent').exists() implies hierarchyMeaning.exists()",
    ),
    # A supplement leaves its count to the code system.
    ("CodeSystem", "count", "iif(content = 'supplement', count.empty(), count = concept.count())"),
    ("ValueSet", "vsd-1", "compose.include.all(valueSet.exists() or system.exists())"),
    ("ObservationDefinition", "obd-0", "permittedUnit.exists() implies 'Quantity' in permittedDataType"),
    ("Composition", "cmp-1", "section.all(text.exists() or entry.exists() or section.exists())"),
)


def find_broken_invariants(resource: Json, release: str) -> Iterator[FhirFault]:
    """The invariants that do not hold for a resource."""
    resource_type = resource["resourceType"]
    for invariant_key, expression in _select_invariants(resource_type):
        if _compile_invariant(expression, release)(resource) != [True]:
            yield FhirFault(
                describe_resource(resource), resource_type, invariant_key, f"does not hold: {expression}"
            )


@cache
def _select_invariants(resource_type: str) -> tuple[tuple[str, str], ...]:
    invariants = [
        (invariant_key, expression)
        for applicable_type, invariant_key, expression in _RESOURCE_INVARIANTS
        if applicable_type in ("", resource_type)
    ]
    if resource_type in _DOSAGE_PATHS:
        dosage_path = _DOSAGE_PATHS[resource_type]
        invariants += [
            (invariant_key, f"{dosage_path}.timing.repeat.all({expression})")
            for invariant_key, expression in _REPEAT_INVARIANTS
        ]
        if resource_type == "ActivityDefinition":
            invariants.append(
                ("dos-1", f"{dosage_path}.all(asNeededFor.empty() or asNeeded.empty() or asNeeded)")
            )
    return tuple(invariants)


@cache
def _compile_invariant(expression: str, release: str) -> Callable[[Json], list[Any]]:
    # R4B differs from R4 in nothing that these expressions look at.
    compiled = fhirpathpy.compile(expression, models["r5" if release == "R5" else "r4"])
    return lambda resource: list(compiled(resource, None))
