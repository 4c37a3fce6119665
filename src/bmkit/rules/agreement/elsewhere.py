"""Facts of two kinds that state one measure state the same of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import are_unequal, find_quantity, find_text, has_value, name_upper_end
from bmkit.rules.derived.facts import ALLOWING_STANCES, FORBIDDING_STANCES, is_contradiction_explained
from bmkit.rules.derived.hierarchy import are_related
from bmkit.rules.medication.regimens import PATIENT_KINDS, find_peer_records, find_same_product_records
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_without_comparator, join_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

# The same measure in two kinds of fact; the last says whether it is a bound, "at most a week".
_TWICE = (
    ("dosing", "course", "course", "duration", False),
    ("dosing", "course_limit", "course", "duration", True),
    ("dosing", "volume", "dilution", "volume", False),
)
# To wait after the medicine is to take the medicine before whatever one waits with.
_RELATIONS = {"after taking it": "before", "before taking it": "after"}
_TAKING = "taking"
_DIVIDING = "dividing-the-daily-dose"
_ABOVE = (">", ">=")


def _course(days: int) -> dict[str, Any]:
    return {
        "dosing": [{"id": "one", "product": "bonefos", "course": {"value": 5, "unit": "d"}}],
        "course": [{"id": "five", "product": "bonefos", "duration": {"value": days, "unit": "d"}}],
    }


def _wait(hours: int, **fields: Any) -> dict[str, Any]:
    interaction = {"id": "one", "product": "bonefos", "substance": "iron", "stance": "to be avoided"}
    wait = {"lasting": {"value": 2, "unit": "h"}, "relation": "after taking it"}
    time = {"value": hours, "unit": "h"}
    no_iron = {"activity": "taking-iron", "stance": "to be avoided", "event": "taking", "lasting": time}
    before = {"activity": "taking", "stance": "required", "time": time, "relation": "before", **fields}
    instruction = before if "event" in fields else {**no_iron, **fields}
    return {
        "interaction": [{**interaction, **wait}],
        "instruction": [{"id": "two", "product": "bonefos", **instruction}],
    }


def _split(dose: int, parts: int, **fields: Any) -> dict[str, Any]:
    instruction = {"id": "one", "product": "bonefos", "activity": _DIVIDING, "stance": "required"}
    told = {"dose": _above(dose), "parts": {"value": parts, "unit": "1"}}
    two = {"daily_dose": _above(1600), "doses_per_day": {"value": 2, "unit": "1"}, **fields}
    return {
        "instruction": [{**instruction, **told}],
        "dosing": [{"id": "two", "product": "bonefos", **two}],
    }


def _above(dose: int) -> dict[str, Any]:
    return {"value": dose, "comparator": ">", "unit": "mg/d"}


def _list(one: str | list[str]) -> list[str]:
    return [one] if isinstance(one, str) else one


def _mixed(solution: str | list[str], *dilutions: tuple[str, int]) -> dict[str, Any]:
    made = [
        {"id": name, "product": "zometa", "solution": name, "volume": {"value": volume, "unit": "mL"}}
        for name, volume in dilutions
    ]
    volume = {"value": 100, "unit": "mL"}
    dosing = {"id": "one", "product": "zometa", "solutions": _list(solution), "volume": volume}
    return {"dosing": [dosing], "dilution": made}


@rule(
    Severity.ERROR,
    good=[
        _course(5),
        _wait(2),
        _wait(2, event="taking-iron"),
        _wait(4, event="eating"),
        _wait(4, activity="eating"),
        _split(1600, 2),
        _split(2400, 3, population="children"),
        _mixed("saline", ("saline", 100), ("glucose", 100)),
        _mixed("saline", ("water", 5), ("saline", 100)),
        _mixed(["saline", "glucose"], ("glucose", 100)),
    ],
    bad=[
        _course(6),
        _wait(4),
        _wait(4, event="taking-iron"),
        _split(2400, 2),
        _split(1600, 3),
        _mixed("glucose", ("saline", 100)),
        _mixed("water", ("water", 5), ("saline", 100)),
        _mixed(["saline", "glucose"], ("glucose", 100), ("saline", 300)),
    ],
    fix="correct the fact that is wrong, or let both name a note on the contradiction that gives both values",
)
def elsewhere(content: Content) -> Faults:
    """Facts of two kinds state one measure, and not the same of it.

    The course of a regimen is stated as a course too, its volume and solution as a dilution, the time without
    other medicines as an interaction and as an instruction; one of them was changed.
    """
    for kind, name, other_kind, other_name, bounded in _TWICE:
        for record in content.list_records(kind):
            if find_quantity(record, name):
                others = [
                    (other, other_name)
                    for other in find_peer_records(record, content, other_kind)
                    if (its := find_quantity(other, other_name)) is not None and its.is_bounded() == bounded
                ]
                if others and content.is_complete(record, other_kind, *PATIENT_KINDS):
                    yield from _unlike(record, name, others, content)
    for record in content.list_records("interaction"):
        if find_quantity(record, "lasting") and find_text(record, "stance") in FORBIDDING_STANCES:
            others = list(_waits(record, content))
            if others and content.is_complete(record, "instruction", "form", "route"):
                yield from _unlike(record, "lasting", others, content)
    for record in content.list_records("instruction"):
        if find_text(record, "activity") == _DIVIDING and find_text(record, "stance") in ALLOWING_STANCES:
            yield from _split_unlike(record, content)
    for record in content.list_records("dosing"):
        yield from _mixed_unlike(record, content)


def _unlike(record: Record, name: str, others: list[tuple[Record, str]], content: Content) -> Faults:
    """Yield a fault if none of the others states in its field what the record does."""
    if not any(
        not are_unequal(record[name], other[its])
        or is_contradiction_explained(record, other, content, (record[name], other[its]))
        for other, its in others
    ):
        shown = " and ".join(
            f'{format_without_comparator(other[its])} of "{other.id}"' for other, its in others
        )
        message = f"{name} {format_without_comparator(record[name])} is not the {others[0][1]} {shown}"
        yield (
            record.locate_field(name, name_upper_end(record[name])),
            message,
            f"correct one of them ({others[0][0].file})",
        )


def _waits(record: Record, content: Content) -> Iterator[tuple[Record, str]]:
    """Give the instructions that say how long to wait with the substance of an interaction, and the field."""
    lasting = find_quantity(record, "lasting")
    activity = f"{_TAKING}-{find_text(record, 'substance')}"
    relation = find_text(record, "relation")
    for other in find_same_product_records(record, content, "instruction"):
        stance, event = find_text(other, "stance"), find_text(other, "event")
        after = (
            relation == "after taking it"
            and find_text(other, "activity") == activity
            and stance in FORBIDDING_STANCES
        )
        if after and event == _TAKING:
            name = "lasting"
        elif (
            find_text(other, "activity") == _TAKING
            and stance in ALLOWING_STANCES
            and event == activity
            and find_text(other, "relation") == _RELATIONS.get(relation)
        ):
            name = "time"
        else:
            continue
        its = find_quantity(other, name)
        is_alike = its is not None and lasting is not None and its.is_bounded() == lasting.is_bounded()
        if is_alike and _same_form(record, other, content):
            yield other, name


def _split_unlike(record: Record, content: Content) -> Faults:
    """Yield a fault if no regimen divides the day's dose as an instruction has it divided."""
    dose = find_quantity(record, "dose")
    if dose is None or dose.comparator not in _ABOVE:
        return
    others = [
        other
        for other in find_same_product_records(record, content, "dosing")
        if (daily := find_quantity(other, "daily_dose")) is not None
        and daily.comparator in _ABOVE
        and find_quantity(other, "doses_per_day")
        # Some patients may be an exception.
        and not has_value(other, "population")
        and not has_value(other, "condition")
        and _same_form(record, other, content)
    ]
    if others and content.is_complete(record, "dosing", "form", "route"):
        from_same = [other for other in others if not are_unequal(record["dose"], other["daily_dose"])]
        if not from_same:
            yield from _unlike(record, "dose", [(other, "daily_dose") for other in others], content)
        elif find_quantity(record, "parts"):
            yield from _unlike(record, "parts", [(other, "doses_per_day") for other in from_same], content)


def _mixed_unlike(record: Record, content: Content) -> Faults:
    """Yield a fault for each solution of a regimen whose dilutions, or else all dilutions, say otherwise.

    An article need not tell of the dilution in each solution that may be used.
    """
    listed = record.value.get("solutions")
    if not isinstance(listed, list) or not find_quantity(record, "volume"):
        return
    known = [one for one in find_peer_records(record, content, "dilution") if has_value(one, "solution")]
    # What a powder is dissolved in first has another volume, or none.
    measured = [one for one in known if find_quantity(one, "volume")]
    others = [one for one in measured if not are_unequal(record["volume"], one["volume"])]
    if not others or not content.is_complete(record, "dilution", "solution", *PATIENT_KINDS):
        return

    def told(solution: str, dilutions: list[Record]) -> bool:
        return any(
            are_related(content, "solution", solution, find_text(one, "solution"), record)
            for one in dilutions
        )

    one_fits = any(told(solution, others) for solution in listed)
    shown = join_phrases(sorted({find_text(other, "solution") for other in others}), "or")
    for number, solution in enumerate(listed):
        if not told(solution, others) and (told(solution, measured) or not one_fits):
            message = f'solution "{solution}" is not the {shown} of the dilution "{others[0].id}"'
            yield record.locate_field("solutions", number), message, f"correct one of them ({others[0].file})"


def _same_form(record: Record, other: Record, content: Content) -> bool:
    one, two = find_text(record, "form"), find_text(other, "form")
    return not one or not two or are_related(content, "form", one, two, record)
