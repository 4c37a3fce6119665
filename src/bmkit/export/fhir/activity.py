"""ActivityDefinition: what is given, done or left; what it has no place for stands in a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.fhir import coding, dosage
from bmkit.export.fhir.traits import population, rest, traits, variable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content import Record
    from bmkit.export.fhir.identity import Json
    from bmkit.export.fhir.making import Making


class Activity(NamedTuple):
    """Where the fields of a kind stand in an ActivityDefinition.

    `request` is the type of request it becomes for a patient; `code`, `product`, `focus` and `sites` name
    fields; `dosage` makes the Dosage; `endorser` is a field that names who recommends it.
    """

    request: str
    code: str = ""
    product: str = ""
    focus: str = ""
    sites: str = ""
    endorser: str = ""
    dosage: Callable[[Making, Record], tuple[Json, set[str]]] | None = None


ACTIVITIES: dict[str, Activity] = {
    "dosing": Activity("MedicationRequest", product="product", focus="condition", dosage=dosage.regimen),
    "course": Activity(
        "MedicationRequest", product="product", endorser="recommended_by", dosage=dosage.course
    ),
    "dose-limit": Activity("MedicationRequest", product="product", focus="condition", dosage=dosage.limit),
    "dilution": Activity("MedicationRequest", product="product", focus="condition"),
    "instruction": Activity("MedicationRequest", code="activity", product="product"),
    "treatment-option": Activity(
        "ServiceRequest", code="treatment", product="product", focus="aimed_at", sites="sites"
    ),
    "activity-advice": Activity("ServiceRequest", code="activity"),
}

# Stances that forbid: an order made from such a definition must say "do not".
FORBIDDING = frozenset(
    {"not practised", "not recommended", "to be avoided", "contraindicated", "strictly prohibited"}
)
_FOCUS = {
    "system": f"{coding.HL7}/usage-context-type",
    "code": "focus",
    "display": "Clinical Focus",
}


def activity(making: Making, record: Record, plan: Activity) -> None:
    """Make the ActivityDefinition of a fact."""
    held = {name for name in (plan.code, plan.product, plan.focus, plan.sites, plan.endorser) if name}
    body: Json = {"kind": plan.request, "intent": "plan"}
    code = making.concept(record, plan.code) if plan.code else None
    body["code"] = code or coding.named(making.base, record.kind.name, record.kind.title)
    if plan.focus and (focus := making.concept(record, plan.focus)) is not None:
        body["useContext"] = [{"code": _FOCUS, "valueCodeableConcept": focus}]
    if "population" in record.kind and record["population"] is not None:
        [term] = making.terms(record, "population")
        body["subjectReference"] = population(making, term)
    held.add("population")
    if plan.endorser and record[plan.endorser] is not None:
        body["endorser"] = [{"name": term["label"]} for term in making.terms(record, plan.endorser)]
    if "stance" in record.kind and record["stance"] in FORBIDDING:
        body["doNotPerform"] = True
    if plan.product and record[plan.product] is not None:
        [term] = making.terms(record, plan.product)
        body["productReference"] = making.ref("Medication", making.path(term), term["label"])
    if plan.sites and (sites := list(making.concepts(record, plan.sites))):
        body["bodySite"] = sites
    if plan.dosage is not None:
        one, kept = plan.dosage(making, record)
        body["dosage"] = [one]
        held |= kept
    made = making.define("ActivityDefinition", making.path(record), making.say(record), body, record)
    circumstances(making, record, held, made)


def circumstances(making: Making, record: Record, held: set[str], made: Json) -> None:
    """Put what a definition has no place for into a variable, and let the definition depend on that."""
    found = traits(making, record, rest(record, held))
    if not found:
        return
    title = f"{making.say(record)}: {'; '.join(trait.text for trait in found)}"
    target = variable(making, found, making.path(record, "circumstances"), title)
    depends = {"type": "depends-on", "display": "the circumstances", "resourceReference": target}
    made["relatedArtifact"] = [*made.get("relatedArtifact", []), depends]
