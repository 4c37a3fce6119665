"""What is read by its name, and so is the same in every project: the frame of records, and some kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.schema.roles import FRAME_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.schema.fields import Field, Kind

_KIT_GROUP = "article"


def find_frame_fault(
    kind: Kind, shipped_kinds: Iterable[Kind], replaced_kind: Kind | None
) -> tuple[str, str]:
    """Return name and fault of the first field that is not what the shipped kinds make of its name.

    The fields of the frame are the same in every kind, and a kind of the group "article" has all fields of
    the shipped kind that it replaces: what they hold is read without asking of what type it is.  "" and "" if
    there is none.
    """
    for name in FRAME_FIELDS:
        model = (
            next((shipped for shipped in shipped_kinds if name in shipped), None) if name in kind else None
        )
        if model is not None and _get_form(kind.get_field(name)) != _get_form(model.get_field(name)):
            message = f"{name}: what has this name is the same in every kind"
            return name, f"{message}; bmkit fields {model.name} shows its form"
    for field in replaced_kind.fields if replaced_kind and replaced_kind.group == _KIT_GROUP else ():
        is_kept = field.name in kind and _get_form(kind.get_field(field.name)) == _get_form(field)
        if not is_kept or (field.required and not kind.get_field(field.name).required):
            return field.name, f"{field.name}: bmkit reads this field and needs it as it comes with bmkit"
    return "", ""


def find_lost_fields(kind: Kind, replaced_kind: Kind) -> Iterator[str]:
    """Yield, in words, what the program asks for of a shipped kind and the kind in its place lacks.

    It asks for fields by their roles, also in objects, and for those of the frame by their names.
    """
    if kind.group != replaced_kind.group:
        yield f'the group "{replaced_kind.group}"'
    if kind.role != replaced_kind.role:
        yield f'the role "{replaced_kind.role}"'
    for field in replaced_kind.fields:
        if field.name in FRAME_FIELDS and field.name not in kind:
            yield f"the field {field.name}"
    yield from _find_lost_roles(kind.fields, replaced_kind.fields)


def _find_lost_roles(fields: Iterable[Field], shipped_fields: Iterable[Field]) -> Iterator[str]:
    fields_by_role = {field.role: field for field in fields if field.role}
    for shipped_field in shipped_fields:
        role = shipped_field.role
        if role in fields_by_role:
            yield from _find_lost_roles(fields_by_role[role].fields, shipped_field.fields)
        elif role:
            yield f'a field of the role "{role}", as {".".join(shipped_field.path)} is'


def _get_form(field: Field) -> tuple[Any, ...]:
    """Return of what type a field is, and all in it."""
    is_member = len(field.path) > 1
    return (
        # An id is a text.
        "text" if field.type == "reference" and not field.fields else field.type,
        field.is_list,
        is_member and field.required,
        # A parent may be of any kind.
        field.target_kind if is_member or field.fields else "",
        {member.name: _get_form(member) for member in field.fields},
    )
