"""The check of our own: a broken resource of each sort is told, by the rule that is about it."""

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
    "incidence": "incidence/incidence-breast-cancer",
    "dosing": "dosing/zometa-4-mg",
    "use": "interaction/bonefos-milk",
    "medicine": "product-presentation/zometa-vial-4-mg",
    "plan": "procedure-step/bone-scintigraphy/plan",
}


def of(document: Json, kind: str, name: str) -> Json:
    """The resource of a type whose first identifier ends so."""
    for entry in document["entry"]:
        made = entry["resource"]
        marks = made.get("identifier")
        if made["resourceType"] == kind and isinstance(marks, list) and marks[0]["value"].endswith(name):
            found: Json = made
            return found
    raise KeyError(name)


def evidence(document: Json) -> Json:
    return of(document, "Evidence", FACTS["incidence"])


def repeat(document: Json) -> Json:
    found: Json = of(document, "ActivityDefinition", FACTS["dosing"])["dosage"][0]["timing"]["repeat"]
    return found


def plan(document: Json) -> Json:
    return of(document, "PlanDefinition", FACTS["plan"])


def span(document: Json) -> Json:
    found: Json = evidence(document)["statistic"][0]["attributeEstimate"][0]["range"]
    return found


def statistic(document: Json) -> Json:
    found: Json = evidence(document)["statistic"][0]["statisticType"]["coding"][0]
    return found


def amount(document: Json) -> Json:
    dosage = of(document, "ActivityDefinition", FACTS["dosing"])["dosage"][0]
    found: Json = dosage["doseAndRate"][0]["doseQuantity"]
    return found


def at_most(document: Json) -> None:
    known = of(document, "MedicationKnowledge", FACTS["medicine"])
    week = {"value": 1, "comparator": "<=", "unit": "week", "code": "wk"}
    kept = {
        "type": {"text": "stability"},
        "valueQuantity": {**week, "system": "http://unitsofmeasure.org"},
    }
    known.setdefault("definitional", {}).setdefault("drugCharacteristic", []).append(kept)


BREAKS: dict[str, tuple[str, Callable[[Json], Any]]] = {
    "an unknown element": ("fhir.resources", lambda one: evidence(one).update(colour="red")),
    "a status that is no status": ("required-code", lambda one: evidence(one).update(status="drft")),
    "a unit of time that is none": ("required-code", lambda one: repeat(one).update(periodUnit="weeks")),
    "an element that is missing": ("fhir.resources", lambda one: evidence(one).pop("variableDefinition")),
    "a type that there is not": (
        "fhir.resources",
        lambda one: evidence(one).update(resourceType="Evidences"),
    ),
    "a name with a blank": ("cnl-0", lambda one: evidence(one).update(name="Incidence of breast")),
    "a URL with a bar": ("cnl-1", lambda one: evidence(one).update(url="https://bmkit.invalid/a|b")),
    "no narrative": ("dom-6", lambda one: evidence(one).pop("text")),
    "a narrative that says nothing": (
        "txt-2",
        lambda one: evidence(one)["text"].update(
            div='<div xmlns="http://www.w3.org/1999/xhtml" lang="en"> </div>'
        ),
    ),
    "a narrative that is not XHTML": ("txt-1", lambda one: evidence(one)["text"].update(div="<p>")),
    "a narrative in no language": (
        "language",
        lambda one: evidence(one)["text"].update(div=f"{DIV}x</div>"),
    ),
    "a duration without unit": ("tim-1", lambda one: repeat(one).pop("durationUnit")),
    "a period without unit": ("tim-2", lambda one: repeat(one).pop("periodUnit")),
    "a longest period without a shortest": ("tim-6", lambda one: repeat(one).pop("period")),
    "periods swapped": ("period-order", lambda one: repeat(one).update(period=5)),
    "both a day-time and a meal-time": (
        "tim-10",
        lambda one: repeat(one).update(when=["MORN"], timeOfDay=["08:00:00"]),
    ),
    "a use of two sorts": (
        "cud-1",
        lambda one: of(one, "ClinicalUseDefinition", FACTS["use"]).update(warning={"description": "x"}),
    ),
    "an action that is not there": (
        "pld-4",
        lambda one: of(one, "PlanDefinition", FACTS["plan"])["action"][0]["relatedAction"][0].update(
            targetId="x"
        ),
    ),
    "a range with its ends swapped": (
        "rng-2",
        lambda one: span(one).update(low=span(one)["high"], high=span(one)["low"]),
    ),
    "a range of two units": ("rng-2", lambda one: span(one)["low"].update(code="1")),
    "a comparator in a range": ("sqty-1", lambda one: span(one)["low"].update(comparator="<")),
    "a number without a code": ("ucum", lambda one: span(one)["low"].pop("code")),
    "a number without a unit": ("unit", lambda one: span(one)["low"].pop("unit")),
    "a unit that UCUM does not have": ("ucum", lambda one: span(one)["low"].update(code="mgs", unit="mgs")),
    "a unit by another name": ("unit", lambda one: amount(one).update(unit="bananas")),
    "an amount of one by the name of many": (
        "unit",
        lambda one: amount(one).update(value=1, code="wk", unit="weeks"),
    ),
    "a code that HL7 does not have": ("hl7-code", lambda one: statistic(one).update(code="XYZ")),
    "a code of HL7 by another name": ("hl7-code", lambda one: statistic(one).update(display="Mean")),
    "a list that HL7 does not have": (
        "hl7-code",
        lambda one: statistic(one).update(system="http://terminology.hl7.org/CodeSystem/statistics"),
    ),
    "a permitted unit that UCUM does not have": (
        "ucum",
        lambda one: evidence(one)["statistic"][0]["statisticType"]["coding"].append(
            {"system": "http://unitsofmeasure.org", "code": "percent"}
        ),
    ),
    "a concept without text": (
        "text",
        lambda one: evidence(one)["variableDefinition"][0]["variableRole"].pop("text"),
    ),
    "a bound where only a number may stand": ("sqty-1", at_most),
    "an empty list": ("empty", lambda one: evidence(one).update(note=[])),
    "a reference to nothing": (
        "reference",
        lambda one: evidence(one)["variableDefinition"][0]["observed"].update(reference="urn:uuid:x"),
    ),
    "a reference that calls its target another type": (
        "reference",
        lambda one: evidence(one)["variableDefinition"][0]["observed"].update(type="EvidenceVariable"),
    ),
    "a fullUrl of another id": ("full-url", lambda one: evidence(one).update(id="x")),
    "a code of ours that there is not": (
        "code",
        lambda one: of(one, "ActivityDefinition", FACTS["dosing"])["topic"][0]["coding"][0].update(code="x"),
    ),
    "a code of ours by another name": (
        "code",
        lambda one: of(one, "ActivityDefinition", FACTS["dosing"])["topic"][0]["coding"][0].update(
            display="x"
        ),
    ),
    "a code system that counts wrongly": (
        "count",
        lambda one: of(one, "CodeSystem", "terms/site").update(count=1),
    ),
    "a document that begins elsewhere": ("bdl-11", lambda one: one["entry"].reverse()),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_resource_is_told(small: Json, what: str) -> None:
    rule, broken = BREAKS[what]
    document = copy_json(small)
    broken(document)
    assert rule in {fault.rule for fault in find_faults(document, "R5")}, what


def test_a_good_one_is_not(small: Json) -> None:
    assert list(find_faults(small, "R5")) == []


@pytest.fixture(scope="module")
def small(r5: Resources) -> Json:
    """The document with only the resources that are broken here, and what they refer to."""
    document = build_bundle(r5, "document")
    kept: dict[str, Json] = {}
    first = {key: part for key, part in document["entry"][0]["resource"].items() if key != "section"}
    todo = [evidence(document), plan(document), of(document, "ActivityDefinition", FACTS["dosing"])]
    todo.append(of(document, "ClinicalUseDefinition", FACTS["use"]))
    todo.append(of(document, "MedicationKnowledge", FACTS["medicine"]))
    todo += [
        one["resource"]
        for one in document["entry"]
        if one["resource"]["resourceType"] in ("CodeSystem", "ValueSet", "Device")
    ]
    by_url = {entry["fullUrl"]: entry["resource"] for entry in document["entry"]}
    while todo:
        one = todo.pop()
        if one["id"] not in kept:
            kept[one["id"]] = one
            todo += [by_url[url] for url in _references(one)]
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in (first, *kept.values())]
    return {**document, "entry": entries}


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [one for part in value for one in _references(part)]
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for part in value.values() for one in _references(part)]
    return []
