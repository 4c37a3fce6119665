"""PlanDefinition of regimens: steps in order, choices, days of a cycle, and the level that is aimed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.datatypes import build_quantity_or_range
from bmkit.export.fhir.ids import make_element_id, make_record_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_ORDER_SET = build_hl7_concept("plan-definition-type", "clinical-protocol", "Clinical Protocol")
# The last part of the path of a plan.
_REGIMEN_PLAN = "steps"
_DAYS_OF_CYCLE_URL = "http://hl7.org/fhir/StructureDefinition/timing-daysOfCycle"


def add_regimen_plans(resources: Resources) -> None:
    """Add a PlanDefinition for each plan of steps, and for regimens with a goal or days of a cycle."""
    for regimens in _group_regimens(resources.terms.list_records("regimen")):
        has_goal_or_days = any(
            regimen.find_value(role) is not None for regimen in regimens for role in ("until", "days")
        )
        if regimens[0].find_value("plan") is not None or has_goal_or_days:
            _add_plan(resources, regimens)


def _group_regimens(regimens: Sequence[Record]) -> Iterator[list[Record]]:
    """The rows of each plan, for the same medicine or several, in the order of their steps; others alone."""
    groups: dict[tuple[object, ...], list[Record]] = {}
    for regimen in regimens:
        plan = regimen.find_value("plan")
        key = (regimen.kind.name, regimen.id) if plan is None else (regimen.kind.name, None, plan)
        groups.setdefault(key, []).append(regimen)
    for group in groups.values():
        yield sorted(group, key=_find_step)


def _find_step(regimen: Record) -> int:
    return regimen.find_value("step") or 0


def _add_plan(resources: Resources, regimens: list[Record]) -> None:
    first = regimens[0]
    path = make_record_path(first, _REGIMEN_PLAN)
    sentences = [resources.terms.describe_record(regimen) for regimen in regimens]
    title = str(first.find_value("plan") or sentences[0])
    body: Json = {
        "type": _ORDER_SET,
        "goal": list(_iter_goals(resources, regimens)),
        "action": list(_iter_step_actions(resources, regimens)),
    }
    paragraphs = list(dict.fromkeys([title, *sentences]))
    definition = resources.add_definition("PlanDefinition", path, title, body, paragraphs=paragraphs)
    for regimen in regimens:
        resources.link_fact(regimen, "PlanDefinition", path)
    if artifacts := resources.list_source_artifacts(regimens):
        definition["relatedArtifact"] = artifacts


def _iter_step_actions(resources: Resources, regimens: list[Record]) -> Iterator[Json]:
    """An action for each step: its only row, the rows that are given together, or a choice of rows."""
    previous_id = ""
    for step in dict.fromkeys(_find_step(regimen) for regimen in regimens):
        rows = [regimen for regimen in regimens if _find_step(regimen) == step]
        actions = [_build_action(resources, row) for row in rows]
        action = actions[0]
        if len(actions) > 1:
            has_options = len({row.find_value("option") for row in rows}) > 1
            action = {
                "id": f"step-{step}",
                "linkId": f"step-{step}",
                "title": f"step {step}",
                "groupingBehavior": "logical-group",
                "selectionBehavior": "exactly-one" if has_options else "all",
                "action": actions,
            }
        if step:
            action = {**{key: action[key] for key in ("id", "linkId")}, "prefix": str(step), **action}
        if previous_id:
            action["relatedAction"] = [{"targetId": previous_id, "relationship": "after-end"}]
        previous_id = action["id"]
        yield action


def _build_action(resources: Resources, regimen: Record) -> Json:
    action_id = make_element_id(regimen.id)
    action: Json = {
        "id": action_id,
        "linkId": action_id,
        "title": resources.terms.describe_record(regimen),
        "definitionCanonical": resources.make_url("ActivityDefinition", make_record_path(regimen)),
    }
    goal_ids = [make_element_id(term.id) for term in resources.terms.iter_terms(regimen, "until")]
    if goal_ids:
        action["goalId"] = goal_ids
    if days := regimen.find_value("days"):
        day_extensions = [
            {"url": "day", "valueInteger": day} for day in (days if isinstance(days, list) else [days])
        ]
        action["extension"] = [{"url": _DAYS_OF_CYCLE_URL, "extension": day_extensions}]
    return action


def _iter_goals(resources: Resources, regimens: list[Record]) -> Iterator[Json]:
    """The levels that the steps of a plan aim at, each once."""
    terms = resources.terms
    levels = {term.id: term for regimen in regimens for term in terms.iter_terms(regimen, "until")}
    for level_id, level in levels.items():
        measure = terms.build_concept(level, "characteristic") or terms.build_concept(level, "analyte")
        amount, word = level.find_value("range"), level.find_value("band-word")
        target: Json = {"measure": measure} if measure else {}
        if amount is not None:
            target.update(build_quantity_or_range("detail", amount))
        elif word is not None:
            target["detailCodeableConcept"] = {"text": str(word)}
        yield {
            "id": make_element_id(level_id),
            "description": terms.build_term_concept(level),
            **({"target": [target]} if measure else {}),
        }
