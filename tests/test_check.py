"""The whole check: every mistake in one pass, in order, and only what was asked for."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bmkit.check import find_content_issues, is_rule_selected
from bmkit.content import read_content
from bmkit.jsontext import Positions
from bmkit.rules.examples import build_content
from bmkit.schema import locate_shipped_schemas, read_shipped_schemas

if TYPE_CHECKING:
    from bmkit.issue import Issue

ROOT = Path(__file__).parents[1]
SOURCE = {"section": "intro", "spans": [{"start": 1, "end": 2, "digest": "0123456789abcdef"}]}
FACT = {
    "id": "one",
    "tumour": "lung-cancer",
    "radiation_dose": {"low": 65, "high": 75, "unit": "Gy"},
    "source": SOURCE,
}
# Other families have their own opinion of facts that are copies of each other.
FAMILIES = ("shape", "ids", "references", "limits")
TERMS = {"tumour": [{"id": "lung-cancer", "label": "lung cancer"}]}
SECTION = {"section": [{"id": "intro", "label": "introduction", "order": 1, "start": 0, "end": 9}]}


def make_fact(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(FACT), **changes}


def find_issues(*facts: Any, **more: Any) -> list[Issue]:
    content = build_content(
        {**TERMS, **SECTION, "radiotherapy": [fact for fact in facts if isinstance(fact, dict)], **more}
    )
    for file in content.files:
        file.value["$schema"] = f"../../schema/{file.kind.name}.schema.json"
    return find_content_issues(content, select=FAMILIES)


def list_places(issues: list[Issue]) -> list[tuple[str, str]]:
    return [(issue.place.pointer, issue.rule) for issue in issues]


def test_good_content_has_no_issue() -> None:
    assert find_issues(make_fact()) == []


def test_mistakes_of_shape_and_of_meaning_come_out_together_and_in_order() -> None:
    issues = find_issues(
        make_fact(id="b", radiation_dose={"low": 85, "high": 65, "unit": "Gy"}),
        make_fact(id="c", radiation_dose={"value": "12", "unit": "Gy"}, tumour="nowhere"),
        make_fact(id="d", tumour="lnug-cancer"),
        make_fact(id="d"),
        *[make_fact(id=f"f{number}") for number in range(7)],
        make_fact(id=4),
    )
    assert list_places(issues) == [
        ("/records/0/radiation_dose/low", "limits.inverted"),
        ("/records/1/radiation_dose/value", "shape.type"),
        ("/records/2/tumour", "references.dangling"),
        ("/records/3/id", "ids.duplicate"),
        ("/records/11/id", "shape.type"),
    ]


def test_an_issue_knows_the_id_of_its_record_and_whether_that_has_its_shape_does_not_matter() -> None:
    issues = find_issues(
        make_fact(id="b", radiation_dose={"low": 85, "high": 65, "unit": "Gy"}),
        make_fact(id="c", radiation_dose={"value": "12", "unit": "Gy"}),
    )
    assert [(issue.rule, issue.record_id) for issue in issues] == [
        ("limits.inverted", "b"),
        ("shape.type", "c"),
    ]


def test_a_misshapen_record_still_has_its_id() -> None:
    terms = [{"id": "lung-cancer", "label": 4}]
    assert list_places(find_issues(make_fact(), tumour=terms)) == [("/records/0/label", "shape.type")]


def test_only_what_is_asked_for_is_told() -> None:
    assert is_rule_selected("limits.inverted")
    assert is_rule_selected("limits.inverted", ["limits"])
    assert is_rule_selected("limits.inverted", ["limits.inverted"], ["limits"])
    assert not is_rule_selected("limits.inverted", ["ids"])
    assert not is_rule_selected("limits.inverted", ["limits"], ["limits.inverted"])
    assert not is_rule_selected("limits.inverted", [], ["limits"])


def test_a_rule_that_is_ignored_does_not_make_misshapen_records_well_shaped() -> None:
    content = build_content(
        {
            **TERMS,
            **SECTION,
            "radiotherapy": [make_fact(radiation_dose={"low": "85", "high": 65, "unit": "Gy"})],
        }
    )
    assert "limits.inverted" not in {issue.rule for issue in find_content_issues(content, ignore=["shape"])}


def test_the_engines_give_the_same_issues(tmp_path: Path) -> None:
    content = tmp_path / "content"
    (content / "terms").mkdir(parents=True)
    (content / "terms/site.json").write_text(
        '{"$schema": "../../schema/site.schema.json", "records": [{"id": "Rib"}, '
        '{"id": "hip", "parent": "hpi", "label": "hip", "category": "bone"}, '
        '{"id": "leg", "label": "leg", "category": "limb", "codes": [4]}]}'
    )
    issues = [
        find_content_issues(read_content(str(tmp_path)), engine) for engine in ("jsonschema-rs", "jsonschema")
    ]
    assert issues[0] == issues[1]
    assert len(issues[0]) == 6


def test_the_project_itself_has_no_error() -> None:
    root = locate_shipped_schemas().removesuffix("schema")
    assert [
        issue for issue in find_content_issues(read_content(root)) if issue.severity.value == "error"
    ] == []


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "tumour", "radiation_dose", "value", "low", "source", "spans", "x/~"]),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=2 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(list(FACT)), ANY), ANY)
def test_whatever_a_file_holds_nothing_is_raised_and_every_place_is_there(
    changes: dict[str, Any], whole: Any
) -> None:
    schemas = read_shipped_schemas()
    for document in ({"records": [{**FACT, **changes}, whole]}, {"records": whole}, whole):
        content = build_content({"radiotherapy": []}, schemas)
        (file,) = content.files
        file.value = document
        issues = find_content_issues(content)
        assert issues
        positions = Positions(format_json_value(document))
        for issue in issues:
            start, end = positions.locate_pointer(issue.place.pointer, key=issue.place.key)
            assert start < end


def format_json_value(value: Any) -> str:
    """Write JSON; the json module knows no Decimal."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{format_json_value(key)}: {format_json_value(item)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(format_json_value, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return '"' + "".join(f"\\u{unit:04x}" for unit in _encode_utf16_units(value)) + '"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _encode_utf16_units(text: str) -> list[int]:
    data = text.encode("utf-16-be", "surrogatepass")
    return [data[offset] << 8 | data[offset + 1] for offset in range(0, len(data), 2)]


HEAVY = (
    "dataclasses",
    "jsonschema",
    "referencing",
    "rich",
    "openpyxl",
    "logging",
    "asyncio",
    "sqlite3",
)


def test_a_check_of_good_content_imports_nothing_heavy(tmp_path: Path) -> None:
    content = tmp_path / "content/terms"
    content.mkdir(parents=True)
    (content / "tumour.json").write_text(
        '{"$schema": "../../schema/tumour.schema.json", "records": [{"id": "a", "label": "a"}]}'
    )
    script = (
        "import sys; from bmkit.content import read_content; from bmkit.check import find_content_issues\n"
        f"assert find_content_issues(read_content({str(tmp_path)!r})) == []\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_report_is_the_same_whatever_the_order_of_hashes(tmp_path: Path) -> None:
    file = tmp_path / "content" / "bone-metastasis" / "pathogenesis.json"
    shutil.copytree(ROOT / "content", tmp_path / "content")
    document = json.loads(file.read_text("utf-8"))
    # Two facts now say more generally what a third denies: the first of the content is named.
    for record in document["records"]:
        if record["id"] == "osteolytic-osteoclasts-activated":
            del record["cell"]
        if record["id"] == "osteoblastic-osteoblasts-activated":
            del record["lesion_type"]
    file.write_text(json.dumps(document), "utf-8")
    reports = {
        subprocess.run(
            [sys.executable, "-m", "bmkit", "validate", "--format", "json", "--root", str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=False,
        ).stdout
        for seed in range(6)
    }
    assert len(reports) == 1
    assert b"states more generally" in reports.pop()
