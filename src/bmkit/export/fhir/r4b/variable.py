"""EvidenceVariable in R4B, where a characteristic is a concept, or whatever another resource says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.narrative import narrative

if TYPE_CHECKING:
    from bmkit.export.fhir.ids import Json


def variable(made: Json) -> Json:
    """The same variable: a Group within it holds a number, a variable within it what is one or another."""
    contained: list[Json] = []
    found = [_characteristic(made, one, contained) for one in made["characteristic"]]
    return {**made, **({"contained": contained} if contained else {}), "characteristic": found}


def _characteristic(made: Json, one: Json, contained: list[Json]) -> Json:
    shown: Json = {name: one[name] for name in ("id", "description") if name in one}
    held = one.get("definitionByTypeAndValue")
    if "definitionByCombination" in one:
        parts = [
            _characteristic(made, part, contained)
            for part in one["definitionByCombination"]["characteristic"]
        ]
        inner = {"status": made["status"], "characteristicCombination": "union", "characteristic": parts}
        shown["definitionReference"] = _within(made, "EvidenceVariable", one, inner, contained)
    elif held is None:
        shown["definitionCodeableConcept"] = one["definitionCodeableConcept"]
    elif "valueCodeableConcept" in held:
        shown["definitionCodeableConcept"] = held["valueCodeableConcept"]
    else:
        value = {key: part for key, part in held.items() if key != "type"}
        trait = {"code": held["type"], **value, "exclude": False}
        inner = {"type": "person", "actual": False, "characteristic": [trait]}
        shown["definitionReference"] = _within(made, "Group", one, inner, contained)
    return {**shown, "exclude": one["exclude"]}


def _within(made: Json, kind: str, one: Json, body: Json, contained: list[Json]) -> Json:
    name = f"{'g' if kind == 'Group' else 'v'}{len(contained) + 1}"
    said = narrative(made["language"], [one["description"]])
    head = {"resourceType": kind, "id": name, "language": made["language"], "text": said}
    contained.append({**head, **body})
    return {"reference": f"#{name}"}
