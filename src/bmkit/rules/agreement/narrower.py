"""A fact on some states what a fact on more than these states, or says that it is an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.agreement.conflicts import (
    find_conflicts_across_kinds,
    find_narrower_conflicts,
    make_fault,
)
from bmkit.rules.derived.statements import summarize_articles
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.agreement.conflicts import Conflict
    from bmkit.rules.derived.statements import ArticleSummary

_RENAL_FAILURE = {"id": "renal-failure", "label": "renal failure", "weakens": "kidney"}
_HEALTHY = {"id": "pain", "label": "pain"}


def _make_administration_times(minutes: int, condition: str, general_condition: str = "") -> dict[str, Any]:
    def make_regimen(fact_id: str, time: int, **own_fields: Any) -> dict[str, Any]:
        administration_time = {"value": time, "unit": "min"}
        return {"id": fact_id, "product": "zometa", "administration_time": administration_time, **own_fields}

    general_fields = {"condition": general_condition} if general_condition else {}
    regimens = [
        make_regimen("all", 15, **general_fields),
        make_regimen("some", minutes, condition=condition),
    ]
    return {"condition": [_RENAL_FAILURE, _HEALTHY], "regimen": regimens}


def _make_shares(share: int, **fields: Any) -> dict[str, Any]:
    def make_response(fact_id: str, percent: int, **own_fields: Any) -> dict[str, Any]:
        fact = {"id": fact_id, "treatment": "radiotherapy", "outcome": "relief"}
        return {**fact, "share": {"value": percent, "unit": "%"}, **own_fields}

    return {"treatment-response": [make_response("all", 70), make_response("some", share, **fields)]}


@rule(
    Severity.WARNING,
    good=[
        _make_administration_times(15, "pain"),
        _make_administration_times(45, "renal-failure"),
        _make_administration_times(45, "pain", "renal-failure"),
        _make_shares(40, population="children"),
    ],
    bad=[_make_administration_times(45, "pain"), _make_shares(40, lasting="for quite a long time")],
)
def differs_from_general(content: Content) -> Faults:
    """A fact on some cases states another value than a fact on more cases.

    It may be an exception, but without a note nobody can tell it from a slip.  Where exceptions are a matter
    of course nothing is said: with little kidney or liver function, in children, in pregnancy; if the maximum
    for some is lower; and for shares and other numbers of a group of patients, of which a part has others.
    """
    for summary, conflict in _find_conflicts(content):
        other_text = conflict.other.values[conflict.role].format()
        verdict = f'is not the {other_text} that "{conflict.other.id}" states more generally'
        yield make_fault(conflict, verdict, summary)


@per_content
def _find_conflicts(content: Content) -> list[tuple[ArticleSummary, Conflict]]:
    return [
        (summary, conflict)
        for summary in summarize_articles(content)
        for conflict in (*find_narrower_conflicts(summary), *find_conflicts_across_kinds(summary)[1])
    ]
