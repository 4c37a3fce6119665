"""Values in an order: within a record, with what it refers to, and of records that follow each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.facts import is_contradiction_explained
from bmkit.rules.derived.relations import (
    find_ordered_siblings,
    format_related_value,
    group_records,
    iter_related_values,
    iter_relations_between_records,
)
from bmkit.rules.rule import Faults, rule
from bmkit.schema.relations import ORDER

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.issue import Place
    from bmkit.rules.derived.relations import RelatedValue
    from bmkit.schema import Field
    from bmkit.schema.relations import Relation


@rule(Severity.ERROR, guards_dose=True)
def out_of_order(content: Content) -> Faults:
    """Two values are not in the order that the schema declares.

    Nothing lies between a start and an end before it; numbers that do not follow the text show facts in
    another order than the article; and what comes first in words cannot come last in numbers.
    """
    for related_value, limit in find_ordered_siblings(content):
        if _is_out_of_order(related_value, limit):
            yield (*_locate_fault(related_value, limit, ""), "swap them, or correct one of the two")
    for related_value in iter_related_values(content, ORDER):
        for other in related_value.find_other_values(content):
            if _is_out_of_order(related_value, other.value):
                fault = _locate_fault(related_value, other.value, f' of "{other.record.id}"')
                yield (*fault, f"correct one of the two ({other.record.file})", (other.record,))
    for kind, field, relation in iter_relations_between_records(content, ORDER):
        for records in group_records(content, kind, field, relation).values():
            if relation.along:
                yield from _find_unsorted(records, field, relation)
            else:
                yield from _find_too_early(records, field, relation, content)


def _is_out_of_order(related_value: RelatedValue, limit: Any) -> bool:
    if related_value.is_above(limit):
        return True
    is_same = not related_value.is_above(limit) and related_value.value == limit
    return is_same and not related_value.relation.is_either


def _locate_fault(related_value: RelatedValue, limit: Any, owner: str) -> tuple[Place, str]:
    verdict = "is after" if related_value.relation.is_either else "is not before"
    message = (
        f"{related_value.field.name} {format_related_value(related_value.value)} "
        f"{verdict} {related_value.relation.other_field} {format_related_value(limit)}{owner}"
    )
    return related_value.place, message


def _find_unsorted(records: list[Record], field: Field, relation: Relation) -> Faults:
    """Yield the records whose value is not above that of the record before them."""
    known = [record for record in records if record.value.get(relation.along) is not None]
    parents = {record.id: record.value.get("parent") for record in known}
    # A record comes before those that belong to it, of which one may start with it.
    known.sort(key=lambda record: (record.value[relation.along], _count_ancestors(record.id, parents)))
    for previous, following in pairwise(known):
        value, previous_value = following.value[field.name], previous.value[field.name]
        if value <= previous_value:
            message = (
                f"{field.name} {format_related_value(value)} is not above {field.name} "
                f'{format_related_value(previous_value)} of "{previous.id}" before it'
            )
            hint = f"number them in the order of {relation.along}"
            yield following.locate_field(field.name), message, hint, (previous.locate_field(field.name),)


def _count_ancestors(record_id: str, parents: dict[str, Any]) -> int:
    ancestors: list[str] = []
    while isinstance(parent := parents.get(record_id), str) and parent not in ancestors:
        ancestors.append(parent)
        record_id = parent
    return len(ancestors)


def _find_too_early(records: list[Record], field: Field, relation: Relation, content: Content) -> Faults:
    """Yield the records whose value is not above that of the record that they come after."""
    naming_field = records[0].kind.get_field(relation.other_field)
    records_by_name = {name: record for record in records for name in record.list_values(naming_field)}
    for record in records:
        name = record.value.get(relation.after)
        preceding = records_by_name.get(name) if name is not None else None
        if preceding is None or record.value[field.name] > preceding.value[field.name]:
            continue
        if preceding is record or not is_contradiction_explained(record, preceding, content):
            message = (
                f"{field.name} {format_related_value(record.value[field.name])} is not after {field.name} "
                f'{format_related_value(preceding.value[field.name])} of "{name}"'
            )
            hint = f"correct one of the two, or {relation.after}"
            yield record.locate_field(field.name), message, hint, (preceding.locate_field(field.name),)
