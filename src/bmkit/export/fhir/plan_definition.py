"""PlanDefinition: the steps of a procedure in order, and combinations of treatments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import activity_definition
from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.datatypes import build_quantity, build_range
from bmkit.export.fhir.ids import drop_empty, get_label, make_element_id, make_record_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_CLINICAL_PROTOCOL = build_hl7_concept("plan-definition-type", "clinical-protocol", "Clinical Protocol")
# The relation of the second treatment to the first, by the word for their order.
RELATIONSHIPS_BY_ORDER = {"before": "before-start", "at the same time": "concurrent", "after": "after"}
# The last part of the path of the plan of a procedure.
PROCEDURE_PLAN = "plan"
# What the plan has of each step, rather than its definition.
_STEP_PLACE_ROLE = "step"
_TIME_BEFORE_ROLE = "time-before"


def add_procedure_plans(resources: Resources, all_steps: Sequence[Record]) -> None:
    """Add a PlanDefinition for each procedure with steps, and the definition of each step."""
    procedures = {
        (term.kind.name, term.id): term
        for step in all_steps
        for term in resources.terms.iter_terms(step, "procedure")
    }
    for term in procedures.values():
        steps = sorted(
            (step for step in all_steps if term in resources.terms.iter_terms(step, "procedure")),
            key=_to_step_order,
        )
        path = (resources.article.folder, steps[0].kind.name, term.id, PROCEDURE_PLAN)
        topic = [resources.terms.build_term_concept(term)]
        body: Json = {"type": _CLINICAL_PROTOCOL, "topic": topic}
        sentences = [get_label(term), *(resources.terms.describe_record(step) for step in steps)]
        definition = resources.add_definition(
            "PlanDefinition", path, get_label(term), body, paragraphs=sentences
        )
        definition["action"] = []
        for step in steps:
            action = _build_step_action(resources, step, steps)
            plan_roles = {_STEP_PLACE_ROLE, *([_TIME_BEFORE_ROLE] if "relatedAction" in action else [])}
            step_url = activity_definition.add_step_definition(resources, step, plan_roles)
            definition["action"].append({**action, "definitionCanonical": step_url})
            resources.link_fact(step, "PlanDefinition", path)
        if artifacts := resources.list_source_artifacts(steps):
            definition["relatedArtifact"] = artifacts


def add_combination_plan(resources: Resources, record: Record) -> None:
    """Add the PlanDefinition of two treatments that are given together."""
    terms = resources.terms
    first_role = next((role for role in _FIRST_ROLES if record.find_value(role) is not None), "")
    second_role = next((role for role in _SECOND_ROLES if record.find_value(role) is not None), "")
    actions: list[Json] = [
        drop_empty(
            {
                "id": action_id,
                "linkId": action_id,
                "code": concept,
                "title": (concept or {"text": record.kind.title})["text"],
            }
        )
        for action_id, concept in (
            ("first", terms.build_concept(record, first_role)),
            ("second", terms.build_concept(record, second_role)),
        )
    ]
    order = record.find_value("precedence")
    if order is None:
        actions[0]["relatedAction"] = [{"targetId": "second", "relationship": "concurrent"}]
    elif order in RELATIONSHIPS_BY_ORDER:
        actions[1]["relatedAction"] = [{"targetId": "first", "relationship": RELATIONSHIPS_BY_ORDER[order]}]
    body: Json = {"type": _CLINICAL_PROTOCOL, "action": actions}
    definition = resources.add_definition(
        "PlanDefinition", make_record_path(record), resources.terms.describe_record(record), body, record
    )
    activity_definition.attach_circumstances(resources, record, {first_role, second_role}, definition)


# What is combined, and with what.
_FIRST_ROLES = ("product", "treatment", "procedure", "drug-class")
_SECOND_ROLES = ("given-with", "with-class")


def _to_step_order(step: Record) -> Any:
    return step.find_value(_STEP_PLACE_ROLE) or 0


def _build_step_action(resources: Resources, step: Record, steps: Sequence[Record]) -> Json:
    action_id = make_element_id(step.id)
    action: Json = {
        "id": action_id,
        "linkId": action_id,
        "title": resources.terms.describe_record(step),
    }
    if (task := resources.terms.build_concept(step, "task")) is not None:
        action["code"] = task
    if (place := step.find_value(_STEP_PLACE_ROLE)) is not None:
        action["prefix"] = str(place)
    later_steps = steps[steps.index(step) + 1 :]
    time_before = step.find_value(_TIME_BEFORE_ROLE)
    if later_steps and time_before is not None:
        offset = (
            {
                "offsetDuration": build_quantity(
                    time_before["value"], time_before["unit"], time_before.get("comparator", "")
                )
            }
            if "value" in time_before
            else {"offsetRange": build_range(time_before)}
        )
        next_id = make_element_id(later_steps[0].id)
        action["relatedAction"] = [{"targetId": next_id, "relationship": "before-start", **offset}]
    return action
