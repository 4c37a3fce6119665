"""The annotations (x-…) of a field: relations to other fields, plausible ranges, terminologies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

RELATION_KEYWORDS = ("x-below", "x-at-most", "x-within", "x-same-as", "x-same-dimension", "x-sum")


class Relation(NamedTuple):
    """What must hold between a field and another.

    `keyword` is one of RELATION_KEYWORDS.  The other is `other_field`: of the same object ("end"); of the
    record that a field of the same object refers to ("parent.end"); or, with `kind`, of the records of that
    kind whose `shared_fields` suit the record's own.  For "x-sum" the values of all records whose
    `shared_fields` agree are parts of one whole, and `other_field` tells the parts apart; `whole` is then the
    field of a record that the parts refer to ("study.population_size"), "" where the whole is the maximum of
    the field, and `part_count` the field of it that says how many parts there are.  For "x-same-as" `factor`
    is the field of a record referred to that has the mass of a mole.
    """

    keyword: str
    other_field: str
    kind: str = ""
    shared_fields: tuple[str, ...] = ()
    whole: str = ""
    part_count: str = ""
    factor: str = ""

    def __str__(self) -> str:
        """Return the relation in words for a reader of the field, such as "at most course_limit"."""
        words = self.keyword.removeprefix("x-").replace("-", " ")
        if self.whole:
            return (
                f"all {self.other_field} of one {' and '.join(self.shared_fields)} are parts of {self.whole}"
            )
        if self.keyword == "x-sum":
            return f"all {self.other_field} of one {' and '.join(self.shared_fields)} are parts of a whole"
        if self.keyword == "x-same-dimension":
            words = "of the same dimension as"
        if self.kind:
            return f"{words} {self.kind}.{self.other_field} of the same {', '.join(self.shared_fields)}"
        return f"{words} {self.other_field}"


class PlausibleRange(NamedTuple):
    """A range in which a quantity is to be expected, its ends included; what lies outside is a slip.

    It holds for records that have one of the values in each field of `conditions`, () for all records.
    """

    low: int | Decimal
    high: int | Decimal
    unit: str
    conditions: tuple[tuple[str, tuple[str | bool, ...]], ...] = ()

    def holds_for(self, record_value: dict[str, Any]) -> bool:
        """Return whether the range is for a record with these fields."""
        return all(
            _has_any_value(record_value.get(field_name), values) for field_name, values in self.conditions
        )


def _has_any_value(value: Any, values: tuple[str | bool, ...]) -> bool:
    return any(item in values for item in value) if isinstance(value, list) else value in values


def parse_relations(subschema: dict[str, Any]) -> tuple[Relation, ...]:
    """Return the relations that the schema of a field declares, without ill-formed ones.

    The check of the schemas reports those.
    """
    relations = (
        _parse_relation(keyword, subschema[keyword]) for keyword in RELATION_KEYWORDS if keyword in subschema
    )
    return tuple(relation for relation in relations if relation is not None)


def _parse_relation(keyword: str, value: Any) -> Relation | None:
    if isinstance(value, str) and keyword != "x-sum":
        return Relation(keyword, value)
    if not isinstance(value, dict) or keyword in {"x-below", "x-within", "x-same-dimension"}:
        return None
    if keyword == "x-same-as":
        field_name, factor = value.get("field"), value.get("factor", "")
        is_whole = isinstance(field_name, str) and isinstance(factor, str)
        return Relation(keyword, str(field_name), factor=factor) if is_whole else None
    other_field, kind, shared_fields = (
        value.get("part" if keyword == "x-sum" else "field"),
        value.get("kind", ""),
        value.get("same"),
    )
    names_fields = (
        isinstance(shared_fields, list)
        and bool(shared_fields)
        and all(isinstance(name, str) for name in shared_fields)
    )
    if not isinstance(other_field, str) or not isinstance(kind, str) or not names_fields:
        return None
    whole, part_count = value.get("whole", ""), value.get("parts", "")
    if not isinstance(whole, str) or not isinstance(part_count, str):
        return None
    return Relation(keyword, other_field, kind, tuple(shared_fields or ()), whole, part_count)


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
    low, high, unit, where = entry.get("low"), entry.get("high"), entry.get("unit"), entry.get("where", {})
    if (
        isinstance(low, int | Decimal)
        and isinstance(high, int | Decimal)
        and isinstance(unit, str)
        and isinstance(where, dict)
    ):
        conditions = tuple(
            (name, tuple(value) if isinstance(value, list) else (value,)) for name, value in where.items()
        )
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
