"""HL7's invariants on what we write, evaluated by fhirpathpy; their keys are those of HL7."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import fhirpathpy
from fhirpathpy.models import models

from bmkit.export.fhir.check.faults import Fault, called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.export.fhir.ids import Json

_REPEAT = (
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
_DOSAGES = {
    "ActivityDefinition": "dosage",
    "MedicationKnowledge": "(indicationGuideline.dosingGuideline | administrationGuidelines).dosage.dosage",
}
_DEFINITIONS = (
    "definitionReference",
    "definitionCodeableConcept",
    "definitionByTypeAndValue",
    "definitionByCombination",
)
# Expressions on a whole resource; "" stands for every type.
_WHOLE: tuple[tuple[str, str, str], ...] = (
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
        f"characteristic.all(({' | '.join(_DEFINITIONS)}).count() = 1)",
    ),
    ("PlanDefinition", "pld-4", "action.relatedAction.all((targetId | actionId) in %context.action.id)"),
    ("CodeSystem", "csd-1", "concept.code.count() = concept.code.distinct().count()"),
    (
        "CodeSystem",
        "csd-3",
        "concept.property.where(code = 'parent').exists() implies hierarchyMeaning.exists()",
    ),
    ("CodeSystem", "count", "count = concept.count()"),
    ("ValueSet", "vsd-1", "compose.include.all(valueSet.exists() or system.exists())"),
    ("ObservationDefinition", "obd-0", "permittedUnit.exists() implies 'Quantity' in permittedDataType"),
    ("Composition", "cmp-1", "section.all(text.exists() or entry.exists() or section.exists())"),
)


def faults(made: Json, release: str) -> Iterator[Fault]:
    """The invariants that do not hold for a resource."""
    kind = made["resourceType"]
    for key, expression in _of_type(kind):
        if _test(expression, release)(made) != [True]:
            yield Fault(called(made), kind, key, f"does not hold: {expression}")


@cache
def _of_type(kind: str) -> tuple[tuple[str, str], ...]:
    found = [(key, expression) for only, key, expression in _WHOLE if only in ("", kind)]
    if kind in _DOSAGES:
        path = _DOSAGES[kind]
        found += [(key, f"{path}.timing.repeat.all({expression})") for key, expression in _REPEAT]
        if kind == "ActivityDefinition":
            found.append(("dos-1", f"{path}.all(asNeededFor.empty() or asNeeded.empty() or asNeeded)"))
    return tuple(found)


@cache
def _test(expression: str, release: str) -> Callable[[Json], list[Any]]:
    # R4B differs from R4 in nothing that these expressions look at.
    compiled = fhirpathpy.compile(expression, models["r5" if release == "R5" else "r4"])
    return lambda made: list(compiled(made, None))
