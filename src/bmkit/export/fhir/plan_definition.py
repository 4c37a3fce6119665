"""PlanDefinition: the steps of a procedure in their order, and treatments that are given together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import codeable, examination
from bmkit.export.fhir.activity_definition import circumstances
from bmkit.export.fhir.datatypes import quantity, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

_PROTOCOL = codeable.hl7("plan-definition-type", "clinical-protocol", "Clinical Protocol")
# The step that "before" counts back from.
_SCAN = "scan of the surface"
# What the order of a combination says of the treatment that is added to the first.
ORDERS = {"which must be adequate before the start": "before-start"}


def procedures(making: Making, records: Sequence[Record]) -> None:
    """Make one PlanDefinition for each procedure whose steps are known, and the definition of each step."""
    for name in dict.fromkeys(record["procedure"] for record in records):
        steps = sorted((one for one in records if one["procedure"] == name), key=_order)
        term = making.term("procedure", name, steps[0])
        path = (making.article.folder, "procedure-step", term.id, "plan")
        topic = [codeable.concept(making.base, term)]
        body: Json = {"type": _PROTOCOL, "topic": topic, "action": [], "relatedArtifact": []}
        says = [term["label"], *(making.say(step) for step in steps)]
        made = making.define("PlanDefinition", path, term["label"], body, says=says)
        for step in steps:
            held = {"order", *(["before"] if _scan(steps) else [])}
            defined = examination.step(making, step, held)
            made["action"].append({**_action(making, step, steps), "definitionCanonical": defined})
            made["relatedArtifact"].append(making.origin(step))
            making.state(step, "PlanDefinition", path)
        made["relatedArtifact"] = _distinct(made["relatedArtifact"])


def together(making: Making, record: Record) -> None:
    """Make the PlanDefinition of two treatments that are given together."""
    first = making.concept(record, "product") or making.concept(record, "treatment")
    second = making.concept(record, "with_treatment")
    actions: list[Json] = [
        {
            "id": "first",
            "linkId": "first",
            **({"code": first} if first else {}),
            "title": (first or {"text": record.kind.title})["text"],
        },
        {"id": "second", "linkId": "second", "code": second, "title": (second or {})["text"]},
    ]
    if record["order"] is None:
        actions[0]["relatedAction"] = [{"targetId": "second", "relationship": "concurrent"}]
    elif record["order"] in ORDERS:
        actions[1]["relatedAction"] = [{"targetId": "first", "relationship": ORDERS[record["order"]]}]
    body: Json = {"type": _PROTOCOL, "action": actions}
    made = making.define("PlanDefinition", making.path(record), making.say(record), body, record)
    held = (
        {"product", "treatment", "with_treatment"}
        if record["product"] is None
        else {"product", "with_treatment"}
    )
    circumstances(making, record, held, made)


def _order(step: Record) -> Any:
    return step["order"] or 0


def _action(making: Making, step: Record, steps: Sequence[Record]) -> Json:
    made: Json = {
        "id": step.id,
        "linkId": step.id,
        "title": making.say(step),
        "code": making.concept(step, "step"),
    }
    if step["order"] is not None:
        made["prefix"] = str(step["order"])
    scan = _scan(steps)
    before = step["before"]
    if scan is not None and before is not None:
        offset = (
            {"offsetDuration": quantity(before["value"], before["unit"], before.get("comparator", ""))}
            if "value" in before
            else {"offsetRange": span(before)}
        )
        made["relatedAction"] = [{"targetId": scan.id, "relationship": "before-start", **offset}]
    return made


def _scan(steps: Sequence[Record]) -> Record | None:
    return next((step for step in steps if step["step"] == _SCAN), None)


def _distinct(artifacts: list[Json]) -> list[Json]:
    return [one for place, one in enumerate(artifacts) if one not in artifacts[:place]]
