"""MedicationKnowledge: all that is known of a product, and of each form in which it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import codeable, notes
from bmkit.export.fhir.characteristics import rest
from bmkit.export.fhir.datatypes import quantity
from bmkit.export.fhir.guideline import GUIDED, guided, guidelines
from bmkit.export.fhir.medication import contents, ingredient
from bmkit.export.fhir.trait import traits

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json, Path
    from bmkit.export.fhir.resources import Making

_STATED = ("storage", "drug-classification")
_GATHERED = ("instruction", "dilution", *_STATED)
# What of a classification is a class; all else that it says is a characteristic of the medicine.
_CLASSES = ("drug_class", "substance")
_USES = ("indication", "interaction", "adverse-effect", "dose-limit")


def product(making: Making, term: Record) -> None:
    """Make the knowledge of a product, from all that the article says about it."""
    path = about(making, term)
    facts = {kind: _about(making, kind, term) for kind in dict.fromkeys((*GUIDED, *_USES, *_GATHERED))}
    dosing = [one for kind in GUIDED for one in facts[kind]]
    body: Json = {
        "code": codeable.concept(making.base, term),
        **making.setting.in_use,
        "name": [term["label"], *(term["synonyms"] or ())],
        "associatedMedication": [making.ref("Medication", making.path(term), term["label"])],
        "productType": [*making.concepts(term, "drug_class"), codeable.word(making.base, term["category"])],
        "preparationInstruction": ". ".join(
            [*(making.say(one) for one in facts["dilution"]), *_notes(making, facts["dilution"])]
        ),
        "indicationGuideline": list(guidelines(making, dosing)),
        "medicineClassification": [
            _class(making, one)
            for one in facts["drug-classification"]
            if any(one[name] is not None for name in _CLASSES)
        ],
        "clinicalUseIssue": [
            making.ref("ClinicalUseDefinition", making.path(one), making.say(one))
            for kind in _USES
            for one in facts[kind]
            if making.has("ClinicalUseDefinition", making.path(one))
        ],
        "storageGuideline": [_storage(making, one) for one in facts["storage"]],
    }
    body["definitional"] = _filled(
        {
            "intendedRoute": _routes(
                making,
                [*facts["drug-classification"], *_about(making, "product-presentation", term), *dosing],
            ),
            "ingredient": [ingredient(making, one) for one in making.terms(term, "substances")],
            "drugCharacteristic": [
                part for one in facts["drug-classification"] for part in _beside(making, one)
            ],
        }
    )
    held = [*guided(dosing), *(one for kind in _GATHERED for one in facts[kind])]
    # What this resource states brings its notes itself, as in every resource.
    told = [one for one in held if one.kind.name not in _STATED]
    said = [term["label"], *(making.say(one) for one in held), *_notes(making, told)]
    making.add("MedicationKnowledge", path, said, _filled(body))
    for kind in _STATED:
        for one in facts[kind]:
            making.state(one, "MedicationKnowledge", path)


def about(making: Making, term: Record) -> Path:
    """The product in this article, because another article may say other things of it."""
    return (making.article.folder, term.kind.name, term.id)


def presentation(making: Making, record: Record) -> None:
    """Make the knowledge of one form of a product: what it contains and all else the fact says of it."""
    [term] = making.terms(record, "product")
    parts = list(contents(making, record))
    held = {"product", "form", "route", "substance"}
    # Of several substances it is not known which of them is so strong.
    if any(name.startswith("strength") for part in parts for name in part):
        held.add("strength")
    definitional: Json = {
        "doseForm": making.concept(record, "form"),
        "intendedRoute": list(making.concepts(record, "route")),
        "ingredient": parts,
        "drugCharacteristic": [_characteristic(one) for one in traits(making, record, rest(record, held))],
    }
    medication = making.ref("Medication", making.path(record), making.say(record))
    body: Json = {
        "code": codeable.concept(making.base, term),
        **making.setting.in_use,
        "name": [term["label"]],
        "associatedMedication": [medication],
        "relatedMedicationKnowledge": [
            {
                "type": codeable.named(making.base, "product", term.kind.title),
                "reference": [making.ref("MedicationKnowledge", about(making, term), term["label"])],
            }
        ],
        "definitional": _filled(definitional),
    }
    making.add("MedicationKnowledge", making.path(record), [making.say(record)], _filled(body), record)


def _about(making: Making, kind: str, term: Record) -> list[Record]:
    return [record for record in making.content.list_records(kind) if record["product"] == term.id]


def _notes(making: Making, records: list[Record]) -> list[str]:
    noted = dict.fromkeys(note for one in records for note in notes.open_notes(making, one))
    return [f"Note: {note}" for note in noted]


def _class(making: Making, record: Record) -> Json:
    found = traits(making, record, _CLASSES)
    return {
        "id": f"{record.kind.name}.{record.id}",
        "type": found[0].code,
        "classification": [one.value["valueCodeableConcept"] for one in found],
    }


def _beside(making: Making, record: Record) -> list[Json]:
    names = rest(record, {"product", "route", *_CLASSES})
    return [
        {"id": f"{record.kind.name}.{record.id}.{one.name}", **_characteristic(one)}
        for one in traits(making, record, names)
    ]


def _routes(making: Making, records: list[Record]) -> list[Json]:
    """Every route that the facts name, in their order: no guideline has one that is not here."""
    found: list[Json] = []
    for record in records:
        found += [one for one in making.concepts(record, "route") if one not in found]
    return found


def _storage(making: Making, record: Record) -> Json:
    time = record["time"]
    remarks = [{"text": text} for text in (making.say(record), *notes.open_notes(making, record))]
    made: Json = {"id": f"{record.kind.name}.{record.id}", "note": remarks}
    if "value" in time:
        made["stabilityDuration"] = quantity(time["value"], time["unit"], time.get("comparator", ""))
    else:
        # Of two ends the one until which it surely keeps; the note has both.
        made["stabilityDuration"] = quantity(time["low"], time["unit"])
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
