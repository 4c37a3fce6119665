"""The same content gives the same bytes: twice, in another language, time zone and order of hashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from bmkit.content import read_content
from bmkit.export import DESCRIPTION_BY_FORMAT, write_export
from bmkit.write_json import format_json

from .conftest import make_records

if TYPE_CHECKING:
    from pathlib import Path

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

PROGRAM = """
import sys, time
from pathlib import Path
time.tzset()
from bmkit.content import read_content
from bmkit.export import DESCRIPTION_BY_FORMAT, write_export
from bmkit.write_json import format_json
for form in DESCRIPTION_BY_FORMAT:
    write_export(form, read_content(sys.argv[1]), Path(sys.argv[2]))
"""


def hash_files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Caracas", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
    ],
)
def test_surroundings_change_nothing(project: Path, tmp_path: Path, surroundings: dict[str, str]) -> None:
    written = [
        write_export(form, read_content(str(project)), tmp_path / "here") for form in DESCRIPTION_BY_FORMAT
    ]
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(project), str(tmp_path / "there")],
        env={**os.environ, **surroundings},
        cwd=tmp_path,
        check=True,
    )
    assert all(written)
    # Each format has the list of its files besides.
    assert len(hash_files(tmp_path / "here")) == sum(map(len, written)) + len(written)
    assert hash_files(tmp_path / "here") == hash_files(tmp_path / "there")


@pytest.mark.parametrize("form", DESCRIPTION_BY_FORMAT)
def test_the_layout_of_the_files_changes_nothing(form: str, project: Path, tmp_path: Path) -> None:
    write_export(form, read_content(str(project)), tmp_path / "before")
    for path in (project / "content").rglob("*.json"):
        kind = path.stem
        turned = [dict(reversed(list(record.items()))) for record in make_records()[kind]]
        text = format_json({"records": turned, "$schema": f"../../schema/{kind}.schema.json"}, indent=4)
        path.write_text(text, encoding="utf-8")
        assert json.loads(text)
    write_export(form, read_content(str(project)), tmp_path / "after")
    assert hash_files(tmp_path / "before") == hash_files(tmp_path / "after")


def test_the_archive_says_nothing_of_time_and_system(project: Path, tmp_path: Path) -> None:
    [workbook_file] = write_export("xlsx", read_content(str(project)), tmp_path)
    with zipfile.ZipFile(workbook_file) as archive:
        about = {(part.date_time, part.create_system, part.external_attr) for part in archive.infolist()}
        text = archive.read("docProps/core.xml").decode()
    assert about == {((1980, 1, 1, 0, 0, 0), 3, 0o600 << 16)}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[^<]*", text)) == {"2000-01-01T00:00:00Z"}


def version(path: Path) -> object:
    return load_workbook(path)["bmkit map"]["B2"].value


def test_another_value_is_another_version_even_if_no_cell_shows_it(project: Path, tmp_path: Path) -> None:
    [before] = write_export("xlsx", read_content(str(project)), tmp_path / "before")
    path = project / "content" / "trial" / "measure.json"
    path.write_text(path.read_text(encoding="utf-8").replace("00ff", "00fe", 1), encoding="utf-8")
    [after] = write_export("xlsx", read_content(str(project)), tmp_path / "after")
    assert version(before) != version(after)
