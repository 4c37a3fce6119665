"""R4B: the same resources in the older release, with what it lacks left out or said where it has a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.datatypes import quantity, ratio
from bmkit.export.fhir.ids import target_id
from bmkit.export.fhir.narrative import extended
from bmkit.export.fhir.r4b.variable import variable
from bmkit.wording import format_comparator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Key, Making

# Types that R4B does not have: what they say is in the Composition's narrative.
MISSING = frozenset({"ConditionDefinition", "ArtifactAssessment"})
# Elements of a type that R4B does not have and that nothing takes the place of.
LOST: dict[str, tuple[str, ...]] = {
    "Evidence": ("name", "experimental"),
    "EvidenceVariable": ("experimental",),
    "Medication": ("definition",),
    "MedicationKnowledge": ("identifier", "clinicalUseIssue"),
    "ObservationDefinition": (
        "url", "version", "name", "title", "status", "experimental", "date", "publisher", "bodySite",
    ),
    "Composition": ("version",),
    "Substance": ("instance",),
}  # fmt: skip


def lower(making: Making) -> None:
    """Turn all resources of `making` into those of R4B."""
    urls = {made["id"]: made.get("url", "") for made in making.resources.values()}
    gone = {made["id"] for (kind, _), made in making.resources.items() if kind in MISSING}
    lowered: dict[Key, Json] = {}
    for (kind, path), made in making.resources.items():
        if kind in MISSING:
            continue
        shown = {name: part for name, part in made.items() if name not in LOST.get(kind, ())}
        shown = _artifacts(_without(shown, gone), urls)
        lowered[kind, path] = CHANGES[kind](shown) if kind in CHANGES else shown
    making.resources = lowered
    for fact, keys in making.stating.items():
        making.stating[fact] = [key for key in keys if key in lowered]


def _artifacts(value: Any, urls: dict[str, str]) -> Any:
    """Say by canonical URL what a RelatedArtifact of R5 says by reference."""
    if isinstance(value, list):
        return [_artifacts(part, urls) for part in value]
    if not isinstance(value, dict):
        return value
    made = {name: _artifacts(part, urls) for name, part in value.items()}
    if "resourceReference" in made:
        made["resource"] = urls[target_id(made.pop("resourceReference")["reference"])]
    return made


def _without(value: Any, gone: set[str]) -> Any:
    """Leave out references to what R4B does not have, and the lists and sections that then say nothing."""
    if isinstance(value, dict):
        made = {name: _without(part, gone) for name, part in value.items()}
        # A fact without a source had nothing but its notes here.
        return {name: part for name, part in made.items() if name != "relatedArtifact" or part}
    if isinstance(value, list):
        kept = [part for part in value if not _refers(part, gone)]
        parts = [_without(part, gone) for part in kept]
        return [part for part in parts if not (isinstance(part, dict) and part.get("entry") == [])]
    return value


def _refers(value: Any, gone: set[str]) -> bool:
    if not isinstance(value, dict):
        return False
    named = value.get("resourceReference", value)
    return isinstance(named, dict) and target_id(str(named.get("reference", ""))) in gone


def _group(made: Json) -> Json:
    return {**{name: part for name, part in made.items() if name != "membership"}, "actual": False}


def _ingredient(one: Json) -> Json:
    made: Json = {"itemReference": one["item"]["reference"]}
    if "strengthQuantity" in one:
        made["strength"] = ratio(one["strengthQuantity"], quantity(1, "1"))
    return made


def _strengths(parts: list[Json]) -> Iterator[tuple[str, str]]:
    """Of the ingredients whose strength is only words, for which there is no element here: name and words."""
    for one in parts:
        if "strengthCodeableConcept" in one:
            yield f"Strength of {one['item']['concept']['text']}", one["strengthCodeableConcept"]["text"]


def _medication(made: Json) -> Json:
    made = {("form" if name == "doseForm" else name): part for name, part in made.items()}
    if "ingredient" in made:
        said = [f"{name}: {text}" for name, text in _strengths(made["ingredient"])]
        made["text"] = extended(made["text"], said)
        made["ingredient"] = [_ingredient(one) for one in made["ingredient"]]
    return made


def _substance(made: Json) -> Json:
    return {**made, "code": made["code"]["concept"]}


def _dosage(one: Json) -> Json:
    made = dict(one)
    if "maxDosePerPeriod" in made:
        made["maxDosePerPeriod"] = made["maxDosePerPeriod"][0]
    return made


def _activity(made: Json) -> Json:
    return {**made, "dosage": [_dosage(one) for one in made["dosage"]]} if "dosage" in made else made


def _plan(made: Json) -> Json:
    actions = []
    for one in made["action"]:
        action = {name: part for name, part in one.items() if name != "linkId"}
        if "code" in action:
            action["code"] = [action["code"]]
        if "relatedAction" in action:
            action["relatedAction"] = [
                {("actionId" if name == "targetId" else name): part for name, part in related.items()}
                for related in action["relatedAction"]
            ]
        actions.append(action)
    return {**made, "action": actions}


def _knowledge(made: Json) -> Json:
    moved = ("name", "definitional", "indicationGuideline", "storageGuideline")
    shown = {name: part for name, part in made.items() if name not in moved}
    if len(made["name"]) > 1:
        shown["synonym"] = made["name"][1:]
    parts = dict(made.get("definitional", {}))
    if "ingredient" in parts:
        strong = [
            {"type": {"text": name}, "valueString": text} for name, text in _strengths(parts["ingredient"])
        ]
        if strong:
            parts["drugCharacteristic"] = [*parts.get("drugCharacteristic", []), *strong]
        parts["ingredient"] = [_ingredient(one) for one in parts["ingredient"]]
    shown.update(parts)
    guidelines = [
        _guideline(guideline, one)
        for guideline in made.get("indicationGuideline", ())
        for one in guideline["dosingGuideline"]
    ]
    if guidelines:
        shown["administrationGuidelines"] = guidelines
    stored = [one for guideline in made.get("storageGuideline", ()) for one in _storage(guideline)]
    if stored:
        shown["drugCharacteristic"] = [*shown.get("drugCharacteristic", []), *stored]
    return shown


def _guideline(above: Json, one: Json) -> Json:
    dosage = [{**part, "dosage": [_dosage(each) for each in part["dosage"]]} for part in one["dosage"]]
    made: Json = {"id": one["id"], "dosage": dosage}
    for indication in above.get("indication", ()):
        made["indicationCodeableConcept"] = indication["concept"]
    people = [
        {"characteristicCodeableConcept": part["type"], "value": [part["valueCodeableConcept"]["text"]]}
        for part in one.get("patientCharacteristic", ())
    ]
    return {**made, **({"patientCharacteristics": people} if people else {})}


def _storage(one: Json) -> list[Json]:
    made: list[Json] = [
        {
            "id": one["id"],
            "type": {"text": "storage"},
            "valueString": ". ".join(note["text"].rstrip(".") for note in one["note"]),
        },
        _amount(f"{one['id']}.time", {"text": "stability"}, one["stabilityDuration"]),
    ]
    for setting in one.get("environmentalSetting", ()):
        name = f"{one['id']}.{setting['type']['coding'][0]['code'].rpartition('.')[2]}"
        ends = setting.get("valueRange", {})
        # A characteristic is no Range here: its two ends are bounds.
        made += [
            _amount(f"{name}.{end}", setting["type"], {**ends[end], "comparator": comparator})
            for end, comparator in (("low", ">="), ("high", "<="))
            if end in ends
        ]
        if "valueQuantity" in setting:
            made.append(_amount(name, setting["type"], setting["valueQuantity"]))
        elif not ends:
            made.append({**setting, "id": name})
    return made


def _amount(name: str, kind: Json, held: Json) -> Json:
    """A characteristic that is an amount: no comparator is allowed there, so the name of its type says it."""
    bound = format_comparator(held.get("comparator", ""))
    return {
        "id": name,
        "type": {**kind, "text": f"{kind['text']}, {bound}"} if bound else kind,
        "valueQuantity": {key: part for key, part in held.items() if key != "comparator"},
    }


def _observation(made: Json) -> Json:
    return {**made, "identifier": [made["identifier"]]}


def _composition(made: Json) -> Json:
    return {**made, "identifier": made["identifier"][0]}


def _device(made: Json) -> Json:
    names = [{"name": one["value"], "type": one["type"]} for one in made["name"]]
    shown = {name: part for name, part in made.items() if name != "name"}
    return {**shown, "deviceName": names, "type": made["type"][0]}


CHANGES: dict[str, Callable[[Json], Json]] = {
    "EvidenceVariable": variable,
    "Group": _group,
    "Medication": _medication,
    "MedicationKnowledge": _knowledge,
    "Substance": _substance,
    "ActivityDefinition": _activity,
    "PlanDefinition": _plan,
    "ObservationDefinition": _observation,
    "Composition": _composition,
    "Device": _device,
}
