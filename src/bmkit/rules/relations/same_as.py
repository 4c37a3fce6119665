"""Quantities that are the same as others: in another unit, or in a record of another kind."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    are_disjoint,
    are_unequal,
    convert_by_mole,
    format_amount,
    to_amount,
    to_rounded_amount,
)
from bmkit.rules.derived.relations import (
    format_related_value,
    iter_related_values,
    list_needed_kinds,
)
from bmkit.rules.rule import Faults, rule
from bmkit.schema.relations import SAME_AS
from bmkit.wording import join_phrases

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.relations import RelatedValue

_TEXT_SCHEMA = {"type": "string"}
_LEVEL_SCHEMA = {"$ref": "common/quantity.schema.json#/$defs/concentration"}
_LEVEL_SCHEMAS = {
    "level": {
        "salt": {**_TEXT_SCHEMA, "x-ref": "salt"},
        "found": _LEVEL_SCHEMA,
        "again": {**_LEVEL_SCHEMA, "x-same-as": {"field": "found", "factor": "salt.mole"}},
    },
    "salt": {"mole": {"$ref": "common/quantity.schema.json#/$defs/measurement"}},
}
_COUNT_SCHEMA = {"$ref": "common/quantity.schema.json#/$defs/count"}
_BOX_SCHEMAS = {
    "order": {
        "egg": _TEXT_SCHEMA,
        "size": {**_COUNT_SCHEMA, "x-same-as": {"kind": "box", "field": "size", "same": ["egg"]}},
    },
    "box": {"egg": _TEXT_SCHEMA, "size": _COUNT_SCHEMA},
}


def _make_level_example(low: str, high: str, unit: str = "mmol/L") -> dict[str, Any]:
    level = {
        "id": "one",
        "salt": "lime",
        "found": {"low": Decimal("8.5"), "high": Decimal("10.2"), "unit": "mg/dL"},
        "again": {"low": Decimal(low), "high": Decimal(high), "unit": unit},
    }
    mole = {"value": Decimal("40.08"), "unit": "g/mol"}
    return {"schemas": _LEVEL_SCHEMAS, "level": [level], "salt": [{"id": "lime", "mole": mole}]}


def _make_boxed_eggs(count: int) -> dict[str, Any]:
    return {
        "schemas": _BOX_SCHEMAS,
        "box": [{"id": f"of-{size}", "egg": "hen", "size": _make_count(size)} for size in (6, 10)],
        "order": [{"id": "one", "egg": "hen", "size": _make_count(count)}],
    }


def _make_count(count: int) -> dict[str, Any]:
    return {"value": count, "unit": "1"}


@rule(
    Severity.ERROR,
    good=[
        _make_level_example("2.12", "2.55"),
        _make_level_example("85", "102", "mg/L"),
        _make_boxed_eggs(10),
    ],
    bad=[
        _make_level_example("8.5", "10.2"),
        _make_level_example("2.12", "2.65"),
        _make_boxed_eggs(12),
    ],
    fix="correct one of the two, or add the record that is missing",
    guards_dose=True,
)
def not_the_same(content: Content) -> Faults:
    """A quantity is not the same as the one that the schema says it is.

    Readers of one unit act on another value than readers of the other; what rounding explains is let pass.
    Or what must be one of several records of another kind is in none of them.
    """
    for related_value in iter_related_values(content, SAME_AS):
        if related_value.relation.kind:
            yield from _find_unknown_quantity(related_value, content)
        else:
            yield from _find_unlike_ends(related_value, content)


def _find_unknown_quantity(related_value: RelatedValue, content: Content) -> Faults:
    """Yield the fault of a quantity that no record of the other kind has."""
    others = [
        other
        for other in related_value.find_other_values(content)
        if related_value.is_comparable_to(other.value)
    ]
    is_known = any(not are_unequal(related_value.value, other.value) for other in others)
    needed_kinds = list_needed_kinds(related_value)
    if not others or is_known or not content.is_complete(related_value.record, *needed_kinds):
        return
    relation = related_value.relation
    texts = sorted({format_related_value(other.value) for other in others})
    message = (
        f"{related_value.field.name} {format_related_value(related_value.value)} is not the "
        f"{relation.other_field} of any {relation.kind}: {join_phrases(texts, 'or')}"
    )
    yield related_value.place, message, f"correct it, or add the {relation.kind}"


def _find_unlike_ends(related_value: RelatedValue, content: Content) -> Faults:
    """Yield the numbers of a quantity that are not those of the other one, allowing for rounding."""
    other = related_value.find_value_at(related_value.relation.other_field, content)
    if other is None or not isinstance(other.value, dict):
        return
    factor = related_value.find_value_at(related_value.relation.factor, content)
    mole = to_amount(factor.value) if factor is not None else None
    for name in ("value", "low", "high"):
        if name not in other.value or name not in related_value.value:
            continue
        expected = convert_by_mole(to_rounded_amount(other.value, name), related_value.value["unit"], mole)
        stated = to_rounded_amount(related_value.value, name)
        if expected is not None and are_disjoint(expected, stated):
            middle = (expected.low + expected.high) / 2
            message = (
                f"{name} {related_value.value[name]} {related_value.value['unit']} is not the "
                f"{other.value[name]} {other.value['unit']} of {related_value.relation.other_field}"
            )
            expected_text = format_amount(expected._replace(low=middle, high=middle))
            hint = f"which is {expected_text}; correct one of the two"
            yield related_value.record.locate_field(*related_value.parts, name), message, hint
