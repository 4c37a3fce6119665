"""The annotations (x-…) of a field that stand alone: plausible ranges, terminologies, poles."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from bmkit.schema.relations import Conditions, meet_conditions, parse_conditions


class PlausibleRange(NamedTuple):
    """A range in which a quantity is to be expected, its ends included; what lies outside is a slip.

    It holds for records that have one of the values in each field of `conditions`, () for all records.
    """

    low: int | Decimal
    high: int | Decimal
    unit: str
    conditions: Conditions = ()

    def holds_for(self, record_value: dict[str, Any]) -> bool:
        """Return whether the range is for a record with these fields."""
        return meet_conditions(record_value, self.conditions)


def parse_plausible_ranges(subschema: dict[str, Any]) -> tuple[PlausibleRange, ...]:
    """Return the ranges that the schema of a field calls plausible, without ill-formed ones.

    The check of the schemas reports those.
    """
    entries = subschema.get("x-plausible")
    ranges = map(_parse_plausible_range, entries if isinstance(entries, list) else ())
    return tuple(plausible_range for plausible_range in ranges if plausible_range is not None)


def _parse_plausible_range(entry: Any) -> PlausibleRange | None:
    if not isinstance(entry, dict):
        return None
    low, high, unit = entry.get("low"), entry.get("high"), entry.get("unit")
    conditions = parse_conditions(entry.get("where", {}))
    if (
        isinstance(low, int | Decimal)
        and isinstance(high, int | Decimal)
        and isinstance(unit, str)
        and conditions is not None
    ):
        return PlausibleRange(low, high, unit, conditions)
    return None


def parse_systems(subschema: dict[str, Any]) -> tuple[str, ...]:
    """Return the terminologies that the schema of a field of codes names, () where any will do."""
    value = subschema.get("x-systems")
    return tuple(system for system in value if isinstance(system, str)) if isinstance(value, list) else ()


def parse_poles(subschema: dict[str, Any]) -> dict[str, str] | None:
    """Return the pole of each word of a closed list that has one (x-means); None where nothing is said."""
    value = subschema.get("x-means")
    if not isinstance(value, dict):
        return None
    return {word: pole for word, pole in value.items() if isinstance(pole, str)}
