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
    from bmkit.export.fhir.resources import Resources

GUIDELINE_KINDS = ("dosing", "course", "dose-limit")


def select_guideline_facts(facts: Sequence[Record]) -> list[Record]:
    """The facts that a guideline is made of: not those of which a fuller one says all and more."""
    return [fact for fact in facts if fact.kind.name != "dosing" or not is_partial_regimen(fact, facts)]


def iter_indication_guidelines(resources: Resources, facts: Sequence[Record]) -> Iterator[Json]:
    """One guideline a condition, in the order in which the conditions are first met."""
    guideline_facts = select_guideline_facts(facts)
    condition_ids = dict.fromkeys(_find_condition_id(fact) for fact in guideline_facts)
    for condition_id in condition_ids:
        condition_facts = [fact for fact in guideline_facts if _find_condition_id(fact) == condition_id]
        indication_guideline: Json = {
            "dosingGuideline": [_build_dosing_guideline(resources, fact) for fact in condition_facts]
        }
        if condition_id:
            indication_guideline = {
                "indication": [{"concept": resources.build_concept(condition_facts[0], "condition")}],
                **indication_guideline,
            }
        yield indication_guideline


def _find_condition_id(fact: Record) -> str:
    return (fact["condition"] or "") if "condition" in fact.kind else ""


def _build_dosing_guideline(resources: Resources, fact: Record) -> Json:
    # The same Dosage as in the ActivityDefinition of the fact, which has been made before.
    definition = resources.by_key["ActivityDefinition", resources.make_path(fact)]
    [dosage] = definition["dosage"]
    phase = resources.build_concept(fact, "phase") if "phase" in fact.kind else None
    dosing_guideline: Json = {
        "id": f"{fact.kind.name}.{fact.id}",
        "dosage": [
            {
                "type": phase or codeable.build_name_concept(resources.base, fact.kind.name, fact.kind.title),
                "dosage": [dosage],
            }
        ],
    }
    characteristics = build_characteristics(
        resources, fact, ["population"] if "population" in fact.kind else []
    )
    if characteristics:
        dosing_guideline["patientCharacteristic"] = [
            {"type": characteristic.code, **characteristic.value} for characteristic in characteristics
        ]
    return dosing_guideline
