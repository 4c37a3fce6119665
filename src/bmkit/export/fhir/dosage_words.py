"""What the elements of a Dosage cannot say of a regimen, as instructions in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir import notes
from bmkit.export.fhir.characteristics import find_unplaced_fields
from bmkit.export.fhir.datatypes import has_no_upper_end
from bmkit.export.fhir.dose_limits import has_same_medicine
from bmkit.rules.derived.facts import find_note_ids
from bmkit.rules.medication.populations import holds_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from bmkit.content import Record
    from bmkit.export.fhir.terms import Terms
    from bmkit.schema import Field

# Fields for how the medicine is to be taken, rather than how much or when: coded, each by its own word.
CODED_INSTRUCTION_ROLES = ("titration", "meal", "start-after")
# The words for each field that the elements of a Dosage do not express, or not fully.
_TEMPLATES_BY_ROLE = {
    "dose": "{} at a time",
    "rate": "{}",
    "volume": "in a volume of {}",
    "concentration": "at a concentration of {}",
    "administration-time": "over {}",
    "interval": "{} from one administration to the next",
    "times-per-day": "doses a day: {}",
    "administration-count": "administrations in all: {}",
    "least-interval": "at least {} from one administration to the next",
    "cycle": "length of the cycle: {}",
    "cycle-count": "cycles in all: {}",
    "course": "for {}",
    "course-limit": "longest course: {}",
    "time-of-day": "{}",
    "change-every": "a change every {}",
    "frequency": "how often this is the regimen: {}",
}
# An amount open above is a condition of the regimen, and no dose.
_OPEN_ENDED_TEMPLATES = {
    "dose": "only where the dose at a time is {}",
    "total": "only where the amount in all is {}",
}
# Said together in one instruction, or elsewhere: of what, for whom, in which form, which part of a treatment.
_ELSEWHERE_ROLES = frozenset(
    {
        *("product", "substance", "form", "condition", "population", "phase", "organisation", "study"),
        *(
            "total",
            "total-in",
            "days",
            "change",
            "change-dose",
            "change-rate",
            "change-share",
            "until",
            "plan",
            "step",
            "option",
        ),
        *("solution", "once", "as-needed", "given-with"),
    }
)


def format_unstated_fields(terms: Terms, record: Record, stated_roles: AbstractSet[str]) -> Iterator[str]:
    """The fields of a regimen in words, without those that its Dosage expresses in full."""
    for role, template in _TEMPLATES_BY_ROLE.items():
        value = record.find_value(role)
        if value is None or role in stated_roles:
            continue
        if role in _OPEN_ENDED_TEMPLATES and has_no_upper_end(value):
            yield _OPEN_ENDED_TEMPLATES[role].format(wording.format_quantity(value))
        else:
            yield template.format(terms.format_role_value(record, role)).replace("every 1 ", "every ")
    yield from _format_total(record, stated_roles)
    if days_text := terms.format_role_value(record, "days"):
        yield f"on day{'' if days_text.isdigit() else 's'} {days_text}"
    yield from _format_change(terms, record)
    yield from _format_company(terms, record)
    for role in ("plan", "option"):
        if text := terms.format_role_value(record, role):
            yield f"{role}: {text}"
    for field in _list_other_fields(record, stated_roles):
        yield f"{field.title.lower()}: {terms.format_field_value(record, field)}"


def _format_total(record: Record, stated_roles: AbstractSet[str]) -> Iterator[str]:
    total, period = record.find_value("total"), record.find_value("total-in")
    if total is None or "total" in stated_roles:
        return
    text = wording.format_quantity(total)
    if has_no_upper_end(total):
        text = _OPEN_ENDED_TEMPLATES["total"].format(text)
    period_text = wording.format_quantity(period).removeprefix("1 ") if period is not None else ""
    yield f"{text} per {period_text}" if period_text else text


def _format_change(terms: Terms, record: Record) -> Iterator[str]:
    change = terms.format_role_value(record, "change")
    amounts = [
        text
        for role in ("change-dose", "change-rate", "change-share")
        if (text := terms.format_role_value(record, role))
    ]
    if change or amounts:
        yield " ".join([*(amounts or ["gradually"]), change]).strip()
    if until := terms.format_role_value(record, "until"):
        yield f"{'until this is reached' if change else 'adjusted to reach'}: {until}"


def _format_company(terms: Terms, record: Record) -> Iterator[str]:
    """What it is given with, or how long before or after it."""
    company = terms.format_role_value(record, "given-with")
    order = terms.format_role_value(record, "precedence") or "together with"
    if company:
        yield f"{terms.format_role_value(record, 'time-before')} {order} {company}".strip()


def _list_other_fields(record: Record, stated_roles: AbstractSet[str]) -> list[Field]:
    """The fields of kinds of one's own that nothing here knows; what somebody remarks is no instruction."""
    known_roles = {*stated_roles, *_TEMPLATES_BY_ROLE, *_ELSEWHERE_ROLES, *CODED_INSTRUCTION_ROLES}
    if record.find_value("given-with") is not None:
        known_roles |= {"precedence", "time-before"}
    return [field for field in find_unplaced_fields(record, known_roles) if field.part != "remark"]


def format_applicable_instructions(terms: Terms, regimen: Record) -> Iterator[str]:
    """The instructions for the product of a regimen that hold for its form and route, in words.

    A code of what is done would not say whether to do it.  Instructions with the same notes are joined, as
    the notes say (two distances from a meal that the article joins with "or", for example).
    """
    instructions_by_notes: dict[tuple[str, ...], list[Record]] = {}
    for instruction in terms.list_records("instruction"):
        if has_same_medicine(instruction, regimen) and _is_instruction_applicable(
            terms, instruction, regimen
        ):
            # An instruction without a note is not joined.
            instructions_by_notes.setdefault(
                tuple(find_note_ids(instruction)) or (instruction.id, ""), []
            ).append(instruction)
    for joint_instructions in instructions_by_notes.values():
        yield _join_instructions(terms, joint_instructions)


def _join_instructions(terms: Terms, instructions: Sequence[Record]) -> str:
    text = "; and ".join(terms.describe_record(instruction) for instruction in instructions)
    return notes.append_notes(text, notes.format_notes_to_check(terms, instructions[0]))


def _is_instruction_applicable(terms: Terms, instruction: Record, regimen: Record) -> bool:
    """Whether an instruction holds for a regimen: same form and route, and nobody narrower."""
    form, routes = instruction.find_value("form"), {*terms.list_ids(instruction, "route")}
    if form is not None and regimen.find_value("form") not in (None, form):
        return False
    if not holds_for(instruction, regimen, terms.content) or instruction.find_value("condition") not in (
        None,
        regimen.find_value("condition"),
    ):
        return False
    # An instruction for a form holds for the routes by which the product is given in that form.
    routes = routes or _find_routes_of_form(terms, instruction, form)
    return not routes or not routes.isdisjoint(terms.list_ids(regimen, "route"))


def _find_routes_of_form(terms: Terms, instruction: Record, form: object) -> set[str]:
    if form is None:
        return set()
    return {
        route_id
        for presentation in terms.list_records("presentation")
        if has_same_medicine(presentation, instruction) and presentation.find_value("form") == form
        for route_id in terms.list_ids(presentation, "route")
    }
