"""R4B: the same resources in the older release; what it lacks is left out or goes into another element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.datatypes import append_paragraphs, build_narrative, build_quantity, build_ratio
from bmkit.export.fhir.ids import parse_target_id
from bmkit.wording import format_comparator, format_number, format_quantity, format_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import ResourceKey, Resources

# Types that R4B does not have: their content is in the narrative of the Composition.
MISSING_TYPES = frozenset({"ConditionDefinition", "ArtifactAssessment"})
# Elements that R4B does not have, and has no other place for.
LOST_ELEMENTS: dict[str, tuple[str, ...]] = {
    "Evidence": ("name", "experimental"),
    "EvidenceVariable": ("experimental",),
    "Group": ("description",),
    "Medication": ("definition",),
    "Provenance": ("activity",),
    "MedicationKnowledge": ("identifier", "clinicalUseIssue"),
    "ObservationDefinition": (
        "url", "version", "name", "title", "status", "experimental", "date", "publisher",
        "contact", "bodySite",
    ),
    "Composition": ("version",),
    "Substance": ("instance",),
}  # fmt: skip


def to_r4b(resources: Resources) -> None:
    """Replace all resources by those of R4B."""
    url_by_id = {resource["id"]: resource.get("url", "") for resource in resources.by_key.values()}
    missing_ids = {
        resource["id"]
        for (resource_type, _), resource in resources.by_key.items()
        if resource_type in MISSING_TYPES
    }
    converted: dict[ResourceKey, Json] = {}
    for (resource_type, path), resource in resources.by_key.items():
        if resource_type in MISSING_TYPES:
            continue
        converted_resource = {
            element_name: element
            for element_name, element in resource.items()
            if element_name not in LOST_ELEMENTS.get(resource_type, ())
        }
        converted_resource = _replace_artifact_references(
            _drop_missing_references(converted_resource, missing_ids), url_by_id
        )
        converted[resource_type, path] = (
            CONVERTER_BY_TYPE[resource_type](converted_resource)
            if resource_type in CONVERTER_BY_TYPE
            else converted_resource
        )
    resources.by_key = converted
    for fact_key, resource_keys in resources.keys_by_fact.items():
        resources.keys_by_fact[fact_key] = [
            resource_key for resource_key in resource_keys if resource_key in converted
        ]


def _replace_artifact_references(value: Any, url_by_id: dict[str, str]) -> Any:
    """Replace the reference of each RelatedArtifact by a canonical URL."""
    if isinstance(value, list):
        return [_replace_artifact_references(element, url_by_id) for element in value]
    if not isinstance(value, dict):
        return value
    converted = {
        element_name: _replace_artifact_references(element, url_by_id)
        for element_name, element in value.items()
    }
    if "resourceReference" in converted:
        converted["resource"] = url_by_id[parse_target_id(converted.pop("resourceReference")["reference"])]
    return converted


def _drop_missing_references(value: Any, missing_ids: set[str]) -> Any:
    """Remove references to types that R4B does not have, and lists and sections that are then empty."""
    if isinstance(value, dict):
        converted = {
            element_name: _drop_missing_references(element, missing_ids)
            for element_name, element in value.items()
        }
        # A fact without a source had only its notes here.
        return {
            element_name: element
            for element_name, element in converted.items()
            if element_name != "relatedArtifact" or element
        }
    if isinstance(value, list):
        present_elements = [element for element in value if not _refers_to_missing(element, missing_ids)]
        converted_elements = [_drop_missing_references(element, missing_ids) for element in present_elements]
        return [
            element
            for element in converted_elements
            if not (isinstance(element, dict) and element.get("entry") == [])
        ]
    return value


def _refers_to_missing(value: Any, missing_ids: set[str]) -> bool:
    if not isinstance(value, dict):
        return False
    reference_element = value.get("resourceReference", value)
    return (
        isinstance(reference_element, dict)
        and parse_target_id(str(reference_element.get("reference", ""))) in missing_ids
    )


def _convert_group(group: Json) -> Json:
    return {
        **{element_name: element for element_name, element in group.items() if element_name != "membership"},
        "actual": False,
    }


def _convert_ingredient(ingredient: Json) -> Json:
    converted: Json = {"itemReference": ingredient["item"]["reference"]}
    if "strengthQuantity" in ingredient:
        converted["strength"] = build_ratio(ingredient["strengthQuantity"], build_quantity(1, "1"))
    return converted


def _iter_worded_strengths(ingredients: list[Json]) -> Iterator[tuple[str, str]]:
    """Name and strength of the ingredients with a strength in words, for which R4B has no element."""
    for ingredient in ingredients:
        if "strengthCodeableConcept" in ingredient:
            yield (
                f"Strength of {ingredient['item']['concept']['text']}",
                ingredient["strengthCodeableConcept"]["text"],
            )


def _convert_medication(medication: Json) -> Json:
    medication = {
        ("form" if element_name == "doseForm" else element_name): element
        for element_name, element in medication.items()
    }
    if "ingredient" in medication:
        strength_texts = [
            f"{strength_name}: {text}"
            for strength_name, text in _iter_worded_strengths(medication["ingredient"])
        ]
        medication["text"] = append_paragraphs(medication["text"], strength_texts)
        medication["ingredient"] = [
            _convert_ingredient(ingredient) for ingredient in medication["ingredient"]
        ]
    return medication


def _convert_substance(substance: Json) -> Json:
    return {**substance, "code": substance["code"]["concept"]}


def _convert_dosage(dosage: Json) -> Json:
    """R4B has one maximum in a period: others, and that it is given as needed, go elsewhere."""
    converted = {
        ("asNeededBoolean" if element_name == "asNeeded" else element_name): element
        for element_name, element in dosage.items()
    }
    if "maxDosePerPeriod" in converted:
        first_ratio, *other_ratios = converted["maxDosePerPeriod"]
        converted["maxDosePerPeriod"] = first_ratio
        if other_ratios:
            converted["additionalInstruction"] = [
                *converted.get("additionalInstruction", ()),
                *({"text": f"at most {_format_ratio(ratio)}"} for ratio in other_ratios),
            ]
    return converted


def _format_ratio(ratio: Json) -> str:
    numerator, denominator = ratio["numerator"], ratio["denominator"]
    return (
        f"{format_number(numerator['value'])} {numerator['unit']} in "
        f"{format_number(denominator['value'])} {denominator['unit']}"
    )


def _convert_activity_definition(activity_definition: Json) -> Json:
    return (
        {
            **activity_definition,
            "dosage": [_convert_dosage(dosage) for dosage in activity_definition["dosage"]],
        }
        if "dosage" in activity_definition
        else activity_definition
    )


def _convert_plan_definition(plan_definition: Json) -> Json:
    return {**plan_definition, "action": [_convert_action(action) for action in plan_definition["action"]]}


def _convert_action(plan_action: Json) -> Json:
    action = {
        element_name: element for element_name, element in plan_action.items() if element_name != "linkId"
    }
    if "code" in action:
        action["code"] = [action["code"]]
    if "relatedAction" in action:
        action["relatedAction"] = [
            {
                ("actionId" if element_name == "targetId" else element_name): element
                for element_name, element in related_action.items()
            }
            for related_action in action["relatedAction"]
        ]
    if "action" in action:
        action["action"] = [_convert_action(part) for part in action["action"]]
    return action


def _convert_medication_knowledge(knowledge: Json) -> Json:
    moved_elements = ("name", "definitional", "indicationGuideline", "storageGuideline")
    converted = {
        element_name: element
        for element_name, element in knowledge.items()
        if element_name not in moved_elements
    }
    if len(knowledge["name"]) > 1:
        converted["synonym"] = knowledge["name"][1:]
    definitional = dict(knowledge.get("definitional", {}))
    if "ingredient" in definitional:
        strength_characteristics = [
            {"type": {"text": strength_name}, "valueString": text}
            for strength_name, text in _iter_worded_strengths(definitional["ingredient"])
        ]
        if strength_characteristics:
            definitional["drugCharacteristic"] = [
                *definitional.get("drugCharacteristic", []),
                *strength_characteristics,
            ]
        definitional["ingredient"] = [
            _convert_ingredient(ingredient) for ingredient in definitional["ingredient"]
        ]
    converted.update(definitional)
    guidelines = [
        _convert_dosing_guideline(guideline, dosing_guideline)
        for guideline in knowledge.get("indicationGuideline", ())
        for dosing_guideline in guideline["dosingGuideline"]
    ]
    if guidelines:
        converted["administrationGuidelines"] = guidelines
    storage_characteristics = [
        characteristic
        for guideline in knowledge.get("storageGuideline", ())
        for characteristic in _convert_storage_guideline(guideline)
    ]
    if storage_characteristics:
        converted["drugCharacteristic"] = [*converted.get("drugCharacteristic", []), *storage_characteristics]
    return converted


def _convert_dosing_guideline(indication_guideline: Json, dosing_guideline: Json) -> Json:
    dosage = [
        {**dosage_group, "dosage": [_convert_dosage(inner_dosage) for inner_dosage in dosage_group["dosage"]]}
        for dosage_group in dosing_guideline["dosage"]
    ]
    converted: Json = {"id": dosing_guideline["id"], "dosage": dosage}
    for indication in indication_guideline.get("indication", ()):
        converted["indicationCodeableConcept"] = indication["concept"]
    patient_characteristics = [
        {
            "characteristicCodeableConcept": characteristic["type"],
            "value": [_format_characteristic_value(characteristic)],
        }
        for characteristic in dosing_guideline.get("patientCharacteristic", ())
    ]
    return {
        **converted,
        **({"patientCharacteristics": patient_characteristics} if patient_characteristics else {}),
    }


def _format_characteristic_value(characteristic: Json) -> str:
    """The value of a characteristic of patients, which is words in R4B."""
    if "valueCodeableConcept" in characteristic:
        return str(characteristic["valueCodeableConcept"]["text"])
    if "valueRange" in characteristic:
        low, high = (characteristic["valueRange"][end] for end in ("low", "high"))
        amount, unit = {"low": low["value"], "high": high["value"]}, high["unit"]
    else:
        quantity = characteristic["valueQuantity"]
        amount = {name: quantity[name] for name in ("value", "comparator") if name in quantity}
        unit = quantity["unit"]
    # The unit for people says what is counted.
    return f"{format_quantity({**amount, 'unit': '1'})} {unit}"


def _convert_storage_guideline(storage_guideline: Json) -> list[Json]:
    characteristics: list[Json] = [
        {
            "id": storage_guideline["id"],
            "type": {"text": "storage"},
            "valueString": ". ".join(note["text"].rstrip(".") for note in storage_guideline["note"]),
        },
        _build_amount_characteristic(
            f"{storage_guideline['id']}.time", {"text": "stability"}, storage_guideline["stabilityDuration"]
        ),
    ]
    for environmental_setting in storage_guideline.get("environmentalSetting", ()):
        setting_name = environmental_setting["type"]["coding"][0]["code"].rpartition(".")[2]
        characteristic_id = f"{storage_guideline['id']}.{setting_name}"
        range_element = environmental_setting.get("valueRange", {})
        # A characteristic is no Range here: its two ends are bounds.
        characteristics += [
            _build_amount_characteristic(
                f"{characteristic_id}.{end}",
                environmental_setting["type"],
                {**range_element[end], "comparator": comparator},
            )
            for end, comparator in (("low", ">="), ("high", "<="))
            if end in range_element
        ]
        if "valueQuantity" in environmental_setting:
            characteristics.append(
                _build_amount_characteristic(
                    characteristic_id, environmental_setting["type"], environmental_setting["valueQuantity"]
                )
            )
        elif not range_element:
            characteristics.append({**environmental_setting, "id": characteristic_id})
    return characteristics


def _build_amount_characteristic(element_id: str, type_concept: Json, amount_element: Json) -> Json:
    """An amount as characteristic; no comparator is allowed there, so it goes into the name of the type."""
    comparator_text = format_comparator(amount_element.get("comparator", ""))
    return {
        "id": element_id,
        "type": {**type_concept, "text": f"{type_concept['text']}, {comparator_text}"}
        if comparator_text
        else type_concept,
        "valueQuantity": {
            element_name: element
            for element_name, element in amount_element.items()
            if element_name != "comparator"
        },
    }


def _convert_observation_definition(observation_definition: Json) -> Json:
    converted = {**observation_definition, "identifier": [observation_definition["identifier"]]}
    units = [
        {"coding": [coding], "text": format_unit(coding["code"]) or coding["code"]}
        for coding in converted.pop("permittedUnit", ())
    ]
    if units:
        converted["quantitativeDetails"] = {
            ("unit" if index == 0 else "customaryUnit"): unit for index, unit in enumerate(units[:2])
        }
    intervals = [
        {
            ("category" if element_name == "rangeCategory" else element_name): element
            for element_name, element in qualified_value.items()
        }
        for qualified_value in converted.pop("qualifiedValue", ())
    ]
    return {**converted, **({"qualifiedInterval": intervals} if intervals else {})}


def _convert_composition(composition: Json) -> Json:
    return {**composition, "identifier": composition["identifier"][0]}


def _convert_device(device: Json) -> Json:
    device_names = [
        {"name": name_element["value"], "type": name_element["type"]} for name_element in device["name"]
    ]
    converted = {element_name: element for element_name, element in device.items() if element_name != "name"}
    return {**converted, "deviceName": device_names, "type": device["type"][0]}


def convert_evidence_variable(evidence_variable: Json) -> Json:
    """The variable in R4B: a number is in a contained Group, alternatives are in a contained variable."""
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
    elif "definitionExpression" in characteristic:
        # R4B asks for the language of programs of an expression, and this one is for people.
        converted["definitionCodeableConcept"] = {"text": characteristic["description"]}
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


CONVERTER_BY_TYPE: dict[str, Callable[[Json], Json]] = {
    "EvidenceVariable": convert_evidence_variable,
    "Group": _convert_group,
    "Medication": _convert_medication,
    "MedicationKnowledge": _convert_medication_knowledge,
    "Substance": _convert_substance,
    "ActivityDefinition": _convert_activity_definition,
    "PlanDefinition": _convert_plan_definition,
    "ObservationDefinition": _convert_observation_definition,
    "Composition": _convert_composition,
    "Device": _convert_device,
}
