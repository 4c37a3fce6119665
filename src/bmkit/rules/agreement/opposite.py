"""Facts that state the opposite of each other: in advice, and in effects."""

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

_CORRECT_ONE_HINT = "correct one of the two"


def _make_advice_pair(stance: str, activity: str) -> dict[str, Any]:
    rest_advice = {"id": "one", "activity": "rest", "stance": "required"}
    return {"activity-advice": [rest_advice, {"id": "two", "activity": activity, "stance": stance}]}


def _make_effect_pair(effect: str, outcome: str, **fields: Any) -> dict[str, Any]:
    first_effect = {
        "id": "one",
        "product": "zometa",
        "effect": "relieves",
        "outcome": "pain",
        "population": "adults",
    }
    second_effect = {"id": "two", "product": "zometa", "effect": effect, "outcome": outcome, **fields}
    return {"drug-effect": [first_effect, second_effect]}


def _make_event_effects_example(effect: str, risk_label: str) -> dict[str, Any]:
    label_by_outcome = {"events": "the frequency of fractures", "risk": risk_label}
    return {
        "outcome": [
            {"id": outcome_id, "label": outcome_label, "condition": "fracture"}
            for outcome_id, outcome_label in label_by_outcome.items()
        ],
        "drug-effect": [
            {"id": "one", "product": "zometa", "effect": "reduces", "outcome": "events"},
            {"id": "two", "product": "zometa", "effect": effect, "outcome": "risk"},
        ],
    }


def _make_iron_pair(stance: str, activity: str, **fields: Any) -> dict[str, Any]:
    instruction = {"id": "two", "product": "bonefos", "activity": activity, "stance": "to be avoided"}
    return {
        "interaction": [{"id": "one", "product": "bonefos", "substance": "iron", "stance": stance}],
        "instruction": [{**instruction, **fields}],
    }


@rule(
    Severity.ERROR,
    good=[
        _make_advice_pair("contraindicated", "lifting"),
        _make_effect_pair("relieves", "pain"),
        _make_effect_pair("increases", "survival"),
        _make_effect_pair("increases", "pain", frequency="sometimes"),
        _make_effect_pair("increases", "pain", population="children"),
        _make_event_effects_example("prolongs", "the time to the first fracture"),
        _make_iron_pair("allowed", "taking-iron", lasting={"value": 2, "unit": "h"}),
        _make_iron_pair("to be avoided", "taking-iron"),
    ],
    bad=[
        _make_advice_pair("contraindicated", "rest"),
        _make_effect_pair("increases", "pain"),
        _make_event_effects_example("increases", "the risk of fractures"),
        _make_iron_pair("allowed", "taking-iron"),
    ],
    fix="correct one of the two, or refer from both to a note on the contradiction",
    guards_dose=True,
)
def opposite(content: Content) -> Faults:
    """Two facts give opposite advice, or state opposite effects.

    Readers of one do or expect the opposite of what readers of the other do.
    """
    yield from _find_opposite_stances(content)
    yield from _find_opposite_instructions(content)
    yield from _find_opposite_effects(content)


def _find_opposite_stances(content: Content) -> Faults:
    """Yield facts that forbid what another fact of their kind allows."""
    records_by_subject: dict[tuple[str, str, Subject], list[Record]] = {}
    for record in find_facts(content):
        if has_value(record, "stance"):
            fact_subject = (
                record.folder,
                record.kind.name,
                find_subject(record, excluded_field="stance") | _collect_quantity_texts(record),
            )
            for other_record in records_by_subject.setdefault(fact_subject, []):
                is_opposite = {
                    find_text(record, "stance") in ALLOWING_STANCES,
                    find_text(other_record, "stance") in ALLOWING_STANCES,
                } == {True, False}
                is_forbidden = (
                    find_text(record, "stance") in FORBIDDING_STANCES
                    or find_text(other_record, "stance") in FORBIDDING_STANCES
                )
                if (
                    is_opposite
                    and is_forbidden
                    and not is_contradiction_explained(record, other_record, content)
                ):
                    yield (
                        record.locate_field("stance"),
                        _format_contradiction(record, "stance", other_record, "stance"),
                        _CORRECT_ONE_HINT,
                    )
            records_by_subject[fact_subject].append(record)


def _find_opposite_instructions(content: Content) -> Faults:
    """Yield interactions that allow what an instruction forbids, or the other way round."""
    for record in content.list_records("interaction"):
        stance = find_text(record, "stance")
        # An instruction states no amount.
        if has_value(record, "amount") or stance not in (*ALLOWING_STANCES, *FORBIDDING_STANCES):
            continue
        for instruction in find_same_product_records(record, content, "instruction"):
            is_opposite = find_text(instruction, "stance") in (
                FORBIDDING_STANCES if stance in ALLOWING_STANCES else ALLOWING_STANCES
            )
            if (
                is_opposite
                and _is_about_same_taking(record, instruction)
                and not is_contradiction_explained(record, instruction, content)
            ):
                yield (
                    record.locate_field("stance"),
                    _format_contradiction(record, "stance", instruction, "stance"),
                    _CORRECT_ONE_HINT,
                )
                break


def _is_about_same_taking(interaction: Record, instruction: Record) -> bool:
    """Return whether an interaction and an instruction are about taking the same for the same time."""
    is_same_activity = find_text(
        instruction, "activity"
    ) == f"taking-{find_text(interaction, 'substance')}" and agree_on(interaction, instruction, "form")
    return (
        is_same_activity
        and has_value(interaction, "lasting") == has_value(instruction, "lasting")
        and agree_on(interaction, instruction, "lasting")
    )


def _find_opposite_effects(content: Content) -> Faults:
    """Yield facts that state a rise where another states a fall, or the other way round."""
    for subject_claims in group_claims(content).values():
        claims_by_direction: dict[bool, list[Claim]] = {True: [], False: []}
        for claim in subject_claims:
            record = claim.record
            for other_record, other_field, _ in claims_by_direction[not claim.raises]:
                if not can_both_be_true(record, other_record, content) and not is_contradiction_explained(
                    record, other_record, content
                ):
                    yield (
                        record.locate_field(claim.field),
                        _format_contradiction(record, claim.field, other_record, other_field),
                        _CORRECT_ONE_HINT,
                    )
                    break
            claims_by_direction[claim.raises].append(claim)


def _format_contradiction(record: Record, field_name: str, other_record: Record, other_field: str) -> str:
    other_text = find_text(other_record, other_field)
    return f'"{find_text(record, field_name)}" contradicts "{other_text}" of "{other_record.id}"'


def _make_milk_interaction(stance: str, effect: str) -> dict[str, Any]:
    interaction = {"id": "milk", "product": "bonefos", "substance": "milk", "stance": stance}
    return {"interaction": [{**interaction, "effect": effect, "process": "absorption"}]}


@rule(
    Severity.WARNING,
    good=[
        _make_milk_interaction("strictly prohibited", "interferes with"),
        _make_milk_interaction("allowed", "interferes with"),
        _make_milk_interaction("recommended", "enhances"),
    ],
    bad=_make_milk_interaction("recommended", "interferes with"),
    fix="correct the stance or the effect",
)
def stance_against_effect(content: Content) -> Faults:
    """An interaction is advised although it interferes with absorption.

    The stated effect is a reason against taking the two together; one of the two statements is wrong.
    """
    for record in content.list_records("interaction"):
        is_interfering = (
            find_text(record, "effect") == "interferes with" and find_text(record, "process") == "absorption"
        )
        if is_interfering and find_text(record, "stance") in ADVISING_STANCES:
            message = f'"{find_text(record, "stance")}" does not fit "interferes with the absorption"'
            yield record.locate_field("stance"), message, "correct the stance or the effect"


def _collect_quantity_texts(record: Record) -> Subject:
    """Return the quantities of a fact, as part of its subject."""
    return frozenset(
        (field.name, format_quantity(record[field.name]))
        for field in record.kind.quantity_fields
        if len(field.path) == 1 and find_quantity(record, field.name)
    )
