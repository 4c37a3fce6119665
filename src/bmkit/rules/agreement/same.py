"""Facts of one kind about the same thing state the same quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.amounts import are_unequal, contradict, find_quantity, make_quantity_fault, to_amount
from bmkit.rules.derived.facts import find_subject, is_contradiction_explained
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity, format_without_comparator

if TYPE_CHECKING:
    from bmkit.content import Content, Record

    Pair = tuple[Record, Record, str]
    Subject = frozenset[tuple[str, str]]

# A product exists in several strengths.
_MULTIPLE_VALUE_FIELDS = (("presentation", "strength"),)
_CONTRADICTION_HINT = "correct one, or refer from both to a note on the contradiction that gives both values"
_EXAMPLE_NOTES = [
    {"id": "survival", "category": "contradiction", "reading": "6 to 7 months, or 8 to 9"},
    {"id": "style", "category": "style", "reading": "6 to 7 months, or 8 to 9"},
]


def _make_survival_range(fact_id: str, low: int, high: int, **fields: Any) -> dict[str, Any]:
    time = {"low": low, "high": high, "unit": "mo"}
    return {"id": fact_id, "tumour": "lung-cancer", "statistic": "reported", "time": time, **fields}


def _make_survival_pair(*other_facts: dict[str, Any]) -> dict[str, Any]:
    return {"editorial-note": _EXAMPLE_NOTES, "survival": [_make_survival_range("one", 6, 7), *other_facts]}


def _make_administration_time_regimen(fact_id: str, minutes: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": fact_id,
        "product": "zometa",
        "administration_time": {"value": minutes, "unit": "min"},
        **fields,
    }


@rule(
    Severity.ERROR,
    good=[
        _make_survival_pair(_make_survival_range("two", 6, 7)),
        _make_survival_pair(_make_survival_range("two", 8, 9, statistic="median")),
        {
            "editorial-note": _EXAMPLE_NOTES,
            "survival": [
                _make_survival_range("one", 6, 7, notes=["survival"]),
                _make_survival_range("two", 8, 9, notes=["survival"]),
            ],
        },
    ],
    bad=[
        _make_survival_pair(_make_survival_range("two", 8, 9)),
        {
            "editorial-note": _EXAMPLE_NOTES,
            "survival": [
                _make_survival_range("one", 6, 7, notes=["style"]),
                _make_survival_range("two", 8, 9, notes=["style"]),
            ],
        },
        {
            "editorial-note": _EXAMPLE_NOTES,
            "survival": [
                _make_survival_range("one", 6, 7, notes=["survival"]),
                _make_survival_range("two", 18, 19, notes=["survival"]),
            ],
        },
    ],
    guards_dose=True,
)
def contradiction(content: Content) -> Faults:
    """Two facts about the same thing state values that cannot both be true.

    A value that the article states twice was changed in one place only.  Where the article contradicts
    itself, both facts refer to an editorial note on the contradiction that gives both values.
    """
    for fact, other_fact, field_name in _pair_same_subject_facts(content):
        if contradict(fact[field_name], other_fact[field_name]):
            verdict = f'contradicts {format_quantity(fact[field_name])} of "{fact.id}"'
            yield make_quantity_fault(
                other_fact, field_name, verdict, _CONTRADICTION_HINT, keep_comparator=True
            )


@rule(
    Severity.WARNING,
    good=[
        _make_survival_pair(_make_survival_range("two", 6, 7)),
        _make_survival_pair(_make_survival_range("two", 8, 9)),
    ],
    bad=_make_survival_pair(_make_survival_range("two", 6, 8)),
)
def differs(content: Content) -> Faults:
    """Two facts about the same thing state different values, though both may be true.

    One of them is less precise than the other, or was rounded in an edit.
    """
    for fact, other_fact, field_name in _pair_same_subject_facts(content):
        if (
            not _has_bound(field_name, fact, other_fact)
            and not contradict(fact[field_name], other_fact[field_name])
            and are_unequal(fact[field_name], other_fact[field_name])
        ):
            verdict = f'is not the {format_without_comparator(fact[field_name])} of "{fact.id}"'
            yield make_quantity_fault(other_fact, field_name, verdict, "state the same value in both")


@rule(
    Severity.WARNING,
    good={
        "regimen": [
            _make_administration_time_regimen("all", 15),
            _make_administration_time_regimen("some", 15, population="renal-failure"),
        ]
    },
    bad={
        "regimen": [
            _make_administration_time_regimen("all", 15),
            _make_administration_time_regimen("some", 45, population="renal-failure"),
        ]
    },
)
def differs_from_general(content: Content) -> Faults:
    """A fact about some cases states a different value from the fact about all cases.

    It may be an exception, but without a note nobody can tell it from a slip.
    """
    for general_fact, narrower_fact, field_name in _pair_narrower_facts(content):
        if not _has_bound(field_name, general_fact, narrower_fact) and contradict(
            general_fact[field_name], narrower_fact[field_name]
        ):
            general_text = format_without_comparator(general_fact[field_name])
            verdict = f'is not the {general_text} that "{general_fact.id}" states for all'
            yield make_quantity_fault(narrower_fact, field_name, verdict, _CONTRADICTION_HINT)


def _has_bound(field_name: str, *facts: Record) -> bool:
    return any(to_amount(fact[field_name]).is_bounded() for fact in facts)


@per_content
def _pair_same_subject_facts(content: Content) -> list[Pair]:
    """Return pairs of facts about the same subject that state the same field, with its name.

    Pairs whose contradiction a note explains are left out, here and below.
    """
    pairs = []
    for field_name, stating_facts in _group_stating_facts(content):
        earlier_by_subject: dict[Subject, dict[str, Record]] = {}
        for fact, fact_subject in stating_facts:
            # Of facts that state the same only the first is compared with others, not each with each.
            statement = f"{fact[field_name]} {fact.value.get('notes')}"
            earlier_facts = earlier_by_subject.setdefault(fact_subject, {})
            pairs += [
                (earlier_fact, fact, field_name)
                for earlier_statement, earlier_fact in earlier_facts.items()
                if earlier_statement != statement
                and not is_contradiction_explained(
                    fact, earlier_fact, content, (fact[field_name], earlier_fact[field_name])
                )
            ]
            earlier_facts.setdefault(statement, fact)
    return pairs


@per_content
def _pair_narrower_facts(content: Content) -> list[Pair]:
    """Return pairs of facts that state the same field, the second of a narrower subject, with its name."""
    pairs = []
    for field_name, stating_facts in _group_stating_facts(content):
        facts_by_subject: dict[Subject, list[Record]] = {}
        for fact, fact_subject in stating_facts:
            facts_by_subject.setdefault(fact_subject, []).append(fact)
        pairs += [
            (general_fact, narrower_fact, field_name)
            for narrower_subject, narrower_facts in facts_by_subject.items()
            for general_subject, general_facts in facts_by_subject.items()
            if general_subject < narrower_subject
            for narrower_fact in narrower_facts
            for general_fact in general_facts
            if not is_contradiction_explained(
                narrower_fact, general_fact, content, (narrower_fact[field_name], general_fact[field_name])
            )
        ]
    return pairs


@per_content
def _group_stating_facts(content: Content) -> list[tuple[str, list[tuple[Record, Subject]]]]:
    """Return the quantity fields of each kind of fact, with the facts of one article that state them."""
    groups = []
    for kind in content.list_kinds():
        field_names = [
            field.name
            for field in kind.quantity_fields
            if kind.group == "fact"
            and len(field.path) == 1
            and (kind.name, field.name) not in _MULTIPLE_VALUE_FIELDS
        ]
        facts_by_field: dict[tuple[str, str], list[tuple[Record, Subject]]] = {}
        for record in content.list_records(kind.name) if field_names else ():
            stated_names = [field_name for field_name in field_names if find_quantity(record, field_name)]
            fact_subject = find_subject(record) if stated_names else frozenset()
            for field_name in stated_names:
                facts_by_field.setdefault((record.folder, field_name), []).append((record, fact_subject))
        groups += [
            (field_name, stating_facts)
            for (_, field_name), stating_facts in facts_by_field.items()
            if len(stating_facts) > 1
        ]
    return groups
