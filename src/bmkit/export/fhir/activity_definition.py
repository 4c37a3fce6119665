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
from bmkit.export.fhir.ids import get_label, make_record_path
from bmkit.export.fhir.medication import refer_to_medication
from bmkit.export.fhir.notes import describe_with_safety_notes
from bmkit.export.fhir.regimens import is_orderable, is_partial_regimen
from bmkit.export.fhir.stances import FORBIDDING_STANCES, PERMITTING_STANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources
    from bmkit.export.fhir.terms import Terms


class ActivityMapping(NamedTuple):
    """How the facts of a kind become ActivityDefinitions.

    `request_type` is the type of request it becomes for a patient; the field with the first of `code_roles`
    that has a value says what is done.  `build_dosage` returns the Dosage and the roles of the fields that it
    expresses without loss.
    """

    request_type: str
    code_roles: tuple[str, ...] = ()
    intent: str = "plan"
    code_text_is_sentence: bool = False
    build_dosage: Callable[[Terms, Record], tuple[Json, set[str]]] | None = None


# The request for a definition that informs rather than orders.
COMMUNICATION_REQUEST = "CommunicationRequest"
_MEDICATION_REQUEST = "MedicationRequest"
SERVICE_REQUEST = "ServiceRequest"
_SERVICE_ROLES = ("treatment", "activity", "procedure")
ACTIVITY_MAPPINGS: dict[str, ActivityMapping] = {
    "regimen": ActivityMapping(_MEDICATION_REQUEST, build_dosage=dosage.build_regimen_dosage),
    "dose-limit": ActivityMapping(_MEDICATION_REQUEST, build_dosage=dosage.build_limit_dosage),
    "dilution": ActivityMapping(COMMUNICATION_REQUEST),
    "instruction": ActivityMapping(COMMUNICATION_REQUEST),
    "advice": ActivityMapping(SERVICE_REQUEST, code_roles=_SERVICE_ROLES),
    "recommendation": ActivityMapping(SERVICE_REQUEST, code_roles=_SERVICE_ROLES),
    "radiotherapy": ActivityMapping(SERVICE_REQUEST, code_roles=_SERVICE_ROLES, code_text_is_sentence=True),
}
"""The mapping of kinds by their roles."""

_CLINICAL_FOCUS_CODING = {
    "system": f"{HL7_CODE_SYSTEM_URL}/usage-context-type",
    "code": "focus",
    "display": "Clinical Focus",
}


def add_activity_definition(
    resources: Resources,
    record: Record,
    mapping: ActivityMapping,
    roles_elsewhere: Collection[str] = (),
) -> None:
    """Add the ActivityDefinition of a fact; another resource has the fields with `roles_elsewhere`.

    An order for a medicine that does not say how much would be one for any amount, and one made from "no
    crushing" would say that the medicine is not to be given: such facts become communications, in words.
    """
    dosage_element, dosage_roles = (
        mapping.build_dosage(resources.terms, record) if mapping.build_dosage is not None else ({}, set())
    )
    code_role = next((role for role in mapping.code_roles if record.find_value(role) is not None), "")
    is_communicated = _is_communicated(resources, record, mapping, code_role, dosage_element)
    if is_communicated:
        mapping = mapping._replace(request_type=COMMUNICATION_REQUEST)
    is_service = mapping.request_type == SERVICE_REQUEST
    placed_roles = {"population", "condition", *dosage_roles, *roles_elsewhere}
    # A ServiceRequest has no place for a product: it is among the circumstances.
    placed_roles |= {code_role} if is_service else {"product"}
    body: Json = {
        "topic": [resources.terms.build_kind_concept(record.kind)],
        "kind": mapping.request_type,
        "intent": mapping.intent,
        **_build_activity_code(resources, record, mapping, code_role),
    }
    if is_communicated:
        body["description"] = resources.terms.describe_record(record)
    use_contexts = list(
        _build_focus_contexts(
            resources, record, ["condition", *(["product", "drug-class"] if is_communicated else [])]
        )
    )
    if use_contexts:
        body["useContext"] = use_contexts
    populations = list(resources.terms.iter_terms(record, "population"))
    if len(populations) == 1:
        body["subjectReference"] = refer_to_population(resources, populations[0])
    elif populations:
        placed_roles.remove("population")
    if record.find_value("stance") in FORBIDDING_STANCES and not is_communicated:
        body["doNotPerform"] = True
    if mapping.request_type == _MEDICATION_REQUEST:
        body["productReference"] = refer_to_medication(resources, record)
    site_field = record.kind.find_role_field("site") if mapping.code_roles else None
    # Of sites of which one is enough none is the site.
    body_sites = (
        list(resources.terms.iter_field_concepts(record, site_field))
        if site_field is not None and site_field.joined_by != "any"
        else []
    )
    if body_sites:
        body["bodySite"] = body_sites
        placed_roles.add("site")
    if dosage_element:
        body["dosage"] = [dosage_element]
    definition = resources.add_definition(
        "ActivityDefinition",
        make_record_path(record),
        resources.terms.describe_record(record),
        body,
        record,
    )
    attach_circumstances(resources, record, placed_roles, definition)


def _is_communicated(
    resources: Resources, record: Record, mapping: ActivityMapping, code_role: str, dosage_element: Json
) -> bool:
    """Whether a fact is information rather than an order; `dosage_element` is its Dosage."""
    if mapping.request_type == _MEDICATION_REQUEST:
        return refer_to_medication(resources, record) is None or not _is_complete_order(
            resources, record, dosage_element
        )
    stance = record.find_value("stance")
    # "Not with this product", as a service that is forbidden, would be "not at all"; medicines alone are no
    # service.
    has_product = record.find_value("product") is not None
    return (
        mapping.request_type == COMMUNICATION_REQUEST
        or stance in PERMITTING_STANCES
        or (has_product and stance in FORBIDDING_STANCES)
        or not (code_role or mapping.code_text_is_sentence)
    )


def _build_activity_code(
    resources: Resources, record: Record, mapping: ActivityMapping, code_role: str
) -> Json:
    """What an order is for, or what is communicated.

    A medicine is ordered by its product, and engines refuse such an order with a code.  The product of a
    service is in the text of its code; a communication has its whole message there.
    """
    if mapping.request_type == _MEDICATION_REQUEST:
        return {}
    kind_concept = resources.terms.build_kind_concept(record.kind)
    if mapping.request_type == COMMUNICATION_REQUEST:
        return {"code": {**kind_concept, "text": describe_with_safety_notes(resources.terms, record)}}
    code_element = resources.terms.build_concept(record, code_role) or kind_concept
    if mapping.code_text_is_sentence:
        return {"code": {**code_element, "text": describe_with_safety_notes(resources.terms, record)}}
    for product_term in resources.terms.iter_terms(record, "product"):
        code_element = {**code_element, "text": f"{code_element['text']} with {get_label(product_term)}"}
    return {"code": code_element}


def _is_complete_order(resources: Resources, record: Record, dosage_element: Json) -> bool:
    """Whether a Dosage is enough for an order, and no other fact has the same regimen with more."""
    return is_orderable(record, dosage_element) and not is_partial_regimen(
        record, resources.content.list_records(record.kind.name)
    )


def _build_focus_contexts(resources: Resources, record: Record, roles: Sequence[str]) -> Iterator[Json]:
    for role in roles:
        for focus in resources.terms.iter_concepts(record, role):
            yield {"code": _CLINICAL_FOCUS_CODING, "valueCodeableConcept": focus}


def attach_circumstances(
    resources: Resources, record: Record, placed_roles: Collection[str], definition: Json
) -> None:
    """Let a definition depend on an EvidenceVariable of the fields that it has no element for."""
    characteristics = build_characteristics(
        resources.terms, record, find_unplaced_fields(record, placed_roles)
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
_EXAMINATION_MAPPING = ActivityMapping(SERVICE_REQUEST, code_roles=("procedure",), intent=_PROPOSAL_INTENT)
# "Administration" alone would not say of what, so the text is the sentence.
_STEP_MAPPING = ActivityMapping(
    SERVICE_REQUEST, code_roles=("task",), intent=_PROPOSAL_INTENT, code_text_is_sentence=True
)


def add_examination_definition(resources: Resources, record: Record) -> None:
    """Add the definition of an examination, if its fact says that it is done."""
    if record.find_value("ability") in DONE_ABILITIES:
        add_activity_definition(resources, record, _EXAMINATION_MAPPING)


def add_step_definition(resources: Resources, record: Record, plan_roles: Collection[str]) -> str:
    """Add the definition of a step and return its canonical URL; the plan has what has `plan_roles`."""
    add_activity_definition(resources, record, _STEP_MAPPING, plan_roles)
    return resources.make_url("ActivityDefinition", make_record_path(record))
