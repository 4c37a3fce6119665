"""A workbook that another spreadsheet program has saved, where there is one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bmkit.export import write_export

from .conftest import Sheet, bring_back, read_valid

if TYPE_CHECKING:
    from bmkit.content import Content

ROOT = Path(__file__).parents[2]
OFFICE = shutil.which("soffice")
pytestmark = [pytest.mark.audit, pytest.mark.skipif(not OFFICE, reason="needs soffice")]


def save_as(path: Path, form: str, folder: Path) -> Path:
    """Return the file that LibreOffice saves in another format, or in its own hand in the same."""
    folder.mkdir()
    command = [str(OFFICE), f"-env:UserInstallation=file://{folder}/home", "--headless"]
    subprocess.run(
        [*command, "--convert-to", form, "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / f"{path.stem}.{form}"


@pytest.fixture(scope="module")
def content() -> Content:
    return read_valid(ROOT)


@pytest.mark.parametrize("forms", [["xlsx"], ["ods", "xlsx"]], ids=" and ".join)
def test_a_saved_workbook_comes_back_as_it_was(content: Content, tmp_path: Path, forms: list[str]) -> None:
    path = next(path for path in write_export("xlsx", content, tmp_path / "out") if path.suffix == ".xlsx")
    for number, form in enumerate(forms):
        path = save_as(path, form, tmp_path / str(number))
    returned = bring_back(path, content)
    assert returned.faults == []
    assert returned.plan.texts == {}


@pytest.mark.parametrize("forms", [["xlsx"], ["ods", "xlsx"]], ids=" and ".join)
def test_an_edit_and_a_signature_survive_the_saving(
    content: Content, tmp_path: Path, forms: list[str]
) -> None:
    path = next(path for path in write_export("xlsx", content, tmp_path / "out") if path.suffix == ".xlsx")
    book = openpyxl.load_workbook(path)
    for heading, value in {"Dose: value": 5, "Your review": "reviewed", "Reviewer": "A. Reviewer"}.items():
        Sheet(book["regimen"]).cell("zometa-4-mg", heading).value = value
    book.save(tmp_path / "edited.xlsx")
    path = tmp_path / "edited.xlsx"
    for number, form in enumerate(forms):
        path = save_as(path, form, tmp_path / str(number))
    returned = bring_back(path, content)
    assert returned.errors == []
    lines = [line.strip() for line in returned.changed_lines()]
    assert lines[0] == '"dose": {"value": 5, "unit": "mg"},'
    assert {'"reviewer": "A. Reviewer",', '"dose=5 mg",'} <= {*lines[1:]}
    assert len(returned.plan.texts) == 2
