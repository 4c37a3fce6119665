"""What is read by its name is so everywhere; a kind in the place of a shipped one silences no rule."""

from __future__ import annotations

import copy
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from tests.schema.test_load import make_kind_schema, write_files

from bmkit.check import find_content_issues
from bmkit.content import read_content
from bmkit.project_files import MemoryFiles
from bmkit.schema import (
    SchemaError,
    Schemas,
    locate_shipped_schemas,
    read_project_schemas,
    read_shipped_schemas,
)
from bmkit.schema.roles import FRAME_FIELDS
from bmkit.schema_lint import find_schema_issues
from bmkit.schema_lint.annotations import find_lost_field_faults
from bmkit.shape import ShapeChecker

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = read_shipped_schemas()
TEXT = {"type": "string", "title": "Word", "description": "A word.", "examples": ["a"]}
OBJECT = {
    **TEXT,
    "type": "object",
    "additionalProperties": False,
    "properties": {"a": TEXT},
    "examples": [{}],
}
LIST = {"type": "array", "items": {"type": "integer"}, "title": "L", "description": "A.", "examples": [[1]]}


def read_shipped_document(name: str) -> Any:
    with open(os.path.join(locate_shipped_schemas(), f"{name}.schema.json"), encoding="utf-8") as file:
        return json.load(file)


def read_own(name: str, document: Any) -> Schemas:
    """Return the schemas of a project with this one, in the place of the shipped one if there is one."""
    files = MemoryFiles({f"schema/{name}.schema.json": json.dumps(document).encode()}, {})
    return read_project_schemas(os.path.join(os.sep, "nowhere"), files)


def list_lost_fields(name: str, document: Any) -> list[str]:
    """Return what the schema lacks of the shipped one in whose place it stands."""
    schemas = read_own(name, document)
    start = f"{name} replaces a kind that comes with bmkit, and lacks "
    faults = list(find_lost_field_faults(schemas.get_kind(name), schemas))
    assert all(fault.fault_name == "lost-field" and fault.message.startswith(start) for fault in faults)
    return [fault.message.removeprefix(start) for fault in faults]


@pytest.mark.parametrize("name", [name for name in FRAME_FIELDS if name != "id"])
def test_a_field_of_the_frame_is_the_same_in_every_kind(tmp_path: Path, name: str) -> None:
    for schema in ({**TEXT, "type": "integer", "examples": [1]}, TEXT, OBJECT, LIST):
        root = write_files(tmp_path, {"schema/leaf.schema.json": make_kind_schema(**{name: schema})})
        # Nothing in a source must be there.
        if (schema is TEXT and name in {"label", "parent", "replaced_by"}) or (schema, name) == (
            OBJECT,
            "source",
        ):
            assert name in read_project_schemas(root).get_kind("leaf")
            continue
        with pytest.raises(
            SchemaError, match=f":1:[0-9]+: {name}: what has this name is the same in every kind"
        ):
            read_project_schemas(root).get_kind("leaf")


def test_a_frame_as_the_shipped_kinds_have_it_is_let_pass() -> None:
    for kind in [*SHIPPED][::6]:
        fields = read_shipped_document(kind.name)["$defs"]["record"]["properties"]
        frame = {name: schema for name, schema in fields.items() if name in FRAME_FIELDS}
        assert len(read_own("leaf", make_kind_schema(**frame)).get_kind("leaf").fields) == len(frame)


@pytest.mark.parametrize("kind", [kind.name for kind in SHIPPED if kind.group == "article"])
def test_what_bmkit_reads_field_by_field_keeps_its_fields(kind: str) -> None:
    document = read_shipped_document(kind)
    for name in document["$defs"]["record"]["properties"]:
        for change in ("remove", "retype", "optional"):
            changed = copy.deepcopy(document)
            record = changed["$defs"]["record"]
            is_required = name in record["required"]
            record["required"] = [other for other in record["required"] if other != name]
            if change == "remove":
                del record["properties"][name]
            elif change == "retype":
                record["properties"][name] = {"type": "array", "items": {"type": "boolean"}}
            if change == "retype" or is_required:
                with pytest.raises(SchemaError, match=f": {name}: "):
                    read_own(kind, changed).get_kind(kind)
            else:
                read_own(kind, changed).get_kind(kind)


@pytest.mark.parametrize("name", ["reviewed", "published", "language", "url", "doi", "digest"])
def test_what_an_article_has_as_a_day_or_an_address_stays_one(name: str) -> None:
    document = read_shipped_document("article")
    document["$defs"]["record"]["properties"][name] = TEXT
    with pytest.raises(SchemaError, match=f": {name}: "):
        read_own("article", document).get_kind("article")


def test_the_kinds_of_the_article_may_have_more_fields() -> None:
    document = read_shipped_document("section")
    document["$defs"]["record"]["properties"]["colour"] = TEXT
    assert list_lost_fields("section", document) == []


@pytest.mark.parametrize("kind", [kind.name for kind in SHIPPED if kind.group != "article"][::6])
def test_a_kind_that_lacks_what_rules_ask_for_is_an_error(kind: str) -> None:
    document = read_shipped_document(kind)
    assert list_lost_fields(kind, document) == []
    fields = [field for field in SHIPPED.get_kind(kind).fields if field.role]
    for field in (fields[0], fields[-1]) if fields else ():
        changed = copy.deepcopy(document)
        properties = changed["$defs"]["record"]["properties"]
        field_schema = properties.pop(field.name)
        (lost,) = list_lost_fields(kind, changed)
        assert lost.startswith(
            f'a field of the role "{field.role}"' if field.role else f"the field {field.name}"
        )
        # Under another name and with the role it is as good.
        if field.role:
            properties["renamed"] = {**field_schema, "x-role": field.role}
            assert list_lost_fields(kind, changed) == []


def test_a_kind_keeps_its_group_its_role_and_what_stands_in_its_objects() -> None:
    document = read_shipped_document("population")
    lost_fields = list_lost_fields("population", {**document, "x-group": "fact", "x-role": "none"})
    assert lost_fields == ['the group "term"', 'the role "population"']
    kind = SHIPPED.get_kind("population")
    (bands,) = [field for field in kind.fields if field.role == "bands"]
    (band_range,) = [field for field in bands.fields if field.role == "range"]
    items = document["$defs"]["record"]["properties"][bands.name]["items"]
    definition = document["$defs"][items["$ref"].rpartition("/")[2]] if "$ref" in items else items
    del definition["properties"][band_range.name]
    assert list_lost_fields("population", document) == [
        f'a field of the role "range", as {bands.name}.{band_range.name} is'
    ]


def test_what_is_lost_is_an_issue_of_the_project(tmp_path: Path) -> None:
    document = read_shipped_document("route")
    del document["$defs"]["record"]["properties"]["way"]
    site = {"$schema": "../../schema/site.schema.json", "records": []}
    files = {"schema/route.schema.json": document, "content/terms/site.json": site}
    issues = find_content_issues(read_content(write_files(tmp_path, files)))
    assert [(issue.rule, issue.place.file, issue.severity.value) for issue in issues] == [
        ("schema.lost-field", "schema/route.schema.json", "error")
    ]


@pytest.mark.parametrize("schema", [TEXT, LIST, {**LIST, "items": TEXT}])
def test_a_field_that_does_not_suit_a_role_does_not_get_it(schema: dict[str, Any]) -> None:
    schemas = read_own("leaf", make_kind_schema(dose=schema))
    assert schemas.get_kind("leaf").find_role_field("dose") is None
    messages = [issue.message for issue in find_schema_issues(schemas, ShapeChecker(), ["leaf"])]
    assert any('the role "dose" of quantity' in message for message in messages)
