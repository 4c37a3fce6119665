"""Values that cannot be another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.hierarchy import belongs_to
from bmkit.rules.derived.relations import iter_related_values
from bmkit.rules.rule import Faults, rule
from bmkit.schema.relations import NOT, meet_conditions

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.relations import RelatedValue


@rule(Severity.ERROR)
def itself(content: Content) -> Faults:
    """A value is the other one that the schema says it is not, or a part of it.

    A tumour does not spread to the organ of its origin: what lies there is the tumour itself.  If the other
    organ of a pair is meant, suppress the issue with that reason.
    """
    for related_value in iter_related_values(content, NOT):
        for other in related_value.find_other_values(content):
            if _is_the_same(related_value, other.value, content):
                owner = "" if other.record is related_value.record else f' of "{other.record.id}"'
                name = related_value.relation.other_field.rpartition(".")[2]
                message = f'{related_value.field.name} "{related_value.value}" is the {name}'
                if related_value.value != other.value:
                    message = f"{message} {other.value}" if owner == "" else message
                yield related_value.place, f"{message}{owner}", "correct one of the two", (other.record,)
                break


def _is_the_same(related_value: RelatedValue, other: Any, content: Content) -> bool:
    record, field, relation = related_value.record, related_value.field, related_value.relation
    if field.type != "reference":
        return bool(related_value.value == other)
    if relation.conditions:
        term = content.find_record(field.target_kind, other, record)
        if term is None or not meet_conditions(term.value, relation.conditions):
            return False
    return belongs_to(content, field.target_kind, related_value.value, other, record)
