"""The check finds each sort of broken resource, by the rule for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bmkit.export.fhir.bundle import build_bundle

from .checks import find_faults
from .meanings import copy_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">'
FACTS = {
    "incidence": "result/incidence-breast-cancer",
    "regimen": "regimen/zometa-4-mg",
    "use": "caution/bonefos-milk",
    "medicine": "presentation/zometa-vial-4-mg",
    "plan": "procedure-step/bone-scintigraphy/plan",
}


def find_by_identifier(document: Json, resource_type: str, name: str) -> Json:
    """The resource of a type whose first identifier ends so."""
    for entry in document["entry"]:
        resource: Json = entry["resource"]
        identifiers = resource.get("identifier")
        if (
            resource["resourceType"] == resource_type
            and isinstance(identifiers, list)
            and identifiers[0]["value"].endswith(name)
        ):
            return resource
    raise KeyError(name)


def get_evidence(document: Json) -> Json:
    return find_by_identifier(document, "Evidence", FACTS["incidence"])


def get_repeat(document: Json) -> Json:
    element: Json = find_by_identifier(document, "ActivityDefinition", FACTS["regimen"])["dosage"][0][
        "timing"
    ]["repeat"]
    return element


def get_plan(document: Json) -> Json:
    return find_by_identifier(document, "PlanDefinition", FACTS["plan"])


def get_range(document: Json) -> Json:
    element: Json = get_evidence(document)["statistic"][0]["attributeEstimate"][0]["range"]
    return element


def get_statistic_type(document: Json) -> Json:
    coding: Json = get_evidence(document)["statistic"][0]["statisticType"]["coding"][0]
    return coding


def get_dose_quantity(document: Json) -> Json:
    dosage = find_by_identifier(document, "ActivityDefinition", FACTS["regimen"])["dosage"][0]
    quantity: Json = dosage["doseAndRate"][0]["doseQuantity"]
    return quantity


def add_bounded_characteristic(document: Json) -> None:
    knowledge = find_by_identifier(document, "MedicationKnowledge", FACTS["medicine"])
    week = {"value": 1, "comparator": "<=", "unit": "week", "code": "wk"}
    characteristic = {
        "type": {"text": "stability"},
        "valueQuantity": {**week, "system": "http://unitsofmeasure.org"},
    }
    knowledge.setdefault("definitional", {}).setdefault("drugCharacteristic", []).append(characteristic)


BREAKS: dict[str, tuple[str, Callable[[Json], Any]]] = {
    "an unknown element": ("fhir.resources", lambda document: get_evidence(document).update(colour="red")),
    "a status that is no status": (
        "required-code",
        lambda document: get_evidence(document).update(status="drft"),
    ),
    "a unit of time that is none": (
        "required-code",
        lambda document: get_repeat(document).update(periodUnit="weeks"),
    ),
    "an element that is missing": (
        "fhir.resources",
        lambda document: get_evidence(document).pop("variableDefinition"),
    ),
    "a type that there is not": (
        "fhir.resources",
        lambda document: get_evidence(document).update(resourceType="Evidences"),
    ),
    "a name with a blank": (
        "cnl-0",
        lambda document: get_evidence(document).update(name="Incidence of breast"),
    ),
    "a URL with a bar": (
        "cnl-1",
        lambda document: get_evidence(document).update(url="https://bmkit.invalid/a|b"),
    ),
    "no narrative": ("dom-6", lambda document: get_evidence(document).pop("text")),
    "a narrative that says nothing": (
        "txt-2",
        lambda document: get_evidence(document)["text"].update(
            div='<div xmlns="http://www.w3.org/1999/xhtml" lang="en"> </div>'
        ),
    ),
    "a narrative that is not XHTML": (
        "txt-1",
        lambda document: get_evidence(document)["text"].update(div="<p>"),
    ),
    "a narrative in no language": (
        "language",
        lambda document: get_evidence(document)["text"].update(div=f"{DIV}x</div>"),
    ),
    "a duration without unit": ("tim-1", lambda document: get_repeat(document).pop("durationUnit")),
    "a period without unit": ("tim-2", lambda document: get_repeat(document).pop("periodUnit")),
    "a longest period without a shortest": ("tim-6", lambda document: get_repeat(document).pop("period")),
    "periods swapped": ("period-order", lambda document: get_repeat(document).update(period=5)),
    "both a day-time and a meal-time": (
        "tim-10",
        lambda document: get_repeat(document).update(when=["MORN"], timeOfDay=["08:00:00"]),
    ),
    "a use of two sorts": (
        "cud-1",
        lambda document: find_by_identifier(document, "ClinicalUseDefinition", FACTS["use"]).update(
            warning={"description": "x"}
        ),
    ),
    "an action that is not there": (
        "pld-4",
        lambda document: find_by_identifier(document, "PlanDefinition", FACTS["plan"])["action"][0][
            "relatedAction"
        ][0].update(targetId="x"),
    ),
    "a range with its ends swapped": (
        "rng-2",
        lambda document: get_range(document).update(
            low=get_range(document)["high"], high=get_range(document)["low"]
        ),
    ),
    "a range of two units": ("rng-2", lambda document: get_range(document)["low"].update(code="1")),
    "a comparator in a range": ("sqty-1", lambda document: get_range(document)["low"].update(comparator="<")),
    "a number without a code": ("ucum", lambda document: get_range(document)["low"].pop("code")),
    "a number without a unit": ("unit", lambda document: get_range(document)["low"].pop("unit")),
    "a unit that UCUM does not have": (
        "ucum",
        lambda document: get_range(document)["low"].update(code="mgs", unit="mgs"),
    ),
    "a unit by another name": ("unit", lambda document: get_dose_quantity(document).update(unit="bananas")),
    "an amount of one by the name of many": (
        "unit",
        lambda document: get_dose_quantity(document).update(value=1, code="wk", unit="weeks"),
    ),
    "a code that HL7 does not have": (
        "hl7-code",
        lambda document: get_statistic_type(document).update(code="XYZ"),
    ),
    "a code of HL7 by another name": (
        "hl7-code",
        lambda document: get_statistic_type(document).update(display="Mean"),
    ),
    "a list that HL7 does not have": (
        "hl7-code",
        lambda document: get_statistic_type(document).update(
            system="http://terminology.hl7.org/CodeSystem/statistics"
        ),
    ),
    "a permitted unit that UCUM does not have": (
        "ucum",
        lambda document: get_evidence(document)["statistic"][0]["statisticType"]["coding"].append(
            {"system": "http://unitsofmeasure.org", "code": "percent"}
        ),
    ),
    "a concept without text": (
        "text",
        lambda document: get_evidence(document)["variableDefinition"][0]["variableRole"].pop("text"),
    ),
    "a bound where only a number may stand": ("sqty-1", add_bounded_characteristic),
    "an empty list": ("empty", lambda document: get_evidence(document).update(note=[])),
    "a reference to nothing": (
        "reference",
        lambda document: get_evidence(document)["variableDefinition"][0]["observed"].update(
            reference="urn:uuid:x"
        ),
    ),
    "a reference that calls its target another type": (
        "reference",
        lambda document: get_evidence(document)["variableDefinition"][0]["observed"].update(
            type="EvidenceVariable"
        ),
    ),
    "a fullUrl of another id": ("full-url", lambda document: get_evidence(document).update(id="x")),
    "a code of ours that there is not": (
        "code",
        lambda document: find_by_identifier(document, "ActivityDefinition", FACTS["regimen"])["topic"][0][
            "coding"
        ][0].update(code="x"),
    ),
    "a code of ours by another name": (
        "code",
        lambda document: find_by_identifier(document, "ActivityDefinition", FACTS["regimen"])["topic"][0][
            "coding"
        ][0].update(display="x"),
    ),
    "a code system that counts wrongly": (
        "count",
        lambda document: find_by_identifier(document, "CodeSystem", "terms/site").update(count=1),
    ),
    "a document that begins elsewhere": ("bdl-11", lambda document: document["entry"].reverse()),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_resource_is_told(small_document: Json, what: str) -> None:
    rule, broken = BREAKS[what]
    document = copy_json(small_document)
    broken(document)
    assert rule in {fault.rule for fault in find_faults(document, "R5")}, what


def test_a_good_one_is_not(small_document: Json) -> None:
    assert list(find_faults(small_document, "R5")) == []


@pytest.fixture(scope="module")
def small_document(r5: Resources) -> Json:
    """The document with only the resources that are broken here, and what they refer to."""
    document = build_bundle(r5, "document")
    picked: dict[str, Json] = {}
    first = {key: part for key, part in document["entry"][0]["resource"].items() if key != "section"}
    todo = [
        get_evidence(document),
        get_plan(document),
        find_by_identifier(document, "ActivityDefinition", FACTS["regimen"]),
    ]
    todo.append(find_by_identifier(document, "ClinicalUseDefinition", FACTS["use"]))
    todo.append(find_by_identifier(document, "MedicationKnowledge", FACTS["medicine"]))
    todo += [
        entry["resource"]
        for entry in document["entry"]
        if entry["resource"]["resourceType"] in ("CodeSystem", "ValueSet", "Device")
    ]
    by_url = {entry["fullUrl"]: entry["resource"] for entry in document["entry"]}
    while todo:
        resource = todo.pop()
        if resource["id"] not in picked:
            picked[resource["id"]] = resource
            todo += [by_url[url] for url in _list_references(resource)]
    entries = [
        {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
        for resource in (first, *picked.values())
    ]
    return {**document, "entry": entries}


def _list_references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [reference for part in value for reference in _list_references(part)]
    if isinstance(value, dict):
        own_references = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own_references + [reference for part in value.values() for reference in _list_references(part)]
    return []
