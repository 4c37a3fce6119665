"""The field that a declared relation is to, where such a relation can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.schema.relations import DISJOINT, NOT, SAME_AS, SUM, UNIQUE, WITHIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.schema.fields import Field, Kind
    from bmkit.schema.load import Schemas
    from bmkit.schema.relations import Relation


class BrokenRelationError(Exception):
    """A relation that cannot hold; `unknown_name` is not there, `known_names` are."""

    def __init__(self, message: str, unknown_name: str = "", known_names: Sequence[str] = ()) -> None:
        self.unknown_name = unknown_name
        self.known_names = known_names
        super().__init__(message)


def resolve_other_field(kind: Kind, field: Field, relation: Relation, schemas: Schemas) -> Field:
    """Return the field that a relation of a field of the kind is to; the field itself if it needs no other.

    Raises BrokenRelationError if there is no such field, or nothing of the sort can hold between the two.
    """
    if relation.is_between_records:
        return _resolve_among_records(kind, field, relation, schemas)
    if relation.kind:
        other_kind = _require_kind(relation.kind, schemas)
        for name in relation.shared_fields:
            _require_counterpart(kind, other_kind, name)
        other_field = _select_field_named(other_kind.fields, relation.other_field, f"{other_kind.name} has")
    else:
        other_field = _resolve_path(kind, field, relation.other_field, schemas)
    if other_field is field and not relation.kind and "." not in relation.other_field:
        raise BrokenRelationError(f"{field.name} is related to itself")
    if relation.keyword in {WITHIN, NOT} and field.type == "reference":
        _require_same_target(field, other_field, relation)
        _require_known_conditions(relation, _require_kind(field.target_kind, schemas))
    elif relation.keyword == NOT:
        if field.type != other_field.type or field.type in {"quantity", "object"}:
            raise BrokenRelationError(f"{field.name} and {relation.other_field} are never the same")
    else:
        _require_comparable(field, other_field, relation)
    if relation.keyword == SAME_AS:
        _require_factor(kind, field, other_field, relation, schemas)
    return other_field


def _resolve_among_records(kind: Kind, field: Field, relation: Relation, schemas: Schemas) -> Field:
    """Return the field that a relation between records of one kind needs besides."""
    if len(field.path) > 1:
        raise BrokenRelationError(f"{field.name} is not a field of the record itself")
    for name in relation.shared_fields:
        _require_distinguishing_field(kind, name)
    if relation.keyword == SUM:
        return _resolve_whole(kind, field, relation, schemas)
    if relation.keyword == UNIQUE:
        return _require_distinguishing_field(kind, field.name)
    if relation.keyword == DISJOINT:
        return _resolve_end_of_range(kind, field, relation)
    other_name = relation.along or relation.other_field
    other_field = (
        _select_field_named(kind.fields, other_name, f"{kind.name} has")
        if relation.after
        else _require_distinguishing_field(kind, other_name)
    )
    if field.amount_type not in {"number", "date"}:
        raise BrokenRelationError(f"{field.name} has no numbers or dates to follow each other")
    if relation.along and not other_field.amount_type:
        raise BrokenRelationError(f"{other_name} has no numbers or dates to follow")
    if relation.after:
        preceding_field = _require_distinguishing_field(kind, relation.after)
        if (preceding_field.type, preceding_field.target_kind) != (other_field.type, other_field.target_kind):
            raise BrokenRelationError(f"{relation.after} is another sort of field than {other_name}")
    return other_field


def _resolve_whole(kind: Kind, field: Field, relation: Relation, schemas: Schemas) -> Field:
    """Return the field that holds the whole, or the field itself where that is its maximum."""
    _require_distinguishing_field(kind, relation.other_field)
    for path in filter(None, (relation.whole, relation.part_count)):
        if _resolve_path(kind, field, path, schemas).amount_type != field.amount_type:
            raise BrokenRelationError(f"{path} cannot be the whole of {field.name}")
    if relation.whole:
        return _resolve_path(kind, field, relation.whole, schemas)
    if field.maximum is None or field.amount_type not in {"number", "quantity"}:
        raise BrokenRelationError("the field needs numbers and a maximum, which is the whole")
    if len(field.units) > 1:
        raise BrokenRelationError("the field needs one unit, which is that of the whole")
    return field


def _resolve_end_of_range(kind: Kind, field: Field, relation: Relation) -> Field:
    if not relation.other_field:
        if field.type != "quantity" or field.is_list:
            raise BrokenRelationError(f"{field.name} is no range; name the field that it goes on until")
        return field
    end_field = _select_field_named(kind.fields, relation.other_field, "beside it there is")
    if field.amount_type not in {"number", "date"} or field.amount_type != end_field.amount_type:
        raise BrokenRelationError(f"{field.name} and {end_field.name} cannot be compared")
    return end_field


def _require_comparable(field: Field, other_field: Field, relation: Relation) -> None:
    """Raise unless there is more and less between two fields, whose quantities may be of one dimension."""
    if not field.amount_type or field.amount_type != other_field.amount_type:
        raise BrokenRelationError(f"{field.name} and {relation.other_field} cannot be compared")
    if relation.is_either and relation.keyword == WITHIN:
        raise BrokenRelationError(f"{field.name} holds no terms, of which either may belong to the other")
    if other_field.is_list:
        raise BrokenRelationError(f"{relation.other_field} is a list, which cannot be a limit")
    if not relation.factor and not _can_share_dimension(field, other_field):
        raise BrokenRelationError(
            f"{field.name} is a {field.dimension}, and {relation.other_field} a {other_field.dimension}"
        )


def _require_same_target(field: Field, other_field: Field, relation: Relation) -> None:
    if other_field.type != "reference" or other_field.target_kind != field.target_kind:
        raise BrokenRelationError(
            f"{field.name} names a {field.target_kind}, and {relation.other_field} does not"
        )


def _require_factor(
    kind: Kind, field: Field, other_field: Field, relation: Relation, schemas: Schemas
) -> None:
    if field.amount_type != "quantity":
        raise BrokenRelationError(f"{field.name} is not a quantity")
    if relation.factor:
        factor_field = _resolve_path(kind, field, relation.factor, schemas)
        if factor_field.type != "quantity" or factor_field.is_list:
            raise BrokenRelationError(f"{relation.factor} is not a quantity")
        if relation.kind:
            raise BrokenRelationError(f"a factor is for {other_field.name} of the same record")


def _require_known_conditions(relation: Relation, kind: Kind) -> None:
    for name, words in relation.conditions:
        condition_field = _select_field_named(kind.fields, name, f"{kind.name} has")
        for word in words if condition_field.values else ():
            if word not in condition_field.values:
                known_words = [str(value) for value in condition_field.values]
                raise BrokenRelationError(f'{name} is never "{word}"', str(word), known_words)


def _can_share_dimension(field: Field, other_field: Field) -> bool:
    """Return whether quantities of both fields may be of one dimension; a field may name a group of them."""
    if not field.dimension or other_field.dimension in {"", field.dimension}:
        return True
    from bmkit.ucum.dimensions import list_dimension_names, list_members

    known_names = list_dimension_names()
    if field.dimension not in known_names or other_field.dimension not in known_names:
        return False
    return not set(list_members(field.dimension)).isdisjoint(list_members(other_field.dimension))


def _resolve_path(kind: Kind, field: Field, path: str, schemas: Schemas) -> Field:
    """Return the field that "end" or "parent.end" means beside `field`."""
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


def _require_kind(name: str, schemas: Schemas) -> Kind:
    if name not in schemas:
        raise BrokenRelationError(f'unknown kind "{name}"', name, schemas.kind_names)
    return schemas.get_kind(name)


def _require_counterpart(kind: Kind, other_kind: Kind, name: str) -> None:
    own_field = _require_distinguishing_field(kind, name)
    counterpart = _require_distinguishing_field(other_kind, name)
    if (own_field.type, own_field.target_kind) != (counterpart.type, counterpart.target_kind):
        raise BrokenRelationError(f"{name} is another sort of field in {other_kind.name}")


def _require_distinguishing_field(kind: Kind, name: str) -> Field:
    """Return the field of a kind by which records are told apart; it must hold one word, number or id."""
    field = _select_field_named(kind.fields, name, f"{kind.name} has")
    if field.is_list or field.type in {"quantity", "object"}:
        type_phrase = "a list" if field.is_list else f"{'an' if field.type == 'object' else 'a'} {field.type}"
        raise BrokenRelationError(f"{name} of {kind.name} is {type_phrase}, which cannot tell records apart")
    return field


def _select_field_named(fields: Sequence[Field], name: str, message_start: str) -> Field:
    """Return the field of that name; BrokenRelationError, which starts with these words, if there is none."""
    for field in fields:
        if field.name == name:
            return field
    raise BrokenRelationError(f'{message_start} no field "{name}"', name, [field.name for field in fields])
