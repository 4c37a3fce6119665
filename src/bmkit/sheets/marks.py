"""What stands beside the values of a sheet: merged cells, texts struck through, comments."""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import IO, TYPE_CHECKING, NamedTuple

from defusedxml.ElementTree import fromstring, iterparse

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK_SIZE = 1 << 20
_OVERLAP = 256
_MERGED_RANGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z0-9:$]+)["']""")
_STRIKE = re.compile(rb"<(?:\w+:)?(?:d?strike)\b")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_THREADED = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_RELATION_KEY = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK_PART = "xl/workbook.xml"


class SheetMarks(NamedTuple):
    """What one sheet has beside its values, by cell ("C5"); `merged_ranges` are like "A3:C3"."""

    merged_ranges: tuple[str, ...]
    struck_cells: frozenset[str]
    comments: dict[str, str]


class WorkbookMarks(NamedTuple):
    """The marks of each sheet by its name; `has_struck_styles` says that a style strikes texts through."""

    sheets: dict[str, SheetMarks]
    has_struck_styles: bool


def read_marks(file: IO[bytes]) -> WorkbookMarks:
    """Return the marks in the file of a workbook that was checked."""
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        sheets = {}
        for sheet_name, part in _list_sheet_parts(archive):
            if part in names:
                merged_ranges, has_strike = _scan_sheet(archive, part)
                struck_cells = _find_struck_texts(archive, part) if has_strike else frozenset()
                comments = _read_comments(archive, part)
                sheets[sheet_name] = SheetMarks(tuple(merged_ranges), struck_cells, comments)
        styles_part = "xl/styles.xml"
        has_struck_styles = styles_part in names and bool(_STRIKE.search(archive.read(styles_part)))
        return WorkbookMarks(sheets, has_struck_styles)


def _list_sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the part that holds it."""
    targets = {key: target for key, _, target in _list_relations(archive, _WORKBOOK_PART)}
    workbook = fromstring(archive.read(_WORKBOOK_PART))
    for sheet in workbook.iter(f"{_MAIN}sheet"):
        key = sheet.get(_RELATION_KEY)
        if key in targets:
            yield sheet.get("name", ""), targets[key]


def _list_relations(archive: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """Return key, type and target of what a part refers to inside the workbook."""
    folder, _, name = part.rpartition("/")
    relations_part = f"{folder}/_rels/{name}.rels"
    if relations_part not in archive.namelist():
        return []
    return [
        (
            relation.get("Id", ""),
            relation.get("Type", ""),
            posixpath.normpath(posixpath.join(f"/{folder}", relation.get("Target", ""))).lstrip("/"),
        )
        for relation in fromstring(archive.read(relations_part))
        if relation.get("TargetMode") != "External"
    ]


def _scan_sheet(archive: zipfile.ZipFile, part: str) -> tuple[list[str], bool]:
    """Return the merged ranges of a sheet, and whether a text in it is struck through."""
    merged_ranges: dict[str, None] = {}
    has_strike = False
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK_SIZE):
            text = tail + chunk
            merged_ranges.update((match.decode(), None) for match in _MERGED_RANGE.findall(text))
            has_strike = has_strike or bool(_STRIKE.search(text))
            tail = text[-_OVERLAP:]
    return list(merged_ranges), has_strike


def _find_struck_texts(archive: zipfile.ZipFile, part: str) -> frozenset[str]:
    """Return the cells whose text stands in the sheet itself and is struck through in part."""
    struck_cells = set()
    with archive.open(part) as stream:
        for _, element in iterparse(stream):
            if element.tag == f"{_MAIN}c":
                if any(is_struck(properties) for properties in element.iter(f"{_MAIN}rPr")):
                    struck_cells.add(element.get("r", ""))
            elif element.tag == f"{_MAIN}row":
                element.clear()
    return frozenset(struck_cells)


def is_struck(properties: object) -> bool:
    """Return whether the properties of a run of text, an element of XML, strike it through."""
    strike = properties.find(f"{_MAIN}strike")  # type: ignore[attr-defined]
    return strike is not None and strike.get("val", "1") not in {"0", "false"}


def _read_comments(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the comments of a sheet by cell; those with answers have the first of a thread."""
    comments: dict[str, str] = {}
    for _, kind, target in _list_relations(archive, part):
        if target not in archive.namelist():
            continue
        if kind.endswith("/comments"):
            for comment in fromstring(archive.read(target)).iter(f"{_MAIN}comment"):
                text = "".join(part.text or "" for part in comment.iter(f"{_MAIN}t"))
                comments.setdefault(comment.get("ref", ""), text)
        elif kind.endswith("/threadedComment"):
            for comment in fromstring(archive.read(target)).iter(f"{_THREADED}threadedComment"):
                if not comment.get("parentId"):
                    comments[comment.get("ref", "")] = comment.findtext(f"{_THREADED}text", "")
    return comments
