"""Timing of a Dosage: frequency, course and length of an infusion, where FHIR means no more than the fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.datatypes import build_quantity, build_simple_value, can_be_maximum, is_exact_number

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json

# Times of day with a code in FHIR; all others become words.
_TIME_OF_DAY_CODES = {"in the morning": "MORN"}
# How many of the second unit are in one of the first, where that is exact.
_EXACT_UNIT_FACTORS = {("wk", "d"): 7, ("d", "h"): 24, ("h", "min"): 60, ("min", "s"): 60, ("a", "mo"): 12}
# Fields with an interval or a frequency.
_SCHEDULE_FIELDS = ("interval", "times_per_day", "infusions_per_day")
_DAILY_REPEAT = {"frequency": 1, "period": 1, "periodUnit": "d"}


def build_repeat(record: Record) -> tuple[Json, set[str]]:
    """Timing.repeat of a regimen, and the names of the fields that it expresses without loss."""
    repeat_element, lossless_fields = build_bounds(record["course"], record["course_limit"])
    administration_time = record["administration_time"]
    if administration_time is not None and _set_element_and_max(
        repeat_element, "duration", administration_time
    ):
        repeat_element["durationUnit"] = administration_time["unit"]
        lossless_fields |= _select_exact_field(record, "administration_time")
    frequency_elements, frequency_fields = _build_frequency_elements(record)
    # A time of day without a frequency would be read as every day at that time.
    if (
        frequency_elements.get("frequency") == 1
        and "frequencyMax" not in frequency_elements
        and record["time_of_day"] in _TIME_OF_DAY_CODES
    ):
        frequency_elements["when"] = [_TIME_OF_DAY_CODES[record["time_of_day"]]]
    return {**repeat_element, **frequency_elements}, lossless_fields | frequency_fields


def list_schedule_fields(record: Record) -> list[str]:
    """The fields of a regimen with an interval or a frequency."""
    return [field_name for field_name in _SCHEDULE_FIELDS if record[field_name] is not None]


def is_once_a_day(record: Record, repeat_element: Json) -> bool:
    """Whether the whole daily dose is given at one time."""
    if "frequencyMax" in repeat_element or any(
        repeat_element.get(element_name) != element for element_name, element in _DAILY_REPEAT.items()
    ):
        return False
    return record["interval"] is None and all(
        is_exact_number(record[field_name]) for field_name in list_schedule_fields(record)
    )


def _build_frequency_elements(record: Record) -> tuple[Json, set[str]]:
    schedule_fields = list_schedule_fields(record)
    if not schedule_fields:
        # A daily dose is given every day; "4 mg in the morning" may be given once.
        is_daily = record["daily_dose"] is not None and record["dose"] is None
        return (dict(_DAILY_REPEAT) if is_daily and record["time_of_day"] is not None else {}), set()
    [field_name, *other_fields] = schedule_fields
    spread_elements: Json = {}
    # Two doses a day, every three weeks: FHIR has one frequency, and either alone would be another schedule.
    if other_fields or not _set_element_and_max(
        spread_elements, "period" if field_name == "interval" else "frequency", record[field_name]
    ):
        return {}, set()
    fixed_elements = (
        {"frequency": 1, "periodUnit": record[field_name]["unit"]}
        if field_name == "interval"
        else {"period": 1, "periodUnit": "d"}
    )
    return {**spread_elements, **fixed_elements}, _select_exact_field(record, field_name)


def _set_element_and_max(repeat_element: Json, element_name: str, amount: Json) -> bool:
    """Set `element_name` and, for a range, `element_name`Max; False if FHIR cannot express the amount.

    FHIR has no comparator here, and 0 would be an error or mean "as often as one likes".
    """
    low = amount["value"] if "value" in amount else amount["low"]
    if amount.get("comparator", "about") != "about" or low <= 0:
        return False
    repeat_element[element_name] = low
    if "high" in amount:
        repeat_element[f"{element_name}Max"] = amount["high"]
    return True


def _select_exact_field(record: Record, field_name: str) -> set[str]:
    return set() if "comparator" in record[field_name] else {field_name}


def build_bounds(duration: Json | None, longest_duration: Json | None) -> tuple[Json, set[str]]:
    """The bounds of a course from its length and its limit, and the fields that they express without loss."""
    if longest_duration is None or not can_be_maximum(longest_duration):
        return ({}, set()) if duration is None else _build_duration_bounds(duration)
    if duration is None:
        return _build_longest_bounds(longest_duration)
    high = _convert_time_exactly(longest_duration, duration["unit"])
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
    lossless_fields = ({"course"} if is_exact_number(duration) else set()) | (
        {"course_limit"} if has_same_unit else set()
    )
    return {"boundsRange": range_element}, lossless_fields


def _build_duration_bounds(duration: Json) -> tuple[Json, set[str]]:
    lossless_fields = set() if duration.get("comparator") == "about" else {"course"}
    if "value" in duration:
        comparator = duration.get("comparator", "")
        return {
            "boundsDuration": build_quantity(duration["value"], duration["unit"], comparator)
        }, lossless_fields
    return build_simple_value("bounds", duration), lossless_fields


def _build_longest_bounds(longest_duration: Json) -> tuple[Json, set[str]]:
    comparator = longest_duration.get("comparator", "<=")
    return {
        "boundsDuration": build_quantity(longest_duration["value"], longest_duration["unit"], comparator)
    }, {"course_limit"}


def _convert_time_exactly(amount: Json, unit: str) -> Any:
    """The number of an amount in another unit of time, None where it is not exact."""
    if amount["unit"] == unit:
        return amount["value"]
    factor = _EXACT_UNIT_FACTORS.get((amount["unit"], unit))
    return None if factor is None else amount["value"] * factor
