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
from tests.sample_kinds import SAMPLE_DOCUMENTS, SAMPLE_FOLDER, make_sample_schemas

from bmkit.cli import main
from bmkit.content.terminologies import TERMINOLOGY_URLS
from bmkit.lsp.document import Project
from bmkit.rules import load_all_rules
from bmkit.schema import Schemas, locate_shipped_schemas, read_shipped_schemas
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
    (root / "schema").mkdir()
    for kind in ("regimen", "section"):
        shutil.copy(os.path.join(locate_shipped_schemas(), f"{kind}.schema.json"), root / "schema")
    for name in FILES:
        (root / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(os.path.join(CONTENT, name), root / "content" / name)
    for path in SAMPLE_FOLDER.iterdir():
        shutil.copy(path, root / "schema")
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
    ("regimen", DOSE, "x-within", "product", "x-within: dose and product cannot be compared"),
    ("regimen", DOSE, "x-order", "source", "x-order: dose and source cannot be compared"),
    ("regimen", DOSE, "x-order", "notes", "x-order: dose and notes cannot be compared"),
    ("regimen", (*FIELDS, "product"), "x-order", "dose", "x-order: product and dose cannot be compared"),
    ("section", LABEL, "x-order", "end", "x-order: label and end cannot be compared"),
    ("section", START, "x-order", "label", "x-order: start and label cannot be compared"),
    ("section", START, "x-same-as", "end", "x-same-as: start is not a quantity"),
    ("regimen", DOSE, "x-within", "product.label", "x-within: dose and product.label cannot be compared"),
    ("regimen", DOSE, "x-within", "nothing.label", 'x-within: beside it there is no field "nothing"'),
    (
        "regimen",
        DOSE,
        "x-within",
        make_limit("per", "product"),
        "x-within: dose and per cannot be compared",
    ),
    (
        "regimen",
        DOSE,
        "x-within",
        make_limit("maximum", "source"),
        f"source of regimen is an object, {UNTOLD}",
    ),
    ("regimen", DOSE, "x-within", make_limit("maximum", "notes"), f"notes of regimen is a list, {UNTOLD}"),
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
    ("incidence", (), "x-order", "share", "x-order is read on a field only"),
    ("incidence", (*FIELDS[:2],), "x-order", "share", "x-order is read on a field only"),
    (
        "incidence",
        (*FIELDS, "notes", "items"),
        "x-order",
        "id",
        "x-order is read on a list, not on its items",
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
        # The editor asks the same check, and is asked a few times.
        is_edited = case in WRONG[::8]
        located_issues = Project(os.fspath(root), {}).find_issues() if is_edited else []
    finally:
        file.write_text(schema_text, "utf-8")
    (schema_issue,) = [
        issue for issue in issues if issue["file"].startswith("schema/") and message in issue["message"]
    ]
    assert schema_issue["pointer"].startswith("".join(f"/{step}" for step in path))
    edited_messages = [located_issue.issue.message for located_issue in located_issues]
    assert (schema_issue["message"] in edited_messages) is is_edited
    assert not [issue for issue in issues if issue["rule"].startswith("relations.")]


def test_the_project_itself_has_no_issue_of_its_schemas(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["validate", "--root", os.fspath(root), "--select", "schema", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["issues"] == []


SHIPPED = read_shipped_schemas()


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
RESULT_FILE = "result.schema.json"


def list_annotation_issues(annotations: dict[str, Any], engine: str = "auto") -> list[Issue]:
    """Return the issues of the schema of incidence with these annotations on its share."""
    document = copy.deepcopy(SAMPLE_DOCUMENTS[INCIDENCE_FILE])
    document["$defs"]["record"]["properties"]["share"].update(annotations)
    schemas = make_sample_schemas({INCIDENCE_FILE: document}, from_project=True)
    return find_schema_issues(schemas, ShapeChecker(engine), ["incidence"])


def test_the_shipped_schemas_declare_nothing_that_cannot_hold() -> None:
    assert find_schema_issues(SHIPPED, ShapeChecker()) == []


@pytest.mark.parametrize("engine", ["jsonschema-rs", "jsonschema"])
@pytest.mark.parametrize(
    ("annotations", "pointer", "message"),
    [
        ({"x-withinn": "share"}, "/x-withinn", '"x-withinn" is not an annotation that bmkit knows'),
        ({"x-within": "shares"}, "/x-within", 'x-within: beside it there is no field "shares"'),
        ({"x-within": "share"}, "/x-within", "x-within: share is related to itself"),
        ({"x-within": "tumour"}, "/x-within", "x-within: share and tumour cannot be compared"),
        ({"x-within": "tumour.size"}, "/x-within", 'x-within: tumour has no field "size"'),
        (
            {"x-within": "possibility.size"},
            "/x-within",
            "x-within: possibility does not refer to a record, so possibility.size leads nowhere",
        ),
        ({"x-order": 7}, "/x-order", 'x-order: the number 7 should be the text "7"'),
        ({"x-order": {"kind": "site"}}, "/x-order/kind", 'x-order: has no field "kind"'),
        ({"x-same-as": "tumour"}, "/x-same-as", "x-same-as: share and tumour cannot be compared"),
        ({"x-unique": ["tumour"]}, "/x-unique", "x-unique: is a list, and should be an object"),
        ({"x-sequence": True}, "/x-sequence", "x-sequence: share is no list"),
        (
            {"x-within": {"kind": "dose-limits", "field": "maximum", "same": ["tumour"]}},
            "/x-within",
            'x-within: unknown kind "dose-limits"',
        ),
        (
            {"x-within": {"kind": "dose-limit", "field": "maximum", "same": ["tumour"]}},
            "/x-within",
            'x-within: dose-limit has no field "tumour"',
        ),
        (
            {"x-within": {"kind": "survival", "field": "time", "same": ["tumour"]}},
            "/x-within",
            "x-within: share is a share, and time a time",
        ),
        ({"x-within": {"kind": "survival"}}, "/x-within", "x-within: field is missing from x-within"),
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
    assert [issue.hint for issue in list_annotation_issues({"x-withinn": "share"})] == [
        'did you mean "x-within"?'
    ]
    assert [issue.hint for issue in list_annotation_issues({"x-order": "tumor"})] == [
        'did you mean "tumour"?'
    ]


def test_a_sum_needs_a_whole_in_its_unit() -> None:
    document = copy.deepcopy(SAMPLE_DOCUMENTS[INCIDENCE_FILE])
    share = {**DOSE_OF_TWO_UNITS, "x-sum": {"part": "tumour", "same": ["id"]}}
    document["$defs"]["record"]["properties"]["share"] = share
    schemas = make_sample_schemas({INCIDENCE_FILE: document}, from_project=True)
    messages = [issue.message for issue in find_schema_issues(schemas, ShapeChecker(), ["incidence"])]
    assert messages == ["x-sum: the field needs one unit, which is that of the whole"]


def test_a_sum_needs_a_whole() -> None:
    document = copy.deepcopy(SAMPLE_DOCUMENTS["survival.schema.json"])
    document["$defs"]["record"]["properties"]["time"]["x-sum"] = {"part": "statistic", "same": ["tumour"]}
    schemas = make_sample_schemas({"survival.schema.json": document}, from_project=True)
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


@pytest.mark.parametrize(
    ("field", "removed", "added", "message"),
    [
        ("estimate", ("x-part",), {}, ""),
        (
            "estimate",
            (),
            {"x-role": "none"},
            "estimate is a quantity and needs an x-part",
        ),
        ("estimate", (), {"x-role": "none", "x-part": "value"}, ""),
        (
            "unit_of_analysis",
            (),
            {"x-part": "value"},
            "unit_of_analysis is a value from a closed list and needs x-means",
        ),
        ("unit_of_analysis", (), {"x-part": "value", "x-means": {}}, ""),
        ("unit_of_analysis", (), {"x-part": "precision"}, ""),
    ],
)
def test_what_can_be_compared_says_how(
    field: str, removed: tuple[str, ...], added: dict[str, Any], message: str
) -> None:
    document = copy.deepcopy(SHIPPED.read_document(RESULT_FILE))
    properties = document["$defs"]["record"]["properties"]
    properties[field] = {
        name: value for name, value in properties[field].items() if name not in removed
    } | added
    schemas = Schemas(SHIPPED.folder, SHIPPED.kind_names, documents={RESULT_FILE: document})
    issues = find_schema_issues(schemas, ShapeChecker(), ["result"])
    assert [issue.message for issue in issues] == ([message] if message else [])
    # Terms state nothing that could be compared.
    document["x-group"] = "term"
    schemas = Schemas(SHIPPED.folder, SHIPPED.kind_names, documents={RESULT_FILE: document})
    assert find_schema_issues(schemas, ShapeChecker(), ["result"]) == []
