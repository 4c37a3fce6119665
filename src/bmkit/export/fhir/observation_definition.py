"""ObservationDefinition and ConditionDefinition: what a test can show, and the disease itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

_LABORATORY = codeable.hl7("observation-category", "laboratory", "Laboratory")
_IMAGING = codeable.hl7("observation-category", "imaging", "Imaging")


def lab_marker(making: Making, record: Record) -> None:
    """Make the definition of a laboratory value; a value set against another is a Ratio."""
    body: Json = {"category": [_LABORATORY], "code": making.concept(record, "analyte")}
    body["permittedDataType"] = ["Quantity" if record["relative_to"] is None else "Ratio"]
    _observation(making, record, body)


def appearance(making: Making, record: Record) -> None:
    """Make the definition of what a lesion looks like on an image."""
    body: Json = {
        "category": [_IMAGING],
        "code": codeable.named(making.base, record.kind.name, record.kind.title),
        "permittedDataType": ["CodeableConcept"],
        "method": making.concept(record, "procedure"),
    }
    if (site := making.concept(record, "site")) is not None:
        body["bodySite"] = site
    _observation(making, record, body)


def _observation(making: Making, record: Record, body: Json) -> None:
    made = making.define("ObservationDefinition", making.path(record), making.say(record), body, record)
    # This type alone has a single identifier, and no list of related artifacts.
    made["identifier"] = made["identifier"][0]
    made.pop("relatedArtifact", None)


def condition(making: Making) -> None:
    """Make the ConditionDefinition of what the article is about, with the features it describes."""
    term = making.subject()
    if term is None:
        return
    features: list[Json] = []
    for record in making.content.list_records("clinical-feature"):
        one = {"category": making.concept(record, "role"), "code": making.concept(record, "condition")}
        if one not in features:
            features.append(one)
    plans = [
        {"role": {"text": "diagnosis"}, "reference": making.ref("PlanDefinition", path, made["title"])}
        for (kind, path), made in making.resources.items()
        if kind == "PlanDefinition" and path[1] == "procedure-step"
    ]
    body: Json = {"code": codeable.concept(making.base, term), "observation": features, "plan": plans}
    making.define(
        "ConditionDefinition",
        (making.article.folder, term.kind.name, term.id),
        term["label"],
        {key: value for key, value in body.items() if value},
        says=[term["label"], *(f"{one['category']['text']}: {one['code']['text']}" for one in features)],
    )
