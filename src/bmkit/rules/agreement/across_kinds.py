"""Facts of two kinds of one subject state the same quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.agreement.conflicts import find_conflicts_across_kinds, make_fault
from bmkit.rules.derived.statements import summarize_articles
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content


def _make_dilution_pair(solution_ids: list[str], *dilutions: tuple[str, int]) -> dict[str, Any]:
    dilution_records = [
        {
            "id": solution_id,
            "product": "zometa",
            "solution": solution_id,
            "volume": {"value": volume, "unit": "mL"},
        }
        for solution_id, volume in dilutions
    ]
    volume = {"value": 100, "unit": "mL"}
    regimen = {"id": "one", "product": "zometa", "solutions": solution_ids, "volume": volume}
    return {"regimen": [regimen], "dilution": dilution_records}


@rule(
    Severity.ERROR,
    good=[
        _make_dilution_pair(["saline"], ("saline", 100), ("glucose", 300)),
        _make_dilution_pair(["saline"], ("water", 5), ("saline", 100)),
        _make_dilution_pair(["saline", "glucose"], ("glucose", 100)),
    ],
    bad=_make_dilution_pair(["saline"], ("saline", 300)),
    fix="correct the wrong fact, or refer from both to a note on the contradiction that gives both values",
    guards_dose=True,
)
def differs_across_kinds(content: Content) -> Faults:
    """Facts of two kinds state different values for the same quantity.

    The volume of a regimen is also that of a dilution, and so on: fields of one role mean the same in every
    kind.  What only one of the two kinds can say of its subject is left out.  One of the two was changed.
    """
    for summary in summarize_articles(content):
        for conflict in find_conflicts_across_kinds(summary)[0]:
            other = conflict.other
            other_text = f'{other.values[conflict.role].format()} of "{other.id}"'
            verdict = f"is not the {conflict.role.replace('-', ' ')} {other_text}"
            yield make_fault(conflict, verdict, summary, f"correct one of them ({other.file})")
