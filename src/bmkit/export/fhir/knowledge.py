"""MedicationKnowledge: all that is known of a product, and of each form in which it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import coding
from bmkit.export.fhir.dosage import applies, ceilings
from bmkit.export.fhir.medicine import contents, ingredient
from bmkit.export.fhir.quantity import quantity
from bmkit.export.fhir.traits import rest, traits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.identity import Json, Path
    from bmkit.export.fhir.making import Making

_GUIDED = ("dosing", "course", "dose-limit")
_USES = ("indication", "interaction", "adverse-effect", "dose-limit")


def product(making: Making, term: Record) -> None:
    """Make the knowledge of a product, from all that the article says about it."""
    path = about(making, term)
    facts = {
        kind: _about(making, kind, term)
        for kind in (*_GUIDED, *_USES, "storage", "dilution", "drug-classification")
    }
    body: Json = {
        "code": coding.concept(making.base, term),
        "status": "active",
        "name": [term["label"], *(term["synonyms"] or ())],
        "associatedMedication": [making.ref("Medication", making.path(term), term["label"])],
        "productType": [*making.concepts(term, "drug_class"), coding.word(making.base, term["category"])],
        "preparationInstruction": ". ".join(making.say(one) for one in facts["dilution"]),
        "indicationGuideline": list(_guidelines(making, [one for kind in _GUIDED for one in facts[kind]])),
        "medicineClassification": [_class(making, one) for one in facts["drug-classification"]],
        "clinicalUseIssue": [
            making.ref("ClinicalUseDefinition", making.path(one), making.say(one))
            for kind in _USES
            for one in facts[kind]
        ],
        "storageGuideline": [_storage(making, one) for one in facts["storage"]],
    }
    parts = [ingredient(making, one) for one in making.terms(term, "substances")]
    if parts:
        body["definitional"] = {"ingredient": parts}
    said = [making.say(one) for kind in ("storage", "drug-classification") for one in facts[kind]]
    making.add("MedicationKnowledge", path, [term["label"], *said], _filled(body))
    for kind in ("storage", "drug-classification"):
        for one in facts[kind]:
            making.state(one, "MedicationKnowledge", path)


def about(making: Making, term: Record) -> Path:
    """The product in this article, because another article may say other things of it."""
    return (making.article.folder, term.kind.name, term.id)


def presentation(making: Making, record: Record) -> None:
    """Make the knowledge of one form of a product: what it contains and all else the fact says of it."""
    [term] = making.terms(record, "product")
    held = {"product", "form", "route", "strength", "substance"}
    definitional: Json = {
        "doseForm": making.concept(record, "form"),
        "intendedRoute": list(making.concepts(record, "route")),
        "ingredient": list(contents(making, record)),
        "drugCharacteristic": [_characteristic(one) for one in traits(making, record, rest(record, held))],
    }
    medication = making.ref("Medication", making.path(record), making.say(record))
    body: Json = {
        "code": coding.concept(making.base, term),
        "status": "active",
        "name": [term["label"]],
        "associatedMedication": [medication],
        "relatedMedicationKnowledge": [
            {
                "type": coding.named(making.base, "product", term.kind.title),
                "reference": [making.ref("MedicationKnowledge", about(making, term), term["label"])],
            }
        ],
        "definitional": _filled(definitional),
    }
    making.add("MedicationKnowledge", making.path(record), [making.say(record)], _filled(body), record)


def _about(making: Making, kind: str, term: Record) -> list[Record]:
    return [record for record in making.content.of(kind) if record["product"] == term.id]


def _guidelines(making: Making, facts: Sequence[Record]) -> Iterator[Json]:
    """One guideline a condition, in the order in which the conditions are first met."""
    conditions = dict.fromkeys(_condition(fact) for fact in facts)
    limits = [fact for fact in facts if fact.kind.name == "dose-limit"]
    for name in conditions:
        own = [fact for fact in facts if _condition(fact) == name]
        made: Json = {"dosingGuideline": [_dosing(making, fact, limits) for fact in own]}
        if name:
            made = {"indication": [{"concept": making.concept(own[0], "condition")}], **made}
        yield made


def _condition(fact: Record) -> str:
    return (fact["condition"] or "") if "condition" in fact.kind else ""


def _dosing(making: Making, fact: Record, limits: Sequence[Record]) -> Json:
    # The same Dosage as in the ActivityDefinition of the fact, which has been made before.
    definition = making.resources["ActivityDefinition", making.path(fact)]
    [dosage] = definition["dosage"]
    if fact.kind.name == "dosing":
        for one in limits:
            if applies(one, fact):
                dosage = {**dosage, **ceilings(one)}
    phase = making.concept(fact, "phase") if "phase" in fact.kind else None
    made: Json = {
        "id": f"{fact.kind.name}.{fact.id}",
        "dosage": [
            {"type": phase or coding.named(making.base, fact.kind.name, fact.kind.title), "dosage": [dosage]}
        ],
    }
    people = traits(making, fact, ["population"] if "population" in fact.kind else [])
    if people:
        made["patientCharacteristic"] = [{"type": one.code, **one.value} for one in people]
    return made


def _class(making: Making, record: Record) -> Json:
    found = traits(making, record, rest(record, {"product"}))
    said: list[Any] = []
    for one in found:
        held = one.value.get("valueCodeableConcept")
        said.append(held if held is not None else {**one.code, "text": one.text})
    return {
        "id": f"{record.kind.name}.{record.id}",
        "type": found[0].code if found else coding.named(making.base, record.kind.name, record.kind.title),
        "classification": said,
    }


def _storage(making: Making, record: Record) -> Json:
    time = record["time"]
    made: Json = {"id": f"{record.kind.name}.{record.id}", "note": [{"text": making.say(record)}]}
    if "value" in time:
        made["stabilityDuration"] = quantity(time["value"], time["unit"], time.get("comparator", ""))
    else:
        made["stabilityDuration"] = quantity(time["high"], time["unit"], "<=")
    found = traits(making, record, rest(record, {"product", "time"}))
    if found:
        made["environmentalSetting"] = [{"type": one.code, **one.value} for one in found]
    return made


def _characteristic(one: Any) -> Json:
    if "valueRange" in one.value:
        return {"type": one.code, "valueString": one.said}
    return {"type": one.code, **one.value}


def _filled(body: Json) -> Json:
    return {key: part for key, part in body.items() if part not in (None, "", [], {})}
