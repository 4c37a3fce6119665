"""The field that a relation compares a field with, and why some relations cannot hold."""

from __future__ import annotations

import pytest

from bmkit.schema import read_shipped_schemas
from bmkit.schema.compare import BrokenRelationError, resolve_other_field
from bmkit.schema.relations import Relation

SCHEMAS = read_shipped_schemas()
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
        assert resolve_other_field(kind, field, relation, SCHEMAS).title


@pytest.mark.parametrize(
    ("kind_name", "field_name", "relation", "limit_path"),
    [
        ("regimen", "course", Relation("x-within", "course_limit"), ("course_limit",)),
        ("result", "source.spans.start", Relation("x-order", "end"), ("source", "spans", "end")),
        ("section", "start", Relation("x-order", "parent.end"), ("end",)),
        ("section", "order", Relation("x-order", along="start"), ("start",)),
        ("section", "start", Relation("x-disjoint", "end", shared_fields=("parent",)), ("end",)),
        ("section", "order", Relation("x-unique"), ("order",)),
        ("regimen", "dose", Relation("x-within", "maximum", "dose-limit", OF_PRODUCT), ("maximum",)),
        ("result", "interval_level", Relation("x-sum", "id", "", ("tumour",)), ("interval_level",)),
        ("presentation", "substance", Relation("x-within", "product.substances"), ("substances",)),
        ("metastatic-site", "site", Relation("x-not", "tumour.origin"), ("origin",)),
        ("tumour", "origin", Relation("x-within", "parent.origin"), ("origin",)),
        ("instruction", "strength", Relation("x-same-as", "strength", "presentation"), ("strength",)),
    ],
    ids=lambda value: str(value) if isinstance(value, Relation) else None,
)
def test_the_other_field_is_found(
    kind_name: str, field_name: str, relation: Relation, limit_path: tuple[str, ...]
) -> None:
    kind = SCHEMAS.get_kind(kind_name)
    assert resolve_other_field(kind, kind.get_field(field_name), relation, SCHEMAS).path == limit_path


@pytest.mark.parametrize(
    ("kind_name", "field_name", "relation", "message", "unknown_name"),
    [
        ("section", "start", Relation("x-order", "ende"), 'beside it there is no field "ende"', "ende"),
        ("section", "start", Relation("x-order", "parent.ende"), 'section has no field "ende"', "ende"),
        ("section", "start", Relation("x-order", "start"), "start is related to itself", ""),
        ("section", "start", Relation("x-order", "label"), "start and label cannot be compared", ""),
        ("section", "start", Relation("x-order", "end.end"), "end does not refer to a record", ""),
        ("section", "start", Relation("x-same-as", "end"), "start is not a quantity", ""),
        ("section", "start", Relation("x-sum", "label", "", ("id",)), "needs numbers and a maximum", ""),
        ("section", "label", Relation("x-order", along="start"), "label has no numbers or dates", ""),
        ("section", "order", Relation("x-order", along="label"), "label has no numbers or dates", ""),
        ("section", "order", Relation("x-disjoint"), "order is no range", ""),
        ("section", "order", Relation("x-disjoint", "label"), "order and label cannot be compared", ""),
        ("section", "order", Relation("x-unique", shared_fields=("parents",)), "no field", "parents"),
        ("result", "estimate", Relation("x-unique"), "estimate of result is a quantity", ""),
        ("regimen", "dose", Relation("x-within", "administration_time"), "dose is a ", ""),
        ("regimen", "dose", Relation("x-within", "total", is_either=True), "dose holds no terms", ""),
        ("regimen", "dose", Relation("x-within", "maximum", "dose-limits"), "unknown kind", "dose-limits"),
        ("regimen", "dose", Relation("x-not", "total"), "are never the same", ""),
        (
            "regimen",
            "product",
            Relation("x-within", "route"),
            "product names a product, and route does not",
            "",
        ),
        (
            "metastatic-site",
            "site",
            Relation("x-not", "tumour.origin", conditions=(("category", ("organs",)),)),
            'category is never "organs"',
            "organs",
        ),
        (
            "regimen",
            "dose",
            Relation("x-same-as", "total", factor="product.label"),
            "product.label is not a quantity",
            "",
        ),
        (
            "regimen",
            "dose",
            Relation("x-within", "maximum", "dose-limit", ("notes",)),
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
        resolve_other_field(kind, kind.get_field(field_name), relation, SCHEMAS)
    assert caught.value.unknown_name == unknown_name
    assert bool(caught.value.known_names) == bool(unknown_name)
