"""The closed list of roles (schema/meta/roles.json): what a kind or a field is, whatever it is called."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.jsontext import parse_json
from bmkit.shipped import read_shipped_schema_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bmkit.schema.fields import Field

ROLES_FILE = "meta/roles.json"
NO_ROLE = "none"
"""The value of x-role that takes a role away which the name would give."""

FRAME_FIELDS = (
    *("id", "label", "synonyms", "as_in_article", "codes", "parent", "retired", "replaced_by"),
    *("notes", "source"),
)
"""The fields of the kit itself, which have no role and no part, under these names."""

PARTS = ("population", "exposure", "comparator", "outcome", "time", "value", "precision", "by", "remark")
"""The parts of a statement (x-part): of whom, what, against what, which outcome, when; what it says, how
precisely, and who says so."""


class Role(NamedTuple):
    """What a kind or a field may be.

    `value_type` is the type of the field (see Field), "" for a role of kinds; `dimension` of a quantity that
    of its units, a group of dimensions, or "".  `part` is the part of the statement that a field of the role
    is, or one that refers to a kind of the role; "" where the schema must say it.  A value of a field is
    compared only where its `companions`, fields of these roles, are the same, and where its
    `companions_if_stated` are the same or one of the two facts does not state them.  `marks` say how facts
    are compared: "group" (a value of a group of patients, not of each), "wider" (the term also stands for
    what the field names), "excluded" (the patients are without it), "circumstance" (how something is done,
    not what), "upper-bound", "lower-bound".  `fhir_element` is the element that takes the value.
    With `is_many` a field may hold a list of them; a reference always may.  `gravity` says how grave a change
    of a field of the role is, or that a fact of a kind of the role comes or goes; "" where the part says it.
    """

    name: str
    description: str
    value_type: str = ""
    dimension: str = ""
    part: str = ""
    companions: tuple[str, ...] = ()
    companions_if_stated: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    fhir_element: str = ""
    is_many: bool = False
    gravity: str = ""


class Sort(NamedTuple):
    """A sort of characteristic that tells patients apart: age, body weight, kidney function.

    Patients in its `exceptional_ranges` (all of them, if `is_exception`) are given other doses as a matter of
    course: what is said of them contradicts nothing that is said of all.  Nobody is outside of its
    `plausible_ranges`, if it has any, or measured in other units.
    """

    name: str
    is_exception: bool = False
    exceptional_ranges: tuple[dict[str, Any], ...] = ()
    plausible_ranges: tuple[dict[str, Any], ...] = ()


class Roles(NamedTuple):
    """The roles that kinds and fields may have, by name; a field may have that of the kind it refers to."""

    of_kinds: dict[str, Role]
    of_fields: dict[str, Role]


@cache
def load_roles() -> Roles:
    """Return the shipped list of roles."""
    document = parse_json(read_shipped_schema_file(ROLES_FILE))
    kind_roles = {name: _make_role(name, entry) for name, entry in document["kinds"].items()}
    field_roles = {name: _make_role(name, entry) for name, entry in document["fields"].items()}
    return Roles(kind_roles, {**kind_roles, **field_roles})


@cache
def load_sorts() -> dict[str, Sort]:
    """Return the sorts of characteristics, by name."""
    document = parse_json(read_shipped_schema_file(ROLES_FILE))
    return {
        name: Sort(
            name,
            entry.get("exception", False),
            tuple(entry.get("exceptions", ())),
            tuple(entry.get("plausible", ())),
        )
        for name, entry in document["sorts"].items()
    }


@cache
def load_frame_gravities() -> dict[str, tuple[str, str]]:
    """Return how grave a change of a field of the frame is, by its name, and how grave its loss."""
    document = parse_json(read_shipped_schema_file(ROLES_FILE))
    return {
        name: (entry["gravity"], entry.get("gravity_of_loss", entry["gravity"]))
        for name, entry in document["frame"].items()
    }


def _make_role(name: str, entry: dict[str, Any]) -> Role:
    return Role(
        name,
        entry["description"],
        value_type=entry.get("type", ""),
        dimension=entry.get("dimension", ""),
        part=entry.get("part", ""),
        companions=tuple(entry.get("companions", ())),
        companions_if_stated=tuple(entry.get("companions_if_stated", ())),
        marks=frozenset(entry.get("marks", ())),
        fhir_element=entry.get("fhir", ""),
        is_many=entry.get("many", entry.get("type", "reference") == "reference"),
        gravity=entry.get("gravity", ""),
    )


def assign_roles(
    fields: tuple[Field, ...], get_kind_role: Callable[[str], str], holder_part: str = ""
) -> tuple[Field, ...]:
    """Return the fields of one object with their roles and parts, those below them too.

    A field has the role that its schema declares, else that of its name; else, if it refers to a kind with a
    role that no other field of the object has or could have, that role.  A field of an object in a record has
    the part of the object (`holder_part`) unless it has one of its own.
    """
    role_names = [select_field_role(field) for field in fields]
    target_roles = [
        get_kind_role(field.target_kind)
        if not role_name and field.target_kind and field.declared_role is None and not _is_frame(field)
        else ""
        for field, role_name in zip(fields, role_names, strict=True)
    ]
    return tuple(
        _assign_role(
            field,
            role_name or (target_role if _is_only_claim(target_role, role_names, target_roles) else ""),
            get_kind_role,
            holder_part,
        )
        for field, role_name, target_role in zip(fields, role_names, target_roles, strict=True)
    )


def _is_only_claim(target_role: str, role_names: list[str], target_roles: list[str]) -> bool:
    return target_role not in role_names and target_roles.count(target_role) == 1


def select_field_role(field: Field) -> str:
    """Return the role that a field's schema declares, else that of its name, "" if it is none of a field."""
    if _is_frame(field):
        return ""
    role_name = select_role_name(field.declared_role, field.name, load_roles().of_fields)
    # The role of a kind is that of what refers to it, not of a text that has the same name.
    is_namesake = field.declared_role is None and role_name in load_roles().of_kinds and not field.target_kind
    return "" if is_namesake else role_name


def _is_frame(field: Field) -> bool:
    return len(field.path) == 1 and field.name in FRAME_FIELDS


def _assign_role(
    field: Field, role_name: str, get_kind_role: Callable[[str], str], holder_part: str
) -> Field:
    if _is_frame(field):
        return field
    role = load_roles().of_fields.get(role_name)
    # What asks for the role reads its value without asking of what type it is.
    if role is not None and explain_unfit_role(role, field):
        role, role_name = None, ""
    part = field.part or (role.part if role is not None else "") or holder_part
    members = assign_roles(field.fields, get_kind_role, part) if field.type == "object" else field.fields
    return field._replace(role=role_name, part=part, fields=members)


def explain_unfit_role(role: Role, field: Field) -> str:
    """Return in words why a field cannot have a role, "" if it can; the check of the schemas reports it."""
    value_type = "reference" if role.name in load_roles().of_kinds else role.value_type
    if value_type != field.type:
        return f'{field.name} is of type {field.type}, and the role "{role.name}" of {value_type}'
    if field.is_list and not role.is_many:
        return f'{field.name} is a list, and the role "{role.name}" of one value'
    return ""


def select_role_name(declared_role: object, name: str, role_names: Mapping[str, Role]) -> str:
    """Return the role of a kind or field: the declared one, else its name where that is a role, else ""."""
    if isinstance(declared_role, str):
        return declared_role if declared_role in role_names else ""
    role_name = name.replace("_", "-")
    return role_name if role_name in role_names else ""
