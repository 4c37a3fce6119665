"""What fields a schema gives, and what shapes are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bmkit.schema import SchemaError, Schemas, read_shipped_schemas

SCHEMAS = read_shipped_schemas()
OBJECT = {"type": "object", "additionalProperties": False}
TEXT = {"type": "string", "title": "T", "description": "D."}


def make_schemas(properties: dict[str, Any], **more: Any) -> Schemas:
    record = {**OBJECT, "required": ["id"], "properties": {"id": {"type": "string"}, **properties}}
    document = {"title": "Kind", "$defs": {"record": record, **more.pop("definitions", {})}, **more}
    return Schemas("nowhere", ("kind",), documents={"kind.schema.json": document, **COMMON})


COMMON: dict[str, Any] = {
    "common/text.schema.json": {
        "$defs": {
            "word": {**TEXT, "title": "Word", "pattern": "^a$"},
            "again": {"$ref": "#/$defs/word", "title": "Again"},
            "round": {"$ref": "#/$defs/round"},
        }
    },
    "common/more.schema.json": {"$defs": {"far": {"$ref": "text.schema.json#/$defs/again"}}},
}


def test_every_shipped_kind_has_fields_with_titles() -> None:
    for kind in SCHEMAS:
        assert kind.get_field("id").required
        assert kind.group in {"term", "fact", "article"}
        assert all(field.title and field.description for field in kind.walk_fields())
        assert all(field.target_kind in SCHEMAS for field in kind.reference_fields)
        assert all(field.units and field.dimension for field in kind.quantity_fields)


def test_a_field_says_what_its_schema_says() -> None:
    kind = make_schemas(
        {
            "word": {
                "$ref": "common/text.schema.json#/$defs/again",
                "description": "Here.",
                "examples": ["a"],
            },
            "far": {
                "type": "array",
                "title": "Far",
                "items": {"$ref": "common/more.schema.json#/$defs/far", "x-ref": "kind"},
            },
            "size": {"type": "integer", "minimum": 1, "exclusiveMaximum": 9, "enum": [1, 2]},
            "part": {
                **OBJECT,
                "properties": {
                    "deep": {
                        "type": "array",
                        "items": {**OBJECT, "properties": {"flag": {"type": "boolean"}}},
                    }
                },
            },
        }
    ).get_kind("kind")
    word, far, size = kind.get_field("word"), kind.get_field("far"), kind.get_field("size")
    assert (word.title, word.description, word.pattern, word.examples) == ("Again", "Here.", "^a$", ("a",))
    assert (far.type, far.is_list, far.target_kind, far.title) == ("reference", True, "kind", "Far")
    assert (size.type, size.minimum, size.maximum, size.values) == ("integer", 1, 9, (1, 2))
    assert kind.get_field("part.deep.flag").path == ("part", "deep", "flag")
    assert kind.get_field("part.deep").is_list
    assert [field.name for field in kind.reference_fields] == ["far"]
    with pytest.raises(KeyError, match="kind has no field 'sise'"):
        kind.get_field("sise")
    with pytest.raises(KeyError, match="part has no field 'x'"):
        kind.get_field("part.x")


def test_a_kind_or_a_field_can_be_what_no_text_names() -> None:
    kind = make_schemas({"step": {**TEXT, "x-named": "never"}, "word": TEXT}).get_kind("kind")
    assert kind.is_named
    assert [field.name for field in kind.fields if not field.is_named] == ["step"]
    assert not make_schemas({"word": TEXT}, **{"x-named": "never"}).get_kind("kind").is_named


def test_a_bundle_needs_no_other_file() -> None:
    bundle = json.dumps(
        make_schemas({"far": {"$ref": "common/more.schema.json#/$defs/far"}}).get_kind("kind").bundled_schema
    )
    assert "schema.json" not in bundle
    assert '"#/$defs/text.again"' in bundle


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"type": ["string", "null"]}, "type must be one of"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "type must be one of"),
        ({}, "type must be one of"),
        (True, "a schema must be an object here"),
        ({"type": "object"}, "an object must list its properties"),
        ({"type": "object", "properties": {}}, "an object must be closed"),
        (
            {**OBJECT, "properties": {}, "patternProperties": {}},
            "patternProperties is not one of the keywords",
        ),
        ({"type": "string", "contains": {}}, "contains is not one of the keywords"),
        ({"type": "array"}, "a list must say what its items are"),
        ({"type": "array", "items": {"type": "array", "items": TEXT}}, "they must not be lists"),
        (
            {**OBJECT, "properties": {"a": {**OBJECT, "properties": {"b": {**OBJECT, "properties": {}}}}}},
            "at most 2 deep",
        ),
        ({"x-unit": "mass", **OBJECT, "properties": {"unit": TEXT}}, "a quantity needs a property 'value'"),
        ({"$ref": "common/text.schema.json#/$defs/none"}, "points to nothing"),
        ({"$ref": "common/text.schema.json#/$defs/round"}, "circle"),
        ({"$ref": "#/$defs/none"}, "points to nothing"),
        ({"$ref": "#/properties/x"}, "must point to #/\\$defs/"),
        ({"$ref": "other.schema.json#/$defs/x"}, "or into common/"),
        ({"$ref": "https://example.org/x"}, "or into common/"),
    ],
    ids=str,
)
def test_a_shape_that_a_field_cannot_tell_is_refused(field: Any, message: str) -> None:
    with pytest.raises(SchemaError, match=message) as refused:
        make_schemas({"x": field}).get_kind("kind")
    assert refused.value.file.startswith("schema/")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("record", [None, {"type": "array"}, {"type": "string"}, []])
def test_a_record_must_be_an_object_of_fields(record: Any) -> None:
    documents = {"kind.schema.json": {"$defs": {} if record is None else {"record": record}}}
    with pytest.raises(SchemaError):
        Schemas("nowhere", ("kind",), documents=documents).get_kind("kind")
