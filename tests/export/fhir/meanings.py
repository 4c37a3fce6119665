"""Faults of meaning, planted in what the mapping makes: valid FHIR, every one, that says something else."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import codeable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]


def _of(resources: Resources, kind: str) -> list[Json]:
    return [made for (name, _), made in resources.by_key.items() if name == kind]


def _each(kind: str, path: str, change: Callable[[Json], object]) -> Callable[[Resources], None]:
    """Change everything that stands at a path ("a.b") of the resources of a type."""

    def fault(resources: Resources) -> None:
        found = [held for made in _of(resources, kind) for held in _at(made, path.split(".") if path else [])]
        assert found, f"{kind}.{path} is nowhere"
        for held in found:
            change(held)

    return fault


def _at(value: Any, path: list[str]) -> Iterator[Json]:
    if isinstance(value, list):
        for part in value:
            yield from _at(part, path)
    elif not path:
        yield value
    elif path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _endorsed(made: Json) -> None:
    made["endorser"] = [{"name": "oncologists"}]


def _only_the_code(held: Json) -> None:
    held["text"] = held["coding"][0]["display"]


def _misread(held: Json) -> None:
    words = [one["valueString"] for one in held.get("property", ()) if one["code"] == "as-in-article"]
    held["designation"] = [*held.get("designation", ()), *({"value": one} for one in words)]


def _all_the_first(kind: str, path: str, name: str) -> Callable[[Resources], None]:
    """Let the element `name` at a path be that of the first resource that has it, in all of them."""

    def fault(resources: Resources) -> None:
        found = [
            held
            for made in _of(resources, kind)
            for held in _at(made, path.split(".") if path else [])
            if name in held
        ]
        assert len({str(held[name]) for held in found}) > 1, f"{kind}.{path}.{name} is always the same"
        for held in found:
            held[name] = found[0][name]

    return fault


def _dosages(resources: Resources) -> Iterator[Json]:
    yield from (
        one
        for made in _of(resources, "MedicationKnowledge")
        for one in _at(made, ["indicationGuideline", "dosingGuideline", "dosage", "dosage"])
    )


def dose_in_the_guideline_times_ten(resources: Resources) -> None:
    for one in _dosages(resources):
        one["doseAndRate"] = [
            {
                name: {**held, "value": held["value"] * 10} if "value" in held else held
                for name, held in part.items()
            }
            for part in one.get("doseAndRate", ())
        ]


def ceilings_dropped(resources: Resources) -> None:
    for one in _dosages(resources):
        one.pop("maxDosePerPeriod", None)
        one.pop("maxDosePerAdministration", None)


def orders_without_ceilings(resources: Resources) -> None:
    for one in _of(resources, "ActivityDefinition"):
        for held in one.get("dosage", ()):
            if one["kind"] == "MedicationRequest":
                held.pop("maxDosePerPeriod", None)
                held.pop("maxDosePerAdministration", None)


def orders_without_instructions(resources: Resources) -> None:
    for one in _of(resources, "ActivityDefinition"):
        for held in one.get("dosage", ()):
            if one["kind"] == "MedicationRequest":
                held.pop("additionalInstruction", None)


def ceiling_of_another_medicine(resources: Resources) -> None:
    ceilings = [one["maxDosePerPeriod"] for one in _dosages(resources) if "maxDosePerPeriod" in one]
    for one in _dosages(resources):
        one["maxDosePerPeriod"] = ceilings[0]


def interval_of_the_guideline_lost(resources: Resources) -> None:
    for one in _dosages(resources):
        one.pop("timing", None)


def median_is_the_mean(resources: Resources) -> None:
    for one in _of(resources, "Evidence"):
        for held in _at(one, ["statistic", "statisticType", "coding"]):
            if held["code"] == "C28007":
                held.update(code="C53319", display="Mean")


def proportion_is_only_described(resources: Resources) -> None:
    for one in _of(resources, "Evidence"):
        for held in _at(one, ["statistic", "statisticType", "coding"]):
            if held["code"] == "C44256":
                held.update(code="descriptive", display="Descriptive")


def ratio_is_a_quantity(resources: Resources) -> None:
    for one in _of(resources, "ObservationDefinition"):
        if one["permittedDataType"] == ["Ratio"]:
            one["permittedDataType"] = ["Quantity"]


def second_action_is_the_first(resources: Resources) -> None:
    for one in _of(resources, "PlanDefinition"):
        for action in one["action"]:
            for related in action.get("relatedAction", ()):
                related["targetId"] = action["id"]


def treatments_change_places(resources: Resources) -> None:
    for one in _of(resources, "PlanDefinition"):
        first, second = one["action"][0], one["action"][-1]
        first["code"], second["code"] = second["code"], first["code"]


def one_says_what_another_does(resources: Resources) -> None:
    found = {
        name: [
            held["definitionByTypeAndValue"]
            for one in _of(resources, "EvidenceVariable")
            for held in one["characteristic"]
            if held.get("id") == name
        ]
        for name in ("claimed_by", "recommended_by")
    }
    first, second = (found[name][0]["valueCodeableConcept"] for name in found)
    for held in found["claimed_by"]:
        held["valueCodeableConcept"] = second
    for held in found["recommended_by"]:
        held["valueCodeableConcept"] = first


def form_of_the_subject_lost(resources: Resources) -> None:
    products = {one["code"]["text"]: one for one in _of(resources, "Medication") if "definition" not in one}
    references = {made["id"]: made for made in _of(resources, "Medication")}
    for one in _of(resources, "ClinicalUseDefinition"):
        [subject] = one["subject"]
        given = references[subject["reference"].removeprefix("urn:uuid:")]
        subject["reference"] = f"urn:uuid:{products[given['code']['text']]['id']}"


def a_claim_is_an_indication(resources: Resources) -> None:
    key = ("ClinicalUseDefinition", ("bone-metastasis", "indication", "zometa-osteoporosis"))
    made = copy_json(resources.by_key[key[0], ("bone-metastasis", "indication", "zometa-at-once")])
    made["id"] = resources.find_resource_id(*key)
    for mark in made["identifier"]:
        mark["value"] = "/".join(key[1])
    resources.by_key[key] = made


def routes_of_the_guidelines_lost(resources: Resources) -> None:
    for one in _of(resources, "MedicationKnowledge"):
        if "indicationGuideline" in one:
            del one["definitional"]["intendedRoute"][1:]


def every_standard_code_is_the_first(resources: Resources) -> None:
    first: Json = {}
    for held in _codings(list(resources.by_key.values())):
        if "bmkit" not in held["system"] and "hl7.org" not in held["system"]:
            first = first or dict(held)
            held.update(first)


def standard_codes_lost(resources: Resources) -> None:
    for made in resources.by_key.values():
        for held in _concepts(made):
            held["coding"] = held["coding"][:1]


def _codings(value: Any) -> Iterator[Json]:
    for held in _concepts(value):
        yield from held["coding"]


def _concepts(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if "coding" in value:
            yield value
        for part in value.values():
            yield from _concepts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _concepts(part)


def spans_of_the_next_fact(resources: Resources) -> None:
    for one in _of(resources, "Provenance"):
        marks = [held["what"]["identifier"] for held in one["entity"]]
        for held, mark in zip(one["entity"], [*marks[1:], marks[0]], strict=True):
            held["what"]["identifier"] = mark


def span_one_character_late(resources: Resources) -> None:
    for one in _of(resources, "Provenance"):
        for held in one["entity"]:
            mark = held["what"]["identifier"]
            article, where, digest = mark["value"].split(":")
            start, end = where.split("-")
            mark["value"] = f"{article}:{int(start) + 1}-{end}:{digest}"


def condition_excluded(resources: Resources) -> None:
    for one in _of(resources, "Group"):
        one["characteristic"][0]["exclude"] = True


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
    "guidelines_dropped": _each(
        "MedicationKnowledge", "", lambda made: made.pop("indicationGuideline", None)
    ),
    "one_guideline_dropped": _each(
        "MedicationKnowledge", "indicationGuideline", lambda held: held["dosingGuideline"].pop()
    ),
    "people_of_the_guideline_lost": _each(
        "MedicationKnowledge",
        "indicationGuideline.dosingGuideline",
        lambda held: held.pop("patientCharacteristic", None),
    ),
    "condition_of_the_guideline_lost": _each(
        "MedicationKnowledge", "indicationGuideline", lambda held: held.pop("indication", None)
    ),
    "people_of_another_guideline": _all_the_first(
        "MedicationKnowledge", "indicationGuideline.dosingGuideline", "patientCharacteristic"
    ),
    "condition_of_another_guideline": _all_the_first(
        "MedicationKnowledge", "indicationGuideline", "indication"
    ),
    "without_is_with": _each("Group", "characteristic", lambda held: held.update(exclude=False)),
    "before_is_after": _each(
        "PlanDefinition",
        "action.relatedAction",
        lambda held: (
            held.update(relationship="after-end") if held["relationship"] == "before-start" else None
        ),
    ),
    "interactant_of_another_food": _all_the_first("ClinicalUseDefinition", "interaction", "interactant"),
    "management_of_another_interaction": _all_the_first("ClinicalUseDefinition", "interaction", "management"),
    "condition_of_another_indication": _all_the_first(
        "ClinicalUseDefinition", "indication", "diseaseSymptomProcedure"
    ),
    "goal_of_another_indication": _all_the_first("ClinicalUseDefinition", "indication", "intendedEffect"),
    "effect_of_another_medicine": _all_the_first(
        "ClinicalUseDefinition", "undesirableEffect", "symptomConditionEffect"
    ),
    "frequency_of_another_effect": _all_the_first(
        "ClinicalUseDefinition", "undesirableEffect", "frequencyOfOccurrence"
    ),
    "subject_of_another_use": _all_the_first("ClinicalUseDefinition", "", "subject"),
    "population_of_another_use": _all_the_first("ClinicalUseDefinition", "", "population"),
    "another_ingredient": _all_the_first("Medication", "", "ingredient"),
    "another_ingredient_by_concept": _all_the_first("Medication", "ingredient.item", "concept"),
    "another_ingredient_by_reference": _all_the_first("Medication", "ingredient.item", "reference"),
    "another_form": _all_the_first("Medication", "", "doseForm"),
    "another_form_in_the_knowledge": _all_the_first("MedicationKnowledge", "definitional", "doseForm"),
    "another_route_in_the_knowledge": _all_the_first("MedicationKnowledge", "definitional", "intendedRoute"),
    "another_route": _all_the_first("ActivityDefinition", "dosage", "route"),
    "another_focus": _all_the_first("ActivityDefinition", "useContext", "valueCodeableConcept"),
    "another_activity": _all_the_first("ActivityDefinition", "", "code"),
    "another_topic": _all_the_first("ActivityDefinition", "", "topic"),
    "a_medicine_by_a_code": _each(
        "ActivityDefinition",
        "",
        lambda held: held.update(code=held["topic"][0]) if held["kind"] == "MedicationRequest" else None,
    ),
    "a_product_for_a_service": _each(
        "ActivityDefinition",
        "",
        lambda held: (
            held.update(productReference=held["relatedArtifact"][0]["resourceReference"])
            if held["kind"] == "ServiceRequest"
            else None
        ),
    ),
    "nothing_but_the_kind_is_told": _each(
        "ActivityDefinition",
        "",
        lambda held: held.update(code=held["topic"][0]) if held["kind"] == "CommunicationRequest" else None,
    ),
    "action_of_another_definition": _all_the_first("PlanDefinition", "action", "definitionCanonical"),
    "action_of_no_definition": _each(
        "PlanDefinition", "action", lambda held: held.pop("definitionCanonical", None)
    ),
    "a_proposal_is_planned": _each("ActivityDefinition", "", lambda held: held.update(intent="plan")),
    "an_order_instead_of_a_plan": _each("ActivityDefinition", "", lambda held: held.update(intent="order")),
    "a_dose_is_a_service": _each("ActivityDefinition", "", lambda held: held.update(kind="ServiceRequest")),
    "remark_on_another_fact": _all_the_first("ArtifactAssessment", "content", "relatedArtifact"),
    "remarks_lost": _each("ArtifactAssessment", "content", lambda held: held.pop("relatedArtifact", None)),
    "remark_of_another_sort": _all_the_first("ArtifactAssessment", "content", "classifier"),
    "provenance_of_other_resources": _all_the_first("Provenance", "", "target"),
    "another_analyte": _all_the_first("ObservationDefinition", "", "code"),
    "another_method": _all_the_first("ObservationDefinition", "", "method"),
    "endorsed_by_those_who_claim_it": _each("Evidence", "", _endorsed),
    "endorsed_by_those_who_recommend_it": _each("ActivityDefinition", "", _endorsed),
    "time_of_an_interaction_lost": _each("ClinicalUseDefinition", "interaction.management", _only_the_code),
    "cause_of_an_effect_lost": _each(
        "ClinicalUseDefinition", "undesirableEffect.symptomConditionEffect.concept", _only_the_code
    ),
    "timing_of_an_indication_lost": _each(
        "ClinicalUseDefinition", "indication", lambda held: held.pop("durationString", None)
    ),
    "words_of_the_article_lost": _each(
        "CodeSystem",
        "concept",
        lambda held: held.update(
            property=[one for one in held.get("property", ()) if one["code"] != "as-in-article"]
        ),
    ),
    "words_of_the_article_are_synonyms": _each("CodeSystem", "concept", _misread),
    "another_frequency": _all_the_first("Evidence", "statistic", "category"),
    "another_classification": _all_the_first(
        "MedicationKnowledge", "medicineClassification", "classification"
    ),
}


def planted(sound: Resources, fault: Callable[[Resources], None]) -> Resources:
    """The same resources with a fault in them; what was made without it stays as it is."""
    resources = copy(sound)
    # What several resources hold in common must not be changed in all of them.
    resources.by_key = {key: copy_json(made) for key, made in sound.by_key.items()}
    fault(resources)
    assert resources.by_key != sound.by_key, "the fault changes nothing"
    return resources


def copy_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: copy_json(part) for name, part in value.items()}
    return [copy_json(part) for part in value] if isinstance(value, list) else value


def another_uri(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(codeable.TERMINOLOGY_URLS, "ATC", "http://www.whocc.no/ATC")
