"""Two engines, one answer: the same faults, and the same words for them."""

from __future__ import annotations

import copy
import os
import random
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shape.conftest import make_kind

from bmkit.content import File, Record
from bmkit.jsontext import parse_json
from bmkit.schema import Kind, SchemaError, locate_shipped_schemas, read_shipped_schemas
from bmkit.shape import ShapeChecker, reference_engine, rust_engine

if TYPE_CHECKING:
    from bmkit.issue import Issue
    from bmkit.shape.faults import SchemaEngine, ShapeFault

SCHEMAS = read_shipped_schemas()
CONTENT = os.path.join(os.path.dirname(locate_shipped_schemas()), "content")
# Every keyword that schemas may use, and every way of putting them together.
SMALL: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["value"],
    "properties": {
        "value": {"type": ["number", "string"], "minimum": 0, "maxLength": 3},
        "low": {"type": "integer", "minimum": 1, "exclusiveMaximum": 100, "multipleOf": 2},
        "high": {"$ref": "#/$defs/whole", "maximum": 50},
        "word": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2},
        "line": {"type": "string", "pattern": "^[^ \\t\\ufeff](.*[^ \\t\\ufeff])?$"},
        "digit": {"type": "string", "pattern": "^[0-9][A-Za-z0-9_]$"},
        "day": {"type": "string", "format": "date"},
        "list": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "maxItems": 2,
            "uniqueItems": True,
        },
        "any": {
            "anyOf": [{"type": "string", "minLength": 2}, {"$ref": "#/$defs/whole"}, {"$ref": "#/$defs/pair"}]
        },
        "one": {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 4}, {"$ref": "#/$defs/pair"}]},
        "constant": {"const": 4},
        "either": {"enum": ["a", 1, None, True, Decimal("4.5")]},
        "never": False,
        "other": {"not": {"type": "string"}},
        "pair": {"$ref": "#/$defs/pair"},
    },
    "dependentRequired": {"low": ["high"]},
    "if": {"properties": {"value": {"const": 12}}, "required": ["value"]},
    "then": {"required": ["word"], "properties": {"day": False}},
    "else": {"anyOf": [{"required": ["low"]}, {"required": ["list"]}, {"required": ["any", "one"]}]},
    "allOf": [{"properties": {"low": {"maximum": 90}}}, {"not": {"required": ["pair", "any"]}}],
    "$defs": {
        "whole": {"type": "integer", "exclusiveMinimum": 0},
        "pair": {
            "type": "object",
            "additionalProperties": False,
            "required": ["value", "unit"],
            "properties": {"value": {"type": "number"}, "unit": {"enum": ["mg", "g"]}},
        },
    },
}


def make_record_kind(record: dict[str, Any]) -> Kind:
    """Return a kind whose records have this schema."""
    definitions = {
        **record.get("$defs", {}),
        "record": {key: value for key, value in record.items() if key != "$defs"},
    }
    return make_kind(
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["records"],
            "properties": {"records": {"type": "array", "items": {"$ref": "#/$defs/record"}}},
            "$defs": definitions,
        }
    )


KIND = make_record_kind(SMALL)
FAST, REFERENCE = ShapeChecker("jsonschema-rs"), ShapeChecker("jsonschema")


def find_issues(shape_checker: ShapeChecker, kind: Kind, document: Any) -> list[Issue]:
    file = File("content/x/small.json", "x", kind, copy.deepcopy(document))
    items = document.get("records") if isinstance(document, dict) else None
    file.records = [
        Record(kind, "x", file.path, number, item)
        for number, item in enumerate(items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]
    return sorted(shape_checker.find_issues(file))


def sort_faults(faults: list[ShapeFault] | tuple[ShapeFault, ...]) -> list[Any]:
    return sorted(
        ((*fault[:3], [sort_faults(branch) for branch in fault.branches]) for fault in faults),
        key=repr,
    )


def assert_agreed(kind: Kind, document: Any) -> list[Issue]:
    fast_faults, reference_faults = (
        FAST.find_faults(kind, document),
        REFERENCE.find_faults(kind, document),
    )
    assert sort_faults(fast_faults) == sort_faults(reference_faults), document
    issues = find_issues(FAST, kind, document)
    assert issues == find_issues(REFERENCE, kind, document), document
    assert bool(issues) == bool(fast_faults)
    return issues


@pytest.mark.parametrize("count", [5, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SCHEMAS.kind_names)
def test_the_engines_agree_on_every_kind_made_faulty(name: str, count: int, mutations: Any) -> None:
    kind = SCHEMAS.get_kind(name)
    document = mutations.make_example(kind)
    assert assert_agreed(kind, document) == []
    for mutate in random.Random(name).sample(mutations.list_all(document), count):
        assert_agreed(kind, mutate())


def test_the_engines_agree_on_every_mutation_of_the_keywords(mutations: Any) -> None:
    record = {
        "value": 4,
        "low": 2,
        "high": 5,
        "list": ["a"],
        "word": "ab",
        "day": "2025-07-07",
        "pair": {"value": 1, "unit": "g"},
    }
    for mutate in mutations.list_all({"records": [record]}):
        assert_agreed(KIND, mutate())


def test_the_engines_agree_on_every_file_of_the_content_made_faulty(mutations: Any) -> None:
    for folder, _, files in os.walk(CONTENT):
        for name in files:
            stem, _, suffix = name.partition(".")
            if suffix == "json" and stem in SCHEMAS:
                with open(os.path.join(folder, name), "rb") as file:
                    document = parse_json(file.read())
                document["records"] = document["records"][:2]
                assert_agreed(SCHEMAS.get_kind(stem), document)
                for mutate in mutations.list_all(document)[7::211]:
                    assert_agreed(SCHEMAS.get_kind(stem), mutate())


VALUES = st.recursive(
    st.sampled_from([None, True, 0, "12", "a\n", "2025-02-30", Decimal("4.0"), {"value": "4", "unit": "mg"}])
    | st.integers(-5, 200)
    | st.text(max_size=4)
    | st.decimals(0, 200, places=1),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*SMALL["properties"], "unit"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=3 * settings().max_examples)
@given(
    st.lists(
        st.dictionaries(st.sampled_from([*SMALL["properties"], "surplus"]), VALUES, max_size=6), max_size=2
    )
)
def test_the_engines_agree_on_whatever_a_file_holds(records: list[Any]) -> None:
    assert_agreed(KIND, {"records": records})


@settings(max_examples=2 * settings().max_examples)
@given(VALUES)
def test_the_engines_agree_on_whatever_a_document_is(document: Any) -> None:
    assert_agreed(KIND, document)


@settings(max_examples=2 * settings().max_examples)
@given(VALUES)
def test_every_place_of_an_issue_is_there(value: Any) -> None:
    document = {"records": [{"value": 4, "any": value, "one": value, "pair": value, "list": value}]}
    for issue in find_issues(FAST, KIND, document):
        holder: Any = document
        *parts, last = issue.place.pointer.split("/")[1:]
        for part in parts:
            holder = holder[int(part) if isinstance(holder, list) else part]
        if issue.place.key:
            assert last in holder
        else:
            holder[int(last) if isinstance(holder, list) else last]


INVALID_SCHEMAS = [{"type": "strin"}, {"minimum": "4"}, {"pattern": "("}, {"required": "id"}]


@pytest.mark.parametrize(
    ("compile_schema", "schema"),
    [
        *((rust_engine.compile_schema, schema) for schema in INVALID_SCHEMAS),
        *((reference_engine.compile_schema, schema) for schema in INVALID_SCHEMAS),
        # The reference engine would notice where it follows the reference; no bundle has such a one.
        (rust_engine.compile_schema, {"$ref": "#/$defs/x"}),
    ],
    ids=lambda part: getattr(part, "__module__", repr(part)),
)
def test_a_schema_that_is_none_is_refused_in_one_line(compile_schema: Any, schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z"):
        compile_schema({"properties": {"a": schema}})


def test_the_kind_with_such_a_schema_is_named() -> None:
    kind = make_kind({"type": "x"}, file="schema/k")
    with pytest.raises(SchemaError, match="schema/k: is not a schema"):
        FAST.find_faults(kind, {})


def test_without_jsonschema_rs_the_reference_engine_steps_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bmkit.shape.rust_engine", raising=False)
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    issues = find_issues(ShapeChecker("auto"), KIND, {"records": [{"value": 4, "list": []}]})
    assert [issue.rule for issue in issues] == ["shape.too-few"]
    with pytest.raises(ImportError):
        ShapeChecker("jsonschema-rs")


def test_an_engine_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown engine"):
        ShapeChecker("ajv")


def test_whole_decimals_are_integers_to_both() -> None:
    engines: list[SchemaEngine] = [
        rust_engine.compile_schema({"type": "integer"}),
        reference_engine.compile_schema({"type": "integer"}),
    ]
    for engine in engines:
        assert engine(Decimal("4.0")) == []
        assert len(engine(Decimal("4.5"))) == 1
