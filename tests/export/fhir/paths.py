"""Which path of which resource says a field: the mapping of definitions, written down a second time.

A path that another code, reference or element slipped into is a different statement about a medicine, so what
stands there must be what the record says, no less and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .reading import ask
from .structures import CHECKS, ITEM, PART

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
# In R4B a Medication has a form.
_FORM = "doseForm | form"
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
    "product": (Says("Medication", "id", "code"), Says("Medication", "substances", ITEM)),
    "solution": (
        Says("Medication", "id", "code"),
        Says("Medication", "solute", ITEM),
        Says("Medication", "solute", PART),
    ),
    "substance": (Says("Substance", "id", "code"), Says("SubstanceDefinition", "id", "code.code")),
}


def wrong(reading: Reading, record: Record) -> Iterator[str]:
    """Every path of the resources made for a record that does not say what the record says."""
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for way in _WAYS.get(record.kind.name, ()):
        made = reading.made_for.get((way.type, own))
        if made is None or not _defined(record, way.type):
            if (made is not None) != _defined(record, way.type):
                yield f"{own}: there is {'no' if made is None else 'a'} {way.type}"
        elif made.get("kind") == _TOLD and isinstance(way, Says) and way.path in _ORDERED:
            continue
        elif isinstance(way, Is):
            held = ask(made, way.path)
            if len(held) != 1 or held[0] not in way.values:
                yield f"{own} {way.type}: {way.path} is {held}, not one of {way.values}"
        else:
            yield from _says(reading, made, record, way)
    yield from CHECKS.get(record.kind.name, _nothing)(reading, record)
    definition = reading.made_for.get((_ACT, own), {})
    yield from _applied(reading, record, definition)
    yield from _told(reading, record, definition)


def _applied(reading: Reading, record: Record, made: Json) -> Iterator[str]:
    """What kind of fact a definition is, and the elements that its kind of request has a place for."""
    if not made:
        return
    own = f"{record.kind.name} {record.id}"
    if (found := reading.named(made, "topic")) != [record.kind.name]:
        yield f"{own}: has the topics {found}"
    for name in REFUSED[made["kind"]]:
        if name in made:
            yield f"{own}: is a {made['kind']}, and has {name}"
    if made["kind"] == _TOLD and not made["code"]["text"].startswith(made["description"]):
        yield f"{own}: tells {made['code']['text']!r} rather than {made['description']!r}"


# What an engine that makes requests of definitions refuses in one for that type of request.
REFUSED = {"MedicationRequest": ("code",), "ServiceRequest": ("productReference", "dosage"), _TOLD: ()}


def _defined(record: Record, kind: str) -> bool:
    """Whether a fact has a resource of that type beside its Evidence."""
    if kind != _USE:
        return True
    # An effect of a whole class of medicines has no subject that a definition could name; that a medicine
    # acts in a condition does not say that it is given there.
    return record["product"] is not None and ("claim" not in record.kind or record["claim"] is None)


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
        field = record.kind.get_field(way.fields)
        told = " ".join(ask(made, way.path)).lower()
        for name in expected:
            [label] = _labels(reading, field.target_kind, name)
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
