"""Quantities that are the same as others: in another unit, or in a record of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.quoting import quote_value
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


@rule(Severity.ERROR, fix="correct one of the two, or add the record that is missing", guards_dose=True)
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
    quotes = sorted({quote_value(other.value) for other in others})
    yield related_value.place, message, f"correct it, or add the {relation.kind}", tuple(quotes)


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
            place = related_value.record.locate_field(*related_value.parts, name)
            yield place, message, hint, (other.record, *([factor.record] if factor is not None else []))
