"""PlanDefinition: the steps of a procedure in order, and combinations of treatments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import activity_definition
from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.datatypes import build_quantity, build_range
from bmkit.export.fhir.ids import make_record_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_CLINICAL_PROTOCOL = build_hl7_concept("plan-definition-type", "clinical-protocol", "Clinical Protocol")
# The step that "before" counts back from.
_SCAN_STEP = "scan of the surface"
# The relation of the second treatment to the first, by the order of a combination.
RELATIONSHIPS_BY_ORDER = {"which must be adequate before the start": "before-start"}


def add_procedure_plans(resources: Resources, all_steps: Sequence[Record]) -> None:
    """Add a PlanDefinition for each procedure with steps, and the definition of each step."""
    for procedure_id in dict.fromkeys(step["procedure"] for step in all_steps):
        steps = sorted((step for step in all_steps if step["procedure"] == procedure_id), key=_to_step_order)
        term = resources.terms.find_term("procedure", procedure_id, steps[0])
        path = (resources.article.folder, "procedure-step", term.id, "plan")
        topic = [resources.terms.build_term_concept(term)]
        body: Json = {"type": _CLINICAL_PROTOCOL, "topic": topic, "action": [], "relatedArtifact": []}
        sentences = [term["label"], *(resources.terms.describe_record(step) for step in steps)]
        definition = resources.add_definition(
            "PlanDefinition", path, term["label"], body, paragraphs=sentences
        )
        for step in steps:
            plan_fields = {"order", *(["before"] if _find_scan_step(steps) else [])}
            step_url = activity_definition.add_step_definition(resources, step, plan_fields)
            definition["action"].append(
                {**_build_step_action(resources, step, steps), "definitionCanonical": step_url}
            )
            definition["relatedArtifact"].append(resources.build_source_artifact(step))
            resources.link_fact(step, "PlanDefinition", path)
        definition["relatedArtifact"] = _drop_duplicate_artifacts(definition["relatedArtifact"])


def add_combination_plan(resources: Resources, record: Record) -> None:
    """Add the PlanDefinition of two treatments that are given together."""
    first_treatment = resources.terms.build_concept(record, "product") or resources.terms.build_concept(
        record, "treatment"
    )
    second_treatment = resources.terms.build_concept(record, "with_treatment")
    actions: list[Json] = [
        {
            "id": "first",
            "linkId": "first",
            **({"code": first_treatment} if first_treatment else {}),
            "title": (first_treatment or {"text": record.kind.title})["text"],
        },
        {
            "id": "second",
            "linkId": "second",
            "code": second_treatment,
            "title": (second_treatment or {})["text"],
        },
    ]
    if record["order"] is None:
        actions[0]["relatedAction"] = [{"targetId": "second", "relationship": "concurrent"}]
    elif record["order"] in RELATIONSHIPS_BY_ORDER:
        actions[1]["relatedAction"] = [
            {"targetId": "first", "relationship": RELATIONSHIPS_BY_ORDER[record["order"]]}
        ]
    body: Json = {"type": _CLINICAL_PROTOCOL, "action": actions}
    definition = resources.add_definition(
        "PlanDefinition", make_record_path(record), resources.terms.describe_record(record), body, record
    )
    placed_fields = (
        {"product", "treatment", "with_treatment"}
        if record["product"] is None
        else {"product", "with_treatment"}
    )
    activity_definition.attach_circumstances(resources, record, placed_fields, definition)


def _to_step_order(step: Record) -> Any:
    return step["order"] or 0


def _build_step_action(resources: Resources, step: Record, steps: Sequence[Record]) -> Json:
    action: Json = {
        "id": step.id,
        "linkId": step.id,
        "title": resources.terms.describe_record(step),
        "code": resources.terms.build_concept(step, "step"),
    }
    if step["order"] is not None:
        action["prefix"] = str(step["order"])
    scan_step = _find_scan_step(steps)
    time_before = step["before"]
    if scan_step is not None and time_before is not None:
        offset = (
            {
                "offsetDuration": build_quantity(
                    time_before["value"], time_before["unit"], time_before.get("comparator", "")
                )
            }
            if "value" in time_before
            else {"offsetRange": build_range(time_before)}
        )
        action["relatedAction"] = [{"targetId": scan_step.id, "relationship": "before-start", **offset}]
    return action


def _find_scan_step(steps: Sequence[Record]) -> Record | None:
    return next((step for step in steps if step["step"] == _SCAN_STEP), None)


def _drop_duplicate_artifacts(artifacts: list[Json]) -> list[Json]:
    return [artifact for index, artifact in enumerate(artifacts) if artifact not in artifacts[:index]]
