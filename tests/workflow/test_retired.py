"""A retired term can be read and no longer chosen; where it is used another takes its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from lsprotocol import types

from bmkit.lsp.document import Document, PositionConverter, Project
from bmkit.lsp.handlers import answer_completion

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
FACTS = "content/one/radiotherapy.json"
TUMOURS = "content/terms/tumour.json"


@pytest.fixture
def retired(project: Path) -> Path:
    """The project with lung cancer retired, and another term in its place."""
    path = project / TUMOURS
    document = json.loads(path.read_text("utf-8"))
    document["records"][1] |= {"retired": True, "replaced_by": "lung-carcinoma"}
    document["records"].append({"id": "lung-carcinoma", "label": "lung carcinoma"})
    path.write_text(json.dumps(document, indent=2), "utf-8")
    return project


def read_tumours(project: Path) -> list[str]:
    return [record["tumour"] for record in json.loads((project / FACTS).read_text("utf-8"))["records"]]


def test_where_it_is_used_fix_puts_the_other(bmkit: Run, retired: Path) -> None:
    assert bmkit("validate", "--strict", "--select", "references.retired") == 1
    assert bmkit("fix") == 0
    assert read_tumours(retired) == ["breast-cancer", "lung-carcinoma"]
    assert bmkit("validate", "--strict", "--select", "references.retired") == 0


@pytest.mark.parametrize("successor", [{"retired": True}, None])
def test_without_a_usable_successor_it_stays(
    bmkit: Run, retired: Path, successor: dict[str, Any] | None
) -> None:
    path = retired / TUMOURS
    document = json.loads(path.read_text("utf-8"))
    document["records"][-1:] = [] if successor is None else [{**document["records"][-1], **successor}]
    path.write_text(json.dumps(document), "utf-8")
    bmkit("fix")
    assert read_tumours(retired) == ["breast-cancer", "lung-cancer"]


def test_of_a_route_a_person_must_say_so(bmkit: Run, project: Path) -> None:
    routes = [
        {"id": "iv", "label": "into a vein", "way": "into a vein", "retired": True, "replaced_by": "drip"},
        {"id": "drip", "label": "drip", "way": "into a vein"},
    ]
    (project / "content/terms/route.json").write_text(
        json.dumps({"$schema": "../../schema/route.schema.json", "records": routes}), "utf-8"
    )
    dilution = project / "content" / "one" / "regimen.json"
    regimen = {"id": "a", "product": "b", "route": "iv", "dose": {"value": 4, "unit": "mg"}}
    dilution.write_text(
        json.dumps({"$schema": "../../schema/regimen.schema.json", "records": [regimen]}), "utf-8"
    )
    bmkit("fix")
    assert json.loads(dilution.read_text("utf-8"))["records"][0]["route"] == "iv"


@pytest.mark.slow
def test_a_drop_down_does_not_offer_it_and_its_cells_can_be_read(bmkit: Run, retired: Path) -> None:
    assert bmkit("export", "xlsx") == 0
    book = openpyxl.load_workbook(retired / "build" / "xlsx" / "one.xlsx")
    sheet = book["radiotherapy"]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert "lung cancer" in cells
    ranges = [validation.formula1 for validation in sheet.data_validations.dataValidation]
    lists = [
        [cell.value for (cell,) in book["bmkit lists"][formula.rpartition("!")[2].replace("$", "")]]
        for formula in ranges
        if "lists" in formula and "$2:" in formula
    ]
    assert ["breast cancer", "lung carcinoma"] in lists
    assert not any("lung cancer" in entries for entries in lists)


def test_an_editor_does_not_complete_it(retired: Path) -> None:
    text = (retired / FACTS).read_text("utf-8").replace('"lung-cancer"', '""')
    positions = PositionConverter(text)
    project = Project(str(retired), {FACTS: text})
    document = Document("file:///x", FACTS, text, positions, project, supports_snippets=False)
    offset = text.index('"tumour": ""') + len('"tumour": "')
    completions = answer_completion(document, types.Position(*positions.to_position(offset)))
    assert completions is not None
    assert {item.label for item in completions.items} == {"breast-cancer", "lung-carcinoma"}
