"""Which terminologies a kind takes its codes from is declared in its schema, and checked there."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bmkit.schema import Schemas, locate_shipped_schemas, read_schemas
from bmkit.schema_lint import find_schema_issues
from bmkit.shape import ShapeChecker

SHIPPED = read_schemas(locate_shipped_schemas(), from_project=False)


def faults(change: dict[str, Any], field: str = "codes") -> list[tuple[str, str]]:
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
            assert set(field.systems) <= set(field.get_field("system").values if field.systems else ())


@pytest.mark.parametrize(
    ("systems", "place", "message"),
    [
        (["UBERON", "UBERN"], "/codes/x-systems/1", 'x-systems: "UBERN" is not one of the systems of a code'),
        ([], "/codes/x-systems", "x-systems: "),
        ("UBERON", "/codes/x-systems", "x-systems: "),
    ],
)
def test_a_wrong_list_of_systems_is_told_at_its_place(systems: Any, place: str, message: str) -> None:
    ((where, said),) = faults({"x-systems": systems})
    assert where == place
    assert said.startswith(message)


def test_systems_on_a_field_without_codes_mean_nothing() -> None:
    assert faults({"x-systems": ["UBERON"]}, "label") == [
        ("/label/x-systems", "x-systems: label holds no codes, objects with a system")
    ]
