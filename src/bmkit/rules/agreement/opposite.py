"""Facts of which one says the opposite of another: of what may be done, and of what is brought about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import agree_on, find_quantity, find_text, has_value
from bmkit.rules.derived.facts import (
    ADVISING_STANCES,
    ALLOWING_STANCES,
    FORBIDDING_STANCES,
    find_facts,
    find_subject,
    is_contradiction_explained,
)
from bmkit.rules.medication.effects import can_both_be_true, group_claims
from bmkit.rules.medication.regimens import find_same_product_records
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.rules.medication.effects import Claim

    Subject = frozenset[tuple[str, str]]

_HINT = "correct one of the two"


def _advice(stance: str, activity: str) -> dict[str, Any]:
    first = {"id": "one", "activity": "rest", "stance": "required"}
    return {"activity-advice": [first, {"id": "two", "activity": activity, "stance": stance}]}


def _effect(effect: str, outcome: str, **fields: Any) -> dict[str, Any]:
    first = {
        "id": "one",
        "product": "zometa",
        "effect": "relieves",
        "outcome": "pain",
        "population": "adults",
    }
    other = {"id": "two", "product": "zometa", "effect": effect, "outcome": outcome, **fields}
    return {"drug-effect": [first, other]}


def _events(effect: str, label: str) -> dict[str, Any]:
    labels = {"events": "the frequency of fractures", "risk": label}
    return {
        "outcome": [{"id": name, "label": said, "condition": "fracture"} for name, said in labels.items()],
        "drug-effect": [
            {"id": "one", "product": "zometa", "effect": "reduces", "outcome": "events"},
            {"id": "two", "product": "zometa", "effect": effect, "outcome": "risk"},
        ],
    }


def _iron(stance: str, activity: str, **fields: Any) -> dict[str, Any]:
    instruction = {"id": "two", "product": "bonefos", "activity": activity, "stance": "to be avoided"}
    return {
        "interaction": [{"id": "one", "product": "bonefos", "substance": "iron", "stance": stance}],
        "instruction": [{**instruction, **fields}],
    }


@rule(
    Severity.ERROR,
    good=[
        _advice("contraindicated", "lifting"),
        _effect("relieves", "pain"),
        _effect("increases", "survival"),
        _effect("increases", "pain", frequency="sometimes"),
        _effect("increases", "pain", population="children"),
        _events("prolongs", "the time to the first fracture"),
        _iron("allowed", "taking-iron", lasting={"value": 2, "unit": "h"}),
        _iron("to be avoided", "taking-iron"),
    ],
    bad=[
        _advice("contraindicated", "rest"),
        _effect("increases", "pain"),
        _events("increases", "the risk of fractures"),
        _iron("allowed", "taking-iron"),
    ],
    fix="correct one of the two, or let both name a note on the contradiction",
)
def opposite(content: Content) -> Faults:
    """One fact lets something be done, or says that it happens, where another says the opposite.

    Whoever reads one of them does or expects the opposite of who reads the other.
    """
    yield from _stances(content)
    yield from _of_two_kinds(content)
    yield from _effects(content)


def _stances(content: Content) -> Faults:
    """Yield facts that forbid what a fact of their kind lets be done."""
    seen: dict[tuple[str, str, Subject], list[Record]] = {}
    for record in find_facts(content):
        if has_value(record, "stance"):
            about = (
                record.folder,
                record.kind.name,
                find_subject(record, excluded_field="stance") | _stated(record),
            )
            for other in seen.setdefault(about, []):
                against = {
                    find_text(record, "stance") in ALLOWING_STANCES,
                    find_text(other, "stance") in ALLOWING_STANCES,
                } == {True, False}
                forbids = (
                    find_text(record, "stance") in FORBIDDING_STANCES
                    or find_text(other, "stance") in FORBIDDING_STANCES
                )
                if against and forbids and not is_contradiction_explained(record, other, content):
                    yield record.locate_field("stance"), _against(record, "stance", other, "stance"), _HINT
            seen[about].append(record)


def _of_two_kinds(content: Content) -> Faults:
    """Yield interactions that let be taken what an instruction forbids to take, or the other way round."""
    for record in content.list_records("interaction"):
        stance = find_text(record, "stance")
        # How much of it is meant an instruction does not say.
        if has_value(record, "amount") or stance not in (*ALLOWING_STANCES, *FORBIDDING_STANCES):
            continue
        for other in find_same_product_records(record, content, "instruction"):
            against = find_text(other, "stance") in (
                FORBIDDING_STANCES if stance in ALLOWING_STANCES else ALLOWING_STANCES
            )
            if against and _is_same(record, other) and not is_contradiction_explained(record, other, content):
                yield record.locate_field("stance"), _against(record, "stance", other, "stance"), _HINT
                break


def _is_same(record: Record, other: Record) -> bool:
    """Say whether an interaction and an instruction are about taking the same for the same time."""
    same = find_text(other, "activity") == f"taking-{find_text(record, 'substance')}" and agree_on(
        record, other, "form"
    )
    return (
        same
        and has_value(record, "lasting") == has_value(other, "lasting")
        and agree_on(record, other, "lasting")
    )


def _effects(content: Content) -> Faults:
    """Yield facts that say that something is raised which another says is lowered, or the other way round."""
    for about in group_claims(content).values():
        seen: dict[bool, list[Claim]] = {True: [], False: []}
        for one in about:
            record = one.record
            for other, name, _ in seen[not one.raises]:
                if not can_both_be_true(record, other, content) and not is_contradiction_explained(
                    record, other, content
                ):
                    yield record.locate_field(one.field), _against(record, one.field, other, name), _HINT
                    break
            seen[one.raises].append(one)


def _against(record: Record, name: str, other: Record, its: str) -> str:
    return f'"{find_text(record, name)}" contradicts "{find_text(other, its)}" of "{other.id}"'


def _interaction(stance: str, effect: str) -> dict[str, Any]:
    made = {"id": "milk", "product": "bonefos", "substance": "milk", "stance": stance}
    return {"interaction": [{**made, "effect": effect, "process": "absorption"}]}


@rule(
    Severity.WARNING,
    good=[
        _interaction("strictly prohibited", "interferes with"),
        _interaction("allowed", "interferes with"),
        _interaction("recommended", "enhances"),
    ],
    bad=_interaction("recommended", "interferes with"),
    fix="correct the stance or the effect",
)
def advised_against_its_reason(content: Content) -> Faults:
    """An interaction is advised, and the reason given is that it interferes with absorption.

    A reason against taking the two together stands beside the advice to do it; one of them is wrong.
    """
    for record in content.list_records("interaction"):
        harms = (
            find_text(record, "effect") == "interferes with" and find_text(record, "process") == "absorption"
        )
        if harms and find_text(record, "stance") in ADVISING_STANCES:
            message = f'"{find_text(record, "stance")}" does not fit "interferes with the absorption"'
            yield record.locate_field("stance"), message, "correct the stance or the effect"


def _stated(record: Record) -> Subject:
    """Give the quantities of a fact, as part of what it is about."""
    return frozenset(
        (field.name, format_quantity(record[field.name]))
        for field in record.kind.quantity_fields
        if len(field.path) == 1 and find_quantity(record, field.name)
    )
