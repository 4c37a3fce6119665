"""What is said of each mistake of shape, and that each is said once."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from bmkit.content import File, Record
from bmkit.schema import Kind, locate_shipped_schemas, read_schemas
from bmkit.shape import ShapeChecker
from bmkit.shape.rules import SHAPE_RULES

SCHEMAS = read_schemas(locate_shipped_schemas(), from_project=False)
SHAPE_CHECKER = ShapeChecker()
SOURCE = {"section": "a", "spans": [{"start": 1, "end": 2, "digest": "0123456789abcdef"}]}
FACT = {"id": "a", "tumour": "b", "share": {"low": 65, "high": 75, "unit": "%"}, "source": SOURCE}


def find_issues(kind: Kind, document: Any) -> list[tuple[Any, ...]]:
    file = File("content/x/k.json", "x", kind, document)
    issues = [
        (issue.place.pointer, issue.place.key, issue.rule, issue.message, issue.hint)
        for issue in SHAPE_CHECKER.find_issues(file)
    ]
    assert {rule for _, _, rule, _, _ in issues} <= SHAPE_RULES.keys()
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
                'write it like {"low": 65, "high": 75, "unit": "%"}',
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
                'unit "mg" measures mass, not fraction',
                (
                    "look number and unit up; share takes fraction only, "
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


LIMIT = {"id": "a", "product": "b", "route": "c", "per": "at one time", "source": SOURCE}
SIX = {"value": 6, "comparator": "<=", "unit": "mg"}
DAILY = {"value": 6, "comparator": "<=", "unit": "mg/d"}
NOT_ONE = ("missing-field", "value is missing from maximum", "value: a limit is one number, not a range")


@pytest.mark.parametrize(
    ("kind", "fields", "issue"),
    [
        ("dose-limit", {**LIMIT, "maximum": SIX}, None),
        ("dose-limit", {**LIMIT, "maximum": {"value": 6, "comparator": "<", "unit": "mg"}}, None),
        ("dose-limit", {**LIMIT, "maximum": {"value": 6, "unit": "mg"}}, None),
        ("dose-limit", {**LIMIT, "per": "per day", "maximum_daily": DAILY}, None),
        (
            "dose-limit",
            {**LIMIT, "maximum": {**SIX, "comparator": ">="}},
            ("value", 'comparator ">=" is not in its list of values', 'write "<" or "<="'),
        ),
        (
            "dose-limit",
            {**LIMIT, "per": "per day", "maximum_daily": {**DAILY, "comparator": ">"}},
            ("value", 'comparator ">" is not in its list of values', 'write "<" or "<="'),
        ),
        ("dose-limit", {**LIMIT, "maximum": {"low": 2, "high": 6, "unit": "mg"}}, NOT_ONE),
        (
            "dosing",
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
            {**LIMIT, "maximum_daily": DAILY},
            (
                "forbidden-field",
                'maximum_daily is not allowed when per is "at one time"',
                "leave maximum_daily out, or correct per",
            ),
        ),
        (
            "dose-limit",
            {**LIMIT, "per": "per day", "maximum": SIX},
            (
                "forbidden-field",
                'maximum is not allowed when per is "per day"',
                "leave maximum out, or correct per",
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
