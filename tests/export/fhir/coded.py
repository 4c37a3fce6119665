"""Where the value of a field is coded: in an element that is about that field, not somewhere near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import ask, codes_in, last

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.schema import Field

    from .reading import Json, Reading

_PATHS: dict[str, dict[str, str]] = {
    "ActivityDefinition": {
        "product": "productReference | useContext.valueCodeableConcept",
        "population": "subjectReference",
        "activity": "code",
        "treatment": "code",
        "sites": "bodySite",
        "route": "dosage.route",
        "condition": "useContext.valueCodeableConcept",
        "aimed_at": "useContext.valueCodeableConcept",
        "titration": "dosage.additionalInstruction",
        "meal_relation": "dosage.additionalInstruction",
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


def uncoded(reading: Reading, record: Record) -> list[str]:
    """The fields of a fact whose value is coded nowhere that is about the field."""
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    made = reading.about.get(own, [])
    missing: list[str] = []
    for field in record.kind.fields:
        value = record[field.name]
        if (
            value is None
            or field.name in ("id", "notes", "source")
            or field.type not in ("reference", "text")
        ):
            continue
        told = {code for one in made for code in _codes(reading, one, record, field)}
        values = value if isinstance(value, list) else [value]
        missing += [field.name for one in values if str(one) not in told]
    return missing


def _codes(reading: Reading, made: Json, record: Record, field: Field) -> Iterator[str]:
    path = _PATHS.get(made["resourceType"], {}).get(field.name)
    if path is not None:
        yield from reading.named(made, path)
    if made["resourceType"] == "Evidence":
        yield from reading.named(made, f"statistic.where(id = '{field.name}').category")
        if field.name == "statistic":
            yield from reading.named(made, "statistic.statisticType")
        for variable in reading.follow(made, "variableDefinition.observed"):
            yield from _variable(variable, record, field)
    if made["resourceType"] == "MedicationKnowledge":
        own = f"where(id = '{record.kind.name}.{record.id}')"
        code = f"type.coding.code = '{record.kind.name}.{field.name}'"
        yield from reading.named(made, f"definitional.drugCharacteristic.where({code}).value")
        for held in ask(
            made,
            f"storageGuideline.{own}.environmentalSetting.where({code}) | medicineClassification.{own}",
        ):
            yield from codes_in(held)
    for variable in reading.needed(made):
        yield from _variable(variable, record, field)


def _variable(made: Json, record: Record, field: Field) -> Iterator[str]:
    """What a variable or a Group has under the id or the code of a field; one term alone is that term."""
    for one in made.get("characteristic", ()):
        code = f"{record.kind.name}.{field.name}"
        kind = one.get("definitionByTypeAndValue", {}).get("type", one.get("code", {}))
        marked = one.get("id", "").partition(".")[0] == field.name
        if marked or code in ask(kind, "coding.code"):
            yield from codes_in(one)
        if made["resourceType"] == "Group" and not one["exclude"]:
            # A population of the reference list says with its own fields who is meant.
            yield from (
                held["code"]
                for held in one.get("valueCodeableConcept", {}).get("coding", ())
                if field.type == "reference" and held["system"].endswith(f"/CodeSystem/{field.target_kind}")
            )
    if (
        field.type == "reference"
        and ask(made, "identifier.value")[0] == f"terms/{field.target_kind}/{last(made)}"
    ):
        yield last(made)
