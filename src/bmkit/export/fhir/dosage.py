"""Dosage: how much, how, how often and for how long, from the fields of a regimen and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir import ceiling, instruction
from bmkit.export.fhir.datatypes import (
    build_quantity,
    build_ratio,
    build_simple_value,
    has_no_upper_end,
    is_exact_number,
    to_daily_amount,
)
from bmkit.export.fhir.notes import describe_with_safety_notes
from bmkit.export.fhir.timing import build_bounds, build_repeat, is_once_a_day, list_schedule_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

# Fields that only an infusion has; the lock has no code for the method, so it is said in a word.
_INFUSION_FIELDS = ("infusion_time", "infusions_per_day")
# Fields that tell how the medicine is to be taken rather than how much or when.
_INSTRUCTION_FIELDS = ("titration", "meal_relation", "start_after")
# Of what is usually not given no order can be made.
_UNUSUAL_FREQUENCIES = frozenset({"usually not"})


def build_regimen_dosage(resources: Resources, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a dosing fact, and the names of the fields that it holds without any loss.

    It says nothing that the fact does not say: what FHIR has no element for is an instruction in words.
    """
    dosage: Json = {"text": describe_with_safety_notes(resources, record)}
    lossless_fields: set[str] = {"product"}
    instructions = [
        instruction_concept
        for field_name in _INSTRUCTION_FIELDS
        for instruction_concept in resources.iter_concepts(record, field_name)
    ]
    lossless_fields.update(field_name for field_name in _INSTRUCTION_FIELDS if record[field_name] is not None)
    repeat_element, part_fields = build_repeat(record)
    lossless_fields |= part_fields
    if repeat_element:
        dosage["timing"] = {"repeat": repeat_element}
    route = resources.build_concept(record, "route")
    if route is not None:
        dosage["route"] = route
        lossless_fields.add("route")
    dose_and_rate, part_fields = _build_dose_and_rate(record, repeat_element)
    lossless_fields |= part_fields
    if any(record[field_name] is not None for field_name in _INFUSION_FIELDS):
        dosage["method"] = {"text": "infusion"}
    if dose_and_rate:
        dosage["doseAndRate"] = [dose_and_rate]
    daily_dose = record["daily_dose"]
    if daily_dose is not None and daily_dose.get("comparator") == "<=" and daily_dose["unit"].endswith("/d"):
        dosage["maxDosePerPeriod"] = [ceiling.build_daily_ratio(daily_dose)]
    stated_fields = lossless_fields | ({"time_of_day"} if "when" in repeat_element else set())
    instruction_texts = [
        *instruction.format_unstated_fields(resources, record, stated_fields),
        *ceiling.apply_dose_limits(resources, record, dosage),
        *instruction.applicable_instructions(resources, record),
    ]
    instructions += [{"text": instruction_text} for instruction_text in instruction_texts]
    if instructions:
        dosage["additionalInstruction"] = instructions
    return dosage, lossless_fields


def build_course_dosage(resources: Resources, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a course: only how long, because that is all the fact says."""
    bounds_element, lossless_fields = build_bounds(record["duration"], None)
    dosage: Json = {
        "text": describe_with_safety_notes(resources, record),
        "timing": {"repeat": bounds_element},
    }
    route = resources.build_concept(record, "route")
    if route is not None:
        dosage["route"] = route
    if not lossless_fields:
        dosage["additionalInstruction"] = [{"text": f"for {wording.format_quantity(record['duration'])}"}]
    return dosage, {"product", "route"} | ({"duration"} if lossless_fields else set())


def build_limit_dosage(resources: Resources, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a limit: the most at one time, or in a day."""
    dosage: Json = {"text": describe_with_safety_notes(resources, record)}
    route = resources.build_concept(record, "route")
    if route is not None:
        dosage["route"] = route
    dosage.update(ceiling.build_max_dose_elements(record))
    exact_fields = ceiling.find_exact_maximum_fields(record)
    if any(
        record[field_name] is not None and field_name not in exact_fields
        for field_name in ("maximum", "maximum_daily")
    ):
        dosage["additionalInstruction"] = [{"text": resources.describe_record(record)}]
    return dosage, {"product", "route", *exact_fields}


def is_orderable(record: Record, dosage: Json) -> bool:
    """Whether a Dosage can stand as an order: it says how much, and how often if its fact does.

    A volume in a time is no amount of the medicine; an amount without its schedule could be given daily.
    """
    element_names = {
        element_name
        for dose_and_rate in dosage.get("doseAndRate", ())
        for element_name in dose_and_rate
        if element_name != "rateRatio"
    }
    if not element_names or (record.kind.name == "dosing" and record["frequency"] in _UNUSUAL_FREQUENCIES):
        return False
    is_untimed = "frequency" not in dosage.get("timing", {}).get("repeat", {})
    has_rate = any(element_name.startswith("rate") for element_name in element_names)
    return has_rate or not is_untimed or record.kind.name != "dosing" or not list_schedule_fields(record)


def is_partial_regimen(record: Record, others: Iterable[Record]) -> bool:
    """Whether another dosing fact says all that this one says, and more.

    A dose without its interval, read alone, would be a regimen that is complete.
    """
    return any(other.kind.name == record.kind.name and _is_extended_by(record, other) for other in others)


def _is_extended_by(record: Record, other: Record) -> bool:
    fields, other_fields = record.value, other.value
    if any(
        other_fields.get(field_name) != field_value
        for field_name, field_value in fields.items()
        if field_name not in _METADATA_FIELDS
    ):
        return False
    return len(other_fields.keys() - _METADATA_FIELDS) > len(fields.keys() - _METADATA_FIELDS)


# What a fact says of itself rather than of the regimen.
_METADATA_FIELDS = frozenset({"id", "notes", "source"})


def _build_dose_and_rate(record: Record, repeat_element: Json) -> tuple[Json, set[str]]:
    dose_and_rate: Json = {}
    lossless_fields: set[str] = set()
    # "Above 1600 mg a day" is when the rest holds and no dose: a Range that is open above would allow any.
    dose, daily_dose = (
        None if _is_open_ended(record[field_name]) else record[field_name]
        for field_name in ("dose", "daily_dose")
    )
    if dose is not None:
        dose_and_rate.update(build_simple_value("dose", dose))
        lossless_fields |= _select_lossless_field("dose", dose)
    # Without an interval that the fact has, so much a day would be so much every day.
    if daily_dose is not None and (record["interval"] is None or "period" in repeat_element):
        # A day's amount that is given in one go is a dose; one that may be divided is a rate, or it would be
        # read as the amount of each time.
        if (
            is_once_a_day(record, repeat_element)
            and record["dose"] is None
            and daily_dose["unit"].endswith("/d")
        ):
            dose_and_rate.update(build_simple_value("dose", to_daily_amount(daily_dose)))
        else:
            dose_and_rate.update(build_simple_value("rate", daily_dose))
        lossless_fields |= _select_lossless_field("daily_dose", daily_dose)
    volume, infusion_time = record["volume"], record["infusion_time"]
    has_rate = any(element_name.startswith("rate") for element_name in dose_and_rate)
    if (
        is_exact_number(volume)
        and is_exact_number(infusion_time)
        and infusion_time["value"] > 0
        and not has_rate
    ):
        dose_and_rate["rateRatio"] = build_ratio(
            build_quantity(volume["value"], volume["unit"]),
            build_quantity(infusion_time["value"], infusion_time["unit"]),
        )
        lossless_fields.add("volume")
    return dose_and_rate, lossless_fields


def _is_open_ended(amount: Json | None) -> bool:
    return amount is not None and has_no_upper_end(amount)


def _select_lossless_field(field_name: str, amount: Json) -> set[str]:
    """The field, unless its comparator is one that a dose cannot have (a strict one, or "about")."""
    return {field_name} if amount.get("comparator", "") in ("", "<=") else set()
