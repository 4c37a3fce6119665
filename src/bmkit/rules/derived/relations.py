"""The relations that schemas declare, applied to records: which values are compared with which."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.amounts import convert_to, name_upper_end, to_amount
from bmkit.rules.derived.hierarchy import find_lineage, iter_visible_records
from bmkit.schema.compare import BrokenRelationError, resolve_limit_field
from bmkit.wording import format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart, Place
    from bmkit.schema import Field, Kind
    from bmkit.schema.annotations import Relation


class RelatedValue(NamedTuple):
    """A value of a record, and a relation that the schema declares for its field."""

    record: Record
    field: Field
    relation: Relation
    parts: tuple[PathPart, ...]
    value: Any

    @property
    def place(self) -> Place:
        """The place of the value; of a quantity, its upper end."""
        return self.record.locate_field(
            *self.parts, *([name_upper_end(self.value)] if isinstance(self.value, dict) else [])
        )

    def find_sibling_limit(self) -> Any:
        """Return the value of the same object that the relation names, None if there is none."""
        return None if self.relation.kind else self._find_holder().get(self.relation.other_field)

    def find_record_limits(self, content: Content) -> list[tuple[Record, Any]]:
        """Return the records that the relation refers to, the most closely related, with their values.

        Where a limit may be in units of several dimensions, one in mg/kg is no limit of what is in mg.
        """
        relation, record = self.relation, self.record
        if relation.kind:
            limits_by_closeness: dict[int, list[tuple[Record, Any]]] = {}
            for other in iter_visible_records(content, relation.kind, record):
                value = other.value.get(relation.other_field)
                closeness = _count_common_fields(record, other, relation.shared_fields, content)
                if value is None or closeness is None or other is record:
                    continue
                limit_dimension = other.kind.get_field(relation.other_field).dimension
                if not _has_several_dimensions(limit_dimension) or are_comparable(
                    self.value, value, self.field.dimension
                ):
                    limits_by_closeness.setdefault(closeness, []).append((other, value))
            return limits_by_closeness[max(limits_by_closeness)] if limits_by_closeness else []
        target = self.find_target_value(relation.other_field, content)
        return [] if target is None else [target]

    def find_target_value(self, path: str, content: Content) -> tuple[Record, Any] | None:
        """Return the record and the value that "study.population_size" names beside the value."""
        reference_name, _, field_name = path.partition(".")
        target_id = self._find_holder().get(reference_name) if field_name else None
        if not isinstance(target_id, str):
            return None
        target_kind = self.record.kind.get_field(
            ".".join((*self.field.path[:-1], reference_name))
        ).target_kind
        target_record = content.find_record(target_kind, target_id, self.record)
        value = target_record.value.get(field_name) if target_record is not None else None
        return None if target_record is None or value is None else (target_record, value)

    def exceeds_limit(self, limit: Any) -> bool:
        """Return whether the upper end of the value is above the limit, or at it where it must be below."""
        is_text = isinstance(limit, str)  # ISO dates sort as texts
        value: Any = self.value if is_text else _to_upper_end(self.value, limit, self.field.dimension)
        upper_limit: Any = limit if is_text else _to_upper_end(limit, limit)
        if value is None or upper_limit is None:
            return False
        is_above: bool = value > upper_limit or (self.relation.keyword == "x-below" and value == upper_limit)
        return is_above

    def _find_holder(self) -> dict[str, Any]:
        return self.record.find_holder(self.parts)


def iter_related_values(content: Content, relation_name: str) -> Iterator[RelatedValue]:
    """Yield every value for which the schema declares this relation."""
    for kind, field, relation in _iter_relations(content, relation_name):
        yield from _iter_values_of_relation(content, kind, field, relation)


def iter_record_limits(content: Content) -> Iterator[tuple[RelatedValue, list[tuple[Record, Any]]]]:
    """Yield each value that must not exceed those of other records, with these records and their values."""
    for kind, field, relation in _iter_relations(content, "x-below", "x-at-most"):
        if relation.kind or "." in relation.other_field:
            for related_value in _iter_values_of_relation(content, kind, field, relation):
                yield related_value, related_value.find_record_limits(content)


@per_content
def find_sibling_limits(content: Content) -> list[tuple[RelatedValue, Any]]:
    """Return the values that must not exceed another value of the same object, with the other.

    Whole numbers below the other one, as nearly all are, are left out.
    """
    sibling_limits = []
    for kind, field, relation in _iter_relations(content, "x-below", "x-at-most"):
        if relation.kind or "." in relation.other_field:
            continue
        records = content.list_records(kind.name)
        if all(
            _is_surely_in_order(holder, field.name, relation.other_field)
            for holder in _find_holders(records, field)
        ):
            continue
        for record in records:
            for parts, holder in record.list_holders_with_paths(field):
                limit, value = holder.get(relation.other_field), holder[field.name]
                if not _is_surely_in_order(holder, field.name, relation.other_field):
                    for position, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
                        last_parts = (field.name,) if position is None else (field.name, position)
                        sibling_limits.append(
                            (RelatedValue(record, field, relation, (*parts, *last_parts), item), limit)
                        )
    return sibling_limits


def _is_surely_in_order(holder: dict[str, Any], name: str, limit_name: str) -> bool:
    """Return whether there is nothing to compare: a value is missing, or both are whole numbers in order."""
    value, limit = holder.get(name), holder.get(limit_name)
    return value is None or limit is None or (type(value) is int is type(limit) and value < limit)


def _find_holders(records: Sequence[Record], field: Field) -> list[dict[str, Any]]:
    """Return every object that may have the field, without paths, of all records at once."""
    holders = [record.value for record in records]
    for name in field.path[:-1]:
        members = [holder[name] for holder in holders if name in holder]
        holders = (
            [item for member_list in members for item in member_list]
            if members and type(members[0]) is list
            else members
        )
    return holders


def _iter_relations(content: Content, *relation_names: str) -> Iterator[tuple[Kind, Field, Relation]]:
    for kind, field, relation in _find_valid_relations(content):
        if relation.keyword in relation_names:
            yield kind, field, relation


@per_content
def _find_valid_relations(content: Content) -> list[tuple[Kind, Field, Relation]]:
    """Return the relations that can hold; the others are faults of the schema."""
    return [
        (kind, field, relation)
        for kind in content.list_kinds()
        for field in kind.related_fields
        for relation in field.relations
        if _can_relation_hold(content, kind, field, relation)
    ]


def _can_relation_hold(content: Content, kind: Kind, field: Field, relation: Relation) -> bool:
    limit_kind = relation.kind
    reference_name, _, limit_name = relation.other_field.partition(".")
    if limit_name and not limit_kind:
        reference_path = ".".join((*field.path[:-1], reference_name))
        try:
            limit_kind = kind.get_field(reference_path).target_kind
        except KeyError:
            return False
    # Without limits the schema of the other kind is not needed.
    if limit_kind and next(iter(content.iter_reachable_records(limit_kind)), None) is None:
        return False
    try:
        resolve_limit_field(kind, field, relation, content.schemas)
    except BrokenRelationError:
        return False
    return True


def _iter_values_of_relation(
    content: Content, kind: Kind, field: Field, relation: Relation
) -> Iterator[RelatedValue]:
    for record in content.list_records(kind.name):
        for parts, value in record.list_values_with_paths(field):
            yield RelatedValue(record, field, relation, parts, value)


def are_comparable(value: Any, other_value: Any, dimension: str = "") -> bool:
    """Return whether two values measure the same; other values than quantities are checked in the schema.

    `dimension` is that of the field of the first.
    """
    if not isinstance(value, dict) or not isinstance(other_value, dict):
        return True
    return convert_to(to_amount(value, dimension), other_value["unit"]) is not None


def _has_several_dimensions(dimension: str) -> bool:
    from bmkit.ucum.dimensions import list_dimension_names, list_members

    return dimension in list_dimension_names() and len(list_members(dimension)) > 1


def to_lower_end(value: Any) -> Fraction:
    """Return the lower end of a number or quantity, in its own unit."""
    return to_amount(value).low if isinstance(value, dict) else Fraction(value)


def select_greatest_limit(limits: list[tuple[Record, Any]]) -> tuple[Record, Any]:
    """Return the greatest of several limits that can be compared."""
    first_limit = limits[0][1]
    return max(
        limits,
        key=lambda pair: (
            pair[1] if isinstance(first_limit, str) else _to_upper_end(pair[1], first_limit) or Fraction(0)
        ),
    )


def format_related_value(value: Any) -> str:
    """Return the text of a value for a message."""
    if isinstance(value, dict):
        return format_without_comparator(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _to_upper_end(value: Any, other_value: Any, dimension: str = "") -> Fraction | None:
    """Return the upper end of a value in the unit of the other, None if they measure different things."""
    if not isinstance(value, dict) or not isinstance(other_value, dict):
        return Fraction(value)
    converted = convert_to(to_amount(value, dimension), other_value["unit"])
    return None if converted is None else converted.high


def _count_common_fields(
    record: Record, other: Record, field_names: tuple[str, ...], content: Content
) -> int | None:
    """Return in how many fields two records agree, None if the other has another subject.

    A record without the field is about everything, and one about a term is about all that belongs to the
    term.
    """
    count = 0
    for name in field_names:
        value, other_value = record.value.get(name), other.value.get(name)
        if other_value is None:
            continue
        target_kind = record.kind.get_field(name).target_kind
        if value is None or (
            other_value not in find_lineage(content, target_kind, value, record)
            if target_kind
            else other_value != value
        ):
            return None
        count += 2 if other_value == value else 1
    return count
