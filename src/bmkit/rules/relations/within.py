"""Values that lie within others: a number in a range or up to a limit, a term in what it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.hierarchy import are_related, belongs_to
from bmkit.rules.derived.relations import (
    RelatedValue,
    find_ordered_siblings,
    format_related_value,
    iter_related_values,
    list_needed_kinds,
    select_greatest_value,
)
from bmkit.rules.derived.stated_values import UPPER_BOUND
from bmkit.rules.rule import Fault, Faults, rule
from bmkit.schema.relations import ORDER, SAME_AS, WITHIN
from bmkit.schema.roles import load_roles
from bmkit.wording import join_phrases

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.relations import OtherValue
    from bmkit.schema.relations import Relation


@rule(Severity.ERROR, fix="correct the value, or what it should lie in", guards_dose=True)
def outside(content: Content) -> Faults:
    """A value is outside of what the schema says that it lies in.

    A limit is exceeded, an estimate is not in its own interval, or a term does not belong to the other one:
    one of the two is wrong, and readers of only one do not notice.
    """
    for related_value in iter_related_values(content, WITHIN):
        if related_value.field.type == "reference":
            fault = _find_foreign_term(related_value, content)
        else:
            fault = _find_value_outside(related_value, content)
        if fault is not None:
            yield fault


def _find_value_outside(related_value: RelatedValue, content: Content) -> Fault | None:
    limits = related_value.find_closest_values(content)
    if not limits:
        return None
    above = [limit for limit in limits if related_value.is_above(limit.value)]
    below = [
        limit
        for limit in limits
        if related_value.is_below(limit.value) and not _states_most(limit, related_value.relation)
    ]
    if len(above) + len(below) < len(limits) or not _is_complete(related_value, content):
        return None
    limit = select_greatest_value(above) if above else below[0]
    relation, value_text = related_value.relation, format_related_value(related_value.value)
    owner = "" if limit.record is related_value.record else f' of "{limit.record.id}"'
    verdict = f"is {'above' if above else 'below'} the"
    limit_name = relation.other_field.rpartition(".")[2]
    message = f"{related_value.field.name} {value_text} {verdict} {limit_name} "
    message += f"{format_related_value(limit.value)}{owner}"
    hint = f"correct one of the two ({limit.record.file})" if owner else "correct one of the two"
    return Fault(related_value.locate(lower=not above), message, hint, (limit.record,))


def _states_most(limit: OtherValue, relation: Relation) -> bool:
    """Return whether the other field states the most that may be, whatever comparator is written in it."""
    field = limit.record.kind.get_field(relation.other_field) if relation.kind else None
    role = load_roles().of_fields.get(field.role) if field is not None else None
    return role is not None and UPPER_BOUND in role.marks


def _find_foreign_term(related_value: RelatedValue, content: Content) -> Fault | None:
    """Return the fault of a term that belongs to none of the others, None if it belongs to one."""
    record, relation, term_id = related_value.record, related_value.relation, related_value.value
    others = related_value.find_other_values(content)
    target_kind = related_value.field.target_kind
    belongs = are_related if relation.is_either else belongs_to
    if not others or any(belongs(content, target_kind, term_id, other.value, record) for other in others):
        return None
    if not content.is_complete(record, target_kind) or not _is_complete(related_value, content):
        return None
    owner = _name_owner(related_value, others)
    terms = join_phrases(sorted({f'"{other.value}"' for other in others}), "and")
    message = f'{related_value.field.name} "{term_id}" is not within {terms}{owner}'
    hint = "correct one of the two, or what the terms belong to"
    return Fault(related_value.place, message, hint, tuple(sorted({str(other.value) for other in others})))


def _name_owner(related_value: RelatedValue, others: list[OtherValue]) -> str:
    """Return whose the other values are: ", the substances of "zometa"."""
    owner = others[0].record
    name = related_value.relation.other_field.rpartition(".")[2]
    if owner is related_value.record:
        return f", its {name}"
    if len({other.record.id for other in others}) > 1:
        return f", the {name} in {related_value.relation.kind}"
    return f', the {name} of "{owner.id}"'


def _is_complete(related_value: RelatedValue, content: Content) -> bool:
    needed_kinds = list_needed_kinds(related_value)
    return not needed_kinds or content.is_complete(related_value.record, *needed_kinds)


@rule(Severity.ERROR, guards_dose=True)
def different_dimensions(content: Content) -> Faults:
    """Two quantities that the schema compares do not measure the same.

    Neither can be converted to the other, so nobody can tell which of them is more.
    """
    comparisons = [
        (related_value, [(related_value.record, limit)])
        for related_value, limit in find_ordered_siblings(content)
    ]
    comparisons += [
        (related_value, [(other.record, other.value) for other in related_value.find_closest_values(content)])
        for keyword in (WITHIN, SAME_AS, ORDER)
        for related_value in iter_related_values(content, keyword)
        if isinstance(related_value.value, dict)
        and not related_value.relation.factor
        # Values in order that stand side by side are those above.
        and (keyword != ORDER or "." in related_value.relation.other_field)
    ]
    for related_value, limits in comparisons:
        for limit_record, limit in limits:
            if not related_value.is_comparable_to(limit):
                owner_phrase = "" if limit_record is related_value.record else f' of "{limit_record.id}"'
                message = f"{related_value.value['unit']} does not measure the same as {limit['unit']}"
                message = f"{message}, the unit of {related_value.relation.other_field}{owner_phrase}"
                yield (
                    related_value.record.locate_field(*related_value.parts, "unit"),
                    message,
                    "correct one of the two units",
                    (limit_record,),
                )
                break
