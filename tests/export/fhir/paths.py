"""Which path of which resource says a field: the mapping of definitions, written down a second time.

A path that another code, reference or element slipped into is a different statement about a medicine, so what
stands there must be what the record says, no less and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .reading import evaluate
from .structures import COMPARISONS_BY_KIND, ITEM_PATH, PART_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record

    from .reading import BundleReader, Json


class FieldPath(NamedTuple):
    """A resource of type `type` says the field, or the first of several with a value, at `path`.

    With `words` only the text is looked at, because it may say more than the field alone.
    """

    type: str
    fields: str
    path: str
    words: bool = False


class FixedPath(NamedTuple):
    """At `path` of a resource of type `type` stands one of `values`, whatever the record says."""

    type: str
    path: str
    values: tuple[str, ...]


_USE = "ClinicalUseDefinition"
_ACT = "ActivityDefinition"
_FOCUS = "useContext.where(code.code = 'focus').valueCodeableConcept"
# In R4B a Medication has a form.
_FORM = "doseForm | form"
# Information rather than an order: it may be about a product, but gives nobody any of it.
_COMMUNICATION = "CommunicationRequest"
_GUIDED = (
    FixedPath(_ACT, "intent", ("plan",)),
    FixedPath(_ACT, "kind", ("MedicationRequest", _COMMUNICATION)),
    FieldPath(_ACT, "route", "dosage.route"),
    FieldPath(_ACT, "product", "productReference"),
    FieldPath(_ACT, "population", "subjectReference"),
)
_SERVICE = (FixedPath(_ACT, "intent", ("plan",)), FixedPath(_ACT, "kind", ("ServiceRequest", _COMMUNICATION)))
_ADVICE = (
    FixedPath(_ACT, "intent", ("plan",)),
    FixedPath(_ACT, "kind", ("MedicationRequest", _COMMUNICATION)),
)

_PATHS_BY_KIND: dict[str, tuple[FieldPath | FixedPath, ...]] = {
    "regimen": (*_GUIDED, FieldPath(_ACT, "condition", _FOCUS)),
    "course": _GUIDED,
    "dose-limit": (
        *_GUIDED,
        FixedPath(_USE, "type", ("warning",)),
        FieldPath(_USE, "product", "subject"),
        FieldPath(_USE, "population", "population"),
    ),
    "instruction": (*_ADVICE, FieldPath(_ACT, "activity", "code")),
    "dilution": _ADVICE,
    "treatment-option": (
        *_SERVICE,
        FieldPath(_ACT, "treatment", "code"),
        FieldPath(_ACT, "sites", "bodySite"),
        FieldPath(_ACT, "population", "subjectReference"),
    ),
    "activity-advice": (*_SERVICE, FieldPath(_ACT, "activity", "code")),
    "indication": (
        FixedPath(_USE, "type", ("indication",)),
        FieldPath(_USE, "product", "subject"),
        FieldPath(_USE, "population", "population"),
        FieldPath(_USE, "condition lesion_type", "indication.diseaseSymptomProcedure.concept"),
        FieldPath(_USE, "goal", "indication.intendedEffect.concept.text", words=True),
    ),
    "caution": (
        FixedPath(_USE, "type", ("interaction",)),
        FieldPath(_USE, "product", "subject"),
        FieldPath(_USE, "substance", "interaction.interactant.item"),
        FieldPath(_USE, "process", "interaction.effect.concept.text", words=True),
        FieldPath(_USE, "stance", "interaction.management"),
    ),
    "adverse-effect": (
        FixedPath(_USE, "type", ("undesirable-effect",)),
        FieldPath(_USE, "product", "subject"),
        FieldPath(_USE, "condition", "undesirableEffect.symptomConditionEffect.concept"),
        FieldPath(_USE, "frequency", "undesirableEffect.frequencyOfOccurrence"),
    ),
    "lab-marker": (
        FixedPath("ObservationDefinition", "category.coding.code", ("laboratory",)),
        FieldPath("ObservationDefinition", "analyte", "code"),
    ),
    "imaging-appearance": (
        FixedPath("ObservationDefinition", "category.coding.code", ("imaging",)),
        FixedPath("ObservationDefinition", "permittedDataType", ("CodeableConcept",)),
        FieldPath("ObservationDefinition", "procedure", "method"),
    ),
    "presentation": (
        FieldPath("Medication", "product", "code"),
        FieldPath("Medication", "form", _FORM),
        FieldPath("MedicationKnowledge", "product", "code"),
        FieldPath("MedicationKnowledge", "form", "definitional.doseForm | doseForm"),
        FieldPath("MedicationKnowledge", "route", "definitional.intendedRoute | intendedRoute"),
    ),
    "product": (FieldPath("Medication", "id", "code"), FieldPath("Medication", "substances", ITEM_PATH)),
    "solution": (
        FieldPath("Medication", "id", "code"),
        FieldPath("Medication", "solute", ITEM_PATH),
        FieldPath("Medication", "solute", PART_PATH),
    ),
    "substance": (FieldPath("Substance", "id", "code"), FieldPath("SubstanceDefinition", "id", "code.code")),
}


def find_wrong_paths(reader: BundleReader, record: Record) -> Iterator[str]:
    """Every path of the resources made for a record that does not say what the record says."""
    record_name = f"{record.folder}/{record.kind.name}/{record.id}"
    for path_rule in _PATHS_BY_KIND.get(record.kind.name, ()):
        resource = reader.main_resources.get((path_rule.type, record_name))
        if resource is None or not _has_resource(record, path_rule.type):
            if (resource is not None) != _has_resource(record, path_rule.type):
                yield f"{record_name}: there is {'no' if resource is None else 'a'} {path_rule.type}"
        elif (
            resource.get("kind") == _COMMUNICATION
            and isinstance(path_rule, FieldPath)
            and path_rule.path in _ORDERED
        ):
            continue
        elif isinstance(path_rule, FixedPath):
            values = evaluate(resource, path_rule.path)
            if len(values) != 1 or values[0] not in path_rule.values:
                place = f"{record_name} {path_rule.type}: {path_rule.path}"
                yield f"{place} is {values}, not one of {path_rule.values}"
        else:
            yield from _compare_field(reader, resource, record, path_rule)
    yield from COMPARISONS_BY_KIND.get(record.kind.name, _find_nothing)(reader, record)
    definition = reader.main_resources.get((_ACT, record_name), {})
    yield from _find_misapplied_elements(reader, record, definition)
    yield from _compare_communication(reader, record, definition)


def _find_misapplied_elements(reader: BundleReader, record: Record, definition: Json) -> Iterator[str]:
    """What kind of fact a definition is, and the elements that its kind of request has a place for."""
    if not definition:
        return
    record_name = f"{record.kind.name} {record.id}"
    if (topics := reader.list_terms(definition, "topic")) != [record.kind.name]:
        yield f"{record_name}: has the topics {topics}"
    for name in REFUSED_ELEMENTS[definition["kind"]]:
        if name in definition:
            yield f"{record_name}: is a {definition['kind']}, and has {name}"
    if definition["kind"] == _COMMUNICATION and not definition["code"]["text"].startswith(
        definition["description"]
    ):
        text, expected = definition["code"]["text"], definition["description"]
        yield f"{record_name}: has the words {text!r}, not {expected!r}"


# What an engine that makes requests of definitions refuses in one for that type of request.
REFUSED_ELEMENTS = {
    "MedicationRequest": ("code",),
    "ServiceRequest": ("productReference", "dosage"),
    _COMMUNICATION: (),
}


def _has_resource(record: Record, kind: str) -> bool:
    """Whether a fact has a resource of that type beside its Evidence."""
    if kind != _USE:
        return True
    # An effect of a whole class of medicines has no subject that a definition could name; that a medicine
    # acts in a condition does not say that it is given there.
    return record["product"] is not None and ("claim" not in record.kind or record["claim"] is None)


# Where only an order says what it is about.
_ORDERED = ("productReference", "code", _FOCUS)


def _compare_communication(reader: BundleReader, record: Record, definition: Json) -> Iterator[str]:
    """A communication has its product and condition as focus, and no element of an order."""
    if definition.get("kind") != _COMMUNICATION:
        return
    record_name = f"{record.kind.name} {record.id}"
    for name in ("productReference", "doNotPerform"):
        if name in definition:
            yield f"{record_name}: is a {_COMMUNICATION}, and has {name}"
    names = [name for name in ("condition", "aimed_at", "product") if name in record.kind]
    expected = [record[name] for name in names if record[name] is not None]
    if sorted(focus_terms := reader.list_terms(definition, _FOCUS)) != sorted(expected):
        yield f"{record_name}: its focus is {focus_terms}, not {expected}"


def _compare_field(
    reader: BundleReader, resource: Json, record: Record, field_path: FieldPath
) -> Iterator[str]:
    value = next((record[name] for name in field_path.fields.split() if record[name] is not None), None)
    expected = value if isinstance(value, list) else [] if value is None else [value]
    place = f"{record.kind.name} {record.id} {field_path.type}: {field_path.path}"
    if field_path.words:
        field = record.kind.get_field(field_path.fields)
        text = " ".join(evaluate(resource, field_path.path)).lower()
        for name in expected:
            [label] = _iter_labels(reader, field.target_kind, name)
            if label.lower() not in text:
                yield f"{place} is {text!r}, which does not say {label!r}"
        return
    terms = reader.list_terms(resource, field_path.path)
    if sorted(terms) != sorted(expected):
        yield f"{place} is {terms}, not {expected}"


def _iter_labels(reader: BundleReader, kind: str, name: str) -> Iterator[str]:
    for url in reader.systems:
        if url.endswith(f"/{kind}"):
            yield from evaluate(reader.resource_by_canonical[url], f"concept.where(code = '{name}').display")


def _find_nothing(_: BundleReader, __: Record) -> Iterator[str]:
    yield from ()
