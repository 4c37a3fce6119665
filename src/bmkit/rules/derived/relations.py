"""The relations that schemas declare, applied to records: which values are held against which."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.amounts import Amount, convert_to, name_upper_end, to_amount
from bmkit.rules.derived.hierarchy import find_lineage, iter_visible_records
from bmkit.schema.compare import BrokenRelationError, resolve_other_field
from bmkit.schema.relations import ORDER
from bmkit.ucum.dimensions import list_dimension_names, list_members
from bmkit.wording import format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart, Place
    from bmkit.schema import Field, Kind
    from bmkit.schema.relations import Relation


class OtherValue(NamedTuple):
    """A value that another is held against, of the record `record`."""

    record: Record
    value: Any


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
        return self.locate()

    def locate(self, *, lower: bool = False) -> Place:
        """Return the place of the value; of a quantity, its upper end, or with `lower` its lower one."""
        if not isinstance(self.value, dict):
            return self.record.locate_field(*self.parts)
        end = "low" if lower and "low" in self.value else name_upper_end(self.value)
        return self.record.locate_field(*self.parts, end)

    def find_other_values(self, content: Content) -> list[OtherValue]:
        """Return what the relation holds the value against; lists item by item.

        Of another kind these are the values of the records that may be about the same: their shared fields
        suit the record's own, or one of the two has none.
        """
        relation = self.relation
        if relation.kind:
            return [other for _, other in self._iter_values_of_kind(content, may_be_absent=True)]
        other = self.find_value_at(relation.other_field, content)
        if other is None:
            return []
        items = other.value if isinstance(other.value, list) else [other.value]
        return [OtherValue(other.record, item) for item in items]

    def find_closest_values(self, content: Content) -> list[OtherValue]:
        """Return what the relation holds the value against; of another kind, of the closest records only."""
        if not self.relation.kind:
            return self.find_other_values(content)
        values_by_closeness: dict[int, list[OtherValue]] = {}
        for closeness, other in self._iter_values_of_kind(content):
            values_by_closeness.setdefault(closeness, []).append(other)
        return values_by_closeness[max(values_by_closeness)] if values_by_closeness else []

    def find_value_at(self, path: str, content: Content) -> OtherValue | None:
        """Return what stands at "end" beside the value, or at "parent.end" in a record referred to."""
        sibling_name, _, target_name = path.partition(".")
        sibling = self.record.find_holder(self.parts).get(sibling_name)
        if not target_name:
            return None if sibling is None else OtherValue(self.record, sibling)
        if not isinstance(sibling, str):
            return None
        sibling_path = ".".join((*self.field.path[:-1], sibling_name))
        target_kind = self.record.kind.get_field(sibling_path).target_kind
        target = content.find_record(target_kind, sibling, self.record)
        value = target.value.get(target_name) if target is not None else None
        return None if target is None or value is None else OtherValue(target, value)

    def _iter_values_of_kind(
        self, content: Content, *, may_be_absent: bool = False
    ) -> Iterator[tuple[int, OtherValue]]:
        relation, record = self.relation, self.record
        shared_fields = tuple(
            name for name in relation.shared_fields if not may_be_absent or record.value.get(name) is not None
        )
        for other in iter_visible_records(content, relation.kind, record):
            value = other.value.get(relation.other_field)
            closeness = _count_common_fields(record, other, shared_fields, content)
            if value is None or closeness is None or other is record:
                continue
            # Where a limit may be in units of several dimensions, one in mg/kg is no limit of what is in mg.
            may_differ = _has_several_dimensions(other.kind.get_field(relation.other_field).dimension)
            for item in value if isinstance(value, list) else [value]:
                if not may_differ or self.is_comparable_to(item):
                    yield closeness, OtherValue(other, item)

    def is_above(self, limit: Any) -> bool:
        """Return whether the value reaches above the upper end of the other one."""
        amount, other = _to_comparable(self.value, limit, self.field.dimension)
        if amount is None or other is None or other.is_open():
            return False
        is_exclusive = other.comparator == "<" and amount.comparator != "<"
        # "More than 6" is above 6, and "more than 5" need not be.
        return amount.high > other.high or (
            amount.high == other.high and (is_exclusive or amount.comparator == ">")
        )

    def is_below(self, limit: Any) -> bool:
        """Return whether the value reaches below the lower end of the other one, where that has one."""
        amount, other = _to_comparable(self.value, limit, self.field.dimension)
        is_range = isinstance(limit, dict) and "low" in limit
        if amount is None or other is None or other.is_capped() or not (is_range or other.is_open()):
            return False
        end = amount.high if amount.is_capped() else amount.low
        is_exclusive = other.comparator == ">" and amount.comparator != ">"
        return end < other.low or (end == other.low and (is_exclusive or amount.comparator == "<"))

    def is_comparable_to(self, other: Any) -> bool:
        """Return whether the value measures what the other does; what is no quantity does in any case."""
        if not isinstance(self.value, dict) or not isinstance(other, dict):
            return True
        return convert_to(to_amount(self.value, self.field.dimension), other["unit"]) is not None


def _to_comparable(value: Any, other: Any, dimension: str) -> tuple[Amount | None, Amount | None]:
    """Return two values as amounts of one unit, None for what cannot be compared."""
    if isinstance(value, dict) and isinstance(other, dict):
        return convert_to(to_amount(value, dimension), other["unit"]), to_amount(other)
    return _to_plain_amount(value), _to_plain_amount(other)


def _to_plain_amount(value: Any) -> Amount | None:
    """Return a number or a date as an amount without a unit."""
    if isinstance(value, str):
        digits = value.replace("-", "")
        return Amount(Fraction(digits), Fraction(digits), "") if digits.isdecimal() else None
    return None if isinstance(value, dict) else Amount(Fraction(value), Fraction(value), "")


def iter_related_values(content: Content, keyword: str) -> Iterator[RelatedValue]:
    """Yield every value for which the schema declares such a relation.

    Of orders only those to another record: `find_ordered_siblings` has the many of one object.
    """
    for kind, field, relation in _find_valid_relations(content):
        is_of_one_object = keyword == ORDER and "." not in relation.other_field
        if relation.keyword == keyword and not relation.is_between_records and not is_of_one_object:
            yield from iter_values_of_relation(content, kind, field, relation)


def iter_relations_between_records(content: Content, keyword: str) -> Iterator[tuple[Kind, Field, Relation]]:
    """Yield the relations of this sort that are about several records of one kind."""
    for kind, field, relation in _find_valid_relations(content):
        if relation.keyword == keyword and relation.is_between_records:
            yield kind, field, relation


def iter_values_of_relation(
    content: Content, kind: Kind, field: Field, relation: Relation
) -> Iterator[RelatedValue]:
    """Yield the values of one field of one kind."""
    for record in content.list_records(kind.name):
        for parts, value in record.list_values_with_paths(field):
            yield RelatedValue(record, field, relation, parts, value)


def group_records(
    content: Content, kind: Kind, field: Field, relation: Relation
) -> dict[tuple[Any, ...], list[Record]]:
    """Return the records that have the field, by article and by their values in the shared fields."""
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for record in content.list_records(kind.name):
        if record.value.get(field.name) is not None:
            shared_values = (str(record.value.get(name)) for name in relation.shared_fields)
            groups.setdefault((record.folder, *shared_values), []).append(record)
    return groups


@per_content
def find_ordered_siblings(content: Content) -> list[tuple[RelatedValue, Any]]:
    """Return the values that come before another value of the same object, with the other.

    Whole numbers below the other one, as nearly all are, are left out.
    """
    ordered_siblings = []
    for kind, field, relation in _find_valid_relations(content):
        if relation.keyword != ORDER or relation.is_between_records or "." in relation.other_field:
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
                        ordered_siblings.append(
                            (RelatedValue(record, field, relation, (*parts, *last_parts), item), limit)
                        )
    return ordered_siblings


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
    other_kind = relation.kind
    reference_name, _, other_name = relation.other_field.partition(".")
    if other_name and not other_kind:
        reference_path = ".".join((*field.path[:-1], reference_name))
        try:
            other_kind = kind.get_field(reference_path).target_kind
        except KeyError:
            return False
    # Without records to hold it against the schema of the other kind is not needed.
    if other_kind and next(iter(content.iter_reachable_records(other_kind)), None) is None:
        return False
    try:
        resolve_other_field(kind, field, relation, content.schemas)
    except BrokenRelationError:
        return False
    return True


def list_needed_kinds(related_value: RelatedValue) -> list[str]:
    """Return the kinds of which no record may be missing where nothing was found to fit the value.

    These are the other kind, and the kinds of the terms that say which of its records are about the same.
    """
    relation, kind = related_value.relation, related_value.record.kind
    if not relation.kind:
        return []
    fields = [kind.get_field(name) for name in relation.shared_fields if name in kind]
    return [relation.kind, *(field.target_kind for field in fields if field.target_kind)]


def select_greatest_value(values: list[OtherValue]) -> OtherValue:
    """Return the one with the greatest upper end of several that can be compared."""
    first_value = values[0].value

    def find_upper_end(other: OtherValue) -> Fraction:
        amount, _ = _to_comparable(other.value, first_value, "")
        return amount.high if amount is not None else Fraction(0)

    return max(values, key=find_upper_end)


def _has_several_dimensions(dimension: str) -> bool:
    return dimension in list_dimension_names() and len(list_members(dimension)) > 1


def to_lower_end(value: Any) -> Fraction:
    """Return the lower end of a number or quantity, in its own unit."""
    return to_amount(value).low if isinstance(value, dict) else Fraction(value)


def format_related_value(value: Any) -> str:
    """Return the text of a value for a message."""
    if isinstance(value, dict):
        return format_without_comparator(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


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
