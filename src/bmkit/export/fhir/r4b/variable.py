"""EvidenceVariable in R4B, where a characteristic is a concept, or whatever another resource says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.narrative import build_narrative

if TYPE_CHECKING:
    from bmkit.export.fhir.ids import Json


def convert_evidence_variable(evidence_variable: Json) -> Json:
    """The same variable: a Group within it holds a number, a variable within it what is one or another."""
    contained: list[Json] = []
    characteristics = [
        _convert_characteristic(evidence_variable, characteristic, contained)
        for characteristic in evidence_variable["characteristic"]
    ]
    return {
        **evidence_variable,
        **({"contained": contained} if contained else {}),
        "characteristic": characteristics,
    }


def _convert_characteristic(evidence_variable: Json, characteristic: Json, contained: list[Json]) -> Json:
    converted: Json = {
        element_name: characteristic[element_name]
        for element_name in ("id", "description")
        if element_name in characteristic
    }
    typed_value = characteristic.get("definitionByTypeAndValue")
    if "definitionByCombination" in characteristic:
        alternatives = [
            _convert_characteristic(evidence_variable, alternative, contained)
            for alternative in characteristic["definitionByCombination"]["characteristic"]
        ]
        contained_body = {
            "status": evidence_variable["status"],
            "characteristicCombination": "union",
            "characteristic": alternatives,
        }
        converted["definitionReference"] = _add_contained(
            evidence_variable, "EvidenceVariable", characteristic, contained_body, contained
        )
    elif typed_value is None:
        converted["definitionCodeableConcept"] = characteristic["definitionCodeableConcept"]
    elif "valueCodeableConcept" in typed_value:
        converted["definitionCodeableConcept"] = typed_value["valueCodeableConcept"]
    else:
        value_element = {
            element_key: element for element_key, element in typed_value.items() if element_key != "type"
        }
        group_characteristic = {"code": typed_value["type"], **value_element, "exclude": False}
        contained_body = {"type": "person", "actual": False, "characteristic": [group_characteristic]}
        converted["definitionReference"] = _add_contained(
            evidence_variable, "Group", characteristic, contained_body, contained
        )
    return {**converted, "exclude": characteristic["exclude"]}


def _add_contained(
    evidence_variable: Json, resource_type: str, characteristic: Json, body: Json, contained: list[Json]
) -> Json:
    contained_id = f"{'g' if resource_type == 'Group' else 'v'}{len(contained) + 1}"
    narrative_element = build_narrative(evidence_variable["language"], [characteristic["description"]])
    header_elements = {
        "resourceType": resource_type,
        "id": contained_id,
        "language": evidence_variable["language"],
        "text": narrative_element,
    }
    contained.append({**header_elements, **body})
    return {"reference": f"#{contained_id}"}
