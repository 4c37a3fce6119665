"""What a schema declares of the values of its fields: relations between them, and plausible ranges."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.schema.fields import Field, Kind
    from bmkit.schema.load import Schemas

RELATIONS = ("x-below", "x-at-most", "x-same-dimension", "x-sum")


class Relation(NamedTuple):
    """What must hold between a field and another.

    `name` is one of RELATIONS.  The other is `field`: of the same object ("end"); of the record that a field
    of the same object refers to ("parent.end"); or, with `kind`, of the records of that kind whose fields
    `same` suit the record's own.  For "x-sum" the values of all records whose fields `same` agree are parts
    of one whole, and `field` tells the parts apart.
    """

    name: str
    field: str
    kind: str = ""
    same: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say the relation as a reader of the field wants it, such as "at most course_limit"."""
        words = self.name.removeprefix("x-").replace("-", " ")
        if self.name == "x-sum":
            return f"all {self.field} of one {' and '.join(self.same)} are parts of a whole"
        if self.name == "x-same-dimension":
            words = "of the same dimension as"
        if self.kind:
            return f"{words} {self.kind}.{self.field} of the same {', '.join(self.same)}"
        return f"{words} {self.field}"


class Plausible(NamedTuple):
    """The range in which a quantity is to be expected, its ends included; what lies outside is a slip."""

    low: int | Decimal
    high: int | Decimal
    unit: str


def relations_of(node: dict[str, Any]) -> tuple[Relation, ...]:
    """Give the relations that the schema of a field declares; one that is ill-formed is passed over.

    The check of the schemas says what is wrong with it.
    """
    made = (_relation(name, node[name]) for name in RELATIONS if name in node)
    return tuple(relation for relation in made if relation is not None)


def _relation(name: str, value: Any) -> Relation | None:
    if isinstance(value, str) and name != "x-sum":
        return Relation(name, value)
    if not isinstance(value, dict) or name in {"x-below", "x-same-dimension"}:
        return None
    field, kind, same = (
        value.get("part" if name == "x-sum" else "field"),
        value.get("kind", ""),
        value.get("same"),
    )
    named = isinstance(same, list) and bool(same) and all(isinstance(item, str) for item in same)
    if not isinstance(field, str) or not isinstance(kind, str) or not named:
        return None
    return Relation(name, field, kind, tuple(same or ()))


def plausible_of(node: dict[str, Any]) -> Plausible | None:
    """Give the range that the schema of a field calls plausible, None if it has none or an ill-formed one."""
    value = node.get("x-plausible")
    if not isinstance(value, dict):
        return None
    low, high, unit = value.get("low"), value.get("high"), value.get("unit")
    if isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and isinstance(unit, str):
        return Plausible(low, high, unit)
    return None


class BrokenError(Exception):
    """A relation that cannot hold; `word` is a name that is not there, and `known` are those that are."""

    def __init__(self, message: str, word: str = "", known: Sequence[str] = ()) -> None:
        self.word = word
        self.known = known
        super().__init__(message)


def limit_of(kind: Kind, field: Field, relation: Relation, schemas: Schemas) -> Field:
    """Give the field that a field of the kind is compared with, of parts of a whole the field itself.

    Raises BrokenError if there is no such field, or the two have no more and less between them.
    """
    if relation.name == "x-sum":
        if field.maximum is None or field.sort not in {"number", "quantity"}:
            raise BrokenError("the field needs numbers and a maximum, which is the whole")
        for name in (relation.field, *relation.same):
            _telling(kind, name)
        return field
    if relation.kind:
        if relation.kind not in schemas:
            raise BrokenError(f'there is no kind "{relation.kind}"', relation.kind, schemas.names)
        other = schemas.kind(relation.kind)
        for name in relation.same:
            one, two = _telling(kind, name), _telling(other, name)
            if (one.type, one.ref) != (two.type, two.ref):
                raise BrokenError(f"{name} is another sort of field in {other.name}")
        found = _named(other.fields, relation.field, f"{other.name} has")
    else:
        found = _target(kind, field, relation.field, schemas)
    _compare(field, found, relation)
    return found


def _compare(field: Field, found: Field, relation: Relation) -> None:
    if found is field:
        raise BrokenError(f"{field.name} is related to itself")
    if not field.sort or field.sort != found.sort:
        raise BrokenError(f"{field.name} and {relation.field} cannot be compared")
    if found.many:
        raise BrokenError(f"{relation.field} is a list, of which none is the limit")
    if relation.name == "x-same-dimension":
        if field.sort != "quantity":
            raise BrokenError(f"{field.name} is no quantity")
    elif field.dimension and found.dimension not in {"", field.dimension}:
        raise BrokenError(f"{field.name} is a {field.dimension}, and {relation.field} a {found.dimension}")


def _target(kind: Kind, field: Field, path: str, schemas: Schemas) -> Field:
    """Give the field that "end" or "parent.end" means beside `field`."""
    beside: Sequence[Field] = kind.fields
    for name in field.path[:-1]:
        beside = next(part.fields for part in beside if part.name == name)
    first, _, second = path.partition(".")
    found = _named(beside, first, "beside it there is")
    if not second:
        return found
    if found.type != "reference" or found.ref not in schemas or found.many:
        raise BrokenError(f"{first} does not refer to a record, so {path} leads nowhere")
    return _named(schemas.kind(found.ref).fields, second, f"{found.ref} has")


def _telling(kind: Kind, name: str) -> Field:
    """Give the field of a kind by which records are told apart; it must hold one word, number or id."""
    found = _named(kind.fields, name, f"{kind.name} has")
    if found.many or found.type in {"quantity", "object"}:
        what = "a list" if found.many else f"{'an' if found.type == 'object' else 'a'} {found.type}"
        raise BrokenError(f"{name} of {kind.name} is {what}, by which records cannot be told apart")
    return found


def _named(fields: Sequence[Field], name: str, where: str) -> Field:
    for field in fields:
        if field.name == name:
            return field
    raise BrokenError(f'{where} no field "{name}"', name, [field.name for field in fields])
