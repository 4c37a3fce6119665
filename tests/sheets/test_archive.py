"""Workbooks that mean harm, or are none: refused with a reason before they are parsed, in little memory."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from bmkit.sheets.archive import MAX_PARTS, WorkbookError, open_workbook_file

from .conftest import Project, bring_back, replace_in_parts

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
MIB = 1 << 20


def add_part(path: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)


def replace_part(path: Path, name: str, make_data: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part_name, data in parts.items():
            archive.writestr(part_name, make_data(data) if part_name == name else data)


def declare_entities(data: bytes) -> bytes:
    return LAUGHS + data.partition(b"?>")[2]


def encode_otherwise(data: bytes) -> bytes:
    return (
        declare_entities(data)
        .decode()
        .replace('version="1.0"', 'version="1.0" encoding="utf-16"')
        .encode("utf-16")
    )


SHEET = "xl/worksheets/sheet2.xml"
Harm = Callable[[Path], object]


def change(name: str, make_data: Callable[[bytes], bytes]) -> Harm:
    return lambda path: replace_part(path, name, make_data)


def add(name: str) -> Harm:
    return lambda path: add_part(path, name, b"x")


def overwrite(data: bytes) -> Harm:
    return lambda path: path.write_bytes(data)


TEXTS = "xl/sharedStrings.xml"
HOSTILE: dict[str, tuple[Harm, str]] = {
    "billion laughs": (change(SHEET, declare_entities), f"{SHEET} declares a document type or entities"),
    "billion laughs among texts": (change(TEXTS, declare_entities), f"{TEXTS} declares a document type"),
    "another encoding": (change(SHEET, encode_otherwise), "is not in utf-8"),
    "macros": (add("xl/vbaProject.bin"), "holds macros"),
    "old macros": (add("xl/macrosheets/sheet1.xml"), "holds macros"),
    "controls": (add("xl/activeX/activeX1.xml"), "holds controls"),
    "external links": (add("xl/externalLinks/externalLink1.xml"), "holds links to other workbooks"),
    "connections": (add("xl/connections.xml"), "holds a connection to a database"),
    "embedded files": (add("xl/embeddings/oleObject1.bin"), "holds embedded files"),
    "a way out": (add("../../etc/passwd"), "with a path in its name"),
    "a root": (add("/etc/passwd"), "with a path in its name"),
    "a drive": (add("c:/x"), "with a path in its name"),
    "twice": (add("XL/workbook.xml"), "has two parts of one name"),
    "no archive": (overwrite(b"Id,Words\n"), "is not a workbook"),
    "nothing": (overwrite(b""), "is not a workbook"),
    "with a password": (overwrite(b"\xd0\xcf\x11\xe0" + bytes(600)), "is protected by a password"),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:-2000]), "is not a workbook"),
    "no XML": (change(SHEET, lambda data: data[:-300]), "cannot be read as a workbook"),
    "texts cut off": (change(TEXTS, lambda data: data[:60]), "cannot be read as a workbook"),
    "no hidden sheets": (change("xl/workbook.xml", lambda data: data.replace(b"bmkit map", b"x")), "no base"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("harm", "message"), HOSTILE.values(), ids=HOSTILE)
def test_what_no_honest_workbook_holds_is_refused(
    sheet_project: Project, tmp_path: Path, harm: Callable[[Path], object], message: str
) -> None:
    path = tmp_path / "hostile.xlsx"
    shutil.copy(sheet_project.path, path)
    harm(path)
    with pytest.raises(WorkbookError, match=message):
        bring_back(path, sheet_project.content)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.xlsm", "it may hold macros; save it as .xlsx"),
        ("a.xls", "of the format before 2007"),
        ("a.ods", "an OpenDocument sheet"),
        ("a.xlsb", "a binary workbook"),
    ],
)
def test_other_formats_are_named(sheet_project: Project, tmp_path: Path, name: str, message: str) -> None:
    path = tmp_path / name
    shutil.copy(sheet_project.path, path)
    with pytest.raises(WorkbookError, match=message):
        bring_back(path, sheet_project.content)


def test_too_many_parts_are_refused(sheet_project: Project, tmp_path: Path) -> None:
    path = tmp_path / "parts.xlsx"
    shutil.copy(sheet_project.path, path)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(MAX_PARTS):
            archive.writestr(f"xl/media/{number}", b"")
    with pytest.raises(WorkbookError, match=r"parts, over the 2,000 allowed"), open_workbook_file(str(path)):
        pass


class Bomb(NamedTuple):
    """A part that unpacks to so many pieces behind a start."""

    name: str
    start: bytes
    piece: bytes
    repeats: int

    def add_to(self, workbook: Path, path: Path) -> None:
        """Write a copy of a workbook that has this part."""
        with (
            zipfile.ZipFile(workbook) as old,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
        ):
            for part in old.infolist():
                if part.filename != self.name:
                    new.writestr(part, old.read(part))
            with new.open(self.name, "w", force_zip64=True) as stream:
                stream.write(self.start)
                for _ in range(self.repeats):
                    stream.write(self.piece)


SHEET_START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TEXT_START, ROW_START = b'<row r="1"><c t="inlineStr"><is><t>', b'<row r="1">'
CELLS, MERGED_CELLS = b"<c><v>1</v></c>" * (MIB // 15), b'<mergeCell ref="A1:B2"/>' * (MIB // 24)
BOMBS = [
    (Bomb("xl/media/image1.png", b"", bytes(MIB), 20), "unpacks to 20 MiB, over the 16 MiB allowed"),
    (Bomb(SHEET, SHEET_START + TEXT_START, b" " * MIB, 4), "a text longer than a cell can be"),
    (Bomb(SHEET, SHEET_START + ROW_START, CELLS, 5), "a row longer than a row can be"),
    (Bomb(SHEET, SHEET_START + b"</sheetData>", MERGED_CELLS, 5), "more beside its rows"),
]


@pytest.mark.parametrize(("bomb", "message"), BOMBS)
def test_a_bomb_is_refused(
    sheet_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bomb: Bomb, message: str
) -> None:
    monkeypatch.setattr("bmkit.sheets.archive._MAX_ROW_SIZE", 3 * MIB)
    monkeypatch.setattr("bmkit.sheets.archive._MAX_FRAME_SIZE", 3 * MIB)
    path = tmp_path / "bomb.xlsx"
    bomb.add_to(sheet_project.path, path)
    with pytest.raises(WorkbookError, match=message):
        bring_back(path, sheet_project.content)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited as Linux does")
def test_a_bomb_takes_little_memory(sheet_project: Project, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    Bomb(SHEET, SHEET_START + ROW_START, CELLS, 900).add_to(sheet_project.path, path)
    limit = 500 * MIB
    done = subprocess.run(
        [sys.executable, "-m", "bmkit", "import", "xlsx", str(path), "--root", str(sheet_project.root)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        timeout=120,
    )
    assert done.returncode == 2
    assert "a row longer than a row can be" in done.stderr


def test_what_openpyxl_needs_is_there() -> None:
    assert openpyxl.DEFUSEDXML


def test_the_sheet_is_read_to_its_end_whatever_it_says_of_itself(
    sheet_project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "dimension.xlsx"
    shutil.copy(sheet_project.path, path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    dimension = sheet[sheet.index(b"<dimension") : sheet.index(b"/>", sheet.index(b"<dimension"))]
    replace_in_parts(path, SHEET, dimension, b'<dimension ref="A1:B2"')
    returned = bring_back(path, sheet_project.content)
    assert returned.faults == []
    assert len([key for key in returned.edits.places if key[0] == "measure"]) == 25
