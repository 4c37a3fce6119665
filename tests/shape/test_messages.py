"""The message for each mistake of shape, and that each mistake is one issue."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.sample_kinds import make_sample_schemas
from tests.shape.conftest import find_shown_issues, make_kind

from bmkit.content import Content, File, Folder, Record
from bmkit.handbook.rule_docs import OTHER_RULES
from bmkit.shape import ShapeChecker

if TYPE_CHECKING:
    from bmkit.schema import Kind

SCHEMAS = make_sample_schemas()
SHAPE_CHECKER = ShapeChecker()
SOURCE = {"section": "a", "spans": [{"start": 1, "end": 2, "digest": "0123456789abcdef"}]}
FACT = {"id": "a", "tumour": "b", "share": {"low": 65, "high": 75, "unit": "%"}, "source": SOURCE}


def find_issues(kind: Kind, document: Any) -> list[tuple[Any, ...]]:
    folder = Folder("x")
    folder.add_file(File("content/x/k.json", "x", kind, document))
    issues = [
        (issue.place.pointer, issue.place.key, issue.rule, issue.message, issue.hint)
        for issue in find_shown_issues(SHAPE_CHECKER, Content("", SCHEMAS, {"x": folder}))
    ]
    assert {rule for _, _, rule, _, _ in issues} <= OTHER_RULES.keys()
    return sorted(issues)


def find_fact_issues(changes: dict[str, Any]) -> list[tuple[Any, ...]]:
    record = copy.deepcopy(FACT)
    for name, value in changes.items():
        if value is ...:
            del record[name]
        else:
            record[name] = value
    return find_issues(SCHEMAS.get_kind("incidence"), {"$schema": "", "records": [record]})


@pytest.mark.parametrize(
    ("changes", "issue"),
    [
        (
            {"share": {"value": 175, "unit": "%"}},
            ("/share/value", False, "too-high", "share 175 is above 100, the most allowed", ""),
        ),
        (
            {"share": {"low": Decimal("-0.5"), "high": 4, "unit": "%"}},
            ("/share/low", False, "too-low", "low -0.5 is below 0, the least allowed", ""),
        ),
        (
            {"share": {"value": "12", "unit": "%"}},
            ("/share/value", False, "type", 'the text "12" should be the number 12', "remove the quotes"),
        ),
        (
            {"share": "12 %"},
            (
                "/share",
                False,
                "type",
                'the text "12 %" should be an object',
                'write {"value": 12, "unit": "%"}',
            ),
        ),
        ({"id": 12}, ("/id", False, "type", 'the number 12 should be the text "12"', "put it in quotes")),
        ({"notes": None}, ("/notes", False, "type", "null should be a list", "leave notes out")),
        (
            {"share": None},
            (
                "/share",
                False,
                "type",
                "null should be an object",
                'write it as {"value": …, "unit": …}, or a range as {"low": …, "high": …, "unit": …}',
            ),
        ),
        (
            {"tumour": ...},
            ("", False, "missing-field", "tumour is missing", "the primary tumour"),
        ),
        (
            {"tumour": ..., "tumor": "b"},
            ("/tumor", True, "unknown-field", 'incidence has no field "tumor"', 'did you mean "tumour"?'),
        ),
        (
            {"Share": 1},
            ("/Share", True, "unknown-field", 'incidence has no field "Share"', '"share" is present already'),
        ),
        (
            {"share": {"valu": 4, "unit": "%"}},
            ("/share/valu", True, "unknown-field", 'share has no field "valu"', 'did you mean "value"?'),
        ),
        (
            {"share": {"unit": "%"}},
            (
                "/share",
                False,
                "missing-field",
                "low and high are missing from share",
                "add value, or low and high",
            ),
        ),
        (
            {"share": {"low": 4, "unit": "%"}},
            (
                "/share",
                False,
                "missing-field",
                "high is missing from share",
                "required without value",
            ),
        ),
        (
            {"share": {"value": 4}},
            (
                "/share",
                False,
                "missing-field",
                "unit is missing from share",
                "unit: the UCUM code of the unit",
            ),
        ),
        (
            {"share": {"value": 4, "low": 2, "unit": "%"}},
            (
                "/share/low",
                True,
                "forbidden-field",
                "low is not allowed beside value",
                "keep either value or low",
            ),
        ),
        (
            {"share": {"value": 4, "unit": "mg"}},
            (
                "/share/unit",
                False,
                "value",
                'unit "mg" measures mass, not share',
                (
                    "look number and unit up; share takes share only, "
                    "other measures are for the words of a statement"
                ),
            ),
        ),
        (
            {"id": "Breast Cancer"},
            ("/id", False, "pattern", '"Breast Cancer" is not a valid id', 'write "breast-cancer"'),
        ),
        (
            {"tumour": "ü"},
            (
                "/tumour",
                False,
                "pattern",
                '"ü" is not a valid id',
                'write the id of a record of the kind "tumour"',
            ),
        ),
        ({"notes": []}, ("/notes", False, "too-few", "notes is empty, at least 1 needed", "leave notes out")),
        (
            {"notes": ["a", "b", "a"]},
            ("/notes/2", False, "repeated-item", '"a" is in notes already, at position 1', "remove one"),
        ),
    ],
    ids=str,
)
def test_a_mistake_in_a_fact_is_said_once_at_its_token(
    changes: dict[str, Any], issue: tuple[Any, ...]
) -> None:
    place, key, fault, message, hint = issue
    assert find_fact_issues(changes) == [(f"/records/0{place}", key, f"shape.{fault}", message, hint)]


def test_an_unlike_field_is_answered_with_the_fields_that_there_are() -> None:
    ((place, key, _, message, hint),) = find_fact_issues({"colour": "x"})
    assert (place, key, message) == ("/records/0/colour", True, 'incidence has no field "colour"')
    assert hint.startswith("the fields are id, tumour, share, ")
    assert hint.endswith(" and source")


def test_what_is_wrong_in_one_record_hides_nothing_in_another() -> None:
    kind = SCHEMAS.get_kind("incidence")
    items = [FACT, {**FACT, "id": 1}, 3, FACT, {**FACT, "share": {"value": 175, "unit": "%"}}]
    file = File("content/x/incidence.json", "x", kind, {"$schema": "", "records": items})
    file.records = [
        Record(kind, "x", file.path, index, item)
        for index, item in enumerate(items)
        if isinstance(item, dict)
    ]
    assert [issue.place.pointer for issue in SHAPE_CHECKER.find_issues(file)] == [
        "/records/1/id",
        "/records/2",
        "/records/4/share/value",
    ]
    assert [record.is_valid for record in file.records] == [True, False, True, False]


LIMIT = {"id": "a", "product": "b", "route": "c", "per": "administration", "source": SOURCE}
SIX = {"value": 6, "comparator": "<=", "unit": "mg"}
IN_A_DAY = {"per": "time", "window": {"value": 1, "unit": "d"}, "maximum": SIX}
SPEED = {"value": 6, "comparator": "<=", "unit": "mg/min"}
NOT_ONE = ("missing-field", "value is missing from maximum", "value: a limit is one number, not a range")


@pytest.mark.parametrize(
    ("kind", "fields", "issue"),
    [
        ("dose-limit", {**LIMIT, "maximum": SIX}, None),
        ("dose-limit", {**LIMIT, "maximum": {"value": 6, "comparator": "<", "unit": "mg"}}, None),
        ("dose-limit", {**LIMIT, "maximum": {"value": 6, "unit": "mg"}}, None),
        ("dose-limit", {**LIMIT, **IN_A_DAY}, None),
        ("dose-limit", {**LIMIT, "per": "speed", "maximum": SPEED}, None),
        (
            "dose-limit",
            {**LIMIT, "maximum": {**SIX, "comparator": ">="}},
            ("value", 'comparator ">=" is not in its list of values', 'write "<" or "<="'),
        ),
        (
            "dose-limit",
            {**LIMIT, "per": "speed", "maximum": {**SPEED, "comparator": ">"}},
            ("value", 'comparator ">" is not in its list of values', 'write "<" or "<="'),
        ),
        ("dose-limit", {**LIMIT, "maximum": {"low": 2, "high": 6, "unit": "mg"}}, NOT_ONE),
        (
            "regimen",
            {
                "id": "a",
                "product": "b",
                "route": "c",
                "source": SOURCE,
                "course_limit": {"value": 1, "comparator": ">=", "unit": "wk"},
            },
            ("value", 'comparator ">=" is not in its list of values', 'write "<" or "<="'),
        ),
        (
            "dose-limit",
            {**LIMIT, **IN_A_DAY, "per": "course"},
            (
                "forbidden-field",
                'window is not allowed when per is "course"',
                "leave window out, or correct per",
            ),
        ),
        (
            "dose-limit",
            {**LIMIT, "per": "time", "maximum": SIX},
            ("missing-field", "window is missing", 'required when per is "time"'),
        ),
        (
            "dose-limit",
            {**LIMIT, "maximum": SPEED},
            (
                "value",
                'unit "mg/min" measures mass per time, not dose',
                (
                    "look number and unit up; maximum takes dose only, "
                    "other measures are for the words of a statement"
                ),
            ),
        ),
    ],
)
def test_a_limit_is_one_number_that_nothing_is_above(
    kind: str, fields: dict[str, Any], issue: tuple[str, str, str] | None
) -> None:
    issues = find_issues(SCHEMAS.get_kind(kind), {"$schema": "", "records": [fields]})
    assert [(rule.removeprefix("shape."), *message_and_hint) for _, _, rule, *message_and_hint in issues] == (
        [issue] if issue else []
    )


def find_value_issues(schema: dict[str, Any], value: Any, **definitions: Any) -> list[tuple[Any, ...]]:
    """Find the issues of a field "x" with this schema, at places relative to the record."""
    record = {"type": "object", "additionalProperties": False, "properties": {"x": schema}}
    bundled_schema = {
        "properties": {"records": {"items": {"$ref": "#/$defs/record"}}},
        "$defs": {"record": record, **definitions},
    }
    issues = find_issues(make_kind(bundled_schema), {"records": [{"x": value}]})
    return [(place.removeprefix("/records/0"), *rest) for place, *rest in issues]


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
    issues = find_value_issues({keyword: [DOSE, RANGE, {"type": "null"}]}, value)
    assert [(issue[0], issue[3]) for issue in issues] == [(place, message)]


def test_alternatives_inside_alternatives_are_told_at_the_innermost_value() -> None:
    inner = {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 2}]}
    (issue,) = find_value_issues(
        {"anyOf": [{"type": "array", "items": inner}, {"type": "boolean"}]}, [1, "abc"]
    )
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
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
            3,
            "alternatives",
            "the number 3 fits none or several of the forms that x may have",
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
        ({"format": "date"}, "0000-01-01", "date", '"0000-01-01" is not a day of the calendar'),
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
    assert [issue[2:4] for issue in find_value_issues(schema, value)] == [(f"shape.{rule}", message)]


@pytest.mark.parametrize(
    ("value", "place", "message"),
    [
        ({"value": 0, "unit": "mo"}, "/x/value", "x 0 is not above 0"),
        ({"value": "1", "unit": "mo"}, "/x/value", 'the text "1" should be the number 1'),
        ({"value": 1, "unit": "%"}, "/x/unit", 'unit "%" is not in its list of values'),
    ],
)
def test_what_stands_beside_a_reference_adds_to_what_it_refers_to(
    value: Any, place: str, message: str
) -> None:
    duration = {
        "properties": {"value": {"type": "number"}, "unit": {"enum": ["mo"]}},
        "additionalProperties": False,
    }
    schema = {"$ref": "#/$defs/duration", "properties": {"value": {"exclusiveMinimum": 0}}}
    issues = find_value_issues(schema, value, duration=duration)
    assert [(issue[0], issue[3]) for issue in issues] == [(place, message)]


def test_every_repeated_item_is_told_and_one_is_not_true() -> None:
    issues = find_value_issues(
        {"uniqueItems": True}, [1, True, Decimal("1.0"), {"a": [1]}, {"a": [Decimal(1)]}]
    )
    assert [(place, message) for place, _, _, message, _ in issues] == [
        ("/x/2", "1.0 is in x already, at position 1"),
        ("/x/4", '{"a": [1]} is in x already, at position 4'),
    ]
