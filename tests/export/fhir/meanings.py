"""Faults of meaning, planted in what the mapping makes: valid FHIR, every one, that says something else."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from bmkit.content import terminologies

from .reading import iter_concepts
from .resources import list_resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]


def _change_each(kind: str, path: str, change: Callable[[Json], object]) -> Callable[[Resources], None]:
    """Change everything that stands at a path ("a.b") of the resources of a type."""

    def plant(resources: Resources) -> None:
        elements = [
            element
            for resource in list_resources(resources, kind)
            for element in _iter_elements(resource, path.split(".") if path else [])
        ]
        assert elements, f"{kind}.{path} is nowhere"
        for element in elements:
            change(element)

    return plant


def _iter_elements(value: Any, path: list[str]) -> Iterator[Json]:
    if isinstance(value, list):
        for part in value:
            yield from _iter_elements(part, path)
    elif not path:
        yield value
    elif path[0] in value:
        yield from _iter_elements(value[path[0]], path[1:])


def _add_endorser(resource: Json) -> None:
    resource["endorser"] = [{"name": "oncologists"}]


def _keep_code_display(concept: Json) -> None:
    concept["text"] = concept["coding"][0]["display"]


def _make_synonyms(concept: Json) -> None:
    words = [
        concept_property["valueString"]
        for concept_property in concept.get("property", ())
        if concept_property["code"] == "as-in-article"
    ]
    concept["designation"] = [*concept.get("designation", ()), *({"value": word} for word in words)]


def _repeat_first(kind: str, path: str, name: str) -> Callable[[Resources], None]:
    """Let the element `name` at a path be that of the first resource that has it, in all of them."""

    def plant(resources: Resources) -> None:
        elements = [
            element
            for resource in list_resources(resources, kind)
            for element in _iter_elements(resource, path.split(".") if path else [])
            if name in element
        ]
        assert len({str(element[name]) for element in elements}) > 1, (
            f"{kind}.{path}.{name} is always the same"
        )
        for element in elements:
            element[name] = elements[0][name]

    return plant


def _iter_guideline_dosages(resources: Resources) -> Iterator[Json]:
    yield from (
        dosage
        for resource in list_resources(resources, "MedicationKnowledge")
        for dosage in _iter_elements(resource, ["indicationGuideline", "dosingGuideline", "dosage", "dosage"])
    )


def dose_in_the_guideline_times_ten(resources: Resources) -> None:
    for dosage in _iter_guideline_dosages(resources):
        dosage["doseAndRate"] = [
            {
                name: {**amount, "value": amount["value"] * 10} if "value" in amount else amount
                for name, amount in dose_and_rate.items()
            }
            for dose_and_rate in dosage.get("doseAndRate", ())
        ]


def ceilings_dropped(resources: Resources) -> None:
    for dosage in _iter_guideline_dosages(resources):
        dosage.pop("maxDosePerPeriod", None)
        dosage.pop("maxDosePerAdministration", None)


def orders_without_ceilings(resources: Resources) -> None:
    for definition in list_resources(resources, "ActivityDefinition"):
        for dosage in definition.get("dosage", ()):
            if definition["kind"] == "MedicationRequest":
                dosage.pop("maxDosePerPeriod", None)
                dosage.pop("maxDosePerAdministration", None)


def orders_without_instructions(resources: Resources) -> None:
    for definition in list_resources(resources, "ActivityDefinition"):
        for dosage in definition.get("dosage", ()):
            if definition["kind"] == "MedicationRequest":
                dosage.pop("additionalInstruction", None)


def ceiling_of_another_medicine(resources: Resources) -> None:
    ceilings = [
        dosage["maxDosePerPeriod"]
        for dosage in _iter_guideline_dosages(resources)
        if "maxDosePerPeriod" in dosage
    ]
    for dosage in _iter_guideline_dosages(resources):
        dosage["maxDosePerPeriod"] = ceilings[0]


def interval_of_the_guideline_lost(resources: Resources) -> None:
    for dosage in _iter_guideline_dosages(resources):
        dosage.pop("timing", None)


def median_is_the_mean(resources: Resources) -> None:
    for evidence in list_resources(resources, "Evidence"):
        for coding in _iter_elements(evidence, ["statistic", "statisticType", "coding"]):
            if coding["code"] == "C28007":
                coding.update(code="C53319", display="Mean")


def proportion_is_only_described(resources: Resources) -> None:
    for evidence in list_resources(resources, "Evidence"):
        for coding in _iter_elements(evidence, ["statistic", "statisticType", "coding"]):
            if coding["code"] == "C44256":
                coding.update(code="descriptive", display="Descriptive")


def ratio_is_a_quantity(resources: Resources) -> None:
    for definition in list_resources(resources, "ObservationDefinition"):
        if definition["permittedDataType"] == ["Ratio"]:
            definition["permittedDataType"] = ["Quantity"]


def second_action_is_the_first(resources: Resources) -> None:
    for plan in list_resources(resources, "PlanDefinition"):
        for action in plan["action"]:
            for related in action.get("relatedAction", ()):
                related["targetId"] = action["id"]


def treatments_change_places(resources: Resources) -> None:
    for plan in list_resources(resources, "PlanDefinition"):
        first, second = plan["action"][0], plan["action"][-1]
        if "code" in first and "code" in second:
            first["code"], second["code"] = second["code"], first["code"]


def one_says_what_another_does(resources: Resources) -> None:
    definitions_by_id = {
        name: [
            characteristic["definitionByTypeAndValue"]
            for variable in list_resources(resources, "EvidenceVariable")
            for characteristic in variable["characteristic"]
            if characteristic.get("id") == name
        ]
        for name in ("claimed_by", "recommended_by")
    }
    first, second = (definitions_by_id[name][0]["valueCodeableConcept"] for name in definitions_by_id)
    for definition in definitions_by_id["claimed_by"]:
        definition["valueCodeableConcept"] = second
    for definition in definitions_by_id["recommended_by"]:
        definition["valueCodeableConcept"] = first


def form_of_the_subject_lost(resources: Resources) -> None:
    medication_by_text = {
        medication["code"]["text"]: medication
        for medication in list_resources(resources, "Medication")
        if "definition" not in medication
    }
    medication_by_id = {
        medication["id"]: medication for medication in list_resources(resources, "Medication")
    }
    for use in list_resources(resources, "ClinicalUseDefinition"):
        [subject] = use["subject"]
        medication = medication_by_id[subject["reference"].removeprefix("urn:uuid:")]
        subject["reference"] = f"urn:uuid:{medication_by_text[medication['code']['text']]['id']}"


def a_claim_is_an_indication(resources: Resources) -> None:
    key = ("ClinicalUseDefinition", ("bone-metastasis", "indication", "zometa-osteoporosis"))
    indication = copy_json(resources.by_key[key[0], ("bone-metastasis", "indication", "zometa-at-once")])
    indication["id"] = resources.find_resource_id(*key)
    for identifier in indication["identifier"]:
        identifier["value"] = "/".join(key[1])
    resources.by_key[key] = indication


def routes_of_the_guidelines_lost(resources: Resources) -> None:
    for knowledge in list_resources(resources, "MedicationKnowledge"):
        if "indicationGuideline" in knowledge:
            del knowledge["definitional"]["intendedRoute"][1:]


def every_standard_code_is_the_first(resources: Resources) -> None:
    first: Json = {}
    for coding in _iter_codings(list(resources.by_key.values())):
        if "bmkit" not in coding["system"] and "hl7.org" not in coding["system"]:
            first = first or dict(coding)
            coding.update(first)


def standard_codes_lost(resources: Resources) -> None:
    for resource in resources.by_key.values():
        for concept in iter_concepts(resource):
            concept["coding"] = concept["coding"][:1]


def _iter_codings(value: Any) -> Iterator[Json]:
    for concept in iter_concepts(value):
        yield from concept["coding"]


def spans_of_the_next_fact(resources: Resources) -> None:
    for provenance in list_resources(resources, "Provenance"):
        identifiers = [entity["what"]["identifier"] for entity in provenance["entity"]]
        for entity, identifier in zip(provenance["entity"], [*identifiers[1:], identifiers[0]], strict=True):
            entity["what"]["identifier"] = identifier


def span_one_character_late(resources: Resources) -> None:
    for provenance in list_resources(resources, "Provenance"):
        for entity in provenance["entity"]:
            identifier = entity["what"]["identifier"]
            article, where, digest = identifier["value"].split(":")
            start, end = where.split("-")
            identifier["value"] = f"{article}:{int(start) + 1}-{end}:{digest}"


def condition_excluded(resources: Resources) -> None:
    for group in list_resources(resources, "Group"):
        group["characteristic"][0]["exclude"] = True


MEANINGS: dict[str, Callable[[Resources], None]] = {
    fault.__name__: fault
    for fault in (
        dose_in_the_guideline_times_ten,
        ceilings_dropped,
        orders_without_ceilings,
        orders_without_instructions,
        ceiling_of_another_medicine,
        interval_of_the_guideline_lost,
        median_is_the_mean,
        proportion_is_only_described,
        ratio_is_a_quantity,
        second_action_is_the_first,
        treatments_change_places,
        one_says_what_another_does,
        form_of_the_subject_lost,
        a_claim_is_an_indication,
        routes_of_the_guidelines_lost,
        every_standard_code_is_the_first,
        standard_codes_lost,
        spans_of_the_next_fact,
        span_one_character_late,
        condition_excluded,
    )
} | {
    "guidelines_dropped": _change_each(
        "MedicationKnowledge", "", lambda resource: resource.pop("indicationGuideline", None)
    ),
    "one_guideline_dropped": _change_each(
        "MedicationKnowledge", "indicationGuideline", lambda element: element["dosingGuideline"].pop()
    ),
    "people_of_the_guideline_lost": _change_each(
        "MedicationKnowledge",
        "indicationGuideline.dosingGuideline",
        lambda element: element.pop("patientCharacteristic", None),
    ),
    "condition_of_the_guideline_lost": _change_each(
        "MedicationKnowledge", "indicationGuideline", lambda element: element.pop("indication", None)
    ),
    "people_of_another_guideline": _repeat_first(
        "MedicationKnowledge", "indicationGuideline.dosingGuideline", "patientCharacteristic"
    ),
    "condition_of_another_guideline": _repeat_first(
        "MedicationKnowledge", "indicationGuideline", "indication"
    ),
    "without_is_with": _change_each("Group", "characteristic", lambda element: element.update(exclude=False)),
    "before_is_after": _change_each(
        "PlanDefinition",
        "action.relatedAction",
        lambda element: (
            element.update(relationship="after-end") if element["relationship"] == "before-start" else None
        ),
    ),
    "interactant_of_another_food": _repeat_first("ClinicalUseDefinition", "interaction", "interactant"),
    "management_of_another_interaction": _repeat_first("ClinicalUseDefinition", "interaction", "management"),
    "condition_of_another_indication": _repeat_first(
        "ClinicalUseDefinition", "indication", "diseaseSymptomProcedure"
    ),
    "goal_of_another_indication": _repeat_first("ClinicalUseDefinition", "indication", "intendedEffect"),
    "effect_of_another_medicine": _repeat_first(
        "ClinicalUseDefinition", "undesirableEffect", "symptomConditionEffect"
    ),
    "frequency_of_another_effect": _repeat_first(
        "ClinicalUseDefinition", "undesirableEffect", "frequencyOfOccurrence"
    ),
    "subject_of_another_use": _repeat_first("ClinicalUseDefinition", "", "subject"),
    "population_of_another_use": _repeat_first("ClinicalUseDefinition", "", "population"),
    "another_ingredient": _repeat_first("Medication", "", "ingredient"),
    "another_ingredient_by_concept": _repeat_first("Medication", "ingredient.item", "concept"),
    "another_ingredient_by_reference": _repeat_first("Medication", "ingredient.item", "reference"),
    "another_form": _repeat_first("Medication", "", "doseForm"),
    "another_form_in_the_knowledge": _repeat_first("MedicationKnowledge", "definitional", "doseForm"),
    "another_route_in_the_knowledge": _repeat_first("MedicationKnowledge", "definitional", "intendedRoute"),
    "another_route": _repeat_first("ActivityDefinition", "dosage", "route"),
    "another_focus": _repeat_first("ActivityDefinition", "useContext", "valueCodeableConcept"),
    "another_activity": _repeat_first("ActivityDefinition", "", "code"),
    "another_topic": _repeat_first("ActivityDefinition", "", "topic"),
    "a_medicine_by_a_code": _change_each(
        "ActivityDefinition",
        "",
        lambda element: (
            element.update(code=element["topic"][0]) if element["kind"] == "MedicationRequest" else None
        ),
    ),
    "a_product_for_a_service": _change_each(
        "ActivityDefinition",
        "",
        lambda element: (
            element.update(productReference=element["relatedArtifact"][0]["resourceReference"])
            if element["kind"] == "ServiceRequest"
            else None
        ),
    ),
    "nothing_but_the_kind_is_told": _change_each(
        "ActivityDefinition",
        "",
        lambda element: (
            element.update(code=element["topic"][0]) if element["kind"] == "CommunicationRequest" else None
        ),
    ),
    "action_of_another_definition": _repeat_first("PlanDefinition", "action", "definitionCanonical"),
    "action_of_no_definition": _change_each(
        "PlanDefinition", "action", lambda element: element.pop("definitionCanonical", None)
    ),
    "a_proposal_is_planned": _change_each(
        "ActivityDefinition", "", lambda element: element.update(intent="plan")
    ),
    "an_order_instead_of_a_plan": _change_each(
        "ActivityDefinition", "", lambda element: element.update(intent="order")
    ),
    "a_dose_is_a_service": _change_each(
        "ActivityDefinition", "", lambda element: element.update(kind="ServiceRequest")
    ),
    "remark_on_another_fact": _repeat_first("ArtifactAssessment", "content", "relatedArtifact"),
    "remarks_lost": _change_each(
        "ArtifactAssessment", "content", lambda element: element.pop("relatedArtifact", None)
    ),
    "remark_of_another_sort": _repeat_first("ArtifactAssessment", "content", "classifier"),
    "provenance_of_other_resources": _repeat_first("Provenance", "", "target"),
    "another_analyte": _repeat_first("ObservationDefinition", "", "code"),
    "another_method": _repeat_first("ObservationDefinition", "", "method"),
    "endorsed_by_those_who_claim_it": _change_each("Evidence", "", _add_endorser),
    "endorsed_by_those_who_recommend_it": _change_each("ActivityDefinition", "", _add_endorser),
    "time_of_an_interaction_lost": _change_each(
        "ClinicalUseDefinition", "interaction.management", _keep_code_display
    ),
    "cause_of_an_effect_lost": _change_each(
        "ClinicalUseDefinition", "undesirableEffect.symptomConditionEffect.concept", _keep_code_display
    ),
    "words_of_the_article_lost": _change_each(
        "CodeSystem",
        "concept",
        lambda element: element.update(
            property=[part for part in element.get("property", ()) if part["code"] != "as-in-article"]
        ),
    ),
    "words_of_the_article_are_synonyms": _change_each("CodeSystem", "concept", _make_synonyms),
    "another_frequency": _repeat_first("Evidence", "statistic", "category"),
    "another_classification": _repeat_first(
        "MedicationKnowledge", "medicineClassification", "classification"
    ),
}


def plant_fault(sound: Resources, fault: Callable[[Resources], None]) -> Resources:
    """The same resources with a fault in them; what was made without it stays as it is."""
    resources = copy(sound)
    # What several resources hold in common must not be changed in all of them.
    resources.by_key = {key: copy_json(resource) for key, resource in sound.by_key.items()}
    fault(resources)
    assert resources.by_key != sound.by_key, "the fault changes nothing"
    return resources


def copy_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: copy_json(part) for name, part in value.items()}
    return [copy_json(part) for part in value] if isinstance(value, list) else value


def another_uri(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(terminologies.TERMINOLOGY_URLS, "ATC", "http://www.whocc.no/ATC")
