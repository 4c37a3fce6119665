"""ActivityDefinition: what is given, done or left; what it has no place for stands in a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.fhir import codeable, dosage
from bmkit.export.fhir.characteristics import population, rest, variable
from bmkit.export.fhir.medication import medication
from bmkit.export.fhir.notes import spoken
from bmkit.export.fhir.trait import traits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making


class Activity(NamedTuple):
    """Where the fields of a kind stand in an ActivityDefinition.

    `request` is the type of request it becomes for a patient; `code`, `product`, `focus` and `sites` name
    fields; `dosage` makes the Dosage.  With `said` the words of the code are the sentence.
    """

    request: str
    code: str = ""
    product: str = ""
    focus: str = ""
    sites: str = ""
    intent: str = "plan"
    said: bool = False
    dosage: Callable[[Making, Record], tuple[Json, set[str]]] | None = None


# What becomes of a definition that tells something rather than orders it.
TOLD = "CommunicationRequest"
_ORDERED = "MedicationRequest"
SERVICE = "ServiceRequest"
ACTIVITIES: dict[str, Activity] = {
    "dosing": Activity(_ORDERED, product="product", focus="condition", dosage=dosage.regimen),
    "course": Activity(_ORDERED, product="product", dosage=dosage.course),
    "dose-limit": Activity(_ORDERED, product="product", focus="condition", dosage=dosage.limit),
    "dilution": Activity(TOLD, product="product", focus="condition"),
    "instruction": Activity(TOLD, product="product"),
    "treatment-option": Activity(
        SERVICE, code="treatment", product="product", focus="aimed_at", sites="sites"
    ),
    "activity-advice": Activity(SERVICE, code="activity"),
}

# Stances that forbid: an order made from such a definition must say "do not".
FORBIDDING = frozenset(
    {"not practised", "not recommended", "to be avoided", "contraindicated", "strictly prohibited"}
)
# Stances that permit: of what may be done no order can be made, neither to do it nor to leave it.
PERMITTING = frozenset(
    {"allowed", "allowed with a doctor's approval", "allowed only with a doctor's approval"}
)
_FOCUS = {
    "system": f"{codeable.HL7}/usage-context-type",
    "code": "focus",
    "display": "Clinical Focus",
}


def activity(making: Making, record: Record, plan: Activity, elsewhere: Iterable[str] = ()) -> None:
    """Make the ActivityDefinition of a fact; another resource has the fields `elsewhere`.

    An order for a medicine that does not say how much would be one for any amount, and one made from "no
    crushing" would say that the medicine is not to be given: such facts are told, in words.
    """
    told, kept = plan.dosage(making, record) if plan.dosage is not None else ({}, set())
    stance = record["stance"] if "stance" in record.kind else None
    tells = _tells(making, record, plan, told)
    code = _code(making, record, plan._replace(request=TOLD) if tells else plan)
    plan = plan._replace(request=TOLD, code="") if tells else plan
    # A ServiceRequest has no place for a product: it is among the circumstances.
    plan = plan._replace(product="") if plan.request == SERVICE else plan
    held = {name for name in (plan.code, plan.product, plan.focus, plan.sites) if name}
    held |= {"population", *kept, *elsewhere}
    body: Json = {
        "topic": [codeable.named(making.base, record.kind.name, record.kind.title)],
        "kind": plan.request,
        "intent": plan.intent,
        **code,
    }
    if tells:
        body["description"] = making.say(record)
    context = list(_focuses(making, record, [plan.focus, *([plan.product] if tells else [])]))
    if context:
        body["useContext"] = context
    if "population" in record.kind and record["population"] is not None:
        [term] = making.terms(record, "population")
        body["subjectReference"] = population(making, term)
    if stance in FORBIDDING and not tells:
        body["doNotPerform"] = True
    if plan.product and record[plan.product] is not None and not tells:
        body["productReference"] = medication(making, record)
    if plan.sites and (sites := list(making.concepts(record, plan.sites))):
        body["bodySite"] = sites
    if told:
        body["dosage"] = [told]
    made = making.define("ActivityDefinition", making.path(record), making.say(record), body, record)
    circumstances(making, record, held, made)


def _tells(making: Making, record: Record, plan: Activity, told: Json) -> bool:
    """Whether a fact is told rather than ordered; `told` is its Dosage."""
    stance = record["stance"] if "stance" in record.kind else None
    if plan.request == _ORDERED:
        return not _whole(making, record, told)
    # "Not with this product", as a service that is forbidden, would be "not at all".
    with_product = bool(plan.product) and record[plan.product] is not None
    return plan.request == TOLD or stance in PERMITTING or (with_product and stance in FORBIDDING)


def _code(making: Making, record: Record, plan: Activity) -> Json:
    """What an order is for, or what is told.

    A medicine is ordered by its product, and engines refuse an order for one that has a code as well.  The
    product of a service goes with its words, what is told is all that such an order has.
    """
    if plan.request == _ORDERED:
        return {}
    own = codeable.named(making.base, record.kind.name, record.kind.title)
    if plan.request == TOLD:
        return {"code": {**own, "text": spoken(making, record)}}
    code = (making.concept(record, plan.code) if plan.code else None) or own
    if plan.said:
        return {"code": {**code, "text": spoken(making, record)}}
    for product in making.terms(record, plan.product) if plan.product else ():
        code = {**code, "text": f"{code['text']} with {product['label']}"}
    return {"code": code}


def _whole(making: Making, record: Record, told: Json) -> bool:
    """Whether a Dosage can stand as an order: it says enough, and no other fact says more of it."""
    return dosage.orderable(record, told) and not dosage.partial(
        record, making.content.list_records(record.kind.name)
    )


def _focuses(making: Making, record: Record, names: Sequence[str]) -> Iterator[Json]:
    for name in names:
        if name and (focus := making.concept(record, name)) is not None:
            yield {"code": _FOCUS, "valueCodeableConcept": focus}


def circumstances(making: Making, record: Record, held: set[str], made: Json) -> None:
    """Put what a definition has no place for into a variable, and let the definition depend on that."""
    found = traits(making, record, rest(record, held))
    if not found:
        return
    title = f"{making.say(record)}: {'; '.join(trait.text for trait in found)}"
    target = variable(making, found, making.path(record, "circumstances"), title)
    depends = {"type": "depends-on", "display": "the circumstances", "resourceReference": target}
    known = made.get("relatedArtifact", [])
    if depends not in known:  # what several steps of a plan share
        made["relatedArtifact"] = [*known, depends]
