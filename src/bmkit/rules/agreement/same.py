"""Facts of one subject state the same of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.agreement.conflicts import Conflict, find_same_subject_conflicts, make_fault
from bmkit.rules.derived.stated_values import Agreement
from bmkit.rules.derived.statements import summarize_articles
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.statements import ArticleSummary

_EXAMPLE_NOTES = [
    {"id": "survival", "category": "contradiction", "reading": "6 to 7 months, or 8 to 9"},
    {"id": "style", "category": "style", "reading": "6 to 7 months, or 8 to 9"},
]


def _make_survival_range(fact_id: str, low: int, high: int, **fields: Any) -> dict[str, Any]:
    time = {"low": low, "high": high, "unit": "mo"}
    return {"id": fact_id, "tumour": "lung-cancer", "statistic": "reported", "time": time, **fields}


def _make_survival_pair(*other_facts: dict[str, Any]) -> dict[str, Any]:
    return {"editorial-note": _EXAMPLE_NOTES, "survival": [_make_survival_range("one", 6, 7), *other_facts]}


def _make_noted_survivals(note_id: str, low: int, high: int) -> dict[str, Any]:
    survivals = [
        _make_survival_range("one", 6, 7, notes=[note_id]),
        _make_survival_range("two", low, high, notes=[note_id]),
    ]
    return {"editorial-note": _EXAMPLE_NOTES, "survival": survivals}


def _make_advice_pair(stance: str, activity: str, **fields: Any) -> dict[str, Any]:
    rest_advice = {"id": "one", "activity": "rest", "stance": "required"}
    return {"activity-advice": [rest_advice, {"id": "two", "activity": activity, "stance": stance, **fields}]}


def _make_effect_pair(effect: str, outcome: str, **fields: Any) -> dict[str, Any]:
    first_effect = {"id": "one", "product": "zometa", "effect": "relieves", "outcome": "pain"}
    second_effect = {"id": "two", "product": "zometa", "effect": effect, "outcome": outcome, **fields}
    return {"drug-effect": [first_effect, second_effect]}


@rule(
    Severity.ERROR,
    good=[
        _make_survival_pair(_make_survival_range("two", 6, 7)),
        _make_survival_pair(_make_survival_range("two", 8, 9, statistic="median")),
        _make_noted_survivals("survival", 8, 9),
    ],
    bad=[
        _make_survival_pair(_make_survival_range("two", 8, 9)),
        _make_noted_survivals("style", 8, 9),
        _make_noted_survivals("survival", 18, 19),
    ],
    guards_dose=True,
)
def contradiction(content: Content) -> Faults:
    """Two facts of one subject state values that cannot both be true.

    They agree in all parts but the value: in the patients, in what is given or done to them, in outcome and
    time.  A value that the article states twice was changed in one place only, or what tells the two apart is
    missing.  Where the article contradicts itself, both facts refer to an editorial note on the contradiction
    that gives both values.
    """
    for summary, conflict in _iter_conflicts(content, Agreement.CONTRADICTS):
        if not conflict.is_word:
            other = conflict.other
            value_text = other.values[conflict.role].format(keep_comparator=True)
            yield make_fault(conflict, f'contradicts {value_text} of "{other.id}"', summary)


@rule(
    Severity.ERROR,
    good=[
        _make_advice_pair("contraindicated", "lifting"),
        _make_advice_pair("contraindicated", "rest", population="children"),
        _make_effect_pair("relieves", "pain"),
        _make_effect_pair("increases", "survival"),
        _make_effect_pair("increases", "pain", frequency="sometimes"),
    ],
    bad=[_make_advice_pair("contraindicated", "rest"), _make_effect_pair("increases", "pain")],
    fix="correct one of the two, or refer from both to a note on the contradiction",
    guards_dose=True,
)
def opposite(content: Content) -> Faults:
    """Two facts of one subject give opposite advice, or state opposite effects.

    The schema says which words of a list mean the opposite of each other.  Readers of one fact do or expect
    the opposite of what readers of the other do.
    """
    for summary, conflict in _iter_conflicts(content, Agreement.CONTRADICTS):
        if conflict.is_word:
            other = conflict.other
            verdict = f'contradicts {other.values[conflict.role].format()} of "{other.id}"'
            yield make_fault(conflict, verdict, summary)


@rule(
    Severity.WARNING,
    good=[
        _make_survival_pair(_make_survival_range("two", 6, 7)),
        _make_survival_pair(_make_survival_range("two", 8, 9)),
    ],
    bad=_make_survival_pair(_make_survival_range("two", 6, 8)),
)
def differs(content: Content) -> Faults:
    """Two facts of one subject state different values, though both may be true.

    One of them is less precise than the other, or was rounded in an edit.
    """
    for summary, conflict in _iter_conflicts(content, Agreement.DIFFERS):
        other_text = conflict.other.values[conflict.role].format()
        verdict = f'is not the {other_text} of "{conflict.other.id}"'
        yield make_fault(conflict, verdict, summary, "state the same value in both")


def _iter_conflicts(content: Content, agreement: Agreement) -> list[tuple[ArticleSummary, Conflict]]:
    return [
        (summary, conflict)
        for summary, conflict in _find_conflicts(content)
        if conflict.agreement is agreement
    ]


@per_content
def _find_conflicts(content: Content) -> list[tuple[ArticleSummary, Conflict]]:
    return [
        (summary, conflict)
        for summary in summarize_articles(content)
        for conflict in find_same_subject_conflicts(summary)
    ]
