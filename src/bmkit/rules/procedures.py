"""Procedures: the order of their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.facts import find_subject, is_contradiction_explained
from bmkit.rules.derived.roles import find_role_text, locate_role, name_role_field
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content, Record


def _make_procedure_step(step_id: str, order: int, **fields: Any) -> dict[str, Any]:
    return {"id": step_id, "procedure": "bone-scintigraphy", "order": order, "step": step_id, **fields}


@rule(
    Severity.ERROR,
    good={
        "procedure-step": [
            _make_procedure_step("administration", 1),
            _make_procedure_step("scan", 2),
            {**_make_procedure_step("scan", 2), "id": "scan-again"},
            _make_procedure_step("puncture", 1, procedure="biopsy"),
        ]
    },
    bad={"procedure-step": [_make_procedure_step("administration", 1), _make_procedure_step("scan", 1)]},
)
def same_order(content: Content) -> Faults:
    """Two steps of a procedure have the same place in its order.

    Nobody can tell which of them comes first.  A step that the article names twice may be listed twice.
    """
    first_by_order: dict[tuple[str, str, int], Record] = {}
    for record in content.list_records_of_role("procedure-step"):
        order, procedure = record.find_value("step"), find_role_text(record, "procedure")
        if not isinstance(order, int) or not procedure:
            continue
        first_step = first_by_order.setdefault((record.folder, procedure, order), record)
        if (
            first_step is record
            or find_subject(first_step) == find_subject(record)
            or is_contradiction_explained(first_step, record, content)
        ):
            continue
        message = f'{name_role_field(record, "step")} {order} is also that of "{first_step.id}"'
        yield locate_role(record, "step"), message, "give each step its own number, the first being 1"
