"""What a schema declares of the values of its fields: relations between them, and plausible ranges."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.schema.fields import Field, Kind
    from bmkit.schema.load import Schemas

RELATION_KEYWORDS = ("x-below", "x-at-most", "x-same-dimension", "x-sum")


class Relation(NamedTuple):
    """What must hold between a field and another.

    `name` is one of RELATIONS.  The other is `field`: of the same object ("end"); of the record that a field
    of the same object refers to ("parent.end"); or, with `kind`, of the records of that kind whose fields
    `same` suit the record's own.  For "x-sum" the values of all records whose fields `same` agree are parts
    of one whole, and `field` tells the parts apart.
    """

    keyword: str
    other_field: str
    kind: str = ""
    shared_fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say the relation as a reader of the field wants it, such as "at most course_limit"."""
        words = self.keyword.removeprefix("x-").replace("-", " ")
        if self.keyword == "x-sum":
            return f"all {self.other_field} of one {' and '.join(self.shared_fields)} are parts of a whole"
        if self.keyword == "x-same-dimension":
            words = "of the same dimension as"
        if self.kind:
            return f"{words} {self.kind}.{self.other_field} of the same {', '.join(self.shared_fields)}"
        return f"{words} {self.other_field}"


class PlausibleRange(NamedTuple):
    """The range in which a quantity is to be expected, its ends included; what lies outside is a slip."""

    low: int | Decimal
    high: int | Decimal
    unit: str


def parse_relations(subschema: dict[str, Any]) -> tuple[Relation, ...]:
    """Give the relations that the schema of a field declares; one that is ill-formed is passed over.

    The check of the schemas says what is wrong with it.
    """
    relations = (
        _parse_relation(keyword, subschema[keyword]) for keyword in RELATION_KEYWORDS if keyword in subschema
    )
    return tuple(relation for relation in relations if relation is not None)


def _parse_relation(keyword: str, value: Any) -> Relation | None:
    if isinstance(value, str) and keyword != "x-sum":
        return Relation(keyword, value)
    if not isinstance(value, dict) or keyword in {"x-below", "x-same-dimension"}:
        return None
    other_field, kind, shared_fields = (
        value.get("part" if keyword == "x-sum" else "field"),
        value.get("kind", ""),
        value.get("same"),
    )
    names_fields = (
        isinstance(shared_fields, list)
        and bool(shared_fields)
        and all(isinstance(name, str) for name in shared_fields)
    )
    if not isinstance(other_field, str) or not isinstance(kind, str) or not names_fields:
        return None
    return Relation(keyword, other_field, kind, tuple(shared_fields or ()))


def parse_plausible_range(subschema: dict[str, Any]) -> PlausibleRange | None:
    """Give the range that the schema of a field calls plausible, None if it has none or an ill-formed one."""
    value = subschema.get("x-plausible")
    if not isinstance(value, dict):
        return None
    low, high, unit = value.get("low"), value.get("high"), value.get("unit")
    if isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and isinstance(unit, str):
        return PlausibleRange(low, high, unit)
    return None


class BrokenRelationError(Exception):
    """A relation that cannot hold; `word` is a name that is not there, and `known` are those that are."""

    def __init__(self, message: str, unknown_name: str = "", known_names: Sequence[str] = ()) -> None:
        self.unknown_name = unknown_name
        self.known_names = known_names
        super().__init__(message)


def resolve_limit_field(kind: Kind, field: Field, relation: Relation, schemas: Schemas) -> Field:
    """Give the field that a field of the kind is compared with, of parts of a whole the field itself.

    Raises BrokenError if there is no such field, or the two have no more and less between them.
    """
    if relation.keyword == "x-sum":
        if field.maximum is None or field.amount_type not in {"number", "quantity"}:
            raise BrokenRelationError("the field needs numbers and a maximum, which is the whole")
        for name in (relation.other_field, *relation.shared_fields):
            _require_distinguishing_field(kind, name)
        return field
    if relation.kind:
        if relation.kind not in schemas:
            raise BrokenRelationError(
                f'there is no kind "{relation.kind}"', relation.kind, schemas.kind_names
            )
        other_kind = schemas.get_kind(relation.kind)
        for name in relation.shared_fields:
            own_field, counterpart = (
                _require_distinguishing_field(kind, name),
                _require_distinguishing_field(other_kind, name),
            )
            if (own_field.type, own_field.target_kind) != (counterpart.type, counterpart.target_kind):
                raise BrokenRelationError(f"{name} is another sort of field in {other_kind.name}")
        limit_field = _select_field_named(other_kind.fields, relation.other_field, f"{other_kind.name} has")
    else:
        limit_field = _resolve_other_field(kind, field, relation.other_field, schemas)
    _require_comparable(field, limit_field, relation)
    return limit_field


def _require_comparable(field: Field, limit_field: Field, relation: Relation) -> None:
    if limit_field is field:
        raise BrokenRelationError(f"{field.name} is related to itself")
    if not field.amount_type or field.amount_type != limit_field.amount_type:
        raise BrokenRelationError(f"{field.name} and {relation.other_field} cannot be compared")
    if limit_field.is_list:
        raise BrokenRelationError(f"{relation.other_field} is a list, of which none is the limit")
    if relation.keyword == "x-same-dimension":
        if field.amount_type != "quantity":
            raise BrokenRelationError(f"{field.name} is no quantity")
    elif field.dimension and limit_field.dimension not in {"", field.dimension}:
        raise BrokenRelationError(
            f"{field.name} is a {field.dimension}, and {relation.other_field} a {limit_field.dimension}"
        )


def _resolve_other_field(kind: Kind, field: Field, path: str, schemas: Schemas) -> Field:
    """Give the field that "end" or "parent.end" means beside `field`."""
    siblings: Sequence[Field] = kind.fields
    for name in field.path[:-1]:
        siblings = next(ancestor.fields for ancestor in siblings if ancestor.name == name)
    sibling_name, _, target_name = path.partition(".")
    sibling = _select_field_named(siblings, sibling_name, "beside it there is")
    if not target_name:
        return sibling
    if sibling.type != "reference" or sibling.target_kind not in schemas or sibling.is_list:
        raise BrokenRelationError(f"{sibling_name} does not refer to a record, so {path} leads nowhere")
    return _select_field_named(
        schemas.get_kind(sibling.target_kind).fields, target_name, f"{sibling.target_kind} has"
    )


def _require_distinguishing_field(kind: Kind, name: str) -> Field:
    """Give the field of a kind by which records are told apart; it must hold one word, number or id."""
    field = _select_field_named(kind.fields, name, f"{kind.name} has")
    if field.is_list or field.type in {"quantity", "object"}:
        type_phrase = "a list" if field.is_list else f"{'an' if field.type == 'object' else 'a'} {field.type}"
        raise BrokenRelationError(
            f"{name} of {kind.name} is {type_phrase}, by which records cannot be told apart"
        )
    return field


def _select_field_named(fields: Sequence[Field], name: str, message_start: str) -> Field:
    for field in fields:
        if field.name == name:
            return field
    raise BrokenRelationError(f'{message_start} no field "{name}"', name, [field.name for field in fields])
