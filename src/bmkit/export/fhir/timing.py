"""When: how often, for how long and over what time, as far as FHIR can say it and mean no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.datatypes import is_most, quantity, simple, whole

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json

# What FHIR has a code for; all else that is said about the time of day is said in words.
_TIMES_OF_DAY = {"in the morning": "MORN"}
# How many of a smaller unit of time are in one of a larger, where that is exact.
_EXACT = {("wk", "d"): 7, ("d", "h"): 24, ("h", "min"): 60, ("min", "s"): 60, ("a", "mo"): 12}
# Fields that say how often.
_SCHEDULE = ("interval", "doses_per_day", "infusions_per_day")
_DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}


def repeat(record: Record) -> tuple[Json, set[str]]:
    """Timing.repeat of a dosing fact, and the names of the fields that it holds without any loss."""
    made, held = bounds(record["course"], record["course_limit"])
    infusion = record["infusion_time"]
    if infusion is not None and _spread(made, "duration", infusion):
        made["durationUnit"] = infusion["unit"]
        held |= _exact(record, "infusion_time")
    often, kept = _often(record)
    # A time of day without how often would be read as that of every day.
    if often.get("frequency") == 1 and "frequencyMax" not in often and record["time_of_day"] in _TIMES_OF_DAY:
        often["when"] = [_TIMES_OF_DAY[record["time_of_day"]]]
    return {**made, **often}, held | kept


def stated(record: Record) -> list[str]:
    """The fields by which a dosing fact says how often."""
    return [name for name in _SCHEDULE if record[name] is not None]


def once_a_day(record: Record, made: Json) -> bool:
    """Whether all of a day is given in one go: one whole number says so, or the time of day."""
    if "frequencyMax" in made or any(made.get(name) != part for name, part in _DAILY.items()):
        return False
    return record["interval"] is None and all(whole(record[name]) for name in stated(record))


def _often(record: Record) -> tuple[Json, set[str]]:
    names = stated(record)
    if not names:
        # The amount of a day says that it is every day; "4 mg in the morning" does not.
        daily = record["daily_dose"] is not None and record["dose"] is None
        return (dict(_DAILY) if daily and record["time_of_day"] is not None else {}), set()
    [name, *others] = names
    made: Json = {}
    # Two doses a day, every three weeks: FHIR has one frequency, and either alone would be another schedule.
    if others or not _spread(made, "period" if name == "interval" else "frequency", record[name]):
        return {}, set()
    rest = (
        {"frequency": 1, "periodUnit": record[name]["unit"]}
        if name == "interval"
        else {"period": 1, "periodUnit": "d"}
    )
    return {**made, **rest}, _exact(record, name)


def _spread(made: Json, name: str, amount: Json) -> bool:
    """Set `name` and, if the amount has two ends, `name`Max; False if the amount cannot be said so.

    FHIR has no comparator here, and takes nothing for "as often as one likes" or for an error.
    """
    low = amount["value"] if "value" in amount else amount["low"]
    if amount.get("comparator", "about") != "about" or low <= 0:
        return False
    made[name] = low
    if "high" in amount:
        made[f"{name}Max"] = amount["high"]
    return True


def _exact(record: Record, name: str) -> set[str]:
    return set() if "comparator" in record[name] else {name}


def bounds(length: Json | None, most: Json | None) -> tuple[Json, set[str]]:
    """How long it is given, and at most: boundsDuration, or boundsRange where there are two ends."""
    if most is None or not is_most(most):
        return ({}, set()) if length is None else _long(length)
    if length is None:
        return _at_most(most)
    high = _in(most, length["unit"])
    if high is None or length.get("high", length.get("value")) > high:
        return _at_most(most)
    if "value" not in length or length.get("comparator") in ("<", "<="):
        return _long(length)
    ends = {"low": quantity(length["value"], length["unit"]), "high": quantity(high, length["unit"])}
    # A limit that was said in another unit is said once more as it stands, beside the Dosage.
    same = most["unit"] == length["unit"] and most.get("comparator") != "<"
    held = ({"course"} if whole(length) else set()) | ({"course_limit"} if same else set())
    return {"boundsRange": ends}, held


def _long(length: Json) -> tuple[Json, set[str]]:
    held = set() if length.get("comparator") == "about" else {"course"}
    if "value" in length:
        sign = length.get("comparator", "")
        return {"boundsDuration": quantity(length["value"], length["unit"], sign)}, held
    return simple("bounds", length), held


def _at_most(most: Json) -> tuple[Json, set[str]]:
    sign = most.get("comparator", "<=")
    return {"boundsDuration": quantity(most["value"], most["unit"], sign)}, {"course_limit"}


def _in(amount: Json, unit: str) -> Any:
    """The number of an amount in another unit of time, None where it is not exact."""
    if amount["unit"] == unit:
        return amount["value"]
    times = _EXACT.get((amount["unit"], unit))
    return None if times is None else amount["value"] * times
