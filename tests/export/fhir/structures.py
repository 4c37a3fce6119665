"""What no single path says of a record: who is excluded, what comes before what, what a medicine contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import evaluate, iter_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record

    from .reading import BundleReader, Json

# In R4B an ingredient is an item of some type rather than a CodeableReference.
ITEM_PATH = "ingredient.item.concept | ingredient.itemReference"
PART_PATH = "ingredient.item.reference | ingredient.itemReference"


def _compare_data_type(reader: BundleReader, record: Record) -> Iterator[str]:
    definition = reader.main_resources["ObservationDefinition", f"{record.folder}/lab-marker/{record.id}"]
    expected = ["Quantity" if record["relative_to"] is None else "Ratio"]
    if evaluate(definition, "permittedDataType") != expected:
        yield f"lab-marker {record.id}: {definition['permittedDataType']}, not {expected}"


def _compare_contents(reader: BundleReader, record: Record) -> Iterator[str]:
    record_name = f"{record.folder}/presentation/{record.id}"
    product = reader.main_resources["Medication", f"terms/product/{record['product']}"]
    expected = [record["substance"]] if record["substance"] else sorted(reader.list_terms(product, PART_PATH))
    for resource_type, prefix in (("Medication", ""), ("MedicationKnowledge", "definitional.")):
        resource = reader.main_resources[resource_type, record_name]
        for path_pair in (ITEM_PATH, PART_PATH):
            path_union = " | ".join(f"{prefix}{item_path}" for item_path in path_pair.split(" | "))
            ingredients = sorted(reader.list_terms(resource, f"{path_union} | ingredient.itemReference"))
            if ingredients != expected:
                yield f"{record_name} {resource_type}: contains {ingredients}, not {expected}"


def _compare_substances(reader: BundleReader, record: Record) -> Iterator[str]:
    medication = reader.main_resources["Medication", f"terms/product/{record.id}"]
    substances = sorted(reader.list_terms(medication, PART_PATH))
    if substances != sorted(record["substances"]):
        yield f"product {record.id}: contains {substances}, not {record['substances']}"


def _compare_population(reader: BundleReader, record: Record) -> Iterator[str]:
    """Who has what, and who has it not: the two must never be exchanged."""
    group = reader.main_resources["Group", f"terms/population/{record.id}"]
    has, has_not = (
        set(_iter_referenced_terms(reader, group, f"characteristic.where(exclude = {sign})"))
        for sign in ("false", "true")
    )
    without = set(record["without"] or ())
    if has_not != without or has & without:
        yield f"population {record.id}: excludes {sorted(has_not)}, not {sorted(without)}"
    for name in ("conditions", "tumours", "sites", "lesion_type"):
        value = record[name] or []
        missing_terms = set(value if isinstance(value, list) else [value]) - has
        if missing_terms:
            yield f"population {record.id}: {name} lacks {sorted(missing_terms)}"


def _iter_referenced_terms(reader: BundleReader, resource: Json, path: str) -> Iterator[str]:
    """The terms in what stands at a path, and in what it refers to."""
    for characteristic in evaluate(resource, path):
        yield from reader.iter_terms(characteristic.get("valueCodeableConcept", {}))
        target = reader.resource_by_url.get(characteristic.get("valueReference", {}).get("reference", ""))
        yield from iter_codes(target)


def _compare_step(reader: BundleReader, record: Record) -> Iterator[str]:
    """What comes before what: the other way round is another procedure."""
    for plan in reader.list_resources("PlanDefinition", f"{record.folder}/procedure-step/{record.id}"):
        own_action = f"action.where(id = '{record.id}')"
        if reader.list_terms(plan, f"{own_action}.code") != [record["step"]]:
            yield f"procedure-step {record.id}: the action is another"
        if reader.list_terms(plan, "topic") != [record["procedure"]]:
            yield f"procedure-step {record.id}: the procedure is another"
        yield from _compare_step_definition(reader, record, evaluate(plan, f"{own_action}.definition"))
        relations = evaluate(plan, f"{own_action}.relatedAction")
        if (record["before"] is None) != (relations == []):
            yield f"procedure-step {record.id}: is related to {relations}"
        for relation in relations:
            if relation["relationship"] != "before-start":
                yield f"procedure-step {record.id}: is {relation['relationship']}"
            target = relation.get("targetId", relation.get("actionId"))
            if target == record.id or "scan of the surface" not in reader.list_terms(
                plan, f"action.where(id = '{target}').code"
            ):
                yield f"procedure-step {record.id}: is before {target}"


def _compare_step_definition(reader: BundleReader, record: Record, canonicals: list[str]) -> Iterator[str]:
    """What is done in a step, as something that can be ordered: with what, and where."""
    record_name = f"{record.folder}/procedure-step/{record.id}"
    definition = reader.main_resources["ActivityDefinition", record_name]
    if canonicals != [definition["url"]]:
        yield f"{record_name}: the action is defined by {canonicals}"
    yield from _compare_proposal(reader, record_name, definition, "step", record)
    if sorted(reader.list_terms(definition, "bodySite")) != sorted(record["sites"] or ()):
        yield f"{record_name}: the sites are {reader.list_terms(definition, 'bodySite')}"


# What an article says of an examination that is done, rather than of what it can show.
_DONE = ("is used to diagnose", "is recommended for", "is strongly recommended")


def _compare_examination(reader: BundleReader, record: Record) -> Iterator[str]:
    record_name = f"{record.folder}/procedure-use/{record.id}"
    definition = reader.main_resources.get(("ActivityDefinition", record_name))
    if (definition is not None) != (record["ability"] in _DONE):
        presence = "an" if definition else "no"
        yield f"{record_name}: {record['ability']}, and there is {presence} ActivityDefinition"
    if definition is not None:
        yield from _compare_proposal(reader, record_name, definition, "procedure", record)
        focus_terms = reader.list_terms(
            definition, "useContext.where(code.code = 'focus').valueCodeableConcept"
        )
        if focus_terms != ([record["condition"]] if record["condition"] else []):
            yield f"{record_name}: is about {focus_terms}"


def _compare_proposal(
    reader: BundleReader, record_name: str, definition: Json, name: str, record: Record
) -> Iterator[str]:
    if (definition["kind"], definition["intent"]) != ("ServiceRequest", "proposal"):
        yield f"{record_name}: is a {definition['kind']} with the intent {definition['intent']}"
    if reader.list_terms(definition, "code") != [record[name]]:
        yield f"{record_name}: is {reader.list_terms(definition, 'code')}, not {record[name]}"
    label = definition["code"]["coding"][0]["display"]
    # A step is said in a sentence of its own, with a verb in place of its name.
    if name != "step" and label.lower() not in definition["code"]["text"].lower():
        yield f"{record_name}: {definition['code']['text']!r} does not say {label}"
    if "doNotPerform" in definition:
        yield f"{record_name}: is forbidden"


# What the second of two treatments may be to the first where the record tells their order.
_FIRST = ("concurrent", "after", "after-end", "after-start")
_SECOND = ("concurrent", "before", "before-end", "before-start")


def _compare_combination(reader: BundleReader, record: Record) -> Iterator[str]:
    plan = reader.main_resources["PlanDefinition", f"{record.folder}/combination/{record.id}"]
    ids = evaluate(plan, "action.id")
    expected = [record["product"] or record["treatment"], record["with_treatment"]]
    if reader.list_terms(plan, "action.code") != expected:
        yield f"combination {record.id}: {reader.list_terms(plan, 'action.code')}, not {expected}"
    relations = [
        (name, relation)
        for name in ids
        for relation in evaluate(plan, f"action.where(id = '{name}').relatedAction")
    ]
    if not relations:
        yield f"combination {record.id}: nothing relates the two"
    for name, relation in relations:
        target = relation.get("targetId", relation.get("actionId"))
        allowed = (_FIRST if name == ids[0] else _SECOND) if record["order"] else ("concurrent",)
        if target == name or target not in ids:
            yield f"combination {record.id}: {name} is related to {target}"
        if relation["relationship"] not in allowed:
            yield f"combination {record.id}: {name} is {relation['relationship']}"


# The word for each unit of time.
_TIMES = {"min": "minute", "h": "hour", "d": "day"}


def _compare_use(reader: BundleReader, record: Record) -> Iterator[str]:
    """What limits a use: form, time and handling; without them it would hold of all that is taken."""
    use = reader.main_resources.get(
        ("ClinicalUseDefinition", f"{record.folder}/{record.kind.name}/{record.id}")
    )
    if use is None:
        return
    [medication] = reader.follow_references(use, "subject")
    forms = reader.list_terms(medication, "doseForm | form")
    if forms != ([record["form"]] if record["form"] is not None else []):
        yield f"{record.kind.name} {record.id}: its subject is {forms or 'of any form'}, not {record['form']}"
    words = " ".join(
        evaluate(use, "interaction.management.text | undesirableEffect.symptomConditionEffect.concept.text")
        + evaluate(use, "indication.duration | indication.diseaseSymptomProcedure.concept.text")
    )
    for name in ("lasting", "onset"):
        if name in record.kind and (time := record[name]) is not None:
            ends = [time[end] for end in ("value", "low", "high") if end in time]
            if any(str(part) not in words for part in (*ends, _TIMES[time["unit"]])):
                yield f"{record.kind.name} {record.id}: {words!r} does not say {name}"
    for name in ("stance", "amount", "relation", "activity", "timing"):
        if name in record.kind and (value := record[name]) is not None and value not in words:
            yield f"{record.kind.name} {record.id}: {words!r} does not say {value!r}"


COMPARISONS_BY_KIND = {
    "indication": _compare_use,
    "caution": _compare_use,
    "adverse-effect": _compare_use,
    "lab-marker": _compare_data_type,
    "presentation": _compare_contents,
    "product": _compare_substances,
    "population": _compare_population,
    "procedure-step": _compare_step,
    "procedure-use": _compare_examination,
    "combination": _compare_combination,
}
