"""What a kind or a field is: by its declared role, its name, or the kind that it refers to."""

from __future__ import annotations

from typing import Any

import pytest

from bmkit.schema import Schemas, read_shipped_schemas
from bmkit.schema.roles import PARTS, load_roles, load_sorts
from bmkit.schema_lint import find_schema_issues
from bmkit.shape import ShapeChecker
from bmkit.ucum.dimensions import list_dimension_names

QUANTITY = {
    "type": "object",
    "x-unit": "mass",
    "additionalProperties": False,
    "properties": {name: {"type": "number"} for name in ("value", "low", "high")}
    | {"unit": {"enum": ["mg"]}},
}
TEXT = {"type": "string"}
MARKS = {"group", "wider", "excluded", "circumstance", "upper-bound", "lower-bound"}


def make_schemas(fields: dict[str, Any], **keywords: Any) -> Schemas:
    """Return a kind "administration" with the fields, and terms that it may refer to."""

    def make_document(fields: dict[str, Any], **keywords: Any) -> dict[str, Any]:
        record = {"type": "object", "additionalProperties": False, "properties": {"id": TEXT, **fields}}
        return {"title": "Kind", **keywords, "$defs": {"record": record}}

    documents = {
        "administration": make_document(fields, **keywords),
        "way-in": make_document({}, **{"x-role": "route"}),
        "product": make_document({}),
        "colour": make_document({}),
    }
    return Schemas(
        "nowhere",
        tuple(documents),
        documents={f"{name}.schema.json": document for name, document in documents.items()},
    )


def refer_to(kind: str, **keywords: Any) -> dict[str, Any]:
    return {"type": "string", "x-ref": kind, **keywords}


@pytest.mark.parametrize(
    ("fields", "roles"),
    [
        ({"dose": QUANTITY}, {"dose": ("dose", "value")}),
        ({"total_in": QUANTITY}, {"total_in": ("total-in", "precision")}),
        ({"amount": {**QUANTITY, "x-role": "dose"}}, {"amount": ("dose", "value")}),
        ({"dose": {**QUANTITY, "x-role": "none"}}, {"dose": ("", "")}),
        ({"dose": {**QUANTITY, "x-part": "precision"}}, {"dose": ("dose", "precision")}),
        ({"given": refer_to("way-in")}, {"given": ("route", "exposure")}),
        (
            {"first": refer_to("product"), "second": refer_to("product")},
            {"first": ("", ""), "second": ("", "")},
        ),
        (
            {"product": refer_to("product"), "second": refer_to("product")},
            {"product": ("product", "exposure"), "second": ("", "")},
        ),
        (
            {"one": refer_to("product"), "product": TEXT},
            {"one": ("product", "exposure"), "product": ("", "")},
        ),
        ({"tint": refer_to("colour", **{"x-part": "outcome"})}, {"tint": ("", "outcome")}),
        ({"parent": refer_to("product")}, {"parent": ("", "")}),
    ],
)
def test_a_field_has_the_role_that_is_declared_or_that_of_its_name_or_target(
    fields: dict[str, Any], roles: dict[str, tuple[str, str]]
) -> None:
    kind = make_schemas(fields).get_kind("administration")
    assert {field.name: (field.role, field.part) for field in kind.fields if field.name != "id"} == roles
    for name, (role, _) in roles.items():
        found = kind.find_role_field(role) if role else None
        assert found is None or found.name == name


def test_a_field_in_an_object_has_the_part_of_the_object_unless_it_has_its_own() -> None:
    box = {
        "type": "object",
        "x-part": "population",
        "additionalProperties": False,
        "properties": {"word": TEXT, "dose": QUANTITY},
    }
    (field,) = [
        one for one in make_schemas({"box": box}).get_kind("administration").fields if one.name == "box"
    ]
    assert [(member.name, member.role, member.part) for member in field.fields] == [
        ("word", "", "population"),
        ("dose", "dose", "value"),
    ]


@pytest.mark.parametrize(
    ("keywords", "role"), [({}, ""), ({"x-role": "regimen"}, "regimen"), ({"x-role": "none"}, "")]
)
def test_a_kind_has_the_role_that_is_declared_or_that_of_its_name(
    keywords: dict[str, str], role: str
) -> None:
    schemas = make_schemas({}, **keywords)
    assert schemas.get_kind("administration").role == role
    assert schemas.get_kind("product").role == "product"


@pytest.mark.parametrize(
    ("fields", "keywords", "message", "hint"),
    [
        ({}, {"x-role": "regimne"}, 'no kind has the role "regimne"', 'did you mean "regimen"?'),
        ({"a": {**QUANTITY, "x-role": "dosse"}}, {}, 'no field has the role "dosse"', 'did you mean "dose"?'),
        (
            {"dose": TEXT},
            {},
            'dose is of type text, and the role "dose" of quantity',
            'write "x-role": "none", or another role',
        ),
        (
            {"dose": {"type": "array", "items": QUANTITY}},
            {},
            'dose is a list, and the role "dose" of one value',
            'write "x-role": "none", or another role',
        ),
        (
            {"dose": QUANTITY, "amount": {**QUANTITY, "x-role": "dose"}},
            {},
            'dose and amount have the role "dose" both',
            'write "x-role": "none" on one of them',
        ),
        ({"a": {**TEXT, "x-many": "any"}}, {}, "x-many: a is no list", ""),
        (
            {"a": {"enum": ["yes", "no"], "x-means": {"yess": "yes"}}},
            {},
            'x-means: "yess" is not in the closed list of a',
            'did you mean "yes"?',
        ),
        (
            {"a": {**TEXT, "x-part": "populaton"}},
            {},
            'x-part: "populaton" is not in its list of values',
            'did you mean "population"?',
        ),
    ],
)
def test_a_role_or_part_that_cannot_be_is_reported(
    fields: dict[str, Any], keywords: dict[str, str], message: str, hint: str
) -> None:
    issues = find_schema_issues(make_schemas(fields, **keywords), ShapeChecker(), ["administration"])
    found = [(issue.message, issue.hint) for issue in issues if issue.rule == "schema.annotation"]
    assert (message, hint) in found


def test_the_list_of_roles_is_sound() -> None:
    roles = load_roles()
    assert set(roles.of_kinds) <= set(roles.of_fields)
    for role in roles.of_fields.values():
        assert role.description.endswith(".")
        assert role.part in {"", *PARTS}
        assert {*role.companions, *role.companions_if_stated} <= set(roles.of_fields)
        assert role.marks <= MARKS


def test_every_sort_of_characteristic_is_known() -> None:
    kind = read_shipped_schemas().get_kind("characteristic")
    assert set(kind.get_field("sort").values) == set(load_sorts())


def test_the_dimension_of_every_role_is_in_the_table() -> None:
    roles = load_roles().of_fields.values()
    assert {role.dimension for role in roles if role.dimension} <= set(list_dimension_names())
