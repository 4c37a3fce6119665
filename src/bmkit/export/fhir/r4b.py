"""R4B: the same resources in the older release; what it lacks is left out or goes into another element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.datatypes import append_paragraphs, build_narrative, build_quantity, build_ratio
from bmkit.export.fhir.ids import drop_empty, parse_target_id
from bmkit.wording import format_comparator, format_number, format_quantity, format_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

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
    "MedicationKnowledge": ("identifier", "clinicalUseIssue"),
    "ObservationDefinition": (
        "url", "version", "name", "title", "status", "experimental", "date", "publisher",
        "contact", "bodySite",
    ),
    "Composition": ("version",),
    "NamingSystem": ("identifier", "url", "version", "title", "experimental", "relatedArtifact"),
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
        converted_resource = _drop_missing_references(
            _rename(resource, lost=LOST_ELEMENTS.get(resource_type, ())), missing_ids
        )
        convert = CONVERTER_BY_TYPE.get(resource_type, dict)
        converted[resource_type, path] = convert(_replace_artifact_references(converted_resource, url_by_id))
    resources.by_key = converted
    for fact_key, resource_keys in resources.keys_by_fact.items():
        resources.keys_by_fact[fact_key] = [
            resource_key for resource_key in resource_keys if resource_key in converted
        ]


def _rename(elements: Json, *, lost: Collection[str] = (), **new_names: str) -> Json:
    """The elements under new names, in the same order, and without the lost ones."""
    return {new_names.get(name, name): element for name, element in elements.items() if name not in lost}


def _replace_artifact_references(value: Any, url_by_id: dict[str, str]) -> Any:
    """Replace the reference of each RelatedArtifact by a canonical URL."""
    if isinstance(value, list):
        return [_replace_artifact_references(element, url_by_id) for element in value]
    if not isinstance(value, dict):
        return value
    converted = {name: _replace_artifact_references(element, url_by_id) for name, element in value.items()}
    if "resourceReference" in converted:
        converted["resource"] = url_by_id[parse_target_id(converted.pop("resourceReference")["reference"])]
    return converted


def _drop_missing_references(value: Any, missing_ids: set[str]) -> Any:
    """Remove references to types that R4B does not have, and lists and sections that are then empty."""
    if isinstance(value, dict):
        converted = {name: _drop_missing_references(element, missing_ids) for name, element in value.items()}
        # A fact without a source had only its notes here.
        return _rename(converted, lost=() if converted.get("relatedArtifact") else ("relatedArtifact",))
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
    return {**_rename(group, lost=("membership",)), "actual": False}


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
    medication = _rename(medication, doseForm="form")
    if "ingredient" in medication:
        strengths = _iter_worded_strengths(medication["ingredient"])
        medication["text"] = append_paragraphs(medication["text"], map(": ".join, strengths))
        medication["ingredient"] = [*map(_convert_ingredient, medication["ingredient"])]
    return medication


def _convert_dosage(dosage: Json) -> Json:
    """R4B has one maximum in a period: others, and that it is given as needed, go elsewhere."""
    converted = _rename(dosage, asNeeded="asNeededBoolean")
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
    dosages = [_convert_dosage(dosage) for dosage in activity_definition.get("dosage", ())]
    return {**activity_definition, "dosage": dosages} if dosages else activity_definition


def _convert_action(plan_action: Json) -> Json:
    action = _rename(plan_action, lost=("linkId",))
    if "code" in action:
        action["code"] = [action["code"]]
    if "relatedAction" in action:
        action["relatedAction"] = [
            _rename(related, targetId="actionId") for related in action["relatedAction"]
        ]
    if "action" in action:
        action["action"] = [_convert_action(part) for part in action["action"]]
    return action


def _convert_medication_knowledge(knowledge: Json) -> Json:
    converted = _rename(knowledge, lost=("name", "definitional", "indicationGuideline", "storageGuideline"))
    converted["synonym"] = knowledge["name"][1:]
    converted.update(knowledge.get("definitional", {}))
    ingredients = converted.get("ingredient", [])
    strengths = _iter_worded_strengths(ingredients)
    converted["ingredient"] = [*map(_convert_ingredient, ingredients)]
    converted["drugCharacteristic"] = [
        *converted.get("drugCharacteristic", ()),
        *({"type": {"text": strength_name}, "valueString": text} for strength_name, text in strengths),
    ]
    converted["administrationGuidelines"] = [
        _convert_dosing_guideline(guideline, dosing_guideline)
        for guideline in knowledge.get("indicationGuideline", ())
        for dosing_guideline in guideline["dosingGuideline"]
    ]
    converted["drugCharacteristic"] += [
        characteristic
        for guideline in knowledge.get("storageGuideline", ())
        for characteristic in _convert_storage_guideline(guideline)
    ]
    return drop_empty(converted)


def _convert_dosing_guideline(indication_guideline: Json, dosing_guideline: Json) -> Json:
    dosage = [
        {**dosage_group, "dosage": [*map(_convert_dosage, dosage_group["dosage"])]}
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
    return drop_empty({**converted, "patientCharacteristics": patient_characteristics})


def _format_characteristic_value(characteristic: Json) -> str:
    """The value of a characteristic of patients, which is words in R4B."""
    if "valueCodeableConcept" in characteristic:
        return str(characteristic["valueCodeableConcept"]["text"])
    if "valueRange" in characteristic:
        low, high = (characteristic["valueRange"][end] for end in ("low", "high"))
        amount, unit = {"low": low["value"], "high": high["value"]}, high["unit"]
    elif "valueBoolean" in characteristic:
        return "yes" if characteristic["valueBoolean"] else "no"
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
    ]
    if (stability := storage_guideline.get("stabilityDuration")) is not None:
        stability_id = f"{storage_guideline['id']}.time"
        characteristics.append(_build_amount_characteristic(stability_id, {"text": "stability"}, stability))
    occurrences: dict[str, int] = {}
    for environmental_setting in storage_guideline.get("environmentalSetting", ()):
        setting_name = environmental_setting["type"]["coding"][0]["code"].rpartition(".")[2]
        occurrence = occurrences[setting_name] = occurrences.get(setting_name, 0) + 1
        suffix = "" if occurrence == 1 else f".{occurrence}"
        characteristic_id = f"{storage_guideline['id']}.{setting_name}{suffix}"
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
            **_rename(amount_element, lost=("comparator",)),
            # The ends of a Range share the words of its upper end.
            "unit": format_unit(amount_element["code"], is_singular=amount_element["value"] == 1)
            or amount_element["unit"],
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
        _rename(qualified_value, rangeCategory="category")
        for qualified_value in converted.pop("qualifiedValue", ())
    ]
    return drop_empty({**converted, "qualifiedInterval": intervals})


def _convert_device(device: Json) -> Json:
    device_names = [
        {"name": name_element["value"], "type": name_element["type"]} for name_element in device["name"]
    ]
    return {**_rename(device, lost=("name",)), "deviceName": device_names, "type": device["type"][0]}


def convert_evidence_variable(evidence_variable: Json) -> Json:
    """The variable in R4B: a number is in a contained Group, alternatives are in a contained variable."""
    contained: list[Json] = []
    characteristics = [
        _convert_characteristic(evidence_variable, characteristic, contained)
        for characteristic in evidence_variable["characteristic"]
    ]
    return drop_empty({**evidence_variable, "contained": contained, "characteristic": characteristics})


def _convert_characteristic(evidence_variable: Json, characteristic: Json, contained: list[Json]) -> Json:
    converted: Json = {name: characteristic[name] for name in ("id", "description") if name in characteristic}
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
        group_characteristic = {**_rename(typed_value, type="code"), "exclude": False}
        contained_body = {"type": "person", "actual": False, "characteristic": [group_characteristic]}
        converted["definitionReference"] = _add_contained(
            evidence_variable, "Group", characteristic, contained_body, contained
        )
    return {**converted, "exclude": characteristic["exclude"]}


def _add_contained(
    evidence_variable: Json, resource_type: str, characteristic: Json, body: Json, contained: list[Json]
) -> Json:
    contained_id = f"{'g' if resource_type == 'Group' else 'v'}{len(contained) + 1}"
    language = evidence_variable["language"]
    text = build_narrative(language, [characteristic["description"]])
    head = {"resourceType": resource_type, "id": contained_id, "language": language, "text": text}
    contained.append({**head, **body})
    return {"reference": f"#{contained_id}"}


CONVERTER_BY_TYPE: dict[str, Callable[[Json], Json]] = {
    "EvidenceVariable": convert_evidence_variable,
    "Group": _convert_group,
    "Medication": _convert_medication,
    "MedicationKnowledge": _convert_medication_knowledge,
    "Substance": lambda substance: {**substance, "code": substance["code"]["concept"]},
    "ActivityDefinition": _convert_activity_definition,
    "PlanDefinition": lambda plan: {**plan, "action": [*map(_convert_action, plan["action"])]},
    "ObservationDefinition": _convert_observation_definition,
    "Composition": lambda composition: {**composition, "identifier": composition["identifier"][0]},
    "Device": _convert_device,
}
