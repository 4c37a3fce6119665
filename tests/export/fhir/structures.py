"""What no single path says of a record: who is excluded, what comes before what, what a medicine contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import ask, codes_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record

    from .reading import Json, Reading

# In R4B an ingredient is an item of some type rather than a CodeableReference.
ITEM = "ingredient.item.concept | ingredient.itemReference"
PART = "ingredient.item.reference | ingredient.itemReference"


def _lab_marker(reading: Reading, record: Record) -> Iterator[str]:
    made = reading.made_for["ObservationDefinition", f"{record.folder}/lab-marker/{record.id}"]
    expected = ["Quantity" if record["relative_to"] is None else "Ratio"]
    if ask(made, "permittedDataType") != expected:
        yield f"lab-marker {record.id}: {made['permittedDataType']}, not {expected}"


def _contents(reading: Reading, record: Record) -> Iterator[str]:
    own = f"{record.folder}/product-presentation/{record.id}"
    product = reading.made_for["Medication", f"terms/product/{record['product']}"]
    expected = [record["substance"]] if record["substance"] else sorted(reading.named(product, PART))
    for kind, path in (("Medication", ""), ("MedicationKnowledge", "definitional.")):
        made = reading.made_for[kind, own]
        for ways in (ITEM, PART):
            every = " | ".join(f"{path}{way}" for way in ways.split(" | "))
            found = sorted(reading.named(made, f"{every} | ingredient.itemReference"))
            if found != expected:
                yield f"{own} {kind}: contains {found}, not {expected}"


def _product(reading: Reading, record: Record) -> Iterator[str]:
    made = reading.made_for["Medication", f"terms/product/{record.id}"]
    found = sorted(reading.named(made, PART))
    if found != sorted(record["substances"]):
        yield f"product {record.id}: contains {found}, not {record['substances']}"


def _group(reading: Reading, record: Record) -> Iterator[str]:
    """Who has what, and who has it not: the two must never be exchanged."""
    made = reading.made_for["Group", f"terms/population/{record.id}"]
    has, has_not = (
        set(_deep(reading, made, f"characteristic.where(exclude = {sign})")) for sign in ("false", "true")
    )
    without = set(record["without"] or ())
    if has_not != without or has & without:
        yield f"population {record.id}: excludes {sorted(has_not)}, not {sorted(without)}"
    for name in ("conditions", "tumours", "sites", "lesion_type"):
        value = record[name] or []
        missing = set(value if isinstance(value, list) else [value]) - has
        if missing:
            yield f"population {record.id}: {name} lacks {sorted(missing)}"


def _deep(reading: Reading, made: Json, path: str) -> Iterator[str]:
    """The terms in what stands at a path, and in what it refers to."""
    for held in ask(made, path):
        yield from reading.names(held.get("valueCodeableConcept", {}))
        target = reading.by_url.get(held.get("valueReference", {}).get("reference", ""))
        yield from codes_in(target)


def _step(reading: Reading, record: Record) -> Iterator[str]:
    """What comes before what: the other way round is another procedure."""
    for plan in reading.of("PlanDefinition", f"{record.folder}/procedure-step/{record.id}"):
        own = f"action.where(id = '{record.id}')"
        if reading.named(plan, f"{own}.code") != [record["step"]]:
            yield f"procedure-step {record.id}: the action is another"
        if reading.named(plan, "topic") != [record["procedure"]]:
            yield f"procedure-step {record.id}: the procedure is another"
        yield from _defined(reading, record, ask(plan, f"{own}.definition"))
        told = ask(plan, f"{own}.relatedAction")
        if (record["before"] is None) != (told == []):
            yield f"procedure-step {record.id}: is related to {told}"
        for one in told:
            if one["relationship"] != "before-start":
                yield f"procedure-step {record.id}: is {one['relationship']}"
            target = one.get("targetId", one.get("actionId"))
            if target == record.id or "scan of the surface" not in reading.named(
                plan, f"action.where(id = '{target}').code"
            ):
                yield f"procedure-step {record.id}: is before {target}"


def _defined(reading: Reading, record: Record, canonicals: list[str]) -> Iterator[str]:
    """What is done in a step, as something that can be ordered: with what, and where."""
    own = f"{record.folder}/procedure-step/{record.id}"
    made = reading.made_for["ActivityDefinition", own]
    if canonicals != [made["url"]]:
        yield f"{own}: the action is defined by {canonicals}"
    yield from _proposed(reading, own, made, "step", record)
    if sorted(reading.named(made, "bodySite")) != sorted(record["sites"] or ()):
        yield f"{own}: the sites are {reading.named(made, 'bodySite')}"


# What an article says of an examination that is done, rather than of what it can show.
_DONE = ("is used to diagnose", "is recommended for", "is strongly recommended")


def _examination(reading: Reading, record: Record) -> Iterator[str]:
    own = f"{record.folder}/procedure-use/{record.id}"
    made = reading.made_for.get(("ActivityDefinition", own))
    if (made is not None) != (record["ability"] in _DONE):
        yield f"{own}: {record['ability']}, and there is {'an' if made else 'no'} ActivityDefinition"
    if made is not None:
        yield from _proposed(reading, own, made, "procedure", record)
        found = reading.named(made, "useContext.where(code.code = 'focus').valueCodeableConcept")
        if found != ([record["condition"]] if record["condition"] else []):
            yield f"{own}: is about {found}"


def _proposed(reading: Reading, own: str, made: Json, name: str, record: Record) -> Iterator[str]:
    if (made["kind"], made["intent"]) != ("ServiceRequest", "proposal"):
        yield f"{own}: is a {made['kind']} with the intent {made['intent']}"
    if reading.named(made, "code") != [record[name]]:
        yield f"{own}: is {reading.named(made, 'code')}, not {record[name]}"
    label = made["code"]["coding"][0]["display"]
    if label.lower() not in made["code"]["text"].lower():
        yield f"{own}: {made['code']['text']!r} does not say {label}"
    if "doNotPerform" in made:
        yield f"{own}: is forbidden"


# What the second of two treatments may be to the first where the record tells their order.
_FIRST = ("concurrent", "after", "after-end", "after-start")
_SECOND = ("concurrent", "before", "before-end", "before-start")


def _together(reading: Reading, record: Record) -> Iterator[str]:
    plan = reading.made_for["PlanDefinition", f"{record.folder}/combination/{record.id}"]
    ids = ask(plan, "action.id")
    expected = [record["product"] or record["treatment"], record["with_treatment"]]
    if reading.named(plan, "action.code") != expected:
        yield f"combination {record.id}: {reading.named(plan, 'action.code')}, not {expected}"
    told = [(name, one) for name in ids for one in ask(plan, f"action.where(id = '{name}').relatedAction")]
    if not told:
        yield f"combination {record.id}: nothing relates the two"
    for name, one in told:
        target = one.get("targetId", one.get("actionId"))
        allowed = (_FIRST if name == ids[0] else _SECOND) if record["order"] else ("concurrent",)
        if target == name or target not in ids:
            yield f"combination {record.id}: {name} is related to {target}"
        if one["relationship"] not in allowed:
            yield f"combination {record.id}: {name} is {one['relationship']}"


# The words by which a time is told.
_TIMES = {"min": "minute", "h": "hour", "d": "day"}


def _use(reading: Reading, record: Record) -> Iterator[str]:
    """What limits a use: form, time and handling; without them it would hold of all that is taken."""
    made = reading.made_for.get(("ClinicalUseDefinition", f"{record.folder}/{record.kind.name}/{record.id}"))
    if made is None:
        return
    [given] = reading.follow(made, "subject")
    forms = reading.named(given, "doseForm | form")
    if forms != ([record["form"]] if record["form"] is not None else []):
        yield f"{record.kind.name} {record.id}: its subject is {forms or 'of any form'}, not {record['form']}"
    words = " ".join(
        ask(made, "interaction.management.text | undesirableEffect.symptomConditionEffect.concept.text")
        + ask(made, "indication.duration | indication.diseaseSymptomProcedure.concept.text")
    )
    for name in ("lasting", "onset"):
        if name in record.kind and (time := record[name]) is not None:
            ends = [time[end] for end in ("value", "low", "high") if end in time]
            if any(str(part) not in words for part in (*ends, _TIMES[time["unit"]])):
                yield f"{record.kind.name} {record.id}: {words!r} does not say {name}"
    for name in ("stance", "amount", "relation", "activity", "timing", "extent"):
        if name in record.kind and (value := record[name]) is not None and value not in words:
            yield f"{record.kind.name} {record.id}: {words!r} does not say {value!r}"


CHECKS = {
    "indication": _use,
    "interaction": _use,
    "adverse-effect": _use,
    "lab-marker": _lab_marker,
    "product-presentation": _contents,
    "product": _product,
    "population": _group,
    "procedure-step": _step,
    "procedure-use": _examination,
    "combination": _together,
}
