"""Where the value of a field is coded: in an element that is about that field, not somewhere near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import evaluate, find_record_id, iter_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.schema import Field

    from .reading import BundleReader, Json

_PATHS: dict[str, dict[str, str]] = {
    "ActivityDefinition": {
        "product": "productReference | useContext.valueCodeableConcept",
        "population": "subjectReference",
        "activity": "code",
        "treatment": "code",
        "sites": "bodySite",
        "route": "dosage.route",
        "manner": "dosage.method",
        "condition": "useContext.valueCodeableConcept",
        "aimed_at": "useContext.valueCodeableConcept",
        "titration": "dosage.additionalInstruction",
        "meal": "dosage.additionalInstruction",
        "start_after": "dosage.additionalInstruction",
    },
    "PlanDefinition": {
        "procedure": "topic",
        "step": "action.code",
        "product": "action.code",
        "treatment": "action.code",
        "with_treatment": "action.code",
    },
    "Medication": {"product": "code", "form": "doseForm", "substance": "ingredient.item.concept"},
    "MedicationKnowledge": {
        "product": "associatedMedication",
        "form": "definitional.doseForm",
        "route": "definitional.intendedRoute",
        "substance": "definitional.ingredient.item.concept",
    },
}


def find_uncoded_fields(reader: BundleReader, record: Record) -> list[str]:
    """The fields of a fact whose value is coded nowhere that is about the field."""
    record_name = f"{record.folder}/{record.kind.name}/{record.id}"
    resources = reader.resources_by_name.get(record_name, [])
    uncoded_fields: list[str] = []
    for field in record.kind.fields:
        value = record[field.name]
        if (
            value is None
            or field.name in ("id", "notes", "source")
            or field.type not in ("reference", "text")
            or field.is_free_text
        ):
            continue
        codes = {
            code for resource in resources for code in _iter_field_codes(reader, resource, record, field)
        }
        values = value if isinstance(value, list) else [value]
        uncoded_fields += [field.name for item in values if str(item) not in codes]
    return uncoded_fields


def _iter_field_codes(reader: BundleReader, resource: Json, record: Record, field: Field) -> Iterator[str]:
    path = _PATHS.get(resource["resourceType"], {}).get(field.name)
    if path is not None:
        yield from reader.list_terms(resource, path)
    if resource["resourceType"] == "Evidence":
        yield from reader.list_terms(resource, f"statistic.where(id = '{field.name}').category")
        if field.name == "statistic":
            yield from reader.list_terms(resource, "statistic.statisticType")
        for variable in reader.follow_references(resource, "variableDefinition.observed"):
            yield from _iter_variable_codes(variable, record, field)
            # Of alternatives a Group says no more than where they are.
            for alternatives in reader.follow_references(variable, "characteristic.value"):
                yield from _iter_variable_codes(alternatives, record, field)
    if resource["resourceType"] == "MedicationKnowledge":
        own = f"where(id = '{record.kind.name}.{record.id}')"
        code = f"type.coding.code = '{record.kind.name}.{field.name}'"
        yield from reader.list_terms(resource, f"definitional.drugCharacteristic.where({code}).value")
        for element in evaluate(
            resource,
            f"storageGuideline.{own}.environmentalSetting.where({code}) | medicineClassification.{own}",
        ):
            yield from iter_codes(element)
    for variable in reader.list_dependencies(resource):
        yield from _iter_variable_codes(variable, record, field)


def _iter_variable_codes(resource: Json, record: Record, field: Field) -> Iterator[str]:
    """What a variable or a Group has under the id or the code of a field; one term alone is that term."""
    for characteristic in resource.get("characteristic", ()):
        code = f"{record.kind.name}.{field.name}"
        characteristic_type = characteristic.get("definitionByTypeAndValue", {}).get(
            "type", characteristic.get("code", {})
        )
        has_field_id = characteristic.get("id", "").partition(".")[0] == field.name
        if has_field_id or code in evaluate(characteristic_type, "coding.code"):
            yield from iter_codes(characteristic)
        if resource["resourceType"] == "Group" and not characteristic["exclude"]:
            # A population of the reference list says with its own fields who is meant.
            yield from (
                coding["code"]
                for coding in characteristic.get("valueCodeableConcept", {}).get("coding", ())
                if field.type == "reference" and coding["system"].endswith(f"/CodeSystem/{field.target_kind}")
            )
    if (
        field.type == "reference"
        and evaluate(resource, "identifier.value")[0]
        == f"terms/{field.target_kind}/{find_record_id(resource)}"
    ):
        yield find_record_id(resource)
