"""Procedures: the steps that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.facts import is_explained, subject
from bmkit.rules.derived.value import text
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content, Record


def _step(name: str, order: int, **fields: Any) -> dict[str, Any]:
    return {"id": name, "procedure": "bone-scintigraphy", "order": order, "step": name, **fields}


@rule(
    Severity.ERROR,
    good={
        "procedure-step": [
            _step("administration", 1),
            _step("scan", 2),
            {**_step("scan", 2), "id": "scan-again"},
            _step("puncture", 1, procedure="biopsy"),
        ]
    },
    bad={"procedure-step": [_step("administration", 1), _step("scan", 1)]},
)
def same_order(content: Content) -> Faults:
    """Two steps of a procedure have the same place in its order.

    Nobody can tell which of them comes first.  A step that the article names twice may stand twice.
    """
    seen: dict[tuple[str, str, int], Record] = {}
    for record in content.of("procedure-step"):
        order = record.value.get("order")
        if not isinstance(order, int) or not text(record, "procedure"):
            continue
        first = seen.setdefault((record.folder, text(record, "procedure"), order), record)
        if first is record or subject(first) == subject(record) or is_explained(first, record, content):
            continue
        message = f'order {order} is that of "{first.id}" too'
        yield record.at("order"), message, "give each step its own number, the first being 1"
