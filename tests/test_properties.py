"""Whatever content holds, the check ends with issues at places that are there."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies import IDS, TEXTS, make_contents, make_records

from bmkit.check import find_content_issues
from bmkit.content import read_content
from bmkit.jsontext import Positions, parse_json
from bmkit.report import locate_issues
from bmkit.rules import load_all_rules, run_rules
from bmkit.rules.examples import build_content
from bmkit.schema import read_shipped_schemas
from bmkit.shape import ShapeChecker, find_shape_issues

SCHEMAS = read_shipped_schemas()
SHAPE_CHECKER = ShapeChecker()
KINDS = list(SCHEMAS)
# Each kind is drawn in `make audit`, some of them in `make check`, a few each time.
_KINDS_TO_DRAW = [
    pytest.param(
        kind,
        id=kind.name,
        marks=() if number % 18 == 0 else pytest.mark.audit if number % 6 else pytest.mark.slow,
    )
    for number, kind in enumerate(KINDS)
    # A random record hardly ever meets ten conditions at once; other tests have records of such kinds.
    if len(SCHEMAS.read_document(f"{kind.name}.schema.json")["$defs"]["record"].get("allOf", ())) < 10
]
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def get_value_at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


@pytest.mark.parametrize("kind", _KINDS_TO_DRAW)
def test_random_records_fit_their_schema_often_enough_to_be_judged(kind: Any) -> None:
    validities = []

    # Of kinds whose fields depend on each other one record in eight fits.
    @settings(max_examples=80, database=None, derandomize=True, suppress_health_check=SLOW)
    @given(make_records(kind))
    def draw(record: dict[str, Any]) -> None:
        content = build_content({kind.name: [record]}, SCHEMAS)
        content.files[0].value["$schema"] = ""
        find_shape_issues(content, SHAPE_CHECKER)
        validities.append(content.files[0].records[0].is_valid)

    draw()
    assert sum(validities) > 2


@settings(suppress_health_check=SLOW)
@given(make_contents(KINDS))
def test_no_rule_raises_on_records_that_fit_their_schema(example: dict[str, list[dict[str, Any]]]) -> None:
    content = build_content(example, SCHEMAS)
    for file in content.files:
        file.value["$schema"] = ""
    find_shape_issues(content, SHAPE_CHECKER)
    content.clear_caches()
    values = {file.path: file.value for file in content.files}
    for issue in run_rules(load_all_rules(), content):
        assert issue.message
        assert issue.message == issue.message.strip()
        if issue.place.start < 0:
            get_value_at(values[issue.place.file], issue.place.pointer)


KEYS = st.sampled_from(
    [
        "$schema",
        "records",
        "id",
        "label",
        "parent",
        "codes",
        "system",
        "code",
        "display",
        "value",
        "low",
        "unit",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(IDS) | TEXTS
ANY = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | TEXTS, inner, max_size=5),
    max_leaves=12,
)
SITES = st.lists(make_records(SCHEMAS.get_kind("site")) | ANY, max_size=4)
DOCUMENTS = ANY | st.fixed_dictionaries(
    {"$schema": st.just("../../schema/site.schema.json"), "records": SITES}
)
FILES = ("content/terms/site.json", "content/one/radiotherapy.json", "content/one/suppression.json")


@st.composite
def draw_file_bytes(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a file: mostly JSON, in any lay-out, sometimes with a piece cut out or put in."""
    value = draw(DOCUMENTS)
    text = json.dumps(
        value, default=float, indent=draw(st.sampled_from([None, 2])), ensure_ascii=draw(st.booleans())
    )
    data = text.encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 3)) == 0:
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 8)))
        data = data[:start] + draw(st.binary(max_size=3)) + data[end:]
    return data


@settings(suppress_health_check=SLOW)
@given(st.fixed_dictionaries(dict.fromkeys(FILES, draw_file_bytes())))
def test_whatever_stands_in_the_files_each_issue_names_a_token(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as root:
        for path, data in files.items():
            disk_path = os.path.join(root, path)
            os.makedirs(os.path.dirname(disk_path), exist_ok=True)
            with open(disk_path, "wb") as file:
                file.write(data)
        content = read_content(root, SCHEMAS)
        issues = find_content_issues(content)
        for located_issue in locate_issues(issues, content.read_text):
            place = located_issue.issue.place
            start = (located_issue.line, located_issue.column)
            assert start <= (located_issue.end_line, located_issue.end_column)
            if place.start < 0:
                text = content.read_text(place.file)
                span = (located_issue.start, located_issue.end)
                assert span == Positions(text).locate_pointer(place.pointer, key=place.key)
                token = parse_json(text[slice(*span)].encode())
                if place.key:
                    assert place.pointer.endswith("/" + token.replace("~", "~0").replace("/", "~1"))
                else:
                    assert token == get_value_at(parse_json(text.encode()), place.pointer)
