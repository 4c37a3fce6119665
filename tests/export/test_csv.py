"""CSV files and their data package, read back by the tools that others use."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from frictionless import Package, system
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bmkit.content import Content, Record
from bmkit.export import write_export
from bmkit.export.csv import iter_cell_blocks
from bmkit.export.csv_safety import neutralise_text, restore_text
from bmkit.export.datapackage import build_cell_pattern
from bmkit.tables import make_table
from bmkit.write_json import format_json

from .conftest import NASTY, list_rows, make_measure, make_records

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.schema import Field

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow


@pytest.fixture
def folder(content: Content, tmp_path: Path) -> Path:
    return write_export("csv", content, tmp_path / "out")[0].parent


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def find_package_faults(folder: Path) -> list[tuple[str, str]]:
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    flat: list[Any] = report.flatten(["type", "note"])
    return [(str(fault[0]), str(fault[1])) for fault in flat]


def parse_cell(cell: str, field: Field) -> Any:
    """Return the value of a cell, as a reader of the data package does."""
    if cell == "":
        return None
    if field.is_list:
        return json.loads(cell, parse_float=Decimal)
    if field.type == "boolean":
        return {"true": True, "false": False}[cell]
    return Decimal(cell) if field.type in ("integer", "number") else restore_text(cell)


def test_the_package_lists_one_file_for_each_kind(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [part["path"] for part in package["resources"]] == [
        "measure.csv", "article.csv", "section.csv", "site.csv",
    ]  # fmt: skip
    assert sorted(path.name for path in folder.iterdir()) == [
        "article.csv", "datapackage.json", "exported-records.tsv", "measure.csv", "section.csv", "site.csv",
    ]  # fmt: skip


def test_files_are_utf_8_with_the_line_ends_of_rfc_4180(folder: Path) -> None:
    data = (folder / "section.csv").read_bytes()
    assert data == b"id,label,order\r\nfirst,the first section,1\r\nsecond,'=the second,2\r\n"


def test_every_value_can_be_had_back(content: Content, folder: Path) -> None:
    for name, values in make_records().items():
        kind = content.schemas.get_kind(name)
        columns = make_table(kind, []).columns
        rows = read_rows(folder / f"{name}.csv")
        assert len(rows) == len(values)
        for row, record in zip(rows, values, strict=True):
            for column in columns:
                value: Any = record
                for part in column.path:
                    value = None if value is None else value.get(part)
                assert parse_cell(row[column.name], column.field) == value, (name, record["id"], column.name)


def test_decimals_stand_as_they_were_written(folder: Path) -> None:
    rows = {row["id"]: row for row in read_rows(folder / "measure.csv")}
    assert rows["m-0"]["dose.value"] == "4.0"
    assert rows["m-1"]["ratio"] == "19.99"
    assert rows["m-3"]["share.value"] == "0.50"
    assert rows["m-4"]["ratio"] == "0.000000000012"
    assert rows["m-4"]["scores"] == "[4.0, 5]"
    assert rows["m-5"]["ratio"] == "-5"


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_no_text_cell_begins_as_a_formula_does(folder: Path, number: int) -> None:
    row = {row["id"]: row for row in read_rows(folder / "measure.csv")}[f"m-{10 + number}"]
    assert row["words"].lstrip()[0] not in "=+-@＝＋－＠"  # noqa: RUF001
    assert restore_text(row["words"]) == NASTY[number]


WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
TEXTS = st.builds(str.__add__, st.sampled_from(["", *"=+-@＝', \t\r\n\"\x00"]), WORDS)  # noqa: RUF001
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-999, max_value=999)
MEASURES = st.fixed_dictionaries(
    {"id": st.just("m"), "dose": st.fixed_dictionaries({"unit": st.just("mg")}, optional={"value": NUMBERS})},
    optional={
        "words": TEXTS,
        "tags": st.lists(TEXTS, max_size=3),
        "scores": st.lists(NUMBERS, max_size=3),
        "flag": st.booleans(),
        "count": st.integers(0, 40),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MEASURES, min_size=1, max_size=4))
def test_any_record_can_be_had_back(content: Content, tmp_path: Path, values: list[dict[str, Any]]) -> None:
    kind = content.schemas.get_kind("measure")
    measures = make_table(kind, [Record(kind, "", "", 0, value) for value in values])
    path = tmp_path / "any.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in measures.columns])
        for block in iter_cell_blocks(measures):
            writer.writerows(zip(*block, strict=True))
    rows = read_rows(path)
    assert len(rows) == len(values)
    for row, cells_of_record in zip(rows, list_rows(measures), strict=True):
        for column, value in zip(measures.columns, cells_of_record, strict=True):
            assert parse_cell(row[column.name], column.field) == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | NUMBERS | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    st.sampled_from([0, 2]),
)
def test_json_text_holds_the_value(value: Any, indent: int) -> None:
    assert json.loads(format_json(value, indent), parse_float=Decimal) == value


def test_frictionless_finds_the_package_valid(folder: Path) -> None:
    assert find_package_faults(folder) == []


@pytest.mark.slow
def test_frictionless_finds_the_content_of_this_repository_valid(repository: Content, tmp_path: Path) -> None:
    assert find_package_faults(write_export("csv", repository, tmp_path)[0].parent) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("m-1,ribs-left", "m-1,ribs-lfet", "foreign-key"),
        ("m-1,", "m-0,", "primary-key"),
        (",false,7,", ",false,41,", "constraint-error"),
        (",false,7,", ",false,seven,", "type-error"),
        ("2024-02-29", "2023-02-29", "type-error"),
        ("choice number 59", "choice number 60", "constraint-error"),
        ("0.50,,,<=,%", "175,,,<=,%", "constraint-error"),
        (",first,", ",third,", "foreign-key"),
        ("4.0,,,,mg", "4.0,,,,mgs", "constraint-error"),
        ("4.0,,,,mg", "4.0,,,,", "constraint-error"),
        ('"[""a, b"", ""c;d""]"', "a;b", "type-error"),
    ],
)
def test_frictionless_finds_a_mistake(folder: Path, old: str, new: str, fault: str) -> None:
    path = folder / "measure.csv"
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())
    assert fault in {kind for kind, _ in find_package_faults(folder)}


def test_every_column_is_typed_and_described(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    fields = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
    assert fields["ratio"]["type"] == "number"
    assert fields["count"] == {
        "name": "count", "type": "integer", "title": "Count", "description": "The Count.",
        "constraints": {"minimum": 0, "maximum": 40},
    }  # fmt: skip
    assert fields["day"]["type"] == "date"
    assert fields["flag"]["type"] == "boolean"
    assert fields["tags"]["type"] == fields["source.spans"]["type"] == "array"
    assert fields["sign"]["constraints"]["enum"] == ["'-", "'=", "plain"]
    assert all(field["title"] and field["description"] for field in fields.values())


def test_keys_lead_to_tables_that_are_there(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    schemas = {part["name"]: part["schema"] for part in package["resources"]}
    assert schemas["measure"]["primaryKey"] == ["id"]
    assert schemas["measure"]["foreignKeys"] == [
        {"fields": ["site"], "reference": {"resource": "site", "fields": ["id"]}},
        {"fields": ["source.section"], "reference": {"resource": "section", "fields": ["id"]}},
    ]
    assert schemas["site"]["foreignKeys"] == [
        {"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}},
    ]


def test_a_whole_number_written_as_a_decimal_is_still_an_integer(content: Content) -> None:
    kind = content.schemas.get_kind("measure")
    value = make_measure(1, count=Decimal("4.0"))
    measures = make_table(kind, [Record(kind, "", "", 0, value)])
    names = [column.name for column in measures.columns]
    assert [str(cell) for cell in next(iter_cell_blocks(measures))[names.index("count")]] == ["4"]


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^[a-z0-9]+(-[a-z0-9]+)*$", "breast-cancer", True),
        ("^[a-z0-9]+(-[a-z0-9]+)*$", "-breast", False),
        ("^[-+]?[0-9]+$", "-5", True),
        ("^[-+]?[0-9]+$", "--5", False),
        ("^\\S(.*\\S)?$", "'quoted'", True),
        ("[0-9]", "=a 1 b", True),
        ("[0-9]", "=a b", False),
        ("^=", "=SUM", True),
        ("^=", "SUM", False),
        ("mg$", "@4 mg", True),
    ],
)
def test_a_pattern_holds_for_the_neutralised_cell(pattern: str, text: str, fits: bool) -> None:
    whole = re.compile(f"^{build_cell_pattern(pattern)}$")
    assert bool(whole.match(neutralise_text(text))) is fits


def test_a_pattern_of_alternatives_is_left_out() -> None:
    assert build_cell_pattern("^a|b$") == ""
    assert build_cell_pattern("^(a|b)$") == "'?(?:(a|b))"
