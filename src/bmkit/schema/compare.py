"""The field that a declared relation compares a field with, where the two can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.schema.annotations import Relation
    from bmkit.schema.fields import Field, Kind
    from bmkit.schema.load import Schemas


class BrokenRelationError(Exception):
    """A relation that cannot hold; `unknown_name` is not there, `known_names` are."""

    def __init__(self, message: str, unknown_name: str = "", known_names: Sequence[str] = ()) -> None:
        self.unknown_name = unknown_name
        self.known_names = known_names
        super().__init__(message)


def resolve_limit_field(kind: Kind, field: Field, relation: Relation, schemas: Schemas) -> Field:
    """Return the field that a field of the kind is compared with, of parts of a whole the field itself.

    Raises BrokenRelationError if there is no such field, or the two have no more and less between them.
    """
    if relation.keyword == "x-sum":
        for path in filter(None, (relation.whole, relation.part_count)):
            if _resolve_other_field(kind, field, path, schemas).amount_type != field.amount_type:
                raise BrokenRelationError(f"{path} cannot be the whole of {field.name}")
        if relation.whole:
            _require_distinguishing_fields(kind, relation)
            return _resolve_other_field(kind, field, relation.whole, schemas)
        if field.maximum is None or field.amount_type not in {"number", "quantity"}:
            raise BrokenRelationError("the field needs numbers and a maximum, which is the whole")
        if len(field.units) > 1:
            raise BrokenRelationError("the field needs one unit, which is that of the whole")
        _require_distinguishing_fields(kind, relation)
        return field
    if relation.kind:
        if relation.kind not in schemas:
            raise BrokenRelationError(f'unknown kind "{relation.kind}"', relation.kind, schemas.kind_names)
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
    if relation.factor and _resolve_other_field(kind, field, relation.factor, schemas).type != "quantity":
        raise BrokenRelationError(f"{relation.factor} is not a quantity")
    _require_comparable(field, limit_field, relation)
    return limit_field


def _require_comparable(field: Field, limit_field: Field, relation: Relation) -> None:
    if limit_field is field:
        raise BrokenRelationError(f"{field.name} is related to itself")
    if not field.amount_type or field.amount_type != limit_field.amount_type:
        raise BrokenRelationError(f"{field.name} and {relation.other_field} cannot be compared")
    if limit_field.is_list:
        raise BrokenRelationError(f"{relation.other_field} is a list, which cannot be a limit")
    if relation.keyword in {"x-same-dimension", "x-within", "x-same-as"}:
        if field.amount_type != "quantity":
            raise BrokenRelationError(f"{field.name} is not a quantity")
    elif not _can_share_dimension(field, limit_field):
        raise BrokenRelationError(
            f"{field.name} is a {field.dimension}, and {relation.other_field} a {limit_field.dimension}"
        )


def _can_share_dimension(field: Field, limit_field: Field) -> bool:
    """Return whether quantities of both fields may be of one dimension; a field may name a group of them."""
    if not field.dimension or limit_field.dimension in {"", field.dimension}:
        return True
    from bmkit.ucum.dimensions import list_dimension_names, list_members

    known_names = list_dimension_names()
    if field.dimension not in known_names or limit_field.dimension not in known_names:
        return False
    return not set(list_members(field.dimension)).isdisjoint(list_members(limit_field.dimension))


def _resolve_other_field(kind: Kind, field: Field, path: str, schemas: Schemas) -> Field:
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


def _require_distinguishing_fields(kind: Kind, relation: Relation) -> None:
    for name in (relation.other_field, *relation.shared_fields):
        _require_distinguishing_field(kind, name)


def _require_distinguishing_field(kind: Kind, name: str) -> Field:
    """Return the field of a kind by which records are told apart; it must hold one word, number or id."""
    field = _select_field_named(kind.fields, name, f"{kind.name} has")
    if field.is_list or field.type in {"quantity", "object"}:
        type_phrase = "a list" if field.is_list else f"{'an' if field.type == 'object' else 'a'} {field.type}"
        raise BrokenRelationError(f"{name} of {kind.name} is {type_phrase}, which cannot tell records apart")
    return field


def _select_field_named(fields: Sequence[Field], name: str, message_start: str) -> Field:
    for field in fields:
        if field.name == name:
            return field
    raise BrokenRelationError(f'{message_start} no field "{name}"', name, [field.name for field in fields])
