"""What is said of each keyword that a value fails, and of values among alternatives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bmkit.content import File
from bmkit.schema import Kind
from bmkit.shape import ShapeChecker
from bmkit.shape.rules import SHAPE_RULES


def issues(kind: Kind, document: Any) -> list[tuple[Any, ...]]:
    file = File("content/x/k.json", "x", kind, document)
    found = [
        (issue.place.pointer, issue.place.key, issue.rule, issue.message, issue.hint)
        for issue in ShapeChecker().find_issues(file)
    ]
    assert {rule for _, _, rule, _, _ in found} <= SHAPE_RULES.keys()
    return sorted(found)


def of_value(schema: dict[str, Any], value: Any, **definitions: Any) -> list[tuple[Any, ...]]:
    """The issues of a field "x" with this schema, with places relative to the record."""
    record = {"type": "object", "additionalProperties": False, "properties": {"x": schema}}
    bundle = {
        "properties": {"records": {"items": {"$ref": "#/$defs/record"}}},
        "$defs": {"record": record, **definitions},
    }
    kind = Kind(
        "k",
        title="",
        description="",
        group="",
        sentence_template="",
        fields=(),
        bundled_schema=bundle,
        file="",
    )
    found = issues(kind, {"records": [{"x": value}]})
    return [(place.removeprefix("/records/0"), *rest) for place, *rest in found]


DOSE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["value", "unit"],
    "properties": {"value": {"type": "number"}, "unit": {"enum": ["mg", "g"]}},
}
RANGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["low", "high", "unit"],
    "properties": {"low": {"type": "number"}, "high": {"type": "number"}, "unit": {"enum": ["mg", "g"]}},
}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("value", "place", "message"),
    [
        ({"value": "4", "unit": "mg"}, "/x/value", 'the text "4" should be the number 4'),
        ({"low": 4, "high": "6", "unit": "mg"}, "/x/high", 'the text "6" should be the number 6'),
        ({"low": 4, "high": 6, "unit": "mgs"}, "/x/unit", 'unit "mgs" is not in its list of values'),
        ({"low": 4, "unit": "mg"}, "/x", "high is missing from x"),
        ({"value": 4, "unit": "mg", "note": "a"}, "/x/note", 'x has no field "note"'),
    ],
    ids=str,
)
def test_a_wrong_value_among_alternatives_is_told_once_on_that_value(
    keyword: str, value: Any, place: str, message: str
) -> None:
    found = of_value({keyword: [DOSE, RANGE, {"type": "null"}]}, value)
    assert [(issue[0], issue[3]) for issue in found] == [(place, message)]


def test_alternatives_inside_alternatives_are_told_at_the_innermost_value() -> None:
    inner = {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 2}]}
    (issue,) = of_value({"anyOf": [{"type": "array", "items": inner}, {"type": "boolean"}]}, [1, "abc"])
    assert (issue[0], issue[3]) == ("/x/1", "x has 3 characters, at most 2 allowed")


@pytest.mark.parametrize(
    ("schema", "value", "rule", "message"),
    [
        (
            {"oneOf": [{"minimum": 1}, {"minimum": 2}]},
            3,
            "alternatives",
            "the number 3 fits none or several of the forms that x may have",
        ),
        (
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {"a": 1, "b": 1},
            "alternatives",
            "a and b exclude each other",
        ),
        (
            {"anyOf": [{"required": ["a"]}, {"required": ["b", "c"]}]},
            {},
            "missing-field",
            "a or b and c is missing",
        ),
        (
            {"not": {"required": ["a", "b"]}},
            {"a": 1, "b": 1},
            "alternatives",
            "a and b exclude each other",
        ),
        ({"not": {"const": 4}}, 4, "forbidden-value", "the number 4 is not allowed as x"),
        ({"const": "a"}, "b", "value", 'x is "b", but must be "a"'),
        ({"exclusiveMinimum": 0}, 0, "too-low", "x 0 is not above 0"),
        ({"exclusiveMaximum": 5}, Decimal("5.0"), "too-high", "x 5.0 is not below 5"),
        ({"multipleOf": Decimal("0.5")}, Decimal("4.2"), "not-a-multiple", "x 4.2 is not a multiple of 0.5"),
        ({"minLength": 3}, "ab", "too-short", "x has 2 characters, at least 3 needed"),
        ({"maxItems": 1}, [1, 2], "too-many", "x has 2 items, at most 1 allowed"),
        ({"format": "date"}, "2025-02-30", "date", '"2025-02-30" is not a day of the calendar'),
        ({"format": "date"}, "07.07.2025", "date", '"07.07.2025" is not a date'),
        ({"type": "boolean"}, "true", "type", 'the text "true" should be the value true'),
        ({"type": ["number", "null"]}, [1], "type", "x is a list, and should be a number or null"),
        ({"type": "string", "enum": ["a"], "minLength": 2}, 1, "type", "the number 1 should be a text"),
        (
            {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}},
            {"a": 1},
            "missing-field",
            "b is missing from x",
        ),
        ({"dependentRequired": {"a": ["b", "c"]}}, {"a": 1}, "missing-field", "b and c are missing from x"),
        (
            {"type": "string", "maxLength": 2},
            "a\u202eb\n" * 30,
            "too-long",
            "x has 120 characters, at most 2 allowed",
        ),
        ({"pattern": "^a$"}, "\u202e\n", "pattern", '"\\u202e\\n" is not a valid x'),
    ],
    ids=repr,
)
def test_each_keyword_has_words(schema: dict[str, Any], value: Any, rule: str, message: str) -> None:
    assert [issue[2:4] for issue in of_value(schema, value)] == [(f"shape.{rule}", message)]


def test_every_repeated_item_is_told_and_one_is_not_true() -> None:
    found = of_value({"uniqueItems": True}, [1, True, Decimal("1.0"), {"a": [1]}, {"a": [Decimal(1)]}])
    assert [(place, message) for place, _, _, message, _ in found] == [
        ("/x/2", "1.0 is in x already, at position 1"),
        ("/x/4", '{"a": [1]} is in x already, at position 4'),
    ]
