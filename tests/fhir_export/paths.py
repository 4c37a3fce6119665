"""Which path of which resource says a field: the mapping of definitions, written down a second time.

A path that another code, reference or element slipped into is a different statement about a medicine, so what
stands there must be what the record says, no less and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .reading import ask, codes_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record

    from .reading import Json, Reading


class Says(NamedTuple):
    """A resource of type `type` says the field, or the first of several with a value, at `path`.

    With `words` only the text is looked at, because it may say more than the field alone.
    """

    type: str
    fields: str
    path: str
    words: bool = False


class Is(NamedTuple):
    """At `path` of a resource of type `type` stands one of `values`, whatever the record says."""

    type: str
    path: str
    values: tuple[str, ...]


_USE = "ClinicalUseDefinition"
_ACT = "ActivityDefinition"
_FOCUS = "useContext.where(code.code = 'focus').valueCodeableConcept"
# In R4B a Medication has a form, and an ingredient is an item of some type rather than a CodeableReference.
_FORM = "doseForm | form"
_ITEM = "ingredient.item.concept | ingredient.itemReference"
_PART = "ingredient.item.reference | ingredient.itemReference"
# What is told rather than ordered: it may be about a product, but gives nobody any of it.
_TOLD = "CommunicationRequest"
_GUIDED = (
    Is(_ACT, "intent", ("plan",)),
    Is(_ACT, "kind", ("MedicationRequest", _TOLD)),
    Says(_ACT, "route", "dosage.route"),
    Says(_ACT, "product", "productReference"),
    Says(_ACT, "population", "subjectReference"),
)
_SERVICE = (Is(_ACT, "intent", ("plan",)), Is(_ACT, "kind", ("ServiceRequest", _TOLD)))
_ADVICE = (Is(_ACT, "intent", ("plan",)), Is(_ACT, "kind", ("MedicationRequest", _TOLD)))

_WAYS: dict[str, tuple[Says | Is, ...]] = {
    "dosing": (*_GUIDED, Says(_ACT, "condition", _FOCUS)),
    "course": _GUIDED,
    "dose-limit": (
        *_GUIDED,
        Is(_USE, "type", ("warning",)),
        Says(_USE, "product", "subject"),
        Says(_USE, "population", "population"),
    ),
    "instruction": (*_ADVICE, Says(_ACT, "activity", "code")),
    "dilution": _ADVICE,
    "treatment-option": (
        *_SERVICE,
        Says(_ACT, "treatment", "code"),
        Says(_ACT, "sites", "bodySite"),
        Says(_ACT, "population", "subjectReference"),
    ),
    "activity-advice": (*_SERVICE, Says(_ACT, "activity", "code")),
    "indication": (
        Is(_USE, "type", ("indication",)),
        Says(_USE, "product", "subject"),
        Says(_USE, "population", "population"),
        Says(_USE, "condition lesion_type", "indication.diseaseSymptomProcedure.concept"),
        Says(_USE, "goal", "indication.intendedEffect.concept.text", words=True),
    ),
    "interaction": (
        Is(_USE, "type", ("interaction",)),
        Says(_USE, "product", "subject"),
        Says(_USE, "substance", "interaction.interactant.item"),
        Says(_USE, "process", "interaction.effect.concept.text", words=True),
        Says(_USE, "stance", "interaction.management"),
    ),
    "adverse-effect": (
        Is(_USE, "type", ("undesirable-effect",)),
        Says(_USE, "product", "subject"),
        Says(_USE, "condition", "undesirableEffect.symptomConditionEffect.concept"),
        Says(_USE, "frequency", "undesirableEffect.frequencyOfOccurrence"),
    ),
    "lab-marker": (
        Is("ObservationDefinition", "category.coding.code", ("laboratory",)),
        Says("ObservationDefinition", "analyte", "code"),
    ),
    "imaging-appearance": (
        Is("ObservationDefinition", "category.coding.code", ("imaging",)),
        Is("ObservationDefinition", "permittedDataType", ("CodeableConcept",)),
        Says("ObservationDefinition", "procedure", "method"),
    ),
    "product-presentation": (
        Says("Medication", "product", "code"),
        Says("Medication", "form", _FORM),
        Says("MedicationKnowledge", "product", "code"),
        Says("MedicationKnowledge", "form", "definitional.doseForm | doseForm"),
        Says("MedicationKnowledge", "route", "definitional.intendedRoute | intendedRoute"),
    ),
    "product": (Says("Medication", "id", "code"), Says("Medication", "substances", _ITEM)),
    "solution": (
        Says("Medication", "id", "code"),
        Says("Medication", "solute", _ITEM),
        Says("Medication", "solute", _PART),
    ),
    "substance": (Says("Substance", "id", "code"), Says("SubstanceDefinition", "id", "code.code")),
}


def wrong(reading: Reading, record: Record) -> Iterator[str]:
    """Every path of the resources made for a record that does not say what the record says."""
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for way in _WAYS.get(record.kind.name, ()):
        made = reading.made_for.get((way.type, own))
        if made is None:
            # An effect of a whole class of medicines has no subject that a definition could name.
            if record.kind.name != "adverse-effect" or record["product"] is not None:
                yield f"{own}: there is no {way.type}"
        elif made.get("kind") == _TOLD and isinstance(way, Says) and way.path in _ORDERED:
            continue
        elif isinstance(way, Is):
            held = ask(made, way.path)
            if len(held) != 1 or held[0] not in way.values:
                yield f"{own} {way.type}: {way.path} is {held}, not one of {way.values}"
        else:
            yield from _says(reading, made, record, way)
    yield from _CHECKS.get(record.kind.name, _nothing)(reading, record)
    yield from _told(reading, record, reading.made_for.get((_ACT, own), {}))


# Where only an order says what it is about.
_ORDERED = ("productReference", "code", _FOCUS)


def _told(reading: Reading, record: Record, made: Json) -> Iterator[str]:
    """What is told names the product and the condition among its circumstances, and orders nothing."""
    if made.get("kind") != _TOLD:
        return
    own = f"{record.kind.name} {record.id}"
    for name in ("productReference", "doNotPerform"):
        if name in made:
            yield f"{own}: is told, and has {name}"
    names = [name for name in ("condition", "aimed_at", "product") if name in record.kind]
    expected = [record[name] for name in names if record[name] is not None]
    if sorted(found := reading.named(made, _FOCUS)) != sorted(expected):
        yield f"{own}: is told of {found}, not {expected}"


def _says(reading: Reading, made: Json, record: Record, way: Says) -> Iterator[str]:
    value = next((record[name] for name in way.fields.split() if record[name] is not None), None)
    expected = value if isinstance(value, list) else [] if value is None else [value]
    where = f"{record.kind.name} {record.id} {way.type}: {way.path}"
    if way.words:
        field = record.kind.field(way.fields)
        told = " ".join(ask(made, way.path)).lower()
        for name in expected:
            [label] = _labels(reading, field.ref, name)
            if label.lower() not in told:
                yield f"{where} is {told!r}, which does not say {label!r}"
        return
    found = reading.named(made, way.path)
    if sorted(found) != sorted(expected):
        yield f"{where} is {found}, not {expected}"


def _labels(reading: Reading, kind: str, name: str) -> Iterator[str]:
    for url in reading.systems:
        if url.endswith(f"/{kind}"):
            yield from ask(reading.by_canonical[url], f"concept.where(code = '{name}').display")


def _nothing(_: Reading, __: Record) -> Iterator[str]:
    yield from ()


def _lab_marker(reading: Reading, record: Record) -> Iterator[str]:
    made = reading.made_for["ObservationDefinition", f"{record.folder}/lab-marker/{record.id}"]
    expected = ["Quantity" if record["relative_to"] is None else "Ratio"]
    if ask(made, "permittedDataType") != expected:
        yield f"lab-marker {record.id}: {made['permittedDataType']}, not {expected}"


def _contents(reading: Reading, record: Record) -> Iterator[str]:
    own = f"{record.folder}/product-presentation/{record.id}"
    product = reading.made_for["Medication", f"terms/product/{record['product']}"]
    expected = [record["substance"]] if record["substance"] else sorted(reading.named(product, _PART))
    for kind, path in (("Medication", ""), ("MedicationKnowledge", "definitional.")):
        made = reading.made_for[kind, own]
        for ways in (_ITEM, _PART):
            every = " | ".join(f"{path}{way}" for way in ways.split(" | "))
            found = sorted(reading.named(made, f"{every} | ingredient.itemReference"))
            if found != expected:
                yield f"{own} {kind}: contains {found}, not {expected}"


def _product(reading: Reading, record: Record) -> Iterator[str]:
    made = reading.made_for["Medication", f"terms/product/{record.id}"]
    found = sorted(reading.named(made, _PART))
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


_CHECKS = {
    "lab-marker": _lab_marker,
    "product-presentation": _contents,
    "product": _product,
    "population": _group,
    "procedure-step": _step,
    "combination": _together,
}
