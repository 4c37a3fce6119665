"""The file of a workbook before anything in it is believed: what no honest workbook holds is refused."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from bmkit.disk import NotAFileError, open_regular_file
from bmkit.errors import BmkitError
from bmkit.jsontext import format_byte_size

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PARTS = 2_000
MAX_FILE_SIZE = 512 << 20
MAX_SHEET_SIZE = 1 << 30
MAX_TEXTS_SIZE = 128 << 20
MAX_OTHER_SIZE = 16 << 20
"""Bytes of a sheet, of the shared texts, and of any other part, unpacked."""

_CHUNK_SIZE = 1 << 20
# A row of the most columns that there are, with long texts in it, has less.
_MAX_ROW_SIZE = 32 << 20
# Read into memory as a whole: links, merged cells, drop-downs.
_MAX_FRAME_SIZE = 16 << 20
_OTHER_FORMATS = {
    ".xlsm": "it may hold macros",
    ".xlsb": "it is a binary workbook",
    ".xls": "it is of the format before 2007",
    ".ods": "it is an OpenDocument sheet",
    ".csv": "it is no workbook",
}
_OLD_FILE_START = b"\xd0\xcf\x11\xe0"
# What runs, or leads elsewhere.
_REFUSED_PARTS = {
    "vbaproject": "macros",
    "macrosheets/": "macros",
    "activex/": "controls",
    "externallinks/": "links to other workbooks",
    "connections.xml": "a connection to a database",
    "embeddings/": "embedded files",
}
_SHEET_PART, _TEXTS_PART = re.compile(r"xl/worksheets/[^/]+\.xml"), "xl/sharedStrings.xml"
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_UTF8_NAMES = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_ROW_START, _ROWS_END = re.compile(rb"<(?:\w+:)?row[\s>/]"), re.compile(rb"</(?:\w+:)?sheetData>")
_OVERLAP = 64
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class WorkbookError(BmkitError):
    """A workbook that cannot be read, or is not read for what is in it; the message is one line."""


@contextmanager
def open_workbook_file(path: str) -> Iterator[IO[bytes]]:
    """Yield the file of a workbook, checked from its first to its last byte; WorkbookError if it is refused.

    It takes the memory of a few chunks, whatever the file unpacks to.
    """
    if reason := _OTHER_FORMATS.get(os.path.splitext(path)[1].lower()):
        raise WorkbookError(f"{path}: {reason}; save it as .xlsx")
    try:
        file_descriptor = open_regular_file(path)
    except NotAFileError:
        raise WorkbookError(f"{path}: is not a file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WorkbookError(f"{path}: cannot be read: {reason[:1].lower()}{reason[1:]}") from None
    with os.fdopen(file_descriptor, "rb") as file:
        try:
            _check_file(file)
        except WorkbookError as error:
            raise WorkbookError(f"{path}: {error}") from None
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            EOFError,
            OSError,
            RuntimeError,
            zlib.error,
        ) as error:
            raise WorkbookError(f"{path}: is damaged: {error}") from None
        file.seek(0)
        yield file


def _check_file(file: IO[bytes]) -> None:
    size = os.fstat(file.fileno()).st_size
    if size > MAX_FILE_SIZE:
        raise WorkbookError(
            f"has {format_byte_size(size)}, over the {format_byte_size(MAX_FILE_SIZE)} allowed"
        )
    if file.read(len(_OLD_FILE_START)) == _OLD_FILE_START:
        raise WorkbookError("is protected by a password, or of the format before 2007; save it as .xlsx")
    if not zipfile.is_zipfile(file):
        raise WorkbookError("is not a workbook (.xlsx)")
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        _check_parts(parts)
        for part in parts:
            if not part.is_dir():
                with archive.open(part) as stream:
                    _check_part(part.filename, stream)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse by names and declared sizes; zipfile reads no more of a part than it declares."""
    if len(parts) > MAX_PARTS:
        raise WorkbookError(f"has {len(parts):,} parts, over the {MAX_PARTS:,} allowed")
    names = [part.filename for part in parts]
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise WorkbookError("is a zip archive, but not a workbook (.xlsx)")
    seen_names: set[str] = set()
    for part in parts:
        name = part.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or "\0" in name:
            raise WorkbookError(f"has a part with a path in its name: {name!r}")
        if name.casefold() in seen_names:
            raise WorkbookError(f"has two parts of one name: {name!r}")
        seen_names.add(name.casefold())
        if part.flag_bits & 1:
            raise WorkbookError("is encrypted; save it without a password")
        if part.compress_type not in _COMPRESSIONS:
            raise WorkbookError(f"{name} is packed in a way that no spreadsheet packs; save it as .xlsx")
        for refused_name, what in _REFUSED_PARTS.items():
            if refused_name in name.casefold():
                raise WorkbookError(f"holds {what} ({name}), which are not read; save it without them")
        limit = (
            MAX_SHEET_SIZE
            if _SHEET_PART.fullmatch(name)
            else MAX_TEXTS_SIZE
            if name == _TEXTS_PART
            else MAX_OTHER_SIZE
        )
        if part.file_size > limit:
            raise WorkbookError(
                f"{name} unpacks to {format_byte_size(part.file_size)}, "
                f"over the {format_byte_size(limit)} allowed"
            )


def _check_part(name: str, stream: IO[bytes]) -> None:
    """Refuse a part that declares entities or is in no encoding that this can be seen in, or has no tags."""
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    is_sheet = bool(_SHEET_PART.fullmatch(name))
    tail, size, row_start, rows_end, has_row = b"", 0, 0, 0, False
    while chunk := stream.read(_CHUNK_SIZE):
        if not is_xml:
            continue
        text = tail + chunk
        if not size:
            _check_encoding(name, text)
        if _DECLARATION.search(text):
            raise WorkbookError(f"{name} declares a document type or entities, which are not read")
        if len(chunk) == _CHUNK_SIZE and (b"<" not in chunk or b">" not in chunk):
            raise WorkbookError(f"{name} has a text longer than a cell can be")
        size += len(chunk)
        if is_sheet:
            if not rows_end and _ROW_START.search(text):
                has_row, row_start = True, size
            if not rows_end and _ROWS_END.search(text):
                rows_end = size
            if has_row and not rows_end and size - row_start > _MAX_ROW_SIZE:
                raise WorkbookError(f"{name} has a row longer than a row can be")
            if (not has_row or rows_end) and size - rows_end > _MAX_FRAME_SIZE:
                raise WorkbookError(f"{name} has more beside its rows than a sheet can have")
        tail = text[-_OVERLAP:]


def _check_encoding(name: str, start: bytes) -> None:
    """Refuse what is not UTF-8: no scan of its bytes would find anything."""
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in start[:64] or (declared and declared[1].lower() not in _UTF8_NAMES):
        raise WorkbookError(f"{name} is not in utf-8")
