"""What flatten-tool loses between JSON and a spreadsheet, and what becomes of the same values here."""

from __future__ import annotations

import csv
import json
import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest
from tests.export.conftest import make_measure, make_records, write_project

from bmkit.content import read_content
from bmkit.export import write_export
from bmkit.jsontext import JsonError, parse_json
from bmkit.sheets.csv_files import CsvFolder
from bmkit.sheets.exported import read_exported_csv
from bmkit.sheets.plan import plan_import
from bmkit.sheets.rows import read_edits

from .conftest import Returned, Sheet, bring_back, read_valid

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

GONE = "gone"


class Loss(NamedTuple):
    """A value of a field, and what flatten-tool 0.28 gives back of it through a workbook.

    `typed` is what it gives back when it has the schema, too.
    """

    field: str
    value: Any
    bare: Any
    typed: Any


BIG = 12345678901234567890
KEPT = {
    "formula": Loss("words", "=1+1", GONE, GONE),
    "true": Loss("flag", value=True, bare="True", typed=True),
    "small number": Loss("ratio", Decimal("1E-7"), "1e-07", 1e-7),
    "many digits as text": Loss("words", str(BIG), str(BIG), str(BIG)),
    "empty list": Loss("tags", [], GONE, GONE),
    "empty text": Loss("words", "", GONE, GONE),
    "semicolon in a list": Loss("tags", ["a;b", "c"], "a;b;c", ["a", "b", "c"]),
    "control character": Loss("words", "bell\x07 here", "bell here", "bell here"),
}
# No value of a content: refused where it is read or checked, so that no export ever has it.
REFUSED = {
    "many digits": Loss("ratio", BIG, 12345678901234569216, 12345678901234569216),
    "null": Loss("words", None, GONE, GONE),
    "empty object": Loss("dose", {}, GONE, GONE),
}
LOSSES = {**KEPT, **REFUSED}
TYPES: dict[str, Any] = {
    "words": {"type": "string"},
    "flag": {"type": "boolean"},
    "ratio": {"type": "number"},
    "tags": {"type": "array", "items": {"type": "string"}},
    "dose": {"type": "object", "properties": {"value": {"type": "number"}}},
}


def flatten_and_back(
    records: list[dict[str, Any]], folder: Path, *, has_schema: bool
) -> list[dict[str, Any]]:
    flattentool = pytest.importorskip("flattentool", reason="needs flatten-tool (pip install flattentool)")
    source, schema, back = folder / "in.json", folder / "schema.json", folder / "back.json"
    book = str(folder / "book.xlsx")
    source.write_text(json.dumps({"main": records}, default=float), "utf-8")
    properties = {"id": {"type": "string"}, **TYPES}
    schema.write_text(json.dumps({"type": "object", "properties": properties}), "utf-8")
    options = {"root_list_path": "main", "root_id": ""} | ({"schema": str(schema)} if has_schema else {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flattentool.flatten(
            str(source), output_format="xlsx", output_name=book, main_sheet_name="main", **options
        )
        flattentool.unflatten(book, input_format="xlsx", output_name=str(back), **options)
    return list(json.loads(back.read_text("utf-8"))["main"])


@pytest.mark.audit
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_what_flatten_tool_gives_back(tmp_path: Path, loss: Loss) -> None:
    for has_schema, expected in ((False, loss.bare), (True, loss.typed)):
        [record] = flatten_and_back([{"id": "a", loss.field: loss.value}], tmp_path, has_schema=has_schema)
        assert repr(record.get(loss.field, GONE)) == repr(expected)


@pytest.mark.audit
def test_flatten_tool_keeps_one_of_two_records_of_an_id(tmp_path: Path) -> None:
    records = [{"id": "a", "words": "first"}, {"id": "a", "words": "second"}]
    assert flatten_and_back(records, tmp_path, has_schema=False) == [records[0]]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    records = make_records()
    records["measure"] = [
        make_measure(number, count=1, **{loss.field: loss.value}) for number, loss in enumerate(KEPT.values())
    ]
    root = write_project(tmp_path_factory.mktemp("losses") / "project", records)
    path = root / "content/trial/measure.json"
    text = path.read_text("utf-8")
    path.write_text(text.replace("0.0000001", "1E-7"), "utf-8")
    return read_valid(root)


@pytest.fixture(scope="module", params=["csv", "xlsx"])
def returned(
    request: pytest.FixtureRequest, content: Content, tmp_path_factory: pytest.TempPathFactory
) -> Returned:
    """What comes back when another cell of each row was changed."""
    out = tmp_path_factory.mktemp("out")
    paths = write_export(request.param, content, out)
    if request.param == "xlsx":
        book = openpyxl.load_workbook(paths[0])
        sheet = Sheet(book["measure"])
        for number in range(len(KEPT)):
            sheet.cell(f"m-{number}", "Count").value = 2
        book.save(out / "edited.xlsx")
        return bring_back(out / "edited.xlsx", content)
    folder = paths[0].parent
    with (folder / "measure.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    for row in rows[1:]:
        row[rows[0].index("count")] = "2"
    with (folder / "measure.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    files = CsvFolder(str(folder))
    exported = read_exported_csv(str(folder), files, content.schemas)
    assert exported is not None
    edits = read_edits(files, exported, content.schemas)
    return Returned(edits, plan_import(content, edits, exported))


@pytest.mark.parametrize("name", KEPT)
def test_what_comes_back_here(returned: Returned, content: Content, name: str) -> None:
    number = list(KEPT).index(name)
    assert returned.faults == []
    record_id, loss = f"m-{number}", KEPT[name]
    assert returned.value(record_id, "count") == 2
    assert repr(returned.value(record_id, loss.field)) == repr(loss.value)
    [(old_text, new_text)] = returned.plan.texts.values()
    assert new_text == old_text.replace('"count": 1', '"count": 2')


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_value_is_refused_before_it_is_exported(tmp_path: Path, name: str) -> None:
    loss = REFUSED[name]
    text = json.dumps({loss.field: loss.value})
    if name == "many digits":
        with pytest.raises(JsonError, match="more than the 15 that every reader keeps"):
            parse_json(text.encode())
        return
    records = make_records()
    records["measure"] = [make_measure(0, **{loss.field: loss.value})]
    root = write_project(tmp_path, records)
    assert read_content(str(root)).list_records("measure")
    assert not read_valid(root).list_records("measure")
