"""Dosing guidelines of a product: its regimens, courses and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable
from bmkit.export.fhir.dosage import is_partial_regimen
from bmkit.export.fhir.trait import build_characteristics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

GUIDED = ("dosing", "course", "dose-limit")


def guided(facts: Sequence[Record]) -> list[Record]:
    """The facts that a guideline is made of: not those of which a fuller one says all and more."""
    return [fact for fact in facts if fact.kind.name != "dosing" or not is_partial_regimen(fact, facts)]


def guidelines(making: Making, facts: Sequence[Record]) -> Iterator[Json]:
    """One guideline a condition, in the order in which the conditions are first met."""
    kept = guided(facts)
    conditions = dict.fromkeys(_condition(fact) for fact in kept)
    for name in conditions:
        own = [fact for fact in kept if _condition(fact) == name]
        made: Json = {"dosingGuideline": [_dosing(making, fact) for fact in own]}
        if name:
            made = {"indication": [{"concept": making.concept(own[0], "condition")}], **made}
        yield made


def _condition(fact: Record) -> str:
    return (fact["condition"] or "") if "condition" in fact.kind else ""


def _dosing(making: Making, fact: Record) -> Json:
    # The same Dosage as in the ActivityDefinition of the fact, which has been made before.
    definition = making.resources["ActivityDefinition", making.path(fact)]
    [dosage] = definition["dosage"]
    phase = making.concept(fact, "phase") if "phase" in fact.kind else None
    made: Json = {
        "id": f"{fact.kind.name}.{fact.id}",
        "dosage": [
            {
                "type": phase or codeable.named(making.base, fact.kind.name, fact.kind.title),
                "dosage": [dosage],
            }
        ],
    }
    people = build_characteristics(making, fact, ["population"] if "population" in fact.kind else [])
    if people:
        made["patientCharacteristic"] = [{"type": one.code, **one.value} for one in people]
    return made
