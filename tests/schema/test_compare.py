"""The field that a relation compares a field with, and why some relations cannot hold."""

from __future__ import annotations

import pytest

from bmkit.schema import locate_shipped_schemas, read_schemas
from bmkit.schema.annotations import Relation
from bmkit.schema.compare import BrokenRelationError, resolve_limit_field

SCHEMAS = read_schemas(locate_shipped_schemas(), from_project=False)
OF_PRODUCT = ("product", "route")


def test_every_shipped_relation_has_a_field_to_compare_with() -> None:
    relations = [
        (kind, field, relation)
        for kind in SCHEMAS
        for field in kind.related_fields
        for relation in field.relations
    ]
    assert relations
    for kind, field, relation in relations:
        assert resolve_limit_field(kind, field, relation, SCHEMAS).amount_type == field.amount_type


@pytest.mark.parametrize(
    ("kind_name", "field_name", "relation", "limit_path"),
    [
        ("regimen", "course", Relation("x-at-most", "course_limit"), ("course_limit",)),
        ("incidence", "source.spans.start", Relation("x-below", "end"), ("source", "spans", "end")),
        ("section", "start", Relation("x-below", "parent.end"), ("end",)),
        ("regimen", "dose", Relation("x-at-most", "maximum", "dose-limit", OF_PRODUCT), ("maximum",)),
        ("incidence", "share", Relation("x-sum", "id", "", ("tumour",)), ("share",)),
        ("regimen", "dose", Relation("x-same-dimension", "total"), ("total",)),
    ],
    ids=lambda value: str(value) if isinstance(value, Relation) else None,
)
def test_the_other_field_is_found(
    kind_name: str, field_name: str, relation: Relation, limit_path: tuple[str, ...]
) -> None:
    kind = SCHEMAS.get_kind(kind_name)
    assert resolve_limit_field(kind, kind.get_field(field_name), relation, SCHEMAS).path == limit_path


@pytest.mark.parametrize(
    ("kind_name", "field_name", "relation", "message", "unknown_name"),
    [
        ("section", "start", Relation("x-below", "ende"), 'beside it there is no field "ende"', "ende"),
        ("section", "start", Relation("x-below", "parent.ende"), 'section has no field "ende"', "ende"),
        ("section", "start", Relation("x-below", "start"), "start is related to itself", ""),
        ("section", "start", Relation("x-below", "label"), "start and label cannot be compared", ""),
        ("section", "start", Relation("x-below", "end.end"), "end does not refer to a record", ""),
        ("section", "start", Relation("x-same-dimension", "end"), "start is not a quantity", ""),
        ("section", "start", Relation("x-sum", "label", "", ("id",)), "needs numbers and a maximum", ""),
        ("regimen", "dose", Relation("x-at-most", "administration_time"), "dose is a ", ""),
        ("regimen", "dose", Relation("x-at-most", "maximum", "dose-limits"), "unknown kind", "dose-limits"),
        (
            "regimen",
            "dose",
            Relation("x-at-most", "maximum", "dose-limit", ("notes",)),
            "notes of regimen is a list, which cannot tell records apart",
            "",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, Relation) else None,
)
def test_a_relation_that_cannot_hold_is_explained(
    kind_name: str, field_name: str, relation: Relation, message: str, unknown_name: str
) -> None:
    kind = SCHEMAS.get_kind(kind_name)
    with pytest.raises(BrokenRelationError, match=message) as caught:
        resolve_limit_field(kind, kind.get_field(field_name), relation, SCHEMAS)
    assert caught.value.unknown_name == unknown_name
    assert bool(caught.value.known_names) == bool(unknown_name)
