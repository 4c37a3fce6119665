"""MedicationKnowledge of each product and of each of its presentations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import notes
from bmkit.export.fhir.characteristics import build_characteristics, find_unplaced_fields
from bmkit.export.fhir.datatypes import build_quantity
from bmkit.export.fhir.dosage import is_partial_regimen
from bmkit.export.fhir.ids import make_record_path
from bmkit.export.fhir.medication import build_ingredient, build_ingredients

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.characteristics import Characteristic
    from bmkit.export.fhir.ids import Json, ResourcePath
    from bmkit.export.fhir.resources import Resources


_STATED_KINDS = ("storage", "drug-classification")
_GATHERED_KINDS = ("instruction", "dilution", *_STATED_KINDS)
# Fields of a classification that are classes; its other fields are characteristics of the medicine.
_CLASS_FIELDS = ("drug_class", "substance")
_USE_KINDS = ("indication", "interaction", "adverse-effect", "dose-limit")


def add_product_knowledge(resources: Resources, term: Record) -> None:
    """Add the MedicationKnowledge of a product, from all facts about it."""
    path = build_product_path(resources, term)
    facts_by_kind = {
        kind: _select_product_facts(resources, kind, term)
        for kind in dict.fromkeys((*GUIDELINE_KINDS, *_USE_KINDS, *_GATHERED_KINDS))
    }
    regimen_facts = [fact for kind in GUIDELINE_KINDS for fact in facts_by_kind[kind]]
    body: Json = {
        "code": resources.terms.build_term_concept(term),
        **resources.options.active_status,
        "name": [term["label"], *(term["synonyms"] or ())],
        "associatedMedication": [resources.refer_to("Medication", make_record_path(term), term["label"])],
        "productType": [
            *resources.terms.iter_concepts(term, "drug_class"),
            resources.terms.build_word_concept(term["category"]),
        ],
        "preparationInstruction": ". ".join(
            [
                *(resources.terms.describe_record(dilution) for dilution in facts_by_kind["dilution"]),
                *_format_open_notes(resources, facts_by_kind["dilution"]),
            ]
        ),
        "indicationGuideline": list(iter_indication_guidelines(resources, regimen_facts)),
        "medicineClassification": [
            _build_classification(resources, classification)
            for classification in facts_by_kind["drug-classification"]
            if any(classification[field_name] is not None for field_name in _CLASS_FIELDS)
        ],
        "clinicalUseIssue": [
            resources.refer_to(
                "ClinicalUseDefinition", make_record_path(fact), resources.terms.describe_record(fact)
            )
            for kind in _USE_KINDS
            for fact in facts_by_kind[kind]
            if resources.has_resource("ClinicalUseDefinition", make_record_path(fact))
        ],
        "storageGuideline": [
            _build_storage_guideline(resources, storage_fact) for storage_fact in facts_by_kind["storage"]
        ],
    }
    body["definitional"] = _drop_empty_elements(
        {
            "intendedRoute": _collect_routes(
                resources,
                [
                    *facts_by_kind["drug-classification"],
                    *_select_product_facts(resources, "presentation", term),
                    *regimen_facts,
                ],
            ),
            "ingredient": [
                build_ingredient(resources, substance)
                for substance in resources.terms.iter_terms(term, "substances")
            ],
            "drugCharacteristic": [
                characteristic_element
                for classification in facts_by_kind["drug-classification"]
                for characteristic_element in _build_drug_characteristics(resources, classification)
            ],
        }
    )
    gathered_facts = [
        *select_guideline_facts(regimen_facts),
        *(fact for kind in _GATHERED_KINDS for fact in facts_by_kind[kind]),
    ]
    # The facts that this resource states bring their own notes, as in every resource.
    facts_to_note = [fact for fact in gathered_facts if fact.kind.name not in _STATED_KINDS]
    sentences = [
        term["label"],
        *(resources.terms.describe_record(fact) for fact in gathered_facts),
        *_format_open_notes(resources, facts_to_note),
    ]
    resources.add_resource("MedicationKnowledge", path, sentences, _drop_empty_elements(body))
    for kind in _STATED_KINDS:
        for fact in facts_by_kind[kind]:
            resources.link_fact(fact, "MedicationKnowledge", path)


def build_product_path(resources: Resources, term: Record) -> ResourcePath:
    """The path of a product in this article; other articles have other facts about it."""
    return (resources.article.folder, term.kind.name, term.id)


def add_presentation_knowledge(resources: Resources, record: Record) -> None:
    """Add the MedicationKnowledge of a presentation: its ingredients and all other fields."""
    [term] = resources.terms.iter_terms(record, "product")
    ingredients = list(build_ingredients(resources, record))
    placed_fields = {"product", "form", "route", "substance"}
    # With several substances it is not known which has the strength.
    if any(
        element_name.startswith("strength")
        for ingredient_element in ingredients
        for element_name in ingredient_element
    ):
        placed_fields.add("strength")
    definitional: Json = {
        "doseForm": resources.terms.build_concept(record, "form"),
        "intendedRoute": list(resources.terms.iter_concepts(record, "route")),
        "ingredient": ingredients,
        "drugCharacteristic": [
            _to_drug_characteristic(characteristic)
            for characteristic in build_characteristics(
                resources.terms, record, find_unplaced_fields(record, placed_fields)
            )
        ],
    }
    medication_reference = resources.refer_to(
        "Medication", make_record_path(record), resources.terms.describe_record(record)
    )
    body: Json = {
        "code": resources.terms.build_term_concept(term),
        **resources.options.active_status,
        "name": [term["label"]],
        "associatedMedication": [medication_reference],
        "relatedMedicationKnowledge": [
            {
                "type": resources.terms.build_name_concept("product", term.kind.title),
                "reference": [
                    resources.refer_to(
                        "MedicationKnowledge", build_product_path(resources, term), term["label"]
                    )
                ],
            }
        ],
        "definitional": _drop_empty_elements(definitional),
    }
    resources.add_resource(
        "MedicationKnowledge",
        make_record_path(record),
        [resources.terms.describe_record(record)],
        _drop_empty_elements(body),
        record,
    )


def _select_product_facts(resources: Resources, kind: str, term: Record) -> list[Record]:
    return [record for record in resources.content.list_records(kind) if record["product"] == term.id]


def _format_open_notes(resources: Resources, records: list[Record]) -> list[str]:
    note_texts = dict.fromkeys(
        note_text for record in records for note_text in notes.format_notes_to_check(resources.terms, record)
    )
    return [f"Note: {note_text}" for note_text in note_texts]


def _build_classification(resources: Resources, record: Record) -> Json:
    characteristics = build_characteristics(resources.terms, record, _CLASS_FIELDS)
    return {
        "id": f"{record.kind.name}.{record.id}",
        "type": characteristics[0].code,
        "classification": [
            characteristic.value["valueCodeableConcept"] for characteristic in characteristics
        ],
    }


def _build_drug_characteristics(resources: Resources, record: Record) -> list[Json]:
    field_names = find_unplaced_fields(record, {"product", "route", *_CLASS_FIELDS})
    return [
        {
            "id": f"{record.kind.name}.{record.id}.{characteristic.name}",
            **_to_drug_characteristic(characteristic),
        }
        for characteristic in build_characteristics(resources.terms, record, field_names)
    ]


def _collect_routes(resources: Resources, records: list[Record]) -> list[Json]:
    """Every route of the facts, in their order; no guideline has another."""
    routes: list[Json] = []
    for record in records:
        routes += [route for route in resources.terms.iter_concepts(record, "route") if route not in routes]
    return routes


def _build_storage_guideline(resources: Resources, record: Record) -> Json:
    storage_time = record["time"]
    remarks = [
        {"text": text}
        for text in (
            resources.terms.describe_record(record),
            *notes.format_notes_to_check(resources.terms, record),
        )
    ]
    storage_guideline: Json = {"id": f"{record.kind.name}.{record.id}", "note": remarks}
    if "value" in storage_time:
        storage_guideline["stabilityDuration"] = build_quantity(
            storage_time["value"], storage_time["unit"], storage_time.get("comparator", "")
        )
    else:
        # Of a range the lower end, until which it surely keeps; the note has both.
        storage_guideline["stabilityDuration"] = build_quantity(storage_time["low"], storage_time["unit"])
    characteristics = build_characteristics(
        resources.terms, record, find_unplaced_fields(record, {"product", "time"})
    )
    if characteristics:
        storage_guideline["environmentalSetting"] = [
            {"type": characteristic.code, **characteristic.value} for characteristic in characteristics
        ]
    return storage_guideline


def _to_drug_characteristic(characteristic: Characteristic) -> Json:
    if "valueRange" in characteristic.value:
        return {"type": characteristic.code, "valueString": characteristic.value_text}
    return {"type": characteristic.code, **characteristic.value}


def _drop_empty_elements(body: Json) -> Json:
    return {
        element_name: element for element_name, element in body.items() if element not in (None, "", [], {})
    }


GUIDELINE_KINDS = ("regimen", "course", "dose-limit")


def select_guideline_facts(facts: Sequence[Record]) -> list[Record]:
    """The facts that become guidelines: without those that are part of another."""
    return [fact for fact in facts if fact.kind.name != "regimen" or not is_partial_regimen(fact, facts)]


def iter_indication_guidelines(resources: Resources, facts: Sequence[Record]) -> Iterator[Json]:
    """One indicationGuideline for each condition, in the order of their first facts."""
    guideline_facts = select_guideline_facts(facts)
    condition_ids = dict.fromkeys(_find_condition_id(fact) for fact in guideline_facts)
    for condition_id in condition_ids:
        condition_facts = [fact for fact in guideline_facts if _find_condition_id(fact) == condition_id]
        indication_guideline: Json = {
            "dosingGuideline": [_build_dosing_guideline(resources, fact) for fact in condition_facts]
        }
        if condition_id:
            indication_guideline = {
                "indication": [{"concept": resources.terms.build_concept(condition_facts[0], "condition")}],
                **indication_guideline,
            }
        yield indication_guideline


def _find_condition_id(fact: Record) -> str:
    return (fact["condition"] or "") if "condition" in fact.kind else ""


def _build_dosing_guideline(resources: Resources, fact: Record) -> Json:
    # The same Dosage as in the ActivityDefinition of the fact, which was added before.
    definition = resources.by_key["ActivityDefinition", make_record_path(fact)]
    [dosage] = definition["dosage"]
    phase = resources.terms.build_concept(fact, "phase") if "phase" in fact.kind else None
    dosing_guideline: Json = {
        "id": f"{fact.kind.name}.{fact.id}",
        "dosage": [
            {
                "type": phase or resources.terms.build_kind_concept(fact.kind),
                "dosage": [dosage],
            }
        ],
    }
    characteristics = build_characteristics(
        resources.terms, fact, ["population"] if "population" in fact.kind else []
    )
    if characteristics:
        dosing_guideline["patientCharacteristic"] = [
            {"type": characteristic.code, **characteristic.value} for characteristic in characteristics
        ]
    return dosing_guideline
