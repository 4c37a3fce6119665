"""Relations that the schema declares between the fields of records."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    are_disjoint,
    convert_by_mole,
    convert_to,
    format_amount,
    name_upper_end,
    to_amount,
    to_rounded_amount,
)
from bmkit.rules.derived.relations import (
    RelatedValue,
    are_comparable,
    find_sibling_limits,
    format_related_value,
    iter_record_limits,
    iter_related_values,
    select_greatest_limit,
    to_lower_end,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record
    from bmkit.rules.rule import Fault

_INTEGER_SCHEMA = {"type": "integer"}
_MASS_SCHEMA = {"$ref": "common/quantity.schema.json#/$defs/mass"}
_SHARE_SCHEMA = {"$ref": "common/quantity.schema.json#/$defs/share"}
_TEXT_SCHEMA = {"type": "string"}
_CHAPTER_SCHEMAS = {"chapter": {"first": {**_INTEGER_SCHEMA, "x-at-most": "last"}, "last": _INTEGER_SCHEMA}}
_SHELF_SCHEMAS = {
    "jar": {
        "shelf": {**_TEXT_SCHEMA, "x-ref": "shelf"},
        "load": {**_MASS_SCHEMA, "x-at-most": "shelf.strength"},
    },
    "shelf": {"strength": _MASS_SCHEMA},
}
_PORTION_SCHEMAS = {
    "portion": {
        "dish": _TEXT_SCHEMA,
        "salt": {**_MASS_SCHEMA, "x-at-most": {"kind": "allowance", "field": "salt", "same": ["dish"]}},
    },
    "allowance": {"dish": _TEXT_SCHEMA, "salt": _MASS_SCHEMA},
}
_BLEND_SCHEMAS = {
    "blend": {
        "tea": _TEXT_SCHEMA,
        "herb": _TEXT_SCHEMA,
        "share": {**_SHARE_SCHEMA, "x-sum": {"part": "herb", "same": ["tea"]}},
    }
}
_TRIAL_SCHEMAS = {
    "branch": {
        "trial": {**_TEXT_SCHEMA, "x-ref": "trial"},
        "patients": {
            **_INTEGER_SCHEMA,
            "x-sum": {"part": "id", "same": ["trial"], "whole": "trial.patients", "parts": "trial.branches"},
        },
    },
    "trial": {"patients": _INTEGER_SCHEMA, "branches": _INTEGER_SCHEMA},
}
_PROBE_SCHEMAS = {
    "probe": {"salt": {**_MASS_SCHEMA, "x-within": "spread"}, "spread": _MASS_SCHEMA},
}
_LEVEL_SCHEMA = {"$ref": "common/quantity.schema.json#/$defs/concentration"}
_LEVEL_SCHEMAS = {
    "level": {
        "salt": {**_TEXT_SCHEMA, "x-ref": "salt"},
        "found": _LEVEL_SCHEMA,
        "again": {**_LEVEL_SCHEMA, "x-same-as": {"field": "found", "factor": "salt.mole"}},
    },
    "salt": {"mole": {"$ref": "common/quantity.schema.json#/$defs/measurement"}},
}
_ANY_UNIT_SCHEMA = {**_MASS_SCHEMA, "x-unit": ["g", "mg"], "x-same-dimension": "reference"}


def _make_mass_value(milligrams: int) -> dict[str, Any]:
    return {"value": milligrams, "unit": "mg"}


def _make_share_value(percent: int) -> dict[str, Any]:
    return {"value": percent, "unit": "%"}


def _make_trial_example(*patient_counts: int) -> dict[str, Any]:
    return {
        "schemas": _TRIAL_SCHEMAS,
        "trial": [{"id": "large", "patients": 921, "branches": 2}],
        "branch": [
            {"id": f"branch-{index}", "trial": "large", "patients": patient_count}
            for index, patient_count in enumerate(patient_counts)
        ],
    }


def _make_probe_example(milligrams: int) -> dict[str, Any]:
    probe = {
        "id": "one",
        "salt": _make_mass_value(milligrams),
        "spread": {"low": 1, "high": 9, "unit": "mg"},
    }
    return {"schemas": _PROBE_SCHEMAS, "probe": [probe]}


def _make_level_example(low: str, high: str, unit: str = "mmol/L") -> dict[str, Any]:
    level = {
        "id": "one",
        "salt": "lime",
        "found": {"low": Decimal("8.5"), "high": Decimal("10.2"), "unit": "mg/dL"},
        "again": {"low": Decimal(low), "high": Decimal(high), "unit": unit},
    }
    mole = {"value": Decimal("40.08"), "unit": "g/mol"}
    return {"schemas": _LEVEL_SCHEMAS, "level": [level], "salt": [{"id": "lime", "mole": mole}]}


@rule(
    Severity.ERROR,
    good={"schemas": _CHAPTER_SCHEMAS, "chapter": [{"id": "one", "first": 5, "last": 9}]},
    bad=[
        {"schemas": _CHAPTER_SCHEMAS, "chapter": [{"id": "one", "first": 9, "last": 5}]},
        {"section": [{"id": "one", "start": 10, "end": 10}]},
    ],
)
def out_of_order(content: Content) -> Faults:
    """Two fields of a record are not in the order that its schema declares.

    Nothing lies between a start and an end before it; and if a part is longer than the whole, one of them is
    wrong.
    """
    for declared_value, limit in find_sibling_limits(content):
        if declared_value.exceeds_limit(limit):
            verdict = "is above" if declared_value.relation.keyword == "x-at-most" else "is not below"
            message = (
                f"{declared_value.field.name} {format_related_value(declared_value.value)} "
                f"{verdict} {declared_value.relation.other_field} {format_related_value(limit)}"
            )
            yield declared_value.place, message, "swap them, or correct one of the two"


@rule(
    Severity.ERROR,
    good={
        "schemas": _PORTION_SCHEMAS,
        "portion": [{"id": "one", "dish": "soup", "salt": _make_mass_value(900)}],
        "allowance": [
            {"id": "all", "salt": _make_mass_value(500)},
            {"id": "soup", "dish": "soup", "salt": _make_mass_value(1000)},
        ],
    },
    bad=[
        {
            "schemas": _PORTION_SCHEMAS,
            "portion": [{"id": "one", "dish": "stew", "salt": _make_mass_value(900)}],
            "allowance": [
                {"id": "all", "salt": _make_mass_value(500)},
                {"id": "soup", "dish": "soup", "salt": _make_mass_value(1000)},
            ],
        },
        {
            "schemas": _SHELF_SCHEMAS,
            "jar": [{"id": "one", "shelf": "top", "load": _make_mass_value(30)}],
            "shelf": [{"id": "top", "strength": _make_mass_value(20)}],
        },
    ],
    fix="correct the value, or the limit in the other record",
)
def above_limit(content: Content) -> Faults:
    """A value is above the limit that the schema declares in another record.

    One of the two records is wrong, and readers of only one do not notice.
    """
    for declared_value, limits in iter_record_limits(content):
        needed_kinds = (
            (declared_value.relation.kind, *_list_distinguishing_kinds(declared_value))
            if declared_value.relation.kind
            else ()
        )
        if not limits or (needed_kinds and not content.is_complete(declared_value.record, *needed_kinds)):
            continue
        if all(declared_value.exceeds_limit(limit) for _, limit in limits):
            limit_record, limit = select_greatest_limit(limits)
            limit_name = declared_value.relation.other_field.rpartition(".")[2]
            verdict = f'is above the {limit_name} {format_related_value(limit)} of "{limit_record.id}"'
            yield (
                declared_value.place,
                f"{declared_value.field.name} {format_related_value(declared_value.value)} {verdict}",
                f"correct one of the two ({limit_record.file})",
            )


@rule(
    Severity.ERROR,
    good=[
        {
            "schemas": _BLEND_SCHEMAS,
            "blend": [
                {"id": "one", "tea": "mild", "herb": "mint", "share": _make_share_value(70)},
                {"id": "two", "tea": "mild", "herb": "sage", "share": _make_share_value(30)},
                {"id": "three", "tea": "plain", "herb": "mint", "share": _make_share_value(100)},
            ],
        },
        _make_trial_example(614, 307),
        _make_trial_example(614),
    ],
    bad=[
        {
            "schemas": _BLEND_SCHEMAS,
            "blend": [
                {"id": "one", "tea": "mild", "herb": "mint", "share": _make_share_value(70)},
                {"id": "two", "tea": "mild", "herb": "sage", "share": _make_share_value(40)},
            ],
        },
        _make_trial_example(614, 370),
    ],
    fix="correct the share that is wrong, or tell the two wholes apart",
)
def sum_above_whole(content: Content) -> Faults:
    """The parts of a whole add up to more than the whole.

    At least one of the parts is wrong, or they are parts of different things.
    """
    for parts in _group_parts(content):
        last_part = next(reversed(parts.values()))
        maximum, total = last_part.field.maximum, sum(to_lower_end(part.value) for part in parts.values())
        if not last_part.relation.whole:
            unit_suffix = f" {last_part.value['unit']}" if isinstance(last_part.value, dict) else ""
            if maximum is not None and total > Fraction(maximum):
                yield _make_sum_fault(parts, total, f"above {maximum}{unit_suffix}")
            continue
        whole = last_part.find_target_value(last_part.relation.whole, content)
        if whole is not None and total > to_lower_end(whole[1]):
            yield _make_sum_fault(parts, total, f"above {_describe_whole(last_part, *whole)}")


@rule(
    Severity.ERROR,
    good=[_make_trial_example(614, 307), _make_trial_example(614)],
    bad=_make_trial_example(614, 270),
    fix="correct the part that is wrong, the whole, or the number of its parts",
)
def sum_below_whole(content: Content) -> Faults:
    """All parts of a whole are there, and add up to less than the whole.

    At least one of the parts is wrong, or the whole has more of them than it says.
    """
    for parts in _group_parts(content):
        last_part = next(reversed(parts.values()))
        total = sum(to_lower_end(part.value) for part in parts.values())
        whole, part_count = (
            last_part.find_target_value(path, content) if path else None
            for path in (last_part.relation.whole, last_part.relation.part_count)
        )
        has_all_parts = part_count is not None and part_count[1] == len(parts)
        if whole is not None and has_all_parts and total < to_lower_end(whole[1]):
            yield _make_sum_fault(parts, total, f"below {_describe_whole(last_part, *whole)}")


def _make_sum_fault(parts: dict[str, RelatedValue], total: Fraction | int, verdict: str) -> Fault:
    last_part = next(reversed(parts.values()))
    whole_phrase = " and ".join(
        str(last_part.record.value.get(field_name)) for field_name in last_part.relation.shared_fields
    )
    unit_suffix = f" {last_part.value['unit']}" if isinstance(last_part.value, dict) else ""
    message = f"the parts of {whole_phrase} add up to {float(total):g}{unit_suffix}, {verdict}"
    return last_part.place, message, f"the parts are {', '.join(parts)}"


def _describe_whole(part: RelatedValue, whole_record: Record, whole_value: Any) -> str:
    whole_name = part.relation.whole.rpartition(".")[2]
    return f'the {whole_name} {format_related_value(whole_value)} of "{whole_record.id}"'


def _group_parts(content: Content) -> Iterable[dict[str, RelatedValue]]:
    """Return the parts of each whole, by what tells them apart."""
    parts_by_whole: dict[tuple[Any, ...], dict[str, RelatedValue]] = {}
    for declared_value in iter_related_values(content, "x-sum"):
        record, relation = declared_value.record, declared_value.relation
        whole_values = (str(record.value.get(field_name)) for field_name in relation.shared_fields)
        whole_key = (record.folder, record.kind.name, declared_value.field.path, *whole_values)
        part_name = str(record.value.get(relation.other_field))
        stated_part = parts_by_whole.setdefault(whole_key, {}).setdefault(part_name, declared_value)
        # A part that is stated twice counts once.
        if to_lower_end(declared_value.value) < to_lower_end(stated_part.value):
            parts_by_whole[whole_key][part_name] = declared_value
    return parts_by_whole.values()


@rule(
    Severity.ERROR,
    good=[_make_probe_example(4), _make_probe_example(9)],
    bad=[_make_probe_example(10), _make_probe_example(0)],
    fix="correct the value or the range",
)
def outside_range(content: Content) -> Faults:
    """A quantity lies outside the range that the schema declares for it, as an estimate outside its interval.

    The range is one around the value: one of the two is wrong.
    """
    for declared_value in iter_related_values(content, "x-within"):
        limits = declared_value.find_sibling_limit()
        if not isinstance(limits, dict):
            continue
        amount = to_amount(declared_value.value, declared_value.field.dimension)
        converted = convert_to(amount, limits["unit"])
        least, most = to_amount(limits).find_extremes()
        if converted is None:
            continue
        is_below = least is not None and converted.low < least
        if is_below or (most is not None and converted.high > most):
            end_name = (
                "low" if is_below and "low" in declared_value.value else name_upper_end(declared_value.value)
            )
            message = (
                f"{declared_value.field.name} {format_related_value(declared_value.value)} is outside "
                f"{declared_value.relation.other_field} {format_related_value(limits)}"
            )
            place = declared_value.record.locate_field(*declared_value.parts, end_name)
            yield place, message, "correct one of the two"


@rule(
    Severity.ERROR,
    good=[_make_level_example("2.12", "2.55"), _make_level_example("85", "102", "mg/L")],
    bad=[_make_level_example("8.5", "10.2"), _make_level_example("2.12", "2.65")],
    fix="correct one of the two, as the other has it",
)
def not_the_same(content: Content) -> Faults:
    """A quantity that is stated again in other units is another one there.

    Readers of the one unit act on another value than readers of the other.  What rounding explains is let
    pass.
    """
    for declared_value in iter_related_values(content, "x-same-as"):
        other_value = declared_value.find_sibling_limit()
        if not isinstance(other_value, dict):
            continue
        factor = declared_value.find_target_value(declared_value.relation.factor, content)
        mole = to_amount(factor[1]) if factor is not None else None
        for name in ("value", "low", "high"):
            if name not in other_value or name not in declared_value.value:
                continue
            expected = convert_by_mole(
                to_rounded_amount(other_value, name), declared_value.value["unit"], mole
            )
            stated = to_rounded_amount(declared_value.value, name)
            if expected is not None and are_disjoint(expected, stated):
                middle = (expected.low + expected.high) / 2
                message = (
                    f"{name} {declared_value.value[name]} {declared_value.value['unit']} is not the "
                    f"{other_value[name]} {other_value['unit']} of {declared_value.relation.other_field}"
                )
                expected_text = format_amount(expected._replace(low=middle, high=middle))
                hint = f"which is {expected_text}; correct one of the two"
                yield declared_value.record.locate_field(*declared_value.parts, name), message, hint


@rule(
    Severity.ERROR,
    good={
        "schemas": {"level": {"found": _ANY_UNIT_SCHEMA, "reference": _MASS_SCHEMA}},
        "level": [{"id": "one", "found": _make_mass_value(4), "reference": {"value": 1, "unit": "g"}}],
    },
    bad={
        "schemas": {"level": {"found": _ANY_UNIT_SCHEMA, "reference": _MASS_SCHEMA}},
        "level": [{"id": "one", "found": {"value": 4, "unit": "mL"}, "reference": _make_mass_value(1)}],
    },
)
def different_dimensions(content: Content) -> Faults:
    """Two quantities that the schema compares do not measure the same.

    Neither can be converted to the other, so nobody can tell which of them is more.
    """
    same_dimension = [
        (declared_value, declared_value.find_sibling_limit())
        for declared_value in iter_related_values(content, "x-same-dimension")
    ]
    own_comparisons = [
        (declared_value, [(declared_value.record, limit)])
        for declared_value, limit in [*same_dimension, *find_sibling_limits(content)]
        if limit is not None
    ]
    foreign_comparisons = [
        (declared_value, declared_value.find_record_limits(content))
        for declared_value, limit in same_dimension
        if limit is None
    ]
    for declared_value, limits in [*own_comparisons, *foreign_comparisons, *iter_record_limits(content)]:
        for limit_record, limit in limits:
            if not are_comparable(declared_value.value, limit, declared_value.field.dimension):
                owner_phrase = "" if limit_record is declared_value.record else f' of "{limit_record.id}"'
                message = f"{declared_value.value['unit']} does not measure the same as {limit['unit']}"
                message = f"{message}, the unit of {declared_value.relation.other_field}{owner_phrase}"
                yield (
                    declared_value.record.locate_field(*declared_value.parts, "unit"),
                    message,
                    "correct one of the two units",
                )
                break


def _list_distinguishing_kinds(declared_value: RelatedValue) -> list[str]:
    """Return the kinds of the terms that decide whether other records are about the same."""
    fields = [
        declared_value.record.kind.get_field(field_name)
        for field_name in declared_value.relation.shared_fields
        if field_name in declared_value.record.kind
    ]
    return [field.target_kind for field in fields if field.target_kind]
