"""Dosage: how much, how, how often and for how long, from the fields of a regimen and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.quantity import per_day, quantity, ratio, simple, whole
from bmkit.export.fhir.remark import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Record
    from bmkit.export.fhir.identity import Json
    from bmkit.export.fhir.making import Making

# What FHIR has a code for; all else that is said about the time of day is an instruction in words of the
# closed list.
_TIMES_OF_DAY = {"in the morning": "MORN"}
# How many of a smaller unit of time are in one of a larger, where that is exact.
_EXACT = {("wk", "d"): 7, ("d", "h"): 24, ("h", "min"): 60, ("min", "s"): 60, ("a", "mo"): 12}
# Fields that only an infusion has; the lock has no code for the method, so it is said in a word.
_INFUSED = ("infusion_time", "infusions_per_day")
# Fields that tell how the medicine is to be taken rather than how much or when.
_INSTRUCTIONS = ("titration", "meal_relation", "start_after")


def regimen(making: Making, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a dosing fact, and the names of the fields that it holds without any loss."""
    made: Json = {"text": spoken(making, record)}
    held: set[str] = {"product"}
    instructions = [one for name in _INSTRUCTIONS for one in making.concepts(record, name)]
    held.update(name for name in _INSTRUCTIONS if record[name] is not None)
    if instructions:
        made["additionalInstruction"] = instructions
    repeat, kept = _repeat(record)
    held |= kept
    if repeat:
        made["timing"] = {"repeat": repeat}
    route = making.concept(record, "route")
    if route is not None:
        made["route"] = route
        held.add("route")
    amounts, kept = _amounts(record, once="frequency" in repeat and repeat["frequency"] == 1)
    held |= kept
    if any(record[name] is not None for name in _INFUSED):
        made["method"] = {"text": "infusion"}
    if amounts:
        made["doseAndRate"] = [amounts]
    daily = record["daily_dose"]
    if daily is not None and daily.get("comparator") == "<=" and daily["unit"].endswith("/d"):
        made["maxDosePerPeriod"] = [_in_a_day(daily)]
    return made, held


def course(making: Making, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a course: only how long, because that is all the fact says."""
    bounds, kept = _bounds(record["duration"], None)
    made: Json = {"text": spoken(making, record), "timing": {"repeat": bounds}}
    route = making.concept(record, "route")
    if route is not None:
        made["route"] = route
    return made, {"product", "route"} | ({"duration"} if kept else set())


def limit(making: Making, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a limit: the most at one time, or in a day."""
    made: Json = {"text": spoken(making, record)}
    route = making.concept(record, "route")
    if route is not None:
        made["route"] = route
    made.update(ceilings(record))
    return made, {"product", "route", "maximum", "maximum_daily"}


def ceilings(record: Record) -> Json:
    """The elements of a Dosage that a dose limit sets."""
    made: Json = {}
    once, daily = record["maximum"], record["maximum_daily"]
    if once is not None:
        made["maxDosePerAdministration"] = quantity(once["value"], once["unit"])
    if daily is not None:
        made["maxDosePerPeriod"] = [_in_a_day(daily)]
    return made


def amount(told: Json) -> bool:
    """Whether a Dosage says how much is given; a volume in a time is no amount of the medicine."""
    names = [name for one in told.get("doseAndRate", ()) for name in one]
    return any(name != "rateRatio" for name in names)


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


def _in_a_day(daily: Json) -> Json:
    most = per_day(daily)
    return ratio(quantity(most["value"], most["unit"]), quantity(1, "d"))


def applies(rule: Record, record: Record) -> bool:
    """Whether a dose limit holds for a dosing fact: same product and route, and nothing narrower."""
    if (rule["product"], rule["route"]) != (record["product"], record["route"]):
        return False
    return all(rule[name] in (None, record[name]) for name in ("population", "condition"))


def _repeat(record: Record) -> tuple[Json, set[str]]:
    made, held = _bounds(record["course"], record["course_limit"])
    if "course_limit" in held and record["course"] is None:
        held.discard("course")
    infusion = record["infusion_time"]
    if infusion is not None and _spread(made, "duration", infusion):
        made["durationUnit"] = infusion["unit"]
        held.add("infusion_time")
    interval = record["interval"]
    times = "doses_per_day" if record["doses_per_day"] is not None else "infusions_per_day"
    if interval is not None and _spread(made, "period", interval):
        made.update({"frequency": 1, "periodUnit": interval["unit"]})
        held.add("interval")
    elif record[times] is not None and _spread(made, "frequency", record[times]):
        made.update({"period": 1, "periodUnit": "d"})
        held.add(times)
    elif record["time_of_day"] is not None:
        made.update({"frequency": 1, "period": 1, "periodUnit": "d"})
    if record["time_of_day"] in _TIMES_OF_DAY:
        made["when"] = [_TIMES_OF_DAY[record["time_of_day"]]]
    return made, held


def _spread(made: Json, name: str, amount: Json) -> bool:
    """Set `name` and, if the amount has two ends, `name`Max; False if the amount cannot be said so."""
    if "comparator" in amount and amount["comparator"] != "about":
        return False
    made[name] = amount["value"] if "value" in amount else amount["low"]
    if "high" in amount:
        made[f"{name}Max"] = amount["high"]
    return True


def _bounds(length: Json | None, most: Json | None) -> tuple[Json, set[str]]:
    """How long it is given, and at most: boundsDuration, or boundsRange where there are two ends."""
    if length is None and most is None:
        return {}, set()
    if length is not None and most is not None and whole(length):
        high = _in(most, length["unit"])
        if high is not None and "value" in most:
            ends = {"low": quantity(length["value"], length["unit"]), "high": quantity(high, length["unit"])}
            # A limit that was said in another unit is said once more as it stands, beside the Dosage.
            return {"boundsRange": ends}, {
                "course",
                *(["course_limit"] if most["unit"] == length["unit"] else []),
            }
    told, held = (length, {"course"}) if length is not None else (most or {}, {"course_limit"})
    if "value" in told:
        sign = told.get("comparator", "")
        return {"boundsDuration": quantity(told["value"], told["unit"], sign)}, held
    return simple("bounds", told), held


def _in(amount: Json, unit: str) -> Any:
    """The number of an amount in another unit of time, None where it is not exact."""
    if "value" not in amount:
        return None
    if amount["unit"] == unit:
        return amount["value"]
    times = _EXACT.get((amount["unit"], unit))
    return None if times is None else amount["value"] * times


def _amounts(record: Record, *, once: bool) -> tuple[Json, set[str]]:
    made: Json = {}
    held: set[str] = set()
    # "Above 1600 mg a day" is when the rest holds and no dose: a Range that is open above would allow any.
    dose, daily = (None if _open(record[name]) else record[name] for name in ("dose", "daily_dose"))
    if dose is not None:
        made.update(simple("dose", dose))
        held |= _kept("dose", dose)
    if daily is not None:
        # A day's amount that is given in one go is a dose; one that may be divided is a rate, or it would be
        # read as the amount of each time.
        if once and dose is None and daily["unit"].endswith("/d") and record["interval"] is None:
            made.update(simple("dose", per_day(daily)))
        else:
            made.update(simple("rate", daily))
        held |= _kept("daily_dose", daily)
    volume, time = record["volume"], record["infusion_time"]
    if whole(volume) and whole(time) and not any(name.startswith("rate") for name in made):
        made["rateRatio"] = ratio(
            quantity(volume["value"], volume["unit"]), quantity(time["value"], time["unit"])
        )
        held.add("volume")
    return made, held


def _open(amount: Json | None) -> bool:
    return amount is not None and amount.get("comparator") in (">", ">=")


def _kept(name: str, amount: Json) -> set[str]:
    """The field, unless its comparator is one that a dose cannot have (a strict one, or "about")."""
    return {name} if amount.get("comparator", "") in ("", "<=") else set()
