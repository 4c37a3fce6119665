"""A wrong annotation in a project's own schema is an issue, for the command and in the editor."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from bmkit.cli import main
from bmkit.content.terminologies import TERMINOLOGY_URLS
from bmkit.lsp.document import Project
from bmkit.rules import load_all_rules
from bmkit.schema import Schemas, locate_shipped_schemas, read_schemas
from bmkit.schema_lint import find_schema_issues
from bmkit.shape import ShapeChecker

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.issue import Issue

CONTENT = os.path.join(os.path.dirname(__file__), "..", "..", "content")
FILES = (
    *("bone-metastasis/section.json", "bone-metastasis/regimen.json", "bone-metastasis/dose-limit.json"),
    *("bone-metastasis/article.json", "terms/product.json"),
)
FIELDS = ("$defs", "record", "properties")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with schemas of its own."""
    root = tmp_path_factory.mktemp("annotated")
    skipped = shutil.ignore_patterns("meta", "report")
    shutil.copytree(locate_shipped_schemas(), root / "schema", ignore=skipped)
    for name in FILES:
        (root / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(os.path.join(CONTENT, name), root / "content" / name)
    facts = root / "content" / "bone-metastasis" / "incidence.json"
    facts.write_text('{"$schema": "../../schema/incidence.schema.json", "records": []}', "utf-8")
    return root


def make_limit(field: str, *same: str) -> dict[str, Any]:
    return {"kind": "dose-limit", "field": field, "same": list(same)}


def make_parts(part: str, *same: str) -> dict[str, Any]:
    return {"part": part, "same": list(same)}


DOSE, ORDER, SHARE = (*FIELDS, "dose"), (*FIELDS, "order"), (*FIELDS, "share")
START, LABEL, TUMOUR = (*FIELDS, "start"), (*FIELDS, "label"), (*FIELDS, "tumour")
UNTOLD = "which cannot tell records apart"
WRONG = [
    ("regimen", DOSE, "x-at-most", "product", "x-at-most: dose and product cannot be compared"),
    ("regimen", DOSE, "x-below", "source", "x-below: dose and source cannot be compared"),
    ("regimen", DOSE, "x-below", "notes", "x-below: dose and notes cannot be compared"),
    ("regimen", (*FIELDS, "product"), "x-below", "dose", "x-below: product and dose cannot be compared"),
    ("section", LABEL, "x-below", "end", "x-below: label and end cannot be compared"),
    ("section", START, "x-below", "label", "x-below: start and label cannot be compared"),
    ("section", START, "x-same-dimension", "end", "x-same-dimension: start is not a quantity"),
    ("regimen", DOSE, "x-at-most", "product.label", "x-at-most: dose and product.label cannot be compared"),
    ("regimen", DOSE, "x-at-most", "nothing.label", 'x-at-most: beside it there is no field "nothing"'),
    (
        "regimen",
        DOSE,
        "x-at-most",
        make_limit("per", "product"),
        "x-at-most: dose and per cannot be compared",
    ),
    (
        "regimen",
        DOSE,
        "x-at-most",
        make_limit("maximum", "source"),
        f"source of regimen is an object, {UNTOLD}",
    ),
    ("regimen", DOSE, "x-at-most", make_limit("maximum", "notes"), f"notes of regimen is a list, {UNTOLD}"),
    ("section", ORDER, "x-ref", "site", "x-ref: an id is a text, but the field is of another type"),
    ("regimen", DOSE, "x-ref", "site", "x-ref: an id is a text, but the field is of another type"),
    ("section", LABEL, "x-ref", 5, 'x-ref: the number 5 should be the text "5"'),
    ("section", LABEL, "x-ref", "sitee", 'unknown kind "sitee"'),
    (
        "incidence",
        SHARE,
        "x-sum",
        make_parts("share", "tumour"),
        f"share of incidence is a quantity, {UNTOLD}",
    ),
    (
        "incidence",
        SHARE,
        "x-sum",
        make_parts("tumour", "source"),
        f"source of incidence is an object, {UNTOLD}",
    ),
    ("incidence", SHARE, "x-sum", make_parts("tumour", "notes"), f"notes of incidence is a list, {UNTOLD}"),
    ("incidence", TUMOUR, "x-sentence", "{id}", "x-sentence is read on a kind only"),
    ("incidence", TUMOUR, "x-group", "fact", "x-group is read on a kind only"),
    ("incidence", (), "x-below", "share", "x-below is read on a field only"),
    ("incidence", (*FIELDS[:2],), "x-below", "share", "x-below is read on a field only"),
    (
        "incidence",
        (*FIELDS, "notes", "items"),
        "x-below",
        "id",
        "x-below is read on a list, not on its items",
    ),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case[-1])
def test_a_wrong_annotation_is_told_of_the_schema_and_nothing_crashes(
    root: Path, capsys: pytest.CaptureFixture[str], case: tuple[str, tuple[str, ...], str, Any, str]
) -> None:
    kind, path, annotation, value, message = case
    file = root / "schema" / f"{kind}.schema.json"
    schema_text = file.read_text("utf-8")
    document = json.loads(schema_text)
    subschema = document
    for step in path:
        subschema = subschema[step]
    subschema[annotation] = value
    file.write_text(json.dumps(document, indent=2), "utf-8")
    try:
        assert main(["validate", "--root", os.fspath(root), "--format", "json"]) == 1
        issues = json.loads(capsys.readouterr().out)["issues"]
        edited_messages = [issue.issue.message for issue in Project(os.fspath(root), {}).find_issues()]
    finally:
        file.write_text(schema_text, "utf-8")
    (schema_issue,) = [
        issue for issue in issues if issue["file"].startswith("schema/") and message in issue["message"]
    ]
    assert schema_issue["pointer"].startswith("".join(f"/{step}" for step in path))
    assert schema_issue["message"] in edited_messages
    assert not [issue for issue in issues if issue["rule"].startswith("relations.")]


def test_the_project_itself_has_no_issue_of_its_schemas(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["validate", "--root", os.fspath(root), "--select", "schema", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["issues"] == []


SHIPPED = read_schemas(locate_shipped_schemas(), from_project=False)


def find_system_faults(change: dict[str, Any], field: str = "codes") -> list[tuple[str, str]]:
    document = copy.deepcopy(SHIPPED.read_document("site.schema.json"))
    document["$defs"]["record"]["properties"][field].update(change)
    schemas = Schemas(
        SHIPPED.folder, SHIPPED.kind_names, from_project=False, documents={"site.schema.json": document}
    )
    return [
        (issue.place.pointer.removeprefix("/$defs/record/properties"), issue.message)
        for issue in find_schema_issues(schemas, ShapeChecker(), ["site"])
    ]


def test_the_systems_of_a_field_are_read() -> None:
    assert "UBERON" in SHIPPED.get_kind("site").get_field("codes").systems
    assert SHIPPED.get_kind("site").get_field("label").systems == ()


def test_every_system_that_terms_use_is_one_that_the_code_may_name() -> None:
    for kind in SHIPPED:
        for field in kind.fields:
            assert set(field.systems) <= TERMINOLOGY_URLS.keys()


@pytest.mark.parametrize(
    ("systems", "place", "message"),
    [
        (["UBERON", "UBERN"], "/codes/x-systems/1", 'x-systems: "UBERN" is not one of the systems of a code'),
        ([], "/codes/x-systems", "x-systems: "),
        ("UBERON", "/codes/x-systems", "x-systems: "),
    ],
)
def test_a_wrong_list_of_systems_is_told_at_its_place(systems: Any, place: str, message: str) -> None:
    ((pointer, text),) = find_system_faults({"x-systems": systems})
    assert pointer == place
    assert text.startswith(message)


def test_systems_on_a_field_without_codes_mean_nothing() -> None:
    assert find_system_faults({"x-systems": ["UBERON"]}, "label") == [
        ("/label/x-systems", "x-systems: label holds no codes, objects with a system")
    ]


DOSE_OF_TWO_UNITS = {
    "type": "object",
    "title": "Part",
    "description": "A part.",
    "x-unit": "share",
    "additionalProperties": False,
    "examples": [{"value": 4, "unit": "%"}],
    "properties": {
        **{
            name: {
                "type": "number",
                "maximum": 100,
                "title": "Number",
                "description": "A number.",
                "examples": [4],
            }
            for name in ("value", "low", "high")
        },
        "unit": {
            "type": "string",
            "title": "Unit",
            "description": "A unit.",
            "enum": ["%", "[ppth]"],
            "examples": ["%"],
        },
    },
}
PERCENT_RANGE = {"low": 1, "high": 50, "unit": "%"}
INCIDENCE_FILE = "incidence.schema.json"


def list_annotation_issues(annotations: dict[str, Any], engine: str = "auto") -> list[Issue]:
    """Return the issues of the schema of incidence with these annotations on its share."""
    document = copy.deepcopy(SHIPPED.read_document(INCIDENCE_FILE))
    document["$defs"]["record"]["properties"]["share"].update(annotations)
    schemas = Schemas(SHIPPED.folder, SHIPPED.kind_names, documents={INCIDENCE_FILE: document})
    return find_schema_issues(schemas, ShapeChecker(engine), ["incidence"])


def test_the_shipped_schemas_declare_nothing_that_cannot_hold() -> None:
    assert find_schema_issues(SHIPPED, ShapeChecker()) == []


@pytest.mark.parametrize("engine", ["jsonschema-rs", "jsonschema"])
@pytest.mark.parametrize(
    ("annotations", "pointer", "message"),
    [
        ({"x-at-moost": "share"}, "/x-at-moost", '"x-at-moost" is not an annotation that bmkit knows'),
        ({"x-at-most": "shares"}, "/x-at-most", 'x-at-most: beside it there is no field "shares"'),
        ({"x-at-most": "share"}, "/x-at-most", "x-at-most: share is related to itself"),
        ({"x-at-most": "tumour"}, "/x-at-most", "x-at-most: share and tumour cannot be compared"),
        ({"x-at-most": "tumour.size"}, "/x-at-most", 'x-at-most: tumour has no field "size"'),
        (
            {"x-at-most": "possibility.size"},
            "/x-at-most",
            "x-at-most: possibility does not refer to a record, so possibility.size leads nowhere",
        ),
        ({"x-below": 7}, "/x-below", 'x-below: the number 7 should be the text "7"'),
        ({"x-below": {"kind": "site"}}, "/x-below", "x-below: is an object, and should be a text"),
        (
            {"x-same-dimension": "tumour"},
            "/x-same-dimension",
            "x-same-dimension: share and tumour cannot be compared",
        ),
        (
            {"x-at-most": {"kind": "dose-limits", "field": "maximum", "same": ["tumour"]}},
            "/x-at-most",
            'x-at-most: unknown kind "dose-limits"',
        ),
        (
            {"x-at-most": {"kind": "dose-limit", "field": "maximum", "same": ["tumour"]}},
            "/x-at-most",
            'x-at-most: dose-limit has no field "tumour"',
        ),
        (
            {"x-at-most": {"kind": "survival", "field": "time", "same": ["tumour"]}},
            "/x-at-most",
            "x-at-most: share is a share, and time a time",
        ),
        (
            {"x-at-most": {"kind": "survival", "field": "time"}},
            "/x-at-most",
            "x-at-most: same is missing from x-at-most",
        ),
        ({"x-sum": {"part": "tumour", "same": ["tumor"]}}, "/x-sum", 'x-sum: incidence has no field "tumor"'),
        ({"x-sum": "tumour"}, "/x-sum", 'x-sum: the text "tumour" should be an object'),
        (
            {"x-plausible": [{"low": 9, "high": 3, "unit": "%"}]},
            "/x-plausible",
            "x-plausible: low 9 is not below high 3",
        ),
        (
            {"x-plausible": [{"low": 3, "high": 9, "unit": "mg"}]},
            "/x-plausible",
            "x-plausible: mg does not measure what % do",
        ),
        (
            {"x-plausible": {"low": 3, "high": 9, "unit": "%"}},
            "/x-plausible",
            "x-plausible: is an object, and should be a list",
        ),
        (
            {"x-plausible": [PERCENT_RANGE, {"low": 1, "high": 2, "unit": "%"}]},
            "/x-plausible",
            "x-plausible: there is another range in a unit like % for the same records",
        ),
        (
            {"x-plausible": [{**PERCENT_RANGE, "where": {"tumor": "lung-cancer"}}]},
            "/x-plausible",
            'x-plausible: incidence has no field "tumor"',
        ),
        (
            {"x-plausible": [{**PERCENT_RANGE, "where": {"possibility": ["can", "must"]}}]},
            "/x-plausible",
            'x-plausible: possibility is never "must"',
        ),
        (
            {"x-plausible": [{**PERCENT_RANGE, "where": {"tumour": 5}}]},
            "/x-plausible/0/where/tumour",
            "x-plausible: the number 5 should be a text or true or false",
        ),
    ],
)
def test_an_annotation_that_cannot_hold_is_reported_at_its_place(
    annotations: dict[str, Any], pointer: str, message: str, engine: str
) -> None:
    (issue,) = list_annotation_issues(annotations, engine)
    assert issue.rule == "schema.annotation"
    assert issue.place.file == "schema/incidence.schema.json"
    assert issue.place.pointer == f"/$defs/record/properties/share{pointer}"
    assert issue.message == message


def test_a_misspelt_annotation_and_a_misspelt_field_come_with_a_hint() -> None:
    assert [issue.hint for issue in list_annotation_issues({"x-at-moost": "share"})] == [
        'did you mean "x-at-most"?'
    ]
    assert [issue.hint for issue in list_annotation_issues({"x-below": "tumor"})] == [
        'did you mean "tumour"?'
    ]


def test_a_sum_needs_a_whole_in_its_unit() -> None:
    document = copy.deepcopy(SHIPPED.read_document(INCIDENCE_FILE))
    share = {**DOSE_OF_TWO_UNITS, "x-sum": {"part": "tumour", "same": ["id"]}}
    document["$defs"]["record"]["properties"]["share"] = share
    schemas = Schemas(SHIPPED.folder, SHIPPED.kind_names, documents={INCIDENCE_FILE: document})
    messages = [issue.message for issue in find_schema_issues(schemas, ShapeChecker(), ["incidence"])]
    assert messages == ["x-sum: the field needs one unit, which is that of the whole"]


def test_a_sum_needs_a_whole() -> None:
    document = copy.deepcopy(SHIPPED.read_document("survival.schema.json"))
    document["$defs"]["record"]["properties"]["time"]["x-sum"] = {"part": "statistic", "same": ["tumour"]}
    schemas = Schemas(SHIPPED.folder, SHIPPED.kind_names, documents={"survival.schema.json": document})
    (issue,) = find_schema_issues(schemas, ShapeChecker(), ["survival"])
    assert issue.message == "x-sum: the field needs numbers and a maximum, which is the whole"


def test_the_metaschema_is_a_schema_and_every_annotation_is_explained() -> None:
    with open(os.path.join(locate_shipped_schemas(), "meta", "annotations.schema.json"), "rb") as file:
        metaschema = json.load(file)
    Draft202012Validator.check_schema(metaschema)
    docs = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "annotations.md")
    with open(docs, encoding="utf-8") as page:
        explained = set(re.findall(r"^\| `(x-[a-z-]+)` \|", page.read(), re.MULTILINE))
    assert explained == set(metaschema["properties"])


def test_the_rules_that_the_page_of_annotations_names_are_there() -> None:
    docs = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "annotations.md")
    with open(docs, encoding="utf-8") as page:
        named = set(re.findall(r"`((?:relations|quantities|references|dose)\.[a-z-]+)`", page.read()))
    assert named
    assert named <= {rule.id for rule in load_all_rules()}
