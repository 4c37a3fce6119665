"""Whatever stands in a schema file, it is read as what it is for or refused at its place; none takes long."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError as MetaschemaError
from tests.schema.test_load import make_kind_schema, write_files

from bmkit.schema import SchemaError, Schemas, read_project_schemas, read_shipped_schemas
from bmkit.schema.keywords import (
    KEYWORD_FORMS,
    MAX_SCHEMA_DEPTH,
    MAX_SCHEMA_SIZE,
    UNREAD_KEYWORDS,
    find_keyword_faults,
    iter_subschemas,
    map_subschemas,
)
from bmkit.shape import ShapeChecker

if TYPE_CHECKING:
    from pathlib import Path

VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, Decimal("1.5"), 10**30, "", "x", "string", "#/$defs/a", "["),
    *([], [1], ["x"], ["string"], ["string", "string"], [{}], [True], [None], [[]], {}),
    *({"a": 1}, {"a": {}}, {"a": True}, {"a": None}, {"a": ["x"]}, {"a": [1]}),
]
# What JSON Schema allows and bmkit does not: nothing is in it, or it stands where only an object can.
NARROWER: dict[str, list[Any]] = {
    "enum": [[]],
    "$defs": [{"a": True}],
    **{keyword: [10**30] for keyword in ("minLength", "maxLength", "minItems", "maxItems")},
}


def is_allowed(keyword: str, value: Any) -> bool:
    try:
        Draft202012Validator.check_schema({keyword: value})
    except MetaschemaError:
        return False
    return True


@pytest.mark.parametrize("keyword", KEYWORD_FORMS)
def test_a_keyword_may_have_what_json_schema_allows(keyword: str) -> None:
    for value in VALUES:
        faults = list(find_keyword_faults({keyword: value}))
        is_refused = not is_allowed(keyword, value) or value in NARROWER.get(keyword, ())
        assert bool(faults) == is_refused, value
        assert all(fault.path[0] == keyword for fault in faults)


def test_the_shipped_schemas_are_read_and_none_is_near_a_bound() -> None:
    schemas = read_shipped_schemas()
    for name in schemas.kind_names:
        assert list(find_keyword_faults(schemas.read_document(f"{name}.schema.json"))) == []


def test_every_schema_in_a_schema_is_looked_at() -> None:
    holders = {
        **{keyword: {} for keyword in ("items", "additionalProperties", "not", "if", "then", "else")},
        **{keyword: [{}] for keyword in ("allOf", "anyOf", "oneOf")},
        **{keyword: {"a": {}} for keyword in ("properties", "$defs")},
    }
    places = [path for path, _ in iter_subschemas(holders)]
    assert {path[0] for path in places} == holders.keys()
    bad: Any = {"type": "strin"}
    nested = map_subschemas(holders, lambda _: bad)
    assert sorted(fault.path for fault in find_keyword_faults(nested)) == sorted(
        (*path, "type") for path in places
    )


def chain(count: int, last: Any) -> dict[str, Any]:
    return {f"a{number}": {"allOf": [{"$ref": f"#/$defs/a{number + 1}"}]} for number in range(count)} | {
        f"a{count}": last
    }


def double(count: int) -> dict[str, Any]:
    return {f"a{number}": {"allOf": [{"$ref": f"#/$defs/a{number + 1}"}] * 2} for number in range(count)} | {
        f"a{count}": {"type": "object"}
    }


def nest(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(depth):
        schema = {"not": schema}
    return schema


CIRCLE = f"its references lead in a circle, or through more than {MAX_SCHEMA_DEPTH} schemas"
TOO_LARGE = f"it stands for more than {MAX_SCHEMA_SIZE:,} schemas when its references are resolved"


@pytest.mark.parametrize("engine", ["jsonschema-rs", "jsonschema"])
@pytest.mark.parametrize(
    ("definitions", "is_refused"),
    [
        (chain(MAX_SCHEMA_DEPTH // 2 - 4, {"type": "object"}), False),
        (chain(MAX_SCHEMA_DEPTH, {"type": "object"}), True),
        (chain(3000, {"type": "object"}), True),
        (double(8), False),
        (double(14), True),
        (double(60), True),
        (chain(3, {"$ref": "#/$defs/a0"}), True),
        (chain(3, {"not": {"$ref": "#/$defs/a1"}}), True),
        (chain(3, {"properties": {"x": {"items": {"$ref": "#/$defs/record"}}}}), True),
        ({"a0": nest(MAX_SCHEMA_DEPTH - 6)}, False),
        ({"a0": nest(MAX_SCHEMA_DEPTH)}, True),
        ({"a0": {"oneOf": [{"type": "object"}, {"type": "text"}]}}, True),
    ],
)
def test_references_neither_lead_in_a_circle_nor_stand_for_too_much(
    definitions: dict[str, Any], is_refused: bool, engine: str
) -> None:
    document = make_kind_schema()
    document["$defs"]["record"]["allOf"] = [{"$ref": "#/$defs/a0"}]
    document["$defs"] |= definitions
    schemas = Schemas("nowhere", ("leaf",), documents={"leaf.schema.json": document, **COMMON})
    if is_refused:
        with pytest.raises(SchemaError):
            schemas.get_kind("leaf")
    else:
        ShapeChecker(engine).find_faults(schemas.get_kind("leaf"), {"$schema": "", "records": [{"id": "a"}]})


COMMON = {
    "common/text.schema.json": {"$defs": {"id": {"type": "string", "title": "Id", "description": "An id."}}}
}


@pytest.mark.parametrize(
    ("pointer", "value", "place", "message"),
    [
        ("/$defs", None, "/$defs", "$defs must be an object of schema objects"),
        ("/$defs", "text", "/$defs", "$defs must be an object of schema objects"),
        ("/$defs", {}, "/properties/records/items/$ref", "$ref #/$defs/record points to nothing"),
        ("/$defs/record", True, "/$defs", "$defs must be an object of schema objects"),
        ("/$defs/record", {"$ref": "#/$defs/x"}, "/$defs/record/$ref", "$ref #/$defs/x points to nothing"),
        ("/$defs/a.b", {}, "/$defs", 'the name "a.b" of a definition has more than letters, digits, _ and -'),
        ("/$defs/x", {"$ref": "#/$defs/x"}, "/$defs/x", CIRCLE),
        ("/$defs/x", {"properties": []}, "/$defs/x/properties", "properties must be an object of schemas"),
        ("/$defs/x", {"pattern": "(a"}, "/$defs/x/pattern", "the pattern has a group that is not closed"),
        (
            "/$defs/x",
            {"maxLength": 1e30},
            "/$defs/x/maxLength",
            "maxLength must be a whole number of at most",
        ),
        ("/$defs/x", {"$ref": "#/$defs/record/properties/id"}, "/$defs/x/$ref", "points to nothing"),
        (
            "/$defs/x",
            {"$ref": "https://example.org/"},
            "/$defs/x/$ref",
            "must point to #/$defs/… or into common/",
        ),
        ("/$defs/x", {"$ref": "common/../../etc/x#/$defs/y"}, "/$defs/x/$ref", "or into common/"),
        ("/$defs/record/allOf", [], "/$defs/record/allOf", "allOf must be a list of schemas"),
        *(
            (
                f"/$defs/record/{keyword}",
                "x",
                f"/$defs/record/{keyword}",
                "not one of the keywords that bmkit reads",
            )
            for keyword in sorted(UNREAD_KEYWORDS)
        ),
    ],
)
def test_what_is_no_schema_is_refused_at_its_place(
    tmp_path: Path, pointer: str, value: Any, place: str, message: str
) -> None:
    document = make_kind_schema()
    holder: Any = document
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        holder = holder[step]
    holder[last] = value
    text = json.dumps(document, indent=2)
    root = write_files(tmp_path, {"schema/leaf.schema.json": text})
    with pytest.raises(SchemaError) as refused:
        read_project_schemas(root).get_kind("leaf")
    assert message in str(refused.value)
    assert place in {refused.value.pointer, refused.value.bundled_pointer}
    key = place.rpartition("/")[2]
    line = text.split("\n")[refused.value.line - 1]
    assert line.lstrip().startswith(f'"{key}"' if key else "{")
