"""Dosage: how much, how, how often and for how long, from the fields of a regimen and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir import ceiling, instruction
from bmkit.export.fhir.datatypes import is_open, per_day, quantity, ratio, simple, whole
from bmkit.export.fhir.notes import spoken
from bmkit.export.fhir.timing import bounds, once_a_day, repeat, stated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

# Fields that only an infusion has; the lock has no code for the method, so it is said in a word.
_INFUSED = ("infusion_time", "infusions_per_day")
# Fields that tell how the medicine is to be taken rather than how much or when.
_INSTRUCTIONS = ("titration", "meal_relation", "start_after")
# Of what is usually not given no order can be made.
_UNUSUAL = frozenset({"usually not"})


def regimen(making: Making, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a dosing fact, and the names of the fields that it holds without any loss.

    It says nothing that the fact does not say: what FHIR has no element for is an instruction in words.
    """
    made: Json = {"text": spoken(making, record)}
    held: set[str] = {"product"}
    instructions = [one for name in _INSTRUCTIONS for one in making.concepts(record, name)]
    held.update(name for name in _INSTRUCTIONS if record[name] is not None)
    times, kept = repeat(record)
    held |= kept
    if times:
        made["timing"] = {"repeat": times}
    route = making.concept(record, "route")
    if route is not None:
        made["route"] = route
        held.add("route")
    amounts, kept = _amounts(record, times)
    held |= kept
    if any(record[name] is not None for name in _INFUSED):
        made["method"] = {"text": "infusion"}
    if amounts:
        made["doseAndRate"] = [amounts]
    daily = record["daily_dose"]
    if daily is not None and daily.get("comparator") == "<=" and daily["unit"].endswith("/d"):
        made["maxDosePerPeriod"] = [ceiling.in_a_day(daily)]
    said = held | ({"time_of_day"} if "when" in times else set())
    words = [
        *instruction.unsaid(making, record, said),
        *ceiling.capped(making, record, made),
        *instruction.heeded(making, record),
    ]
    instructions += [{"text": one} for one in words]
    if instructions:
        made["additionalInstruction"] = instructions
    return made, held


def course(making: Making, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a course: only how long, because that is all the fact says."""
    long, kept = bounds(record["duration"], None)
    made: Json = {"text": spoken(making, record), "timing": {"repeat": long}}
    route = making.concept(record, "route")
    if route is not None:
        made["route"] = route
    if not kept:
        made["additionalInstruction"] = [{"text": f"for {wording.format_quantity(record['duration'])}"}]
    return made, {"product", "route"} | ({"duration"} if kept else set())


def limit(making: Making, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a limit: the most at one time, or in a day."""
    made: Json = {"text": spoken(making, record)}
    route = making.concept(record, "route")
    if route is not None:
        made["route"] = route
    made.update(ceiling.ceilings(record))
    held = ceiling.exact(record)
    if any(record[name] is not None and name not in held for name in ("maximum", "maximum_daily")):
        made["additionalInstruction"] = [{"text": making.say(record)}]
    return made, {"product", "route", *held}


def orderable(record: Record, told: Json) -> bool:
    """Whether a Dosage can stand as an order: it says how much, and how often if its fact does.

    A volume in a time is no amount of the medicine; an amount without its schedule could be given daily.
    """
    names = {name for one in told.get("doseAndRate", ()) for name in one if name != "rateRatio"}
    if not names or (record.kind.name == "dosing" and record["frequency"] in _UNUSUAL):
        return False
    untimed = "frequency" not in told.get("timing", {}).get("repeat", {})
    of_a_day = any(name.startswith("rate") for name in names)
    return of_a_day or not untimed or record.kind.name != "dosing" or not stated(record)


def partial(record: Record, others: Iterable[Record]) -> bool:
    """Whether another dosing fact says all that this one says, and more.

    A dose without its interval, read alone, would be a regimen that is complete.
    """
    return any(one.kind.name == record.kind.name and _within(record, one) for one in others)


def _within(record: Record, other: Record) -> bool:
    told, more = record.value, other.value
    if any(more.get(name) != part for name, part in told.items() if name not in _ASIDE):
        return False
    return len(more.keys() - _ASIDE) > len(told.keys() - _ASIDE)


# What a fact says of itself rather than of the regimen.
_ASIDE = frozenset({"id", "notes", "source"})


def _amounts(record: Record, times: Json) -> tuple[Json, set[str]]:
    made: Json = {}
    held: set[str] = set()
    # "Above 1600 mg a day" is when the rest holds and no dose: a Range that is open above would allow any.
    dose, daily = (None if _open(record[name]) else record[name] for name in ("dose", "daily_dose"))
    if dose is not None:
        made.update(simple("dose", dose))
        held |= _kept("dose", dose)
    # Without an interval that the fact has, so much a day would be so much every day.
    if daily is not None and (record["interval"] is None or "period" in times):
        # A day's amount that is given in one go is a dose; one that may be divided is a rate, or it would be
        # read as the amount of each time.
        if once_a_day(record, times) and record["dose"] is None and daily["unit"].endswith("/d"):
            made.update(simple("dose", per_day(daily)))
        else:
            made.update(simple("rate", daily))
        held |= _kept("daily_dose", daily)
    volume, time = record["volume"], record["infusion_time"]
    divided = any(name.startswith("rate") for name in made)
    if whole(volume) and whole(time) and time["value"] > 0 and not divided:
        made["rateRatio"] = ratio(
            quantity(volume["value"], volume["unit"]), quantity(time["value"], time["unit"])
        )
        held.add("volume")
    return made, held


def _open(amount: Json | None) -> bool:
    return amount is not None and is_open(amount)


def _kept(name: str, amount: Json) -> set[str]:
    """The field, unless its comparator is one that a dose cannot have (a strict one, or "about")."""
    return {name} if amount.get("comparator", "") in ("", "<=") else set()
