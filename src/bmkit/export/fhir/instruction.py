"""additionalInstruction: what of a regimen FHIR has no element for, in words, and how it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir import notes
from bmkit.export.fhir.datatypes import is_open, per_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from bmkit.content import Record
    from bmkit.export.fhir.resources import Making

# How each field is said where the elements of a Dosage do not say it, or not all of it.
_SAID = {
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
_OPEN = {
    "dose": "only where the dose at a time is {}",
    "daily_dose": "only where the day's dose is {}",
}


def unsaid(making: Making, record: Record, said: AbstractSet[str]) -> Iterator[str]:
    """The fields of a dosing fact that its Dosage says nowhere else in full; `said` are the others."""
    for name, words in _SAID.items():
        held = record[name]
        if held is None or name in said:
            continue
        if name in _OPEN and is_open(held):
            held = per_day(held) if name == "daily_dose" else held
            yield _OPEN[name].format(wording.format_quantity(held))
        else:
            yield words.format(
                wording.format_value(held, record.kind.get_field(name), making.content, record)
            )


def heeded(making: Making, fact: Record) -> Iterator[str]:
    """How a regimen is taken, by the instructions for its product that hold for its form and route.

    Only words: a code of what is done would not say whether to do it.  Instructions that carry the same notes
    are read together, as the notes say (two distances from a meal, say, that the article joins with "or").
    """
    together: dict[tuple[str, ...], list[Record]] = {}
    for one in making.content.list_records("instruction"):
        if one["product"] == fact["product"] and _holds(making, one, fact):
            # One that carries no note stands alone.
            together.setdefault(tuple(one.value.get("notes", ())) or (one.id, ""), []).append(one)
    for several in together.values():
        yield _words(making, several)


def _words(making: Making, several: Sequence[Record]) -> str:
    said = "; and ".join(making.say(one) for one in several)
    return notes.with_notes(said, notes.open_notes(making, several[0]))


def _holds(making: Making, instruction: Record, fact: Record) -> bool:
    form, route = instruction["form"], instruction["route"]
    if form is not None and fact["form"] not in (None, form):
        return False
    # What is said of a form holds for the routes by which the product is given in that form.
    routes = {route} if route is not None else _routes(making, instruction["product"], form)
    return not routes or fact["route"] in routes


def _routes(making: Making, product: str, form: str | None) -> set[str]:
    if form is None:
        return set()
    known = making.content.list_records("product-presentation")
    return {
        one["route"]
        for one in known
        if one["product"] == product and one["form"] == form and one["route"] is not None
    }
