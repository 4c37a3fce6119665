"""A project's schemas add to the shipped ones; a file of schema/common cannot be replaced."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.check import find_content_issues
from bmkit.content import read_content
from bmkit.project_files import MemoryFiles
from bmkit.schema import (
    SchemaError,
    locate_shipped_schemas,
    read_project_schemas,
    read_schemas,
    read_shipped_schemas,
)

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = read_shipped_schemas()
TEXT_FILE = "common/text.schema.json"
ID = {
    "$ref": "common/text.schema.json#/$defs/id",
    "title": "Id",
    "description": "The name of this record.",
    "examples": ["one"],
}


def make_kind_schema(**fields: Any) -> dict[str, Any]:
    schema_of_lists = {"title": "Leaf", "description": "A leaf that is described.", "examples": [[]]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Leaf",
        "description": "A leaf that is described.",
        "x-group": "term",
        "type": "object",
        "additionalProperties": False,
        "required": ["$schema", "records"],
        "properties": {
            "$schema": {**schema_of_lists, "type": "string", "examples": ["../../schema/leaf.schema.json"]},
            "records": {**schema_of_lists, "type": "array", "items": {"$ref": "#/$defs/record"}},
        },
        "$defs": {
            "record": {
                "type": "object",
                "title": "Leaf",
                "description": "A leaf that is described.",
                "additionalProperties": False,
                "required": ["id"],
                "properties": {"id": ID, **fields},
            }
        },
    }


def write_files(root: Path, documents: dict[str, Any]) -> str:
    for name, document in documents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return str(root)


def test_a_project_without_schemas_has_the_shipped_ones(tmp_path: Path) -> None:
    schemas = read_project_schemas(str(tmp_path))
    assert schemas.kind_names == SHIPPED.kind_names
    assert not schemas.is_own_kind("site")
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema/README.md").write_text("none yet")
    assert read_project_schemas(str(tmp_path)).kind_names == SHIPPED.kind_names


def test_a_schema_of_the_project_adds_a_kind_or_replaces_one(tmp_path: Path) -> None:
    root = write_files(
        tmp_path,
        {
            "schema/leaf.schema.json": make_kind_schema(),
            "schema/site.schema.json": {**make_kind_schema(), "title": "Place"},
        },
    )
    schemas = read_project_schemas(root)
    assert set(schemas.kind_names) == {*SHIPPED.kind_names, "leaf"}
    assert schemas.kind_names.index("leaf") == schemas.kind_names.index("lesion-type") - 1
    assert (schemas.get_kind("leaf").title, schemas.get_kind("site").title) == ("Leaf", "Place")
    assert schemas.get_kind("tumour").fields == SHIPPED.get_kind("tumour").fields
    own_kinds = [name for name in schemas.kind_names if schemas.is_own_kind(name)]
    assert own_kinds == ["leaf", "site"]


def test_a_schema_of_the_project_may_use_shipped_and_new_files_of_common(tmp_path: Path) -> None:
    word = {"type": "string", "title": "Edge", "description": "The edge of the leaf.", "examples": ["smooth"]}
    root = write_files(
        tmp_path,
        {
            "schema/leaf.schema.json": make_kind_schema(
                edge={"$ref": "common/leaf.schema.json#/$defs/edge"},
            ),
            "schema/common/leaf.schema.json": {"$defs": {"edge": word}},
        },
    )
    kind = read_project_schemas(root).get_kind("leaf")
    assert kind.get_field("id").pattern == SHIPPED.get_kind("site").get_field("id").pattern != ""
    assert kind.get_field("edge").title == "Edge"


def test_the_same_file_of_common_may_stand_in_the_project_and_no_other(tmp_path: Path) -> None:
    with open(os.path.join(locate_shipped_schemas(), TEXT_FILE), encoding="utf-8") as file:
        document = json.load(file)
    root = write_files(tmp_path, {f"schema/{TEXT_FILE}": json.dumps(document, indent=7)})
    assert read_project_schemas(root).get_kind("site").fields == SHIPPED.get_kind("site").fields
    document["$defs"]["id"]["pattern"] = "^.*$"
    write_files(tmp_path, {f"schema/{TEXT_FILE}": document, "schema/common/source.schema.json": {}})
    with pytest.raises(SchemaError) as refused:
        read_project_schemas(root)
    assert refused.value.lines == [
        f"schema/common/{name}.schema.json: comes with bmkit and cannot be replaced; "
        "remove it, or give what it adds another name"
        for name in ("source", "text")
    ]


def test_schemas_of_another_revision_add_as_well(tmp_path: Path) -> None:
    files = {"schema/leaf.schema.json": json.dumps(make_kind_schema()).encode()}
    schemas = read_project_schemas(str(tmp_path), MemoryFiles(files, {}))
    assert schemas.get_kind("leaf").title == "Leaf"
    assert schemas.get_kind("site").title == SHIPPED.get_kind("site").title
    files[f"schema/{TEXT_FILE}"] = b'{"$defs": {}}'
    with pytest.raises(SchemaError, match="cannot be replaced"):
        read_project_schemas(str(tmp_path), MemoryFiles(files, {}))


def test_an_earlier_revision_of_the_shipped_schemas_stands_alone() -> None:
    # bmkit's own repository: what changes in schema/common is no replacement there.
    root = os.path.dirname(locate_shipped_schemas())
    files = {
        "schema/leaf.schema.json": json.dumps(make_kind_schema()).encode(),
        f"schema/{TEXT_FILE}": b'{"$defs": {"id": {"type": "string", "pattern": "^then$"}}}',
    }
    schemas = read_project_schemas(root, MemoryFiles(files, {}))
    assert schemas.kind_names == ("leaf",)
    assert schemas.get_kind("leaf").get_field("id").pattern == "^then$"


def test_only_schemas_of_the_project_are_linted(tmp_path: Path) -> None:
    label = {"type": "string", "title": "Label", "examples": ["oak"]}
    root = write_files(
        tmp_path,
        {
            "schema/leaf.schema.json": make_kind_schema(label=label),
            "content/terms/leaf.json": {"$schema": "../../schema/leaf.schema.json", "records": []},
            "content/terms/site.json": {"$schema": "../../schema/site.schema.json", "records": []},
        },
    )
    issues = find_content_issues(read_content(root))
    assert [(issue.rule, issue.place.file) for issue in issues] == [
        ("schema.no-description", "schema/leaf.schema.json")
    ]


@pytest.mark.parametrize(
    ("kind", "named_schema", "is_right"),
    [
        ("leaf", "../../schema/leaf.schema.json", True),
        ("leaf", "leaf.schema.json", False),
        ("site", "../../schema/site.schema.json", True),
        ("site", "https://example.org/bmkit/site.schema.json", True),
        ("site", "site.schema.json", True),
        ("site", "leaf.schema.json", False),
    ],
)
def test_only_a_kind_that_the_project_defines_must_be_named_by_its_path(
    tmp_path: Path, kind: str, named_schema: str, is_right: bool
) -> None:
    root = write_files(
        tmp_path,
        {
            "schema/leaf.schema.json": make_kind_schema(),
            f"content/terms/{kind}.json": {"$schema": named_schema, "records": []},
        },
    )
    rules = [issue.rule for issue in read_content(root).issues]
    assert rules == ([] if is_right else ["content.wrong-schema"])


def test_a_schema_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    schemas = read_project_schemas(write_files(tmp_path, {"schema/leaf.schema.json": "{"}))
    with pytest.raises(SchemaError, match=r"schema/leaf\.schema\.json:1:1: is not JSON"):
        schemas.get_kind("leaf")
    shutil.rmtree(tmp_path / "schema")
    (tmp_path / "schema").symlink_to("nowhere")
    with pytest.raises(SchemaError, match="the link leads to 'nowhere'"):
        read_project_schemas(str(tmp_path))
    with pytest.raises(SchemaError, match="cannot be read"):
        read_schemas(str(tmp_path / "gone"))
