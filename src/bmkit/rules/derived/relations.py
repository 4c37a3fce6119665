"""The relations that schemas declare, applied to records: which values are to be compared with which."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.rules.derived.amounts import amount, in_unit, peak
from bmkit.rules.derived.hierarchy import known, lineage
from bmkit.schema.annotations import BrokenError, limit_of
from bmkit.wording import bare, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.content.record import Part
    from bmkit.issue import Place
    from bmkit.schema import Field, Kind
    from bmkit.schema.annotations import Relation


class Declared(NamedTuple):
    """A value of a record, and a relation that the schema declares of its field."""

    record: Record
    field: Field
    relation: Relation
    parts: tuple[Part, ...]
    value: Any

    @property
    def place(self) -> Place:
        """Where the value stands; of a quantity the upper end."""
        return self.record.at(*self.parts, *([peak(self.value)] if isinstance(self.value, dict) else []))

    def beside(self) -> Any:
        """Give the value of the same object that the relation names, None if there is none."""
        return None if self.relation.kind else self._holder().get(self.relation.field)

    def elsewhere(self, content: Content) -> list[tuple[Record, Any]]:
        """Give the other records that the relation means, those that suit most closely, with their values."""
        relation, record = self.relation, self.record
        if relation.kind:
            fits: dict[int, list[tuple[Record, Any]]] = {}
            for other in known(content, relation.kind, record):
                value = other.value.get(relation.field)
                close = _closeness(record, other, relation.same, content)
                if value is not None and close is not None and other is not record:
                    fits.setdefault(close, []).append((other, value))
            return fits[max(fits)] if fits else []
        first, _, second = relation.field.partition(".")
        target = self._holder().get(first) if second else None
        if not isinstance(target, str):
            return []
        ref = record.kind.field(".".join((*self.field.path[:-1], first))).ref
        found = content.find(ref, target, record)
        value = found.value.get(second) if found is not None else None
        return [] if found is None or value is None else [(found, value)]

    def breaks(self, limit: Any) -> bool:
        """Say whether the value is above the limit, or at it where it must be below; upper ends count."""
        is_text = isinstance(limit, str)  # dates sort as they are written
        value: Any = self.value if is_text else _top(self.value, limit)
        top: Any = limit if is_text else _top(limit, limit)
        if value is None or top is None:
            return False
        above: bool = value > top or (self.relation.name == "x-below" and value == top)
        return above

    def _holder(self) -> dict[str, Any]:
        """Give the object that holds the field."""
        way = list(self.parts)
        while isinstance(way[-1], int):
            way.pop()
        found: Any = self.record.value
        for part in way[:-1]:
            found = found[part]
        made: dict[str, Any] = found
        return made


def declared(content: Content, name: str) -> Iterator[Declared]:
    """Give every value of which the schema declares this relation."""
    for kind, field, relation in _relations(content, name):
        yield from _values(content, kind, field, relation)


def beside(content: Content) -> list[tuple[Declared, Any]]:
    """Give the values that must not be above another one of the same object, with the other one; found once.

    Whole numbers that are below the other one, as nearly all are, are left out.
    """
    return content.once(_beside)


def elsewhere(content: Content) -> Iterator[tuple[Declared, list[tuple[Record, Any]]]]:
    """Give every value that must not be above those of other records, with those records and their values."""
    for kind, field, relation in _relations(content, "x-below", "x-at-most"):
        if relation.kind or "." in relation.field:
            for one in _values(content, kind, field, relation):
                yield one, one.elsewhere(content)


def _beside(content: Content) -> list[tuple[Declared, Any]]:
    found = []
    for kind, field, relation in _relations(content, "x-below", "x-at-most"):
        if relation.kind or "." in relation.field:
            continue
        records = content.of(kind.name)
        if all(_in_order(holder, field.name, relation.field) for holder in _column(records, field)):
            continue
        for record in records:
            for way, holder in record.holders(field):
                limit, value = holder.get(relation.field), holder[field.name]
                if not _in_order(holder, field.name, relation.field):
                    for at, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
                        last = (field.name,) if at is None else (field.name, at)
                        found.append((Declared(record, field, relation, (*way, *last), item), limit))
    return found


def _in_order(holder: dict[str, Any], name: str, other: str) -> bool:
    """Say whether there is surely nothing to compare: one is absent, or both are whole numbers in order."""
    value, limit = holder.get(name), holder.get(other)
    return value is None or limit is None or (type(value) is int is type(limit) and value < limit)


def _column(records: Sequence[Record], field: Field) -> list[dict[str, Any]]:
    """Give every object that may have the field, without the ways to them: all records at once."""
    found = [record.value for record in records]
    for name in field.path[:-1]:
        inner = [holder[name] for holder in found if name in holder]
        found = [item for one in inner for item in one] if inner and type(inner[0]) is list else inner
    return found


def _relations(content: Content, *names: str) -> Iterator[tuple[Kind, Field, Relation]]:
    for kind, field, relation in content.once(_holding):
        if relation.name in names:
            yield kind, field, relation


def _holding(content: Content) -> list[tuple[Kind, Field, Relation]]:
    """Give the relations that can hold; what is wrong with the others is told of the schema."""
    return [
        (kind, field, relation)
        for kind in content.kinds()
        for field in kind.related
        for relation in field.relations
        if _can_hold(content, kind, field, relation)
    ]


def _can_hold(content: Content, kind: Kind, field: Field, relation: Relation) -> bool:
    other = relation.kind
    first, _, second = relation.field.partition(".")
    if second and not other:
        beside = ".".join((*field.path[:-1], first))
        try:
            other = kind.field(beside).ref
        except KeyError:
            return False
    # Where there is nothing to compare with, the schema of the other kind need not be read.
    if other and next(iter(content.every(other)), None) is None:
        return False
    try:
        limit_of(kind, field, relation, content.schemas)
    except BrokenError:
        return False
    return True


def _values(content: Content, kind: Kind, field: Field, relation: Relation) -> Iterator[Declared]:
    for record in content.of(kind.name):
        for parts, value in record.values(field):
            yield Declared(record, field, relation, parts, value)


def comparable(value: Any, other: Any) -> bool:
    """Say whether two values measure the same; of what is no quantity the check of the schema has told."""
    if not isinstance(value, dict) or not isinstance(other, dict):
        return True
    return in_unit(amount(value), other["unit"]) is not None


def bottom(value: Any) -> Fraction:
    """Give the lower end of a number or quantity, in its own unit."""
    return amount(value).low if isinstance(value, dict) else Fraction(value)


def greatest(limits: list[tuple[Record, Any]]) -> tuple[Record, Any]:
    """Give the greatest of several limits that can be compared."""
    first = limits[0][1]
    return max(
        limits, key=lambda pair: pair[1] if isinstance(first, str) else _top(pair[1], first) or Fraction(0)
    )


def said(value: Any) -> str:
    """Say a value as a message does."""
    if isinstance(value, dict):
        return bare(value)
    return value if isinstance(value, str) else number(value)


def _top(value: Any, like: Any) -> Fraction | None:
    """Give the upper end of a value, in the unit of the other; None if it does not measure the same."""
    if not isinstance(value, dict) or not isinstance(like, dict):
        return Fraction(value)
    turned = in_unit(amount(value), like["unit"])
    return None if turned is None else turned.high


def _closeness(record: Record, other: Record, same: tuple[str, ...], content: Content) -> int | None:
    """Count how much two records have in common; None if the other is about something else.

    A record without the field speaks of everything, and one about a term of all that belongs to the term.
    """
    count = 0
    for name in same:
        mine, its = record.value.get(name), other.value.get(name)
        if its is None:
            continue
        ref = record.kind.field(name).ref
        if mine is None or (its not in lineage(content, ref, mine, record) if ref else its != mine):
            return None
        count += 2 if its == mine else 1
    return count
