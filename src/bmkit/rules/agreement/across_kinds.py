"""Facts of two kinds about the same thing state the same quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import are_unequal, find_quantity, find_text, has_value, make_quantity_fault
from bmkit.rules.derived.facts import ALLOWING_STANCES, FORBIDDING_STANCES, is_contradiction_explained
from bmkit.rules.derived.hierarchy import are_related
from bmkit.rules.medication.regimens import PATIENT_KINDS, find_peer_records, find_same_product_records
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_without_comparator, join_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

# The same quantity in two kinds of fact; the last says whether it is a bound, "at most a week".
_QUANTITIES_STATED_TWICE = (
    ("regimen", "course", "course", "duration", False),
    ("regimen", "course_limit", "course", "duration", True),
    ("regimen", "volume", "dilution", "volume", False),
)
# Waiting with iron until after the medicine is taking the medicine before iron.
_OPPOSITE_RELATIONS = {"after taking it": "before", "before taking it": "after"}
_TAKING_ACTIVITY = "taking"
_DIVIDING_ACTIVITY = "dividing-the-daily-dose"
_ABOVE_COMPARATORS = (">", ">=")


def _make_course_pair(days: int) -> dict[str, Any]:
    return {
        "regimen": [{"id": "one", "product": "bonefos", "course": {"value": 5, "unit": "d"}}],
        "course": [{"id": "five", "product": "bonefos", "duration": {"value": days, "unit": "d"}}],
    }


def _make_waiting_pair(hours: int, **fields: Any) -> dict[str, Any]:
    interaction = {"id": "one", "product": "bonefos", "substance": "iron", "stance": "to be avoided"}
    waiting_fields = {"lasting": {"value": 2, "unit": "h"}, "relation": "after taking it"}
    time = {"value": hours, "unit": "h"}
    avoiding_iron = {"activity": "taking-iron", "stance": "to be avoided", "event": "taking", "lasting": time}
    taking_before = {"activity": "taking", "stance": "required", "time": time, "relation": "before", **fields}
    instruction = taking_before if "event" in fields else {**avoiding_iron, **fields}
    return {
        "interaction": [{**interaction, **waiting_fields}],
        "instruction": [{"id": "two", "product": "bonefos", **instruction}],
    }


def _make_divided_dose_pair(dose: int, part_count: int, **fields: Any) -> dict[str, Any]:
    instruction = {"id": "one", "product": "bonefos", "activity": _DIVIDING_ACTIVITY, "stance": "required"}
    instruction_fields = {"dose": _make_dose_above(dose), "parts": {"value": part_count, "unit": "1"}}
    dosing_fields = {
        "daily_dose": _make_dose_above(1600),
        "times_per_day": {"value": 2, "unit": "1"},
        **fields,
    }
    return {
        "instruction": [{**instruction, **instruction_fields}],
        "regimen": [{"id": "two", "product": "bonefos", **dosing_fields}],
    }


def _make_dose_above(dose: int) -> dict[str, Any]:
    return {"value": dose, "comparator": ">", "unit": "mg/d"}


def _to_id_list(ids: str | list[str]) -> list[str]:
    return [ids] if isinstance(ids, str) else ids


def _make_dilution_pair(solution_ids: str | list[str], *dilutions: tuple[str, int]) -> dict[str, Any]:
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
    regimen = {"id": "one", "product": "zometa", "solutions": _to_id_list(solution_ids), "volume": volume}
    return {"regimen": [regimen], "dilution": dilution_records}


@rule(
    Severity.ERROR,
    good=[
        _make_course_pair(5),
        _make_waiting_pair(2),
        _make_waiting_pair(2, event="taking-iron"),
        _make_waiting_pair(4, event="eating"),
        _make_waiting_pair(4, activity="eating"),
        _make_divided_dose_pair(1600, 2),
        _make_divided_dose_pair(2400, 3, population="children"),
        _make_dilution_pair("saline", ("saline", 100), ("glucose", 100)),
        _make_dilution_pair("saline", ("water", 5), ("saline", 100)),
        _make_dilution_pair(["saline", "glucose"], ("glucose", 100)),
    ],
    bad=[
        _make_course_pair(6),
        _make_waiting_pair(4),
        _make_waiting_pair(4, event="taking-iron"),
        _make_divided_dose_pair(2400, 2),
        _make_divided_dose_pair(1600, 3),
        _make_dilution_pair("glucose", ("saline", 100)),
        _make_dilution_pair("water", ("water", 5), ("saline", 100)),
        _make_dilution_pair(["saline", "glucose"], ("glucose", 100), ("saline", 300)),
    ],
    fix="correct the wrong fact, or refer from both to a note on the contradiction that gives both values",
    guards_dose=True,
)
def differs_across_kinds(content: Content) -> Faults:
    """Facts of two kinds state different values for the same quantity.

    The course of a regimen is also a course, its volume and solution are also a dilution, and the time
    without other medicines is both an interaction and an instruction.  One of the two was changed.
    """
    for kind, field_name, other_kind, other_field, is_bound in _QUANTITIES_STATED_TWICE:
        for record in content.list_records(kind):
            if find_quantity(record, field_name):
                other_facts = [
                    (other_record, other_field)
                    for other_record in find_peer_records(record, content, other_kind)
                    if (other_amount := find_quantity(other_record, other_field)) is not None
                    and other_amount.is_bounded() == is_bound
                ]
                if other_facts and content.is_complete(record, other_kind, *PATIENT_KINDS):
                    yield from _find_unmatched_quantity(record, field_name, other_facts, content)
    for record in content.list_records("interaction"):
        if find_quantity(record, "lasting") and find_text(record, "stance") in FORBIDDING_STANCES:
            other_facts = list(_iter_waiting_instructions(record, content))
            if other_facts and content.is_complete(record, "instruction", "form", "route"):
                yield from _find_unmatched_quantity(record, "lasting", other_facts, content)
    for record in content.list_records("instruction"):
        if (
            find_text(record, "activity") == _DIVIDING_ACTIVITY
            and find_text(record, "stance") in ALLOWING_STANCES
        ):
            yield from _find_unlike_division(record, content)
    for record in content.list_records("regimen"):
        yield from _find_unlike_dilutions(record, content)


def _find_unmatched_quantity(
    record: Record, field_name: str, other_facts: list[tuple[Record, str]], content: Content
) -> Faults:
    """Yield a fault if none of the others states the quantity of the record."""
    if not any(
        not are_unequal(record[field_name], other_record[other_field])
        or is_contradiction_explained(
            record, other_record, content, (record[field_name], other_record[other_field])
        )
        for other_record, other_field in other_facts
    ):
        others_text = " and ".join(
            f'{format_without_comparator(other_record[other_field])} of "{other_record.id}"'
            for other_record, other_field in other_facts
        )
        verdict = f"is not the {other_facts[0][1]} {others_text}"
        hint = f"correct one of them ({other_facts[0][0].file})"
        yield make_quantity_fault(record, field_name, verdict, hint)


def _iter_waiting_instructions(record: Record, content: Content) -> Iterator[tuple[Record, str]]:
    """Yield the instructions that state the waiting time of an interaction, with the name of their field."""
    lasting = find_quantity(record, "lasting")
    activity = f"{_TAKING_ACTIVITY}-{find_text(record, 'substance')}"
    relation = find_text(record, "relation")
    for instruction in find_same_product_records(record, content, "instruction"):
        stance, event = find_text(instruction, "stance"), find_text(instruction, "event")
        forbids_taking_after = (
            relation == "after taking it"
            and find_text(instruction, "activity") == activity
            and stance in FORBIDDING_STANCES
        )
        if forbids_taking_after and event == _TAKING_ACTIVITY:
            field_name = "lasting"
        elif (
            find_text(instruction, "activity") == _TAKING_ACTIVITY
            and stance in ALLOWING_STANCES
            and event == activity
            and find_text(instruction, "relation") == _OPPOSITE_RELATIONS.get(relation)
        ):
            field_name = "time"
        else:
            continue
        waiting_time = find_quantity(instruction, field_name)
        is_comparable = (
            waiting_time is not None
            and lasting is not None
            and waiting_time.is_bounded() == lasting.is_bounded()
        )
        if is_comparable and _can_have_same_form(record, instruction, content):
            yield instruction, field_name


def _find_unlike_division(record: Record, content: Content) -> Faults:
    """Yield a fault if no regimen divides the daily dose as an instruction says."""
    dose = find_quantity(record, "dose")
    if dose is None or dose.comparator not in _ABOVE_COMPARATORS:
        return
    regimens = [
        regimen
        for regimen in find_same_product_records(record, content, "regimen")
        if (daily_dose := find_quantity(regimen, "daily_dose")) is not None
        and daily_dose.comparator in _ABOVE_COMPARATORS
        and find_quantity(regimen, "times_per_day")
        # A regimen for some patients only may be an exception.
        and not has_value(regimen, "population")
        and not has_value(regimen, "condition")
        and _can_have_same_form(record, regimen, content)
    ]
    if regimens and content.is_complete(record, "regimen", "form", "route"):
        same_dose_regimens = [
            regimen for regimen in regimens if not are_unequal(record["dose"], regimen["daily_dose"])
        ]
        if not same_dose_regimens:
            yield from _find_unmatched_quantity(
                record, "dose", [(regimen, "daily_dose") for regimen in regimens], content
            )
        elif find_quantity(record, "parts"):
            yield from _find_unmatched_quantity(
                record, "parts", [(regimen, "times_per_day") for regimen in same_dose_regimens], content
            )


def _find_unlike_dilutions(record: Record, content: Content) -> Faults:
    """Yield a fault for each solution of a regimen whose volume no dilution states.

    Dilutions in the same solution count, or else all: an article need not give one for each solution.
    """
    solution_ids = record.value.get("solutions")
    if not isinstance(solution_ids, list) or not find_quantity(record, "volume"):
        return
    known_dilutions = [
        dilution
        for dilution in find_peer_records(record, content, "dilution")
        if has_value(dilution, "solution")
    ]
    # The solvent of a powder has another volume, or none.
    measured_dilutions = [dilution for dilution in known_dilutions if find_quantity(dilution, "volume")]
    matching_dilutions = [
        dilution for dilution in measured_dilutions if not are_unequal(record["volume"], dilution["volume"])
    ]
    if not matching_dilutions or not content.is_complete(record, "dilution", "solution", *PATIENT_KINDS):
        return

    def has_dilution_in(solution_id: str, dilutions: list[Record]) -> bool:
        return any(
            are_related(content, "solution", solution_id, find_text(dilution, "solution"), record)
            for dilution in dilutions
        )

    has_any_match = any(has_dilution_in(solution_id, matching_dilutions) for solution_id in solution_ids)
    solutions_text = join_phrases(
        sorted({find_text(dilution, "solution") for dilution in matching_dilutions}), "or"
    )
    for index, solution_id in enumerate(solution_ids):
        if not has_dilution_in(solution_id, matching_dilutions) and (
            has_dilution_in(solution_id, measured_dilutions) or not has_any_match
        ):
            dilution_text = f'the {solutions_text} of the dilution "{matching_dilutions[0].id}"'
            hint = f"correct one of them ({matching_dilutions[0].file})"
            yield (
                record.locate_field("solutions", index),
                f'solution "{solution_id}" is not {dilution_text}',
                hint,
            )


def _can_have_same_form(record: Record, other_record: Record, content: Content) -> bool:
    form_id, other_form_id = find_text(record, "form"), find_text(other_record, "form")
    return not form_id or not other_form_id or are_related(content, "form", form_id, other_form_id, record)
