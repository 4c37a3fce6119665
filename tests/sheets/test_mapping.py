"""A sheet with headings of its own, as the settings map them: the worked example of docs/workbook.md."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from tests.export.conftest import make_measure, make_records, write_project

from bmkit.cli import main

from .conftest import read_valid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROWS: list[list[Any]] = [
    ["Where", "Dose (mg)", "From", "To", "Remarks", "Who typed it"],
    ["hip", 4.5, None, None, "after a meal", "A."],
    ["sacrum", None, None, None, None, "B."],
    ["spine", None, 6, 8, None, None],
]
SETTINGS = """
[import.sheets."Doses 2024"]
kind = "measure"
constants = { "source.section" = "first", "source.spans" = '[{"start": 1, "end": 9, "digest": "00ff"}]' }
units = { "Dose (mg)" = "mg", "From" = "mg", "To" = "mg" }

[import.sheets."Doses 2024".headings]
"Where" = "site"
"Dose (mg)" = "dose.value"
"From" = "dose.low"
"To" = "dose.high"
"Remarks" = "words"
"""


class Desk:
    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def run(self, settings: str = SETTINGS, rows: Sequence[Sequence[Any]] = ROWS) -> tuple[int, str]:
        """Import a workbook with these rows; return the exit status and what was printed."""
        (self.root / "bmkit.toml").write_text(settings, "utf-8")
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.title = "Doses 2024"
        for row in rows:
            sheet.append(row)
        book.create_sheet("Scratch")["A1"] = "x"
        book.save(self.root / "doses.xlsx")
        self._capsys.readouterr()
        status = main(["import", "xlsx", str(self.root / "doses.xlsx"), "--root", str(self.root)])
        captured = self._capsys.readouterr()
        return status, captured.out + captured.err


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    records = make_records()
    records["measure"] = [make_measure(0, site="sacrum", dose={"value": 4, "unit": "mg"})]
    records["site"] = [{"id": name, "label": name} for name in ("hip", "sacrum", "spine")]
    return Desk(write_project(tmp_path / "project", records), capsys)


def test_rows_become_records_with_constants_and_units_and_are_added_once(desk: Desk) -> None:
    status, out = desk.run()
    assert (status, "nothing was written" in out) == (1, True)  # a dose is required, and sacrum has none
    assert "measure!" not in out
    assert "Doses 2024!3: " in out
    rows = [row for row in ROWS if row[0] != "sacrum"]
    status, out = desk.run(rows=rows)
    assert status == 0
    assert 'Doses 2024!F1: note: the column "Who typed it" has no field and is not imported' in out
    values = [record.value for record in read_valid(desk.root).list_records("measure")]
    source = {"section": "first", "spans": [{"start": 1, "end": 9, "digest": "00ff"}]}
    assert values[1:] == [
        {
            "id": "after-a-meal-hip-takes-4", "site": "hip", "words": "after a meal",
            "dose": {"value": Decimal("4.5"), "unit": "mg"}, "source": source,
        },
        {
            "id": "spine-takes-6-8-mg", "site": "spine", "dose": {"low": 6, "high": 8, "unit": "mg"},
            "source": source,
        },
    ]  # fmt: skip
    status, out = desk.run(rows=rows)
    assert status == 0
    assert "nothing was changed" in out


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"site"', '"siet"', 'headings.Where: measure has no field "siet"; did you mean "site"?'),
        ('"dose.value"', '"dose"', 'headings."Dose (mg)": dose has parts; name one of dose.value, dose.low'),
        ('"dose.high"', '"dose.value"', "headings.To: dose.value is named twice"),
        ('"source.section" =', '"source.sectio" =', 'constants."source.sectio": measure has no field'),
        ('"source.section" =', '"site" =', "constants.site: site is named twice"),
        (
            '"To" = "mg"',
            '"To" = "mgs"',
            'units.To: dose.high has no unit "mgs"; did you mean "mg"?',
        ),
        ('"To" = "mg"', '"Remarks" = "mg"', "units.Remarks: words has no unit"),
        ('"To" = "mg"', '"Too" = "mg"', "units.Too: this heading has no field; "),
    ],
)
def test_a_wrong_mapping_is_told_at_its_place(desk: Desk, old: str, new: str, message: str) -> None:
    status, out = desk.run(SETTINGS.replace(old, new, 1))
    assert status == 2
    assert "bmkit.toml: import.sheets." in out
    assert message in out


def lose_a_column(rows: list[list[Any]]) -> None:
    rows[0][1] = "Dose"


def misspell(rows: list[list[Any]]) -> None:
    rows[1][0] = "hipp"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lose_a_column, 'Doses 2024!1: error: the first row has no heading "Dose (mg)" (bmkit.toml maps it)'),
        (misspell, 'Doses 2024!A2: error: Where: "hipp" is no site'),
    ],
)
def test_a_sheet_that_does_not_fit_its_mapping_is_refused(
    desk: Desk, change: Callable[[list[list[Any]]], None], message: str
) -> None:
    rows = [[*row] for row in ROWS]
    change(rows)
    status, out = desk.run(rows=rows)
    assert status == 1
    assert message in out


def test_a_constant_that_cannot_be_read_is_told_at_its_place(desk: Desk) -> None:
    status, out = desk.run(SETTINGS.replace('"first"', '"frist"'))
    assert status == 1
    place = 'Doses 2024 (bmkit.toml: import.sheets."Doses 2024".constants."source.section")'
    assert f'{place}: error: "frist" is no section' in out


def test_the_example_of_the_documentation_is_this_one() -> None:
    text = Path(__file__).parents[2].joinpath("docs/workbook.md").read_text("utf-8")
    [settings] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert settings.strip() == SETTINGS.strip()
    assert "| Where | Dose (mg) | From | To | Remarks | Who typed it |" in text
