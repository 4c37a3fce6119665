"""ActivityDefinition: medicines, services and advice; the rest goes into an EvidenceVariable."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.fhir import dosage
from bmkit.export.fhir.characteristics import (
    build_characteristics,
    find_unplaced_fields,
    refer_to_population,
    refer_to_variable,
)
from bmkit.export.fhir.codeable import HL7_CODE_SYSTEM_URL
from bmkit.export.fhir.ids import make_record_path
from bmkit.export.fhir.medication import refer_to_medication
from bmkit.export.fhir.notes import describe_with_safety_notes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources
    from bmkit.export.fhir.terms import Terms


class ActivityRoles(NamedTuple):
    """Which field of a kind becomes which element of an ActivityDefinition.

    `request_type` is the type of request it becomes for a patient; `…_field` names a field; `build_dosage`
    returns the Dosage and the fields that it expresses without loss.
    """

    request_type: str
    code_field: str = ""
    product_field: str = ""
    focus_field: str = ""
    sites_field: str = ""
    intent: str = "plan"
    code_text_is_sentence: bool = False
    build_dosage: Callable[[Terms, Record], tuple[Json, set[str]]] | None = None


# The request for a definition that informs rather than orders.
COMMUNICATION_REQUEST = "CommunicationRequest"
_MEDICATION_REQUEST = "MedicationRequest"
SERVICE_REQUEST = "ServiceRequest"
ACTIVITY_ROLES_BY_KIND: dict[str, ActivityRoles] = {
    "regimen": ActivityRoles(
        _MEDICATION_REQUEST,
        product_field="product",
        focus_field="condition",
        build_dosage=dosage.build_regimen_dosage,
    ),
    "course": ActivityRoles(
        _MEDICATION_REQUEST, product_field="product", build_dosage=dosage.build_course_dosage
    ),
    "dose-limit": ActivityRoles(
        _MEDICATION_REQUEST,
        product_field="product",
        focus_field="condition",
        build_dosage=dosage.build_limit_dosage,
    ),
    "dilution": ActivityRoles(COMMUNICATION_REQUEST, product_field="product", focus_field="condition"),
    "instruction": ActivityRoles(COMMUNICATION_REQUEST, product_field="product"),
    "treatment-option": ActivityRoles(
        SERVICE_REQUEST,
        code_field="treatment",
        product_field="product",
        focus_field="aimed_at",
        sites_field="sites",
    ),
    "activity-advice": ActivityRoles(SERVICE_REQUEST, code_field="activity"),
}

# Stances that forbid: an order made from such a definition must say "do not".
FORBIDDING_STANCES = frozenset(
    {"not practised", "not recommended", "to be avoided", "contraindicated", "strictly prohibited"}
)
# Stances that permit: of what may be done no order can be made, neither to do it nor to leave it.
PERMITTING_STANCES = frozenset(
    {"allowed", "allowed with a doctor's approval", "allowed only with a doctor's approval"}
)
_CLINICAL_FOCUS_CODING = {
    "system": f"{HL7_CODE_SYSTEM_URL}/usage-context-type",
    "code": "focus",
    "display": "Clinical Focus",
}


def add_activity_definition(
    resources: Resources, record: Record, roles: ActivityRoles, fields_elsewhere: Iterable[str] = ()
) -> None:
    """Add the ActivityDefinition of a fact; another resource has the `fields_elsewhere`.

    An order for a medicine that does not say how much would be one for any amount, and one made from "no
    crushing" would say that the medicine is not to be given: such facts become communications, in words.
    """
    dosage_element, dosage_fields = (
        roles.build_dosage(resources.terms, record) if roles.build_dosage is not None else ({}, set())
    )
    stance = record["stance"] if "stance" in record.kind else None
    is_communicated = _is_communicated(resources, record, roles, dosage_element)
    code_element = _build_activity_code(
        resources, record, roles._replace(request_type=COMMUNICATION_REQUEST) if is_communicated else roles
    )
    roles = roles._replace(request_type=COMMUNICATION_REQUEST, code_field="") if is_communicated else roles
    # A ServiceRequest has no place for a product: it is among the circumstances.
    roles = roles._replace(product_field="") if roles.request_type == SERVICE_REQUEST else roles
    placed_fields = {
        field_name
        for field_name in (roles.code_field, roles.product_field, roles.focus_field, roles.sites_field)
        if field_name
    }
    placed_fields |= {"population", *dosage_fields, *fields_elsewhere}
    body: Json = {
        "topic": [resources.terms.build_kind_concept(record.kind)],
        "kind": roles.request_type,
        "intent": roles.intent,
        **code_element,
    }
    if is_communicated:
        body["description"] = resources.terms.describe_record(record)
    use_contexts = list(
        _build_focus_contexts(
            resources, record, [roles.focus_field, *([roles.product_field] if is_communicated else [])]
        )
    )
    if use_contexts:
        body["useContext"] = use_contexts
    if "population" in record.kind and record["population"] is not None:
        [population_term] = resources.terms.iter_terms(record, "population")
        body["subjectReference"] = refer_to_population(resources, population_term)
    if stance in FORBIDDING_STANCES and not is_communicated:
        body["doNotPerform"] = True
    if roles.product_field and record[roles.product_field] is not None and not is_communicated:
        body["productReference"] = refer_to_medication(resources, record)
    if roles.sites_field and (body_sites := list(resources.terms.iter_concepts(record, roles.sites_field))):
        body["bodySite"] = body_sites
    if dosage_element:
        body["dosage"] = [dosage_element]
    definition = resources.add_definition(
        "ActivityDefinition",
        make_record_path(record),
        resources.terms.describe_record(record),
        body,
        record,
    )
    attach_circumstances(resources, record, placed_fields, definition)


def _is_communicated(
    resources: Resources, record: Record, roles: ActivityRoles, dosage_element: Json
) -> bool:
    """Whether a fact is information rather than an order; `dosage_element` is its Dosage."""
    stance = record["stance"] if "stance" in record.kind else None
    if roles.request_type == _MEDICATION_REQUEST:
        return not _is_complete_order(resources, record, dosage_element)
    # "Not with this product", as a service that is forbidden, would be "not at all".
    has_product = bool(roles.product_field) and record[roles.product_field] is not None
    return (
        roles.request_type == COMMUNICATION_REQUEST
        or stance in PERMITTING_STANCES
        or (has_product and stance in FORBIDDING_STANCES)
    )


def _build_activity_code(resources: Resources, record: Record, roles: ActivityRoles) -> Json:
    """What an order is for, or what is communicated.

    A medicine is ordered by its product, and engines refuse such an order with a code.  The product of a
    service is in the text of its code; a communication has its whole message there.
    """
    if roles.request_type == _MEDICATION_REQUEST:
        return {}
    kind_concept = resources.terms.build_kind_concept(record.kind)
    if roles.request_type == COMMUNICATION_REQUEST:
        return {"code": {**kind_concept, "text": describe_with_safety_notes(resources.terms, record)}}
    code_element = (
        resources.terms.build_concept(record, roles.code_field) if roles.code_field else None
    ) or kind_concept
    if roles.code_text_is_sentence:
        return {"code": {**code_element, "text": describe_with_safety_notes(resources.terms, record)}}
    for product_term in (
        resources.terms.iter_terms(record, roles.product_field) if roles.product_field else ()
    ):
        code_element = {**code_element, "text": f"{code_element['text']} with {product_term['label']}"}
    return {"code": code_element}


def _is_complete_order(resources: Resources, record: Record, dosage_element: Json) -> bool:
    """Whether a Dosage is enough for an order, and no other fact has the same regimen with more."""
    return dosage.is_orderable(record, dosage_element) and not dosage.is_partial_regimen(
        record, resources.content.list_records(record.kind.name)
    )


def _build_focus_contexts(resources: Resources, record: Record, field_names: Sequence[str]) -> Iterator[Json]:
    for field_name in field_names:
        if field_name and (focus := resources.terms.build_concept(record, field_name)) is not None:
            yield {"code": _CLINICAL_FOCUS_CODING, "valueCodeableConcept": focus}


def attach_circumstances(
    resources: Resources, record: Record, placed_fields: set[str], definition: Json
) -> None:
    """Let a definition depend on an EvidenceVariable of the fields that it has no element for."""
    characteristics = build_characteristics(
        resources.terms, record, find_unplaced_fields(record, placed_fields)
    )
    if not characteristics:
        return
    circumstances = "; ".join(characteristic.text for characteristic in characteristics)
    title = f"{resources.terms.describe_record(record)}: {circumstances}"
    variable_reference = refer_to_variable(
        resources, characteristics, make_record_path(record, "circumstances"), title
    )
    dependency = {
        "type": "depends-on",
        "display": "the circumstances",
        "resourceReference": variable_reference,
    }
    related_artifacts = definition.get("relatedArtifact", [])
    if dependency not in related_artifacts:  # what several steps of a plan share
        definition["relatedArtifact"] = [*related_artifacts, dependency]


# Abilities of an examination that is, or should be, done.  The others say what it can show: that it "detects"
# something is no reason to order it.
DONE_ABILITIES = frozenset({"is used to diagnose", "is recommended for", "is strongly recommended"})
# Nobody has decided anything yet: an article has no patients.
_PROPOSAL_INTENT = "proposal"
_EXAMINATION_ROLES = ActivityRoles(
    SERVICE_REQUEST,
    code_field="procedure",
    product_field="product",
    focus_field="condition",
    intent=_PROPOSAL_INTENT,
)
# "Administration" alone would not say of what, so the text is the sentence.
_STEP_ROLES = ActivityRoles(
    SERVICE_REQUEST,
    code_field="step",
    product_field="product",
    sites_field="sites",
    intent=_PROPOSAL_INTENT,
    code_text_is_sentence=True,
)


def add_examination_definition(resources: Resources, record: Record) -> None:
    """Add the definition of an examination, if the article says that it is done."""
    if record["ability"] in DONE_ABILITIES:
        add_activity_definition(resources, record, _EXAMINATION_ROLES)


def add_step_definition(resources: Resources, record: Record, plan_fields: set[str]) -> str:
    """Add the definition of a step and return its canonical URL; the plan has the `plan_fields`."""
    add_activity_definition(resources, record, _STEP_ROLES, plan_fields)
    return resources.make_url("ActivityDefinition", make_record_path(record))
