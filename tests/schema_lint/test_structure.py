"""The schemas keep the conventions, and each broken convention is an issue at its place."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bmkit.export.fhir.terms import CONCEPT_SYSTEM, FIELD_SYSTEM, WORD_SYSTEM
from bmkit.issue import Severity
from bmkit.schema import Schemas, read_shipped_schemas
from bmkit.schema_lint import find_schema_issues
from bmkit.schema_lint.structure import RESERVED_TERM_KINDS
from bmkit.shape import ShapeChecker

EXPLAINED = {"title": "Word", "description": "A word.", "examples": ["a"]}
GOOD: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Kind",
    "description": "A kind.",
    "x-group": "fact",
    "x-sentence": "{word}[ or {other}]",
    "type": "object",
    "additionalProperties": False,
    "required": ["$schema", "records"],
    "properties": {
        "$schema": {"type": "string", **EXPLAINED},
        "records": {"type": "array", "items": {"$ref": "#/$defs/record"}, **EXPLAINED, "examples": [[]]},
    },
    "$defs": {
        "record": {
            "type": "object",
            "title": "Kind",
            "description": "A kind.",
            "additionalProperties": False,
            "required": ["id", "word"],
            "properties": {
                "id": {"type": "string", **EXPLAINED},
                "word": {"type": "string", "maxLength": 3, **EXPLAINED},
                "other": {"type": "string", "x-ref": "kind", **EXPLAINED},
                "part": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"size": {"type": "integer", **EXPLAINED, "examples": [1]}},
                    **EXPLAINED,
                    "examples": [{"size": 2}],
                },
                "list": {"type": "array", "items": {"type": "string"}, **EXPLAINED, "examples": [["a"]]},
            },
            "if": {"required": ["other"]},
            "then": {"properties": {"part": False}},
        }
    },
}
RECORD = "/$defs/record"
FIELDS = f"{RECORD}/properties"


def list_faults(document: dict[str, Any], name: str = "kind") -> list[tuple[str, str, str]]:
    schemas = Schemas("nowhere", (name,), documents={f"{name}.schema.json": document})
    issues = find_schema_issues(schemas, ShapeChecker())
    assert {issue.place.file for issue in issues} <= {f"schema/{name}.schema.json"}
    return [(issue.place.pointer, issue.rule, issue.message) for issue in issues]


def change_schema(pointer: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(GOOD)
    holder: Any = changed
    *parts, last = pointer.split("/")[1:]
    for part in parts:
        holder = holder[part]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return changed


def test_the_shipped_schemas_keep_the_conventions() -> None:
    assert find_schema_issues(read_shipped_schemas(), ShapeChecker()) == []
    assert (
        find_schema_issues(
            read_shipped_schemas(),
            ShapeChecker("jsonschema"),
            ["regimen", "site"],
        )
        == []
    )


def test_a_good_schema_has_no_issue() -> None:
    assert list_faults(GOOD) == []


OPEN = "an object must be closed with additionalProperties: false"
WORD, SIZE = f"{FIELDS}/word", f"{FIELDS}/part/properties/size"


@pytest.mark.parametrize(
    ("pointer", "value", "place", "rule", "message"),
    [
        ("/title", ..., "", "no-title", "the kind has no title"),
        ("/$defs/record/description", ..., RECORD, "no-description", "record has no description"),
        (f"{WORD}/title", ..., WORD, "no-title", "word has no title"),
        (f"{WORD}/title", " ", WORD, "no-title", "word has no title"),
        (f"{WORD}/title", "a\nb", "", "wording", "the title has a character that cannot be shown"),
        (f"{WORD}/title", "\ufffe", "", "wording", "the title has a character that cannot be shown"),
        (
            "/title",
            "T" * 101,
            "",
            "wording",
            "the title has 101 characters, over the 100 that there is room for",
        ),
        (
            f"{WORD}/description",
            f"{'d' * 1000}.",
            "",
            "wording",
            "the description has 1,001 characters, over the 1,000 that there is room for",
        ),
        (f"{WORD}/description", "", WORD, "no-description", "word has no description"),
        (
            f"{WORD}/description",
            "a",
            "",
            "description",
            "a description is a sentence and ends with a full stop",
        ),
        (f"{WORD}/examples", ..., WORD, "no-examples", "word has no examples"),
        (f"{SIZE}/title", ..., SIZE, "no-title", "size has no title"),
        (f"{WORD}/examples", ["a", "abcd"], "/1", "example", "word has 4 characters, at most 3 allowed"),
        (
            f"{FIELDS}/part/examples",
            [{"size": "2"}],
            "/0/size",
            "example",
            'the text "2" should be the number 2',
        ),
        (f"{FIELDS}/list/examples", [["a", 1]], "/0/1", "example", 'the number 1 should be the text "1"'),
        (f"{SIZE}/examples", ["x"], f"{FIELDS}/part", "example", 'the text "x" should be a whole number'),
        (f"{WORD}/minLenght", 1, "", "keyword", '"minLenght" is not a keyword that bmkit understands'),
        (f"{WORD}/x-reff", "kind", "", "annotation", '"x-reff" is not an annotation that bmkit knows'),
        (
            f"{RECORD}/then/properties/part",
            {"x-ref": "kind"},
            "/x-ref",
            "annotation",
            "x-ref is read on a field only",
        ),
        (f"{FIELDS}/other/x-ref", "knid", "", "reference", 'unknown kind "knid"'),
        (f"{WORD}/format", "color", "", "format", 'the format "color" is not one that bmkit checks'),
        ("/x-group", "thing", "", "group", "x-group does not name a group"),
        ("/x-group", ..., "", "group", "x-group does not name a group"),
        ("/x-sentence", "{wrod}", "", "sentence", "the template names {wrod}: kind has no field 'wrod'"),
        (
            "/x-sentence",
            "{part.size}",
            "",
            "sentence",
            "the template needs {part.size}, which a record may not have",
        ),
        ("/x-sentence", "{other}", "", "sentence", "the template needs {other}, which a record may not have"),
        (
            "/x-sentence",
            "{word",
            "",
            "sentence",
            "the template cannot be read at character 1: { is not closed",
        ),
        (
            "/x-sentence",
            "[{word=many?}{word}|{word}]",
            "",
            "sentence",
            'the template asks whether word is "many", which is not in its closed list',
        ),
        ("/x-sentence", ..., "", "sentence", "a fact needs an x-sentence"),
        (
            "/$defs/record/required",
            ["word"],
            RECORD,
            "id",
            "a record needs an id, and the id must be required",
        ),
        ("/required", ["records"], "", "wrong-frame", "a file must be an object of $schema and records"),
        ("/additionalProperties", ..., "", "not-closed", OPEN),
        ("/$defs/extra", {"type": "object", "properties": {}}, "", "not-closed", OPEN),
    ],
)
def test_a_broken_convention_is_told_at_its_place(
    pointer: str, value: Any, place: str, rule: str, message: str
) -> None:
    """The place counts from the changed value on, or from the top where it is not inside that value."""
    is_whole = place.startswith("/$defs") or value is ... or rule == "wrong-frame"
    expected_pointer = place if is_whole else f"{pointer}{place}"
    faults = [
        (pointer_found, text)
        for pointer_found, found_rule, text in list_faults(change_schema(pointer, value))
        if found_rule == f"schema.{rule}"
    ]
    assert [pointer_found for pointer_found, _ in faults] == [expected_pointer]
    assert message in faults[0][1]


@pytest.mark.parametrize("name", RESERVED_TERM_KINDS)
def test_no_kind_of_terms_is_called_like_a_list_of_bmkit(name: str) -> None:
    message = f'no kind of terms can be called "{name}": a list of bmkit is called so'
    assert message in [fault[2] for fault in list_faults({**GOOD, "x-group": "term"}, name)]
    assert message not in [fault[2] for fault in list_faults({**GOOD, "x-group": "fact"}, name)]
    assert {CONCEPT_SYSTEM, FIELD_SYSTEM, WORD_SYSTEM} == {*RESERVED_TERM_KINDS}


def test_names_are_written_in_one_way() -> None:
    assert list_faults(GOOD, "myKind")[0][1:] == (
        "schema.name",
        'the kind "myKind" is not in lower-case words joined by hyphens',
    )
    changed = change_schema(f"{FIELDS}/my-word", {"type": "string", **EXPLAINED})
    assert list_faults(changed) == [
        (
            f"{FIELDS}/my-word",
            "schema.name",
            'the field "my-word" is not in lower-case words joined by underscores',
        )
    ]


@pytest.mark.parametrize("keyword", ["X-ref", "xref", "x_ref", "X-REF", "x ref", "x-reff"])
def test_an_annotation_written_in_another_way_comes_with_a_hint(keyword: str) -> None:
    schemas = Schemas(
        "nowhere",
        ("kind",),
        documents={"kind.schema.json": change_schema(f"{FIELDS}/word/{keyword}", "kind")},
    )
    assert [issue.hint for issue in find_schema_issues(schemas, ShapeChecker())] == ['did you mean "x-ref"?']


@pytest.mark.parametrize("keyword", ["X-order", "xorder", "x_order"])
def test_a_relation_written_in_another_way_comes_with_a_hint(keyword: str) -> None:
    schemas = Schemas(
        "nowhere",
        ("kind",),
        documents={"kind.schema.json": change_schema(f"{FIELDS}/word/{keyword}", "other")},
    )
    assert [issue.hint for issue in find_schema_issues(schemas, ShapeChecker())] == [
        'did you mean "x-order"?'
    ]


def test_a_missing_example_is_no_error() -> None:
    schemas = Schemas(
        "nowhere", ("kind",), documents={"kind.schema.json": change_schema(f"{FIELDS}/word/examples", ...)}
    )
    (issue,) = find_schema_issues(schemas, ShapeChecker())
    assert issue.severity is Severity.WARNING


def list_quantity_faults(dimension: Any, *units: Any) -> list[tuple[str, str, str]]:
    number = {"type": "number", **EXPLAINED, "examples": [4]}
    unit = {"type": "string", **EXPLAINED, "enum": list(units), "examples": list(units[:1])}
    dose = {
        "type": "object",
        "x-unit": dimension,
        "additionalProperties": False,
        "properties": {"value": number, "low": number, "high": number, "unit": unit},
        **EXPLAINED,
        "examples": [{"value": 4, "unit": units[0]}],
    }
    return list_faults(change_schema(f"{FIELDS}/dose", dose))


def test_the_units_of_a_quantity_measure_its_dimension() -> None:
    dose_pointer = f"{FIELDS}/dose"
    assert list_quantity_faults("mass", "mg", "ug") == []
    assert list_quantity_faults(["mg", "mL"], "mg", "mL") == []
    assert list_quantity_faults("mass", "mg", "mgs", "mL") == [
        (f"{dose_pointer}/properties/unit/enum/1", "schema.unit", '"mgs" is not a unit of UCUM'),
        (f"{dose_pointer}/properties/unit/enum/2", "schema.unit", '"mL" is no unit of mass'),
    ]
    assert list_quantity_faults("dose", "mg", "mg/kg", "{puff}", "[USP'U]") == []
    assert list_quantity_faults("dose", "mg", "mg/h") == [
        (f"{dose_pointer}/properties/unit/enum/1", "schema.unit", '"mg/h" is no unit of dose'),
    ]
    # A unit that no dimension has can be compared with itself, and so stands alone.
    assert list_quantity_faults(["[stone_av]"], "[stone_av]") == []
    assert [message for _, _, message in list_quantity_faults(["mg", "[stone_av]"], "mg")] == [
        '"[stone_av]" is in no dimension, so it cannot be compared with the other units'
    ]
    assert ("schema.unit", 'unknown dimension "mas"') in [
        issue[1:] for issue in list_quantity_faults("mas", "mg")
    ]
    assert (f"{dose_pointer}/x-unit/1", "schema.unit", '"mgs" is not a unit of UCUM') in list_quantity_faults(
        ["mg", "mgs"], "mg"
    )
