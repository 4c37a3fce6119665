"""additionalInstruction: what of a regimen FHIR has no element for, in words, and how it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir import notes
from bmkit.export.fhir.datatypes import has_no_upper_end, to_daily_amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from bmkit.content import Record
    from bmkit.export.fhir.resources import Resources

# How each field is said where the elements of a Dosage do not say it, or not all of it.
_FIELD_TEMPLATES = {
    "dose": "{} at a time",
    "daily_dose": "{}",
    "volume": "in a volume of {}",
    "infusion_time": "infused over {}",
    "interval": "{} from one administration to the next",
    "doses_per_day": "doses a day: {}",
    "infusions_per_day": "infusions a day: {}",
    "course": "for {}",
    "course_limit": "longest course: {}",
    "time_of_day": "{}",
    "frequency": "how often this is the regimen: {}",
}
# An amount that is open above is when a regimen holds, and no dose.
_OPEN_ENDED_TEMPLATES = {
    "dose": "only where the dose at a time is {}",
    "daily_dose": "only where the day's dose is {}",
}


def format_unstated_fields(
    resources: Resources, record: Record, stated_fields: AbstractSet[str]
) -> Iterator[str]:
    """The fields of a dosing fact that its Dosage says nowhere else in full; `said` are the others."""
    for field_name, template in _FIELD_TEMPLATES.items():
        field_value = record[field_name]
        if field_value is None or field_name in stated_fields:
            continue
        if field_name in _OPEN_ENDED_TEMPLATES and has_no_upper_end(field_value):
            field_value = to_daily_amount(field_value) if field_name == "daily_dose" else field_value
            yield _OPEN_ENDED_TEMPLATES[field_name].format(wording.format_quantity(field_value))
        else:
            yield template.format(
                wording.format_value(
                    field_value, record.kind.get_field(field_name), resources.content, record
                )
            )


def applicable_instructions(resources: Resources, regimen: Record) -> Iterator[str]:
    """How a regimen is taken, by the instructions for its product that hold for its form and route.

    Only words: a code of what is done would not say whether to do it.  Instructions that carry the same notes
    are read together, as the notes say (two distances from a meal, say, that the article joins with "or").
    """
    instructions_by_notes: dict[tuple[str, ...], list[Record]] = {}
    for instruction in resources.content.list_records("instruction"):
        if instruction["product"] == regimen["product"] and _is_instruction_applicable(
            resources, instruction, regimen
        ):
            # One that carries no note stands alone.
            instructions_by_notes.setdefault(
                tuple(instruction.value.get("notes", ())) or (instruction.id, ""), []
            ).append(instruction)
    for joint_instructions in instructions_by_notes.values():
        yield _join_instructions(resources, joint_instructions)


def _join_instructions(resources: Resources, instructions: Sequence[Record]) -> str:
    text = "; and ".join(resources.describe_record(instruction) for instruction in instructions)
    return notes.append_notes(text, notes.format_notes_to_check(resources, instructions[0]))


def _is_instruction_applicable(resources: Resources, instruction: Record, regimen: Record) -> bool:
    form, route = instruction["form"], instruction["route"]
    if form is not None and regimen["form"] not in (None, form):
        return False
    # What is said of a form holds for the routes by which the product is given in that form.
    routes = {route} if route is not None else _find_routes_of_form(resources, instruction["product"], form)
    return not routes or regimen["route"] in routes


def _find_routes_of_form(resources: Resources, product: str, form: str | None) -> set[str]:
    if form is None:
        return set()
    presentations = resources.content.list_records("product-presentation")
    return {
        presentation["route"]
        for presentation in presentations
        if presentation["product"] == product
        and presentation["form"] == form
        and presentation["route"] is not None
    }
