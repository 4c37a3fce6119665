"""Reads texts out of a workbook as Excel does: openpyxl leaves most of Excel's escapes as they are."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def text_of(element: ET.Element) -> str:
    text = "".join(part.text or "" for part in element.iterfind(".//x:t", NAMESPACE))
    return re.sub("_x([0-9a-fA-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def read_texts(path: Path, sheet_number: int) -> dict[str, str]:
    """Return the texts of a sheet by cell, whether they stand in the cell or among the shared ones."""
    with zipfile.ZipFile(path) as archive:
        shared = []
        if "xl/sharedStrings.xml" in archive.namelist():
            shared = [text_of(item) for item in ET.fromstring(archive.read("xl/sharedStrings.xml"))]  # noqa: S314
        page = ET.fromstring(archive.read(f"xl/worksheets/sheet{sheet_number}.xml"))  # noqa: S314
    texts = {}
    for cell in page.iterfind(".//x:c", NAMESPACE):
        if cell.get("t") == "s":
            texts[str(cell.get("r"))] = shared[int(cell.findtext("x:v", "", NAMESPACE))]
        elif cell.get("t") == "inlineStr":
            texts[str(cell.get("r"))] = text_of(cell)
    return texts


@pytest.fixture(name="read_texts", scope="session")
def texts_reader() -> Callable[[Path, int], dict[str, str]]:
    return read_texts
