"""Dosage of a regimen, a course or a dose limit, which means no more than its fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir import dose_limits, notes
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
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.terms import Terms


# Fields that only an infusion has; the lock has no code for the method, so it is a text.
_INFUSION_FIELDS = ("administration_time", "infusions_per_day")
# Fields for how the medicine is to be taken, rather than how much or when.
_INSTRUCTION_FIELDS = ("titration", "meal", "start_after")
# Such a regimen cannot be ordered.
_UNUSUAL_FREQUENCIES = frozenset({"usually not"})


def build_regimen_dosage(terms: Terms, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a regimen, and the names of the fields that it expresses without loss.

    It means no more than the fact: fields without an element become instructions in words.
    """
    dosage: Json = {"text": describe_with_safety_notes(terms, record)}
    lossless_fields: set[str] = {"product"}
    instructions = [
        instruction_concept
        for field_name in _INSTRUCTION_FIELDS
        for instruction_concept in terms.iter_concepts(record, field_name)
    ]
    lossless_fields.update(field_name for field_name in _INSTRUCTION_FIELDS if record[field_name] is not None)
    repeat_element, part_fields = build_repeat(record)
    lossless_fields |= part_fields
    if repeat_element:
        dosage["timing"] = {"repeat": repeat_element}
    route = terms.build_concept(record, "route")
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
        dosage["maxDosePerPeriod"] = [dose_limits.build_daily_ratio(daily_dose)]
    stated_fields = lossless_fields | ({"time_of_day"} if "when" in repeat_element else set())
    instruction_texts = [
        *format_unstated_fields(terms, record, stated_fields),
        *dose_limits.apply_dose_limits(terms, record, dosage),
        *format_applicable_instructions(terms, record),
    ]
    instructions += [{"text": instruction_text} for instruction_text in instruction_texts]
    if instructions:
        dosage["additionalInstruction"] = instructions
    return dosage, lossless_fields


def build_course_dosage(terms: Terms, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a course: its length alone, because the fact has nothing else."""
    bounds_element, lossless_fields = build_bounds(record["duration"], None)
    dosage: Json = {
        "text": describe_with_safety_notes(terms, record),
        "timing": {"repeat": bounds_element},
    }
    route = terms.build_concept(record, "route")
    if route is not None:
        dosage["route"] = route
    if not lossless_fields:
        dosage["additionalInstruction"] = [{"text": f"for {wording.format_quantity(record['duration'])}"}]
    return dosage, {"product", "route"} | ({"duration"} if lossless_fields else set())


def build_limit_dosage(terms: Terms, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a dose limit: the maximum at one time, or in a day."""
    dosage: Json = {"text": describe_with_safety_notes(terms, record)}
    route = terms.build_concept(record, "route")
    if route is not None:
        dosage["route"] = route
    dosage.update(dose_limits.build_max_dose_elements(record))
    exact_fields = dose_limits.find_exact_maximum_fields(record)
    if any(
        record[field_name] is not None and field_name not in exact_fields
        for field_name in ("maximum", "maximum_daily")
    ):
        dosage["additionalInstruction"] = [{"text": terms.describe_record(record)}]
    return dosage, {"product", "route", *exact_fields}


def is_orderable(record: Record, dosage: Json) -> bool:
    """Whether a Dosage is enough for an order: it has an amount, and a schedule if its fact has one.

    A volume in a time is no amount of the medicine; an amount without its schedule could be given daily.
    """
    element_names = {
        element_name
        for dose_and_rate in dosage.get("doseAndRate", ())
        for element_name in dose_and_rate
        if element_name != "rateRatio"
    }
    if not element_names or (record.kind.name == "regimen" and record["frequency"] in _UNUSUAL_FREQUENCIES):
        return False
    is_untimed = "frequency" not in dosage.get("timing", {}).get("repeat", {})
    has_rate = any(element_name.startswith("rate") for element_name in element_names)
    return has_rate or not is_untimed or record.kind.name != "regimen" or not list_schedule_fields(record)


def is_partial_regimen(record: Record, others: Iterable[Record]) -> bool:
    """Whether another regimen has all the fields of this one, and more.

    A dose without its interval would look like a complete regimen.
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


# Fields about the record, not about the regimen.
_METADATA_FIELDS = frozenset({"id", "notes", "source"})


def _build_dose_and_rate(record: Record, repeat_element: Json) -> tuple[Json, set[str]]:
    dose_and_rate: Json = {}
    lossless_fields: set[str] = set()
    # "Above 1600 mg a day" is a condition and no dose: a Range open above would allow any dose.
    dose, daily_dose = (
        None if _is_open_ended(record[field_name]) else record[field_name]
        for field_name in ("dose", "daily_dose")
    )
    if dose is not None:
        dose_and_rate.update(build_simple_value("dose", dose))
        lossless_fields |= _select_lossless_field("dose", dose)
    # A daily dose without the interval of the fact would be given every day.
    if daily_dose is not None and (record["interval"] is None or "period" in repeat_element):
        # A daily dose given at one time is a dose; one that may be divided is a rate, or it would be read as
        # the amount of each time.
        if (
            is_once_a_day(record, repeat_element)
            and record["dose"] is None
            and daily_dose["unit"].endswith("/d")
        ):
            dose_and_rate.update(build_simple_value("dose", to_daily_amount(daily_dose)))
        else:
            dose_and_rate.update(build_simple_value("rate", daily_dose))
        lossless_fields |= _select_lossless_field("daily_dose", daily_dose)
    volume, administration_time = record["volume"], record["administration_time"]
    has_rate = any(element_name.startswith("rate") for element_name in dose_and_rate)
    if (
        is_exact_number(volume)
        and is_exact_number(administration_time)
        and administration_time["value"] > 0
        and not has_rate
    ):
        dose_and_rate["rateRatio"] = build_ratio(
            build_quantity(volume["value"], volume["unit"]),
            build_quantity(administration_time["value"], administration_time["unit"]),
        )
        lossless_fields.add("volume")
    return dose_and_rate, lossless_fields


def _is_open_ended(amount: Json | None) -> bool:
    return amount is not None and has_no_upper_end(amount)


def _select_lossless_field(field_name: str, amount: Json) -> set[str]:
    """The field, unless its comparator has no place in a dose (a strict one, or "about")."""
    return {field_name} if amount.get("comparator", "") in ("", "<=") else set()


# The words for each field that the elements of a Dosage do not express, or not fully.
_FIELD_TEMPLATES = {
    "dose": "{} at a time",
    "daily_dose": "{}",
    "volume": "in a volume of {}",
    "administration_time": "infused over {}",
    "interval": "{} from one administration to the next",
    "times_per_day": "doses a day: {}",
    "infusions_per_day": "infusions a day: {}",
    "course": "for {}",
    "course_limit": "longest course: {}",
    "time_of_day": "{}",
    "frequency": "how often this is the regimen: {}",
}
# An amount open above is a condition of the regimen, and no dose.
_OPEN_ENDED_TEMPLATES = {
    "dose": "only where the dose at a time is {}",
    "daily_dose": "only where the day's dose is {}",
}


def format_unstated_fields(terms: Terms, record: Record, stated_fields: AbstractSet[str]) -> Iterator[str]:
    """The fields of a regimen in words, without `stated_fields`, which its Dosage expresses in full."""
    for field_name, template in _FIELD_TEMPLATES.items():
        field_value = record[field_name]
        if field_value is None or field_name in stated_fields:
            continue
        if field_name in _OPEN_ENDED_TEMPLATES and has_no_upper_end(field_value):
            field_value = to_daily_amount(field_value) if field_name == "daily_dose" else field_value
            yield _OPEN_ENDED_TEMPLATES[field_name].format(wording.format_quantity(field_value))
        else:
            yield template.format(
                wording.format_value(field_value, record.kind.get_field(field_name), terms.content, record)
            )


def format_applicable_instructions(terms: Terms, regimen: Record) -> Iterator[str]:
    """The instructions for the product of a regimen that hold for its form and route, in words.

    A code of what is done would not say whether to do it.  Instructions with the same notes are joined, as
    the notes say (two distances from a meal that the article joins with "or", for example).
    """
    instructions_by_notes: dict[tuple[str, ...], list[Record]] = {}
    for instruction in terms.content.list_records("instruction"):
        if instruction["product"] == regimen["product"] and _is_instruction_applicable(
            terms, instruction, regimen
        ):
            # An instruction without a note is not joined.
            instructions_by_notes.setdefault(
                tuple(instruction.value.get("notes", ())) or (instruction.id, ""), []
            ).append(instruction)
    for joint_instructions in instructions_by_notes.values():
        yield _join_instructions(terms, joint_instructions)


def _join_instructions(terms: Terms, instructions: Sequence[Record]) -> str:
    text = "; and ".join(terms.describe_record(instruction) for instruction in instructions)
    return notes.append_notes(text, notes.format_notes_to_check(terms, instructions[0]))


def _is_instruction_applicable(terms: Terms, instruction: Record, regimen: Record) -> bool:
    form, route = instruction["form"], instruction["route"]
    if form is not None and regimen["form"] not in (None, form):
        return False
    # An instruction for a form holds for the routes by which the product is given in that form.
    routes = {route} if route is not None else _find_routes_of_form(terms, instruction["product"], form)
    return not routes or regimen["route"] in routes


def _find_routes_of_form(terms: Terms, product: str, form: str | None) -> set[str]:
    if form is None:
        return set()
    presentations = terms.content.list_records("presentation")
    return {
        presentation["route"]
        for presentation in presentations
        if presentation["product"] == product
        and presentation["form"] == form
        and presentation["route"] is not None
    }
