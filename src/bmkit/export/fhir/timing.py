"""Timing of a Dosage: frequency, course and length of an infusion, where FHIR means no more than the fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.datatypes import (
    TIME_UNITS,
    build_quantity,
    build_simple_value,
    can_be_maximum,
    is_exact_number,
)

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json

# Times of day with a code in FHIR; all others become words.
_TIME_OF_DAY_CODES = {
    "in the morning": "MORN",
    "at midday": "NOON",
    "at noon": "NOON",
    "in the afternoon": "AFT",
    "in the evening": "EVE",
    "at night": "NIGHT",
    "at bedtime": "HS",
}
# How many of the second unit are in one of the first, where that is exact.
_EXACT_UNIT_FACTORS = {("wk", "d"): 7, ("d", "h"): 24, ("h", "min"): 60, ("min", "s"): 60, ("a", "mo"): 12}
# Fields with an interval or a frequency, by their roles.
_SCHEDULE_ROLES = ("interval", "times-per-day", "days")
_DAILY_REPEAT = {"frequency": 1, "period": 1, "periodUnit": "d"}


def build_repeat(record: Record) -> tuple[Json, set[str]]:
    """Timing.repeat of a regimen, and the roles of the fields that it expresses without loss."""
    repeat_element, lossless_roles = build_bounds(
        record.find_value("course"), record.find_value("course-limit")
    )
    count = record.find_value("administration-count")
    if record.find_value("once"):
        repeat_element["count"] = 1
        lossless_roles.add("once")
    elif count is not None and _set_element_and_max(repeat_element, "count", count):
        lossless_roles |= _select_exact_role(record, "administration-count")
    administration_time = record.find_value("administration-time")
    if administration_time is not None and _set_element_and_max(
        repeat_element, "duration", administration_time
    ):
        repeat_element["durationUnit"] = administration_time["unit"]
        lossless_roles |= _select_exact_role(record, "administration-time")
    frequency_elements, frequency_roles = _build_frequency_elements(record)
    # A time of day without a frequency would be read as every day at that time.
    if (
        frequency_elements.get("frequency") == 1
        and "frequencyMax" not in frequency_elements
        and record.find_value("time-of-day") in _TIME_OF_DAY_CODES
    ):
        frequency_elements["when"] = [_TIME_OF_DAY_CODES[record.find_value("time-of-day")]]
    return {**repeat_element, **frequency_elements}, lossless_roles | frequency_roles


def list_schedule_roles(record: Record) -> list[str]:
    """The roles of the fields of a regimen with an interval or a frequency."""
    return [role for role in _SCHEDULE_ROLES if record.find_value(role) is not None]


def is_once_a_day(record: Record, repeat_element: Json) -> bool:
    """Whether the whole daily dose is given at one time."""
    if "frequencyMax" in repeat_element or any(
        repeat_element.get(element_name) != element for element_name, element in _DAILY_REPEAT.items()
    ):
        return False
    return record.find_value("interval") is None and all(
        is_exact_number(record.find_value(role)) for role in list_schedule_roles(record)
    )


def _build_frequency_elements(record: Record) -> tuple[Json, set[str]]:
    schedule_roles = list_schedule_roles(record)
    if not schedule_roles:
        return _build_frequency_without_schedule(record)
    [role, *other_roles] = schedule_roles
    # Two doses a day, every three weeks: FHIR has one frequency, and either alone would be another schedule.
    if other_roles:
        return {}, set()
    if role == "days":
        return _build_cycle_elements(record), set()
    amount = record.find_value(role)
    spread_elements: Json = {}
    if not _set_element_and_max(spread_elements, "period" if role == "interval" else "frequency", amount):
        return {}, set()
    fixed_elements = (
        {"frequency": 1, "periodUnit": amount["unit"]}
        if role == "interval"
        else {"period": 1, "periodUnit": "d"}
    )
    return {**spread_elements, **fixed_elements}, _select_exact_role(record, role)


def _build_frequency_without_schedule(record: Record) -> tuple[Json, set[str]]:
    """What is given as needed may be given as often as the shortest time between two administrations lets."""
    least_interval = record.find_value("least-interval")
    if record.find_value("as-needed") and is_exact_number(least_interval):
        elements: Json = {"frequency": 1, "periodUnit": least_interval["unit"]}
        if _set_element_and_max(elements, "period", least_interval):
            return elements, set()
    # A daily dose is given every day; "4 mg in the morning" may be given once.
    is_daily = read_daily_amount(record) is not None and record.find_value("dose") is None
    return (dict(_DAILY_REPEAT) if is_daily and record.find_value("time-of-day") is not None else {}), set()


def _build_cycle_elements(record: Record) -> Json:
    """So many times in a cycle, or in all; FHIR has no element for the days, which become words."""
    days, cycle = record.find_value("days"), record.find_value("cycle")
    day_count = len(days) if isinstance(days, list) else 1
    if cycle is None:
        return {"count": day_count}
    elements: Json = {"frequency": day_count, "periodUnit": cycle["unit"]}
    return elements if is_exact_number(cycle) and _set_element_and_max(elements, "period", cycle) else {}


def read_daily_amount(record: Record) -> Json | None:
    """The amount of a day in all its administrations together, in a unit of an amount; None without one."""
    total, period = record.find_value("total"), record.find_value("total-in")
    if total is None or period is None or not is_exact_number(period):
        return None
    return total if convert_time_exactly(period, "d") == 1 else None


def _set_element_and_max(repeat_element: Json, element_name: str, amount: Json) -> bool:
    """Set `element_name` and, for a range, `element_name`Max; False if FHIR cannot express the amount.

    FHIR has no comparator here, and 0 would be an error or mean "as often as one likes".
    """
    low = amount["value"] if "value" in amount else amount["low"]
    if amount.get("comparator", "about") != "about" or low <= 0:
        return False
    if element_name in ("period", "duration") and amount["unit"] not in TIME_UNITS:
        return False
    repeat_element[element_name] = low
    if "high" in amount:
        repeat_element[f"{element_name}Max"] = amount["high"]
    return True


def _select_exact_role(record: Record, role: str) -> set[str]:
    return set() if "comparator" in record.find_value(role) else {role}


def build_bounds(duration: Json | None, longest_duration: Json | None) -> tuple[Json, set[str]]:
    """The bounds of a course from its length and its limit, and the roles that they express without loss."""
    if longest_duration is None or not can_be_maximum(longest_duration):
        return ({}, set()) if duration is None else _build_duration_bounds(duration)
    if duration is None:
        return _build_longest_bounds(longest_duration)
    high = convert_time_exactly(longest_duration, duration["unit"])
    if high is None or duration.get("high", duration.get("value")) > high:
        return _build_longest_bounds(longest_duration)
    if "value" not in duration or duration.get("comparator") in ("<", "<="):
        return _build_duration_bounds(duration)
    range_element = {
        "low": build_quantity(duration["value"], duration["unit"]),
        "high": build_quantity(high, duration["unit"]),
    }
    # A limit in another unit, or a strict one, is not lossless and is repeated in words.
    has_same_unit = longest_duration["unit"] == duration["unit"] and longest_duration.get("comparator") != "<"
    lossless_roles = ({"course"} if is_exact_number(duration) else set()) | (
        {"course-limit"} if has_same_unit else set()
    )
    return {"boundsRange": range_element}, lossless_roles


def _build_duration_bounds(duration: Json) -> tuple[Json, set[str]]:
    lossless_roles = set() if duration.get("comparator") == "about" else {"course"}
    if "value" in duration:
        comparator = duration.get("comparator", "")
        return {
            "boundsDuration": build_quantity(duration["value"], duration["unit"], comparator)
        }, lossless_roles
    return build_simple_value("bounds", duration), lossless_roles


def _build_longest_bounds(longest_duration: Json) -> tuple[Json, set[str]]:
    comparator = longest_duration.get("comparator", "<=")
    return {
        "boundsDuration": build_quantity(longest_duration["value"], longest_duration["unit"], comparator)
    }, {"course-limit"}


def convert_time_exactly(amount: Json, unit: str) -> Any:
    """The number of an amount in another unit of time, None where it is not exact."""
    if amount["unit"] == unit:
        return amount["value"]
    factor = _EXACT_UNIT_FACTORS.get((amount["unit"], unit))
    return None if factor is None else amount["value"] * factor
