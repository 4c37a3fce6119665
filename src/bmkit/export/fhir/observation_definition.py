"""ObservationDefinition and ConditionDefinition: laboratory values, images, and the disease."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import find_unplaced_fields
from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.datatypes import UCUM, to_range
from bmkit.export.fhir.ids import get_label, make_record_path
from bmkit.export.fhir.patients import build_interval_people
from bmkit.export.fhir.plan_definition import PROCEDURE_PLAN
from bmkit.ucum.names import to_uncounted_code

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_LABORATORY_CATEGORY = build_hl7_concept("observation-category", "laboratory", "Laboratory")
_IMAGING_CATEGORY = build_hl7_concept("observation-category", "imaging", "Imaging")


def add_marker_definition(resources: Resources, record: Record) -> None:
    """Add the definition of a laboratory value; a value relative to another is a Ratio."""
    body = {
        "category": [_LABORATORY_CATEGORY],
        "code": resources.terms.build_concept(record, "analyte")
        or resources.terms.build_kind_concept(record.kind),
        "permittedDataType": ["Quantity" if record.find_value("relative-to") is None else "Ratio"],
    }
    _add_observation_definition(resources, record, body)


def add_interval_definition(resources: Resources, record: Record) -> None:
    """Add the definition of a laboratory value with the range that is usual, and for whom it is.

    The same range in another unit is a second one.
    """
    terms = resources.terms
    people = build_interval_people(terms, record)
    fields = find_unplaced_fields(record, {"analyte", "population"})
    amounts = [record[field.name] for field in fields if field.type == "quantity"]
    conditions = [
        f"{field.title.lower()}: {terms.format_field_value(record, field)}"
        for field in fields
        if field.type != "quantity" and field.part in ("exposure", "time", "")
    ]
    condition = {"condition": "; ".join(conditions)} if conditions else {}
    body: Json = {
        "category": [_LABORATORY_CATEGORY],
        "code": terms.build_concept(record, "analyte") or terms.build_kind_concept(record.kind),
        "permittedDataType": ["Quantity"],
        "permittedUnit": [
            {"system": UCUM, "code": unit}
            for unit in dict.fromkeys(to_uncounted_code(amount["unit"]) for amount in amounts)
        ],
        "qualifiedValue": [
            {**people, **condition, "rangeCategory": "reference", "range": to_range(amount)}
            for amount in amounts
        ],
    }
    _add_observation_definition(resources, record, body)


def add_appearance_definition(resources: Resources, record: Record) -> None:
    """Add the definition of the appearance of a lesion on an image."""
    body: Json = {
        "category": [_IMAGING_CATEGORY],
        "code": resources.terms.build_kind_concept(record.kind),
        "permittedDataType": ["CodeableConcept"],
        "method": resources.terms.build_concept(record, "procedure"),
        "bodySite": resources.terms.build_concept(record, "site"),
    }
    _add_observation_definition(resources, record, body)


def _add_observation_definition(resources: Resources, record: Record, body: Json) -> None:
    definition = resources.add_definition(
        "ObservationDefinition",
        make_record_path(record),
        resources.terms.describe_record(record),
        body,
        record,
    )
    # This type alone has a single identifier, and no list of related artifacts.
    definition["identifier"] = definition["identifier"][0]
    definition.pop("relatedArtifact", None)


def add_condition_definition(resources: Resources) -> None:
    """Add the ConditionDefinition of the subject of the article, with its clinical features."""
    term = resources.find_subject()
    if term is None:
        return
    features: list[Json] = []
    for record in resources.terms.list_records("clinical-feature"):
        feature = {
            "category": resources.terms.build_concept(record, "category"),
            "code": resources.terms.build_concept(record, "condition"),
        }
        if all(feature.values()) and feature not in features:
            features.append(feature)
    plan_references = [
        {
            "role": {"text": "diagnosis"},
            "reference": resources.refer_to("PlanDefinition", path, resource["title"]),
        }
        for (resource_type, path), resource in resources.by_key.items()
        if resource_type == "PlanDefinition" and path[-1] == PROCEDURE_PLAN
    ]
    body: Json = {
        "code": resources.terms.build_term_concept(term),
        "observation": features,
        "plan": plan_references,
    }
    resources.add_definition(
        "ConditionDefinition",
        (resources.article.folder, term.kind.name, term.id),
        get_label(term),
        body,
        paragraphs=[
            get_label(term),
            *(f"{feature['category']['text']}: {feature['code']['text']}" for feature in features),
        ],
    )
