"""MedicationKnowledge of each product and of each of its presentations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import notes
from bmkit.export.fhir.characteristics import (
    build_characteristics,
    find_unplaced_fields,
    number_characteristics,
)
from bmkit.export.fhir.datatypes import build_quantity
from bmkit.export.fhir.ids import drop_empty, get_label, make_record_path
from bmkit.export.fhir.medication import build_ingredient, build_ingredients, find_presented_term
from bmkit.export.fhir.patients import iter_patient_characteristics
from bmkit.export.fhir.regimens import is_partial_regimen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.characteristics import Characteristic
    from bmkit.export.fhir.ids import Json, ResourcePath
    from bmkit.export.fhir.resources import Resources


# Roles of kinds: what is stated here alone, what is gathered, what has a ClinicalUseDefinition.
_STATED_ROLES = ("storage", "drug-classification")
_GATHERED_ROLES = ("instruction", "dilution", *_STATED_ROLES)
_USE_ROLES = ("indication", "caution", "adverse-effect", "dose-limit")
# Fields of a classification that are classes; its other fields are characteristics of the medicine.
_CLASS_ROLES = ("drug-class", "substance")


def add_product_knowledge(resources: Resources, term: Record) -> None:
    """Add the MedicationKnowledge of a product, from all facts about it."""
    path = build_product_path(resources, term)
    facts_by_role = {
        role: _select_product_facts(resources, role, term)
        for role in dict.fromkeys((*GUIDELINE_ROLES, *_USE_ROLES, *_GATHERED_ROLES))
    }
    regimen_facts = [fact for role in GUIDELINE_ROLES for fact in facts_by_role[role]]
    body: Json = {
        "code": resources.terms.build_term_concept(term),
        **resources.options.active_status,
        "name": [get_label(term), *term.value.get("synonyms", ())],
        "associatedMedication": [resources.refer_to("Medication", make_record_path(term), get_label(term))],
        "productType": [
            *resources.terms.iter_concepts(term, "drug-class"),
            *resources.terms.iter_concepts(term, "category"),
        ],
        "preparationInstruction": ". ".join(
            [
                *(resources.terms.describe_record(dilution) for dilution in facts_by_role["dilution"]),
                *_format_open_notes(resources, facts_by_role["dilution"]),
            ]
        ),
        "indicationGuideline": list(iter_indication_guidelines(resources, regimen_facts)),
        "medicineClassification": [
            _build_classification(resources, classification)
            for classification in facts_by_role["drug-classification"]
            if any(classification.find_value(role) is not None for role in _CLASS_ROLES)
        ],
        "clinicalUseIssue": [
            resources.refer_to(
                "ClinicalUseDefinition", make_record_path(fact), resources.terms.describe_record(fact)
            )
            for role in _USE_ROLES
            for fact in facts_by_role[role]
            if resources.has_resource("ClinicalUseDefinition", make_record_path(fact))
        ],
        "storageGuideline": [
            _build_storage_guideline(resources, storage_fact) for storage_fact in facts_by_role["storage"]
        ],
    }
    body["definitional"] = drop_empty(
        {
            "intendedRoute": _collect_routes(
                resources,
                [
                    *facts_by_role["drug-classification"],
                    *_select_product_facts(resources, "presentation", term),
                    *regimen_facts,
                ],
            ),
            "ingredient": [
                build_ingredient(resources, substance)
                for substance in resources.terms.iter_terms(term, "substance")
            ],
            "drugCharacteristic": [
                characteristic_element
                for classification in facts_by_role["drug-classification"]
                for characteristic_element in _build_drug_characteristics(resources, classification)
            ],
        }
    )
    gathered_facts = [
        *select_guideline_facts(regimen_facts),
        *(fact for role in _GATHERED_ROLES for fact in facts_by_role[role]),
    ]
    # The facts that this resource states bring their own notes, as in every resource.
    facts_to_note = [fact for fact in gathered_facts if fact.kind.role not in _STATED_ROLES]
    sentences = [
        get_label(term),
        *(resources.terms.describe_record(fact) for fact in gathered_facts),
        *_format_open_notes(resources, facts_to_note),
    ]
    resources.add_resource("MedicationKnowledge", path, sentences, body)
    for role in _STATED_ROLES:
        for fact in facts_by_role[role]:
            resources.link_fact(fact, "MedicationKnowledge", path)


def build_product_path(resources: Resources, term: Record) -> ResourcePath:
    """The path of a product in this article; other articles have other facts about it."""
    return (resources.article.folder, term.kind.name, term.id)


def add_presentation_knowledge(resources: Resources, record: Record) -> None:
    """Add the MedicationKnowledge of a presentation: its ingredients and all other fields."""
    term = find_presented_term(resources, record)
    products = list(resources.terms.iter_terms(record, "product"))
    ingredients = list(build_ingredients(resources, record))
    placed_roles = {"product", "form", "route", "substance"}
    # With several substances it is not known which has the strength.
    if any(
        element_name.startswith("strength")
        for ingredient_element in ingredients
        for element_name in ingredient_element
    ):
        placed_roles |= {"strength"} if record.find_value("strength") is not None else {"concentration"}
    definitional: Json = {
        "doseForm": resources.terms.build_concept(record, "form"),
        "intendedRoute": list(resources.terms.iter_concepts(record, "route")),
        "ingredient": ingredients,
        "drugCharacteristic": [
            _to_drug_characteristic(characteristic)
            for characteristic in build_characteristics(
                resources.terms, record, find_unplaced_fields(record, placed_roles)
            )
        ],
    }
    medication_reference = resources.refer_to(
        "Medication", make_record_path(record), resources.terms.describe_record(record)
    )
    body: Json = {
        "code": resources.terms.build_term_concept(term) if term is not None else None,
        **resources.options.active_status,
        "name": [get_label(term) if term is not None else resources.terms.describe_record(record)],
        "associatedMedication": [medication_reference],
        "relatedMedicationKnowledge": [
            {
                "type": resources.terms.build_kind_concept(product.kind),
                "reference": [
                    resources.refer_to(
                        "MedicationKnowledge", build_product_path(resources, product), get_label(product)
                    )
                ],
            }
            for product in products
        ],
        "definitional": drop_empty(definitional),
    }
    resources.add_resource(
        "MedicationKnowledge",
        make_record_path(record),
        [resources.terms.describe_record(record)],
        body,
        record,
    )


def _select_product_facts(resources: Resources, kind_role: str, term: Record) -> list[Record]:
    return [
        record
        for record in resources.terms.list_records(kind_role)
        if term.id in [product.id for product in resources.terms.iter_terms(record, "product")]
    ]


def _format_open_notes(resources: Resources, records: list[Record]) -> list[str]:
    note_texts = dict.fromkeys(
        note_text for record in records for note_text in notes.format_notes_to_check(resources.terms, record)
    )
    return [f"Note: {note_text}" for note_text in note_texts]


def _build_classification(resources: Resources, record: Record) -> Json:
    fields = [field for field in find_unplaced_fields(record) if field.role in _CLASS_ROLES]
    characteristics = build_characteristics(resources.terms, record, fields)
    return {
        "id": f"{record.kind.name}.{record.id}",
        "type": characteristics[0].code,
        "classification": [
            characteristic.value["valueCodeableConcept"] for characteristic in characteristics
        ],
    }


def _build_drug_characteristics(resources: Resources, record: Record) -> list[Json]:
    fields = find_unplaced_fields(record, {"product", "route", *_CLASS_ROLES})
    return [
        {"id": f"{record.kind.name}.{record.id}.{element_name}", **_to_drug_characteristic(characteristic)}
        for element_name, characteristic in number_characteristics(
            build_characteristics(resources.terms, record, fields)
        )
    ]


def _collect_routes(resources: Resources, records: list[Record]) -> list[Json]:
    """Every route of the facts, in their order; no guideline has another."""
    routes: list[Json] = []
    for record in records:
        routes += [route for route in resources.terms.iter_concepts(record, "route") if route not in routes]
    return routes


def _build_storage_guideline(resources: Resources, record: Record) -> Json:
    storage_time = record.find_value("storage-time")
    remarks = [
        {"text": text}
        for text in (
            resources.terms.describe_record(record),
            *notes.format_notes_to_check(resources.terms, record),
        )
    ]
    duration: Json = {}
    if storage_time is not None:
        # Of a range the lower end, until which it surely keeps; the note has both.
        end = "value" if "value" in storage_time else "low"
        duration = build_quantity(storage_time[end], storage_time["unit"], storage_time.get("comparator", ""))
    characteristics = build_characteristics(
        resources.terms, record, find_unplaced_fields(record, {"product", "storage-time"})
    )
    storage_guideline = {
        "id": f"{record.kind.name}.{record.id}",
        "note": remarks,
        "stabilityDuration": duration,
        "environmentalSetting": [
            {"type": characteristic.code, **_to_setting_value(characteristic)}
            for characteristic in characteristics
        ],
    }
    return drop_empty(storage_guideline)


def _to_setting_value(characteristic: Characteristic) -> Json:
    if characteristic.value and "valueBoolean" not in characteristic.value:
        return characteristic.value
    return {"valueCodeableConcept": {"text": characteristic.value_text}}


def _to_drug_characteristic(characteristic: Characteristic) -> Json:
    """A characteristic of a medicine, which can be no range, bound, yes or no: those are words."""
    value = characteristic.value
    if not value.keys() & {"valueQuantity", "valueCodeableConcept"} or "comparator" in value.get(
        "valueQuantity", {}
    ):
        return {"type": characteristic.code, "valueString": characteristic.value_text}
    return {"type": characteristic.code, **value}


GUIDELINE_ROLES = ("regimen", "dose-limit")


def select_guideline_facts(facts: Sequence[Record]) -> list[Record]:
    """The facts that become guidelines: without those that are part of another."""
    return [fact for fact in facts if fact.kind.role != "regimen" or not is_partial_regimen(fact, facts)]


def iter_indication_guidelines(resources: Resources, facts: Sequence[Record]) -> Iterator[Json]:
    """One indicationGuideline for each condition, in the order of their first facts."""
    guideline_facts = select_guideline_facts(facts)
    for condition_ids in dict.fromkeys(_list_condition_ids(resources, fact) for fact in guideline_facts):
        condition_facts = [
            fact for fact in guideline_facts if _list_condition_ids(resources, fact) == condition_ids
        ]
        indications = resources.terms.iter_concepts(condition_facts[0], "condition")
        indication_guideline = {
            "indication": [{"concept": concept} for concept in indications],
            "dosingGuideline": [
                _build_dosing_guideline(resources, facts_together)
                for facts_together in _group_steps(condition_facts)
            ],
        }
        yield drop_empty(indication_guideline)


def _list_condition_ids(resources: Resources, fact: Record) -> tuple[str, ...]:
    return tuple(term.id for term in resources.terms.iter_terms(fact, "condition"))


def _group_steps(facts: Sequence[Record]) -> list[list[Record]]:
    """The steps of one plan together, for the same people and by the same choice; other facts alone."""
    groups: dict[tuple[object, ...], list[Record]] = {}
    for fact in facts:
        plan = fact.find_value("plan")
        key = (fact.kind.name, fact.id) if plan is None else (
            fact.kind.name,
            None,
            plan,
            fact.find_value("option"),
            str(fact.find_value("population")),
        )  # fmt: skip
        groups.setdefault(key, []).append(fact)
    return [sorted(group, key=lambda fact: fact.find_value("step") or 0) for group in groups.values()]


def _build_dosing_guideline(resources: Resources, facts: list[Record]) -> Json:
    first, *_ = facts
    fields = [field for field in find_unplaced_fields(first) if field.role == "population"]
    dosing_guideline = {
        "id": f"{first.kind.name}.{first.id}{'.plan' if len(facts) > 1 else ''}",
        "dosage": [_build_guideline_dosage(resources, fact, has_own_id=len(facts) > 1) for fact in facts],
        "patientCharacteristic": [
            patient_characteristic
            for characteristic in build_characteristics(resources.terms, first, fields)
            for patient_characteristic in iter_patient_characteristics(resources.terms, characteristic)
        ],
    }
    return drop_empty(dosing_guideline)


def _build_guideline_dosage(resources: Resources, fact: Record, *, has_own_id: bool) -> Json:
    # The same Dosage as in the ActivityDefinition of the fact, which was added before.
    definition = resources.by_key["ActivityDefinition", make_record_path(fact)]
    phase = resources.terms.build_concept(fact, "phase")
    return {
        **({"id": f"{fact.kind.name}.{fact.id}"} if has_own_id else {}),
        "type": phase or resources.terms.build_kind_concept(fact.kind),
        "dosage": definition["dosage"],
    }
