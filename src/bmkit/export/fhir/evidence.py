"""Evidence: population, exposure, outcome and statistics of a fact, by the roles of its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import (
    build_characteristics,
    build_kind_characteristic,
    build_subject_characteristic,
    find_unplaced_fields,
    refer_to_group,
    refer_to_variable,
)
from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.datatypes import build_quantity, build_range
from bmkit.export.fhir.evidence_roles import STATISTIC_TYPES, EvidenceRoles
from bmkit.export.fhir.ids import make_record_path
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.characteristics import Characteristic
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_RANGE_ESTIMATE_TYPE = build_hl7_concept("attribute-estimate-type", "C38013", "Range")
_VARIABLE_ROLE_DISPLAYS = {
    "population": "population",
    "exposure": "exposure",
    "referenceExposure": "reference exposure",
    "measuredVariable": "measured variable",
}


def add_evidence(resources: Resources, record: Record, roles: EvidenceRoles) -> None:
    """Add the Evidence of a fact, with its Group and EvidenceVariables."""
    body: Json = {
        "assertion": record[roles.assertion_field]
        if roles.assertion_field
        else resources.terms.describe_record(record)
    }
    body["variableDefinition"] = list(_build_variable_definitions(resources, record, roles))
    statistics = list(_build_statistics(resources, record, roles))
    if statistics:
        body["statistic"] = statistics
    resources.add_definition(
        "Evidence", make_record_path(record), resources.terms.describe_record(record), body, record
    )


def _build_variable_definitions(resources: Resources, record: Record, roles: EvidenceRoles) -> Iterator[Json]:
    characteristics_by_role: list[tuple[str, Sequence[Characteristic]]] = [
        ("population", build_characteristics(resources.terms, record, roles.population)),
        ("exposure", build_characteristics(resources.terms, record, roles.exposure)),
        ("referenceExposure", build_characteristics(resources.terms, record, roles.reference_exposure)),
        (
            "measuredVariable",
            build_characteristics(
                resources.terms,
                record,
                [*roles.measured_variable, *find_unplaced_fields(record, {*roles.iter_fields()})],
            ),
        ),
    ]
    is_empty = not any(characteristics for _, characteristics in characteristics_by_role)
    for role, role_characteristics in characteristics_by_role:
        is_measured = role == "measuredVariable"
        # An Evidence needs a variable: without another it is the subject of the article.
        needs_subject = roles.subject_role == role or (is_empty and is_measured)
        all_characteristics = [
            *(
                [build_kind_characteristic(resources.terms, record)]
                if roles.measures_kind and is_measured
                else ()
            ),
            *role_characteristics,
            *([build_subject_characteristic(resources)] if needs_subject else ()),
        ]
        if all_characteristics:
            path = make_record_path(record, role)
            observed_reference = (
                refer_to_group(resources, all_characteristics, path)
                if role == "population"
                else refer_to_variable(resources, all_characteristics, path)
            )
            yield {
                "id": role,
                "variableRole": build_hl7_concept("variable-role", role, _VARIABLE_ROLE_DISPLAYS[role]),
                "observed": observed_reference,
            }


def _build_statistics(resources: Resources, record: Record, roles: EvidenceRoles) -> Iterator[Json]:
    for field_name in roles.result:
        field = record.kind.get_field(field_name)
        if (category := resources.terms.build_concept(record, field_name)) is not None:
            value_text = format_value(record[field_name], field, resources.content, record)
            yield {
                "id": field_name,
                "description": f"{field.title}: {value_text}",
                "statisticType": build_hl7_concept("statistic-type", *STATISTIC_TYPES["descriptive"]),
                "category": category,
            }
    for field_name, statistic in roles.number_statistics:
        if record[field_name] is not None:
            yield _build_number_statistic(resources, record, field_name, statistic)


def _build_number_statistic(resources: Resources, record: Record, field_name: str, statistic: str) -> Json:
    field = record.kind.get_field(field_name)
    amount = record[field_name]
    stated_type = None if statistic in STATISTIC_TYPES else resources.terms.build_concept(record, statistic)
    if stated_type is not None:  # the record itself says in a field what the number is
        statistic = record[statistic]
    known_type = build_hl7_concept(
        "statistic-type", *STATISTIC_TYPES.get(statistic, STATISTIC_TYPES["descriptive"])
    )
    suffix = f" ({stated_type['text']})" if stated_type is not None else ""
    statistic_element: Json = {
        "id": field_name,
        # "about" is in the words, because FHIR has no comparator for it.
        "description": f"{field.title}: {format_value(amount, field, resources.content, record)}{suffix}",
        "statisticType": known_type
        if stated_type is None
        else {**stated_type, "coding": [*known_type["coding"], *stated_type["coding"]]},
    }
    if field.type != "quantity":
        return {
            **statistic_element,
            "quantity": build_quantity(amount, "1", counted_unit=field.title.lower()),
        }
    if "value" in amount:
        comparator = amount.get("comparator", "")
        return {
            **statistic_element,
            "quantity": build_quantity(amount["value"], amount["unit"], comparator, field.title.lower()),
        }
    return {
        **statistic_element,
        "attributeEstimate": [
            {"type": _RANGE_ESTIMATE_TYPE, "range": build_range(amount, field.title.lower())}
        ],
    }
