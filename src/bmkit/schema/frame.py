"""What is read by its name, and so is the same in every project: the frame of records, and some kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.schema.roles import FRAME_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.schema.fields import Field, Kind

_KIT_GROUP = "article"


def find_frame_fault(
    kind: Kind, shipped_kinds: Iterable[Kind], replaced_kind: Kind | None
) -> tuple[str, str]:
    """Return name and fault of the first field that is not what the shipped kinds make of its name.

    The fields of the frame are the same in every kind, and a kind of the group "article" those of the shipped
    kind that it replaces: what they hold is read without asking of what type it is.  "" and "" if all are.
    """
    for name in FRAME_FIELDS:
        model = (
            next((shipped for shipped in shipped_kinds if name in shipped), None) if name in kind else None
        )
        if model is not None and not _suits_field(kind.get_field(name), model.get_field(name)):
            message = f"{name}: what has this name is the same in every kind"
            return name, f"{message}; bmkit fields {model.name} shows its form"
    is_read_by_name = replaced_kind is not None and replaced_kind.group == _KIT_GROUP
    unfit_name = (
        _find_unfit_member(kind.fields, replaced_kind.fields) or _find_other_form(kind, replaced_kind)
        if replaced_kind and is_read_by_name
        else ""
    )
    return (
        (unfit_name, f"{unfit_name}: bmkit reads this field, as it comes with bmkit")
        if unfit_name
        else ("", "")
    )


def find_lost_fields(kind: Kind, replaced_kind: Kind) -> Iterator[str]:
    """Yield, in words, what the program asks for of a shipped kind and the kind in its place lacks.

    It asks for fields by their roles, also in objects.
    """
    if kind.group != replaced_kind.group:
        yield f'the group "{replaced_kind.group}"'
    if kind.role != replaced_kind.role:
        yield f'the role "{replaced_kind.role}"'
    yield from _find_lost_roles(kind.fields, replaced_kind.fields)


def _find_other_form(kind: Kind, replaced_kind: Kind) -> str:
    """Return the first name of a date, language, address or the like that has another form."""
    for model in replaced_kind.fields:
        if model.type == "text" and not model.values and not model.is_free_text and model.name in kind:
            field = kind.get_field(model.name)
            if (field.pattern, field.format) != (model.pattern, model.format) and not field.values:
                return model.name
    return ""


def _find_lost_roles(fields: Iterable[Field], shipped_fields: Iterable[Field]) -> Iterator[str]:
    fields_by_role = {field.role: field for field in fields if field.role}
    for shipped_field in shipped_fields:
        role = shipped_field.role
        if role in fields_by_role:
            yield from _find_lost_roles(fields_by_role[role].fields, shipped_field.fields)
        elif role:
            yield f'a field of the role "{role}", as {".".join(shipped_field.path)} is'


def _suits_field(field: Field, model: Field) -> bool:
    """Return whether what reads the model can read the field: of its type, with all in it that is needed."""
    return (
        _get_type(field) == _get_type(model)
        and field.is_list == model.is_list
        # A parent may be of any kind.
        and (not model.fields or field.target_kind == model.target_kind)
        and not _find_unfit_member(field.fields, model.fields)
    )


def _get_type(field: Field) -> str:
    """Return the type of a field; an id is a text."""
    return "text" if field.type == "reference" and not field.fields else field.type


def _find_unfit_member(fields: Iterable[Field], models: Iterable[Field]) -> str:
    """Return the first name that is missing and needed, may be missing, or is of another type; "" if none."""
    fields_by_name = {field.name: field for field in fields}
    for model in models:
        field = fields_by_name.get(model.name)
        is_fit = not model.required if field is None else _suits_field(field, model)
        if not is_fit or (model.required and field is not None and not field.required):
            return model.name
    return ""
