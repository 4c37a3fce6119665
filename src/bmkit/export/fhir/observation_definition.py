"""ObservationDefinition and ConditionDefinition: what a test can show, and the disease itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

_LABORATORY_CATEGORY = codeable.hl7("observation-category", "laboratory", "Laboratory")
_IMAGING_CATEGORY = codeable.hl7("observation-category", "imaging", "Imaging")


def add_lab_marker_definition(resources: Making, record: Record) -> None:
    """Make the definition of a laboratory value; a value set against another is a Ratio."""
    body: Json = {"category": [_LABORATORY_CATEGORY], "code": resources.concept(record, "analyte")}
    body["permittedDataType"] = ["Quantity" if record["relative_to"] is None else "Ratio"]
    _add_observation_definition(resources, record, body)


def add_appearance_definition(resources: Making, record: Record) -> None:
    """Make the definition of what a lesion looks like on an image."""
    body: Json = {
        "category": [_IMAGING_CATEGORY],
        "code": codeable.named(resources.base, record.kind.name, record.kind.title),
        "permittedDataType": ["CodeableConcept"],
        "method": resources.concept(record, "procedure"),
    }
    if (site := resources.concept(record, "site")) is not None:
        body["bodySite"] = site
    _add_observation_definition(resources, record, body)


def _add_observation_definition(resources: Making, record: Record, body: Json) -> None:
    definition = resources.define(
        "ObservationDefinition", resources.path(record), resources.say(record), body, record
    )
    # This type alone has a single identifier, and no list of related artifacts.
    definition["identifier"] = definition["identifier"][0]
    definition.pop("relatedArtifact", None)


def add_condition_definition(resources: Making) -> None:
    """Make the ConditionDefinition of what the article is about, with the features it describes."""
    term = resources.subject()
    if term is None:
        return
    features: list[Json] = []
    for record in resources.content.list_records("clinical-feature"):
        feature = {
            "category": resources.concept(record, "role"),
            "code": resources.concept(record, "condition"),
        }
        if feature not in features:
            features.append(feature)
    plan_references = [
        {"role": {"text": "diagnosis"}, "reference": resources.ref("PlanDefinition", path, resource["title"])}
        for (resource_type, path), resource in resources.resources.items()
        if resource_type == "PlanDefinition" and path[1] == "procedure-step"
    ]
    body: Json = {
        "code": codeable.concept(resources.base, term),
        "observation": features,
        "plan": plan_references,
    }
    resources.define(
        "ConditionDefinition",
        (resources.article.folder, term.kind.name, term.id),
        term["label"],
        {element_name: element for element_name, element in body.items() if element},
        says=[
            term["label"],
            *(f"{feature['category']['text']}: {feature['code']['text']}" for feature in features),
        ],
    )
