"""Streams rows into the sheets of a finished workbook: a million need no more memory than a thousand."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.xlsx.xml import quote_xml_value

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Excel follows no more links than this on one sheet; what has more is damaged to it.
MAX_LINKS = 65_530
# Of these two, one stands behind the links in every sheet that XlsxWriter makes.
_AFTER_LINKS = re.compile("<printOptions|<pageMargins")
_CHUNK_CHARACTERS = 1 << 18
# A tenth larger than at the usual level, and compressed in half the time, which is most of the time there is.
_COMPRESSION_LEVEL = 3


class SheetFill(NamedTuple):
    """What a sheet gets: its rows and its links as XML, and its last cell, "O12".

    The links may be added while the rows are taken.
    """

    row_xml: Iterable[str]
    link_xml: list[str]
    last_cell: str


def build_link_tail(location: str, tooltip: str) -> str:
    """The XML of a link from behind its cell on: where it leads, and what is said when it is pointed at."""
    return f" location={quote_xml_value(location)} tooltip={quote_xml_value(tooltip)}/>"


def write_filled_workbook(skeleton: io.BytesIO, fill_by_part: dict[str, SheetFill], target: Path) -> None:
    """Write to `target` the workbook `skeleton` with `fills` put below the header of the sheets they name.

    A fill is named after its part, "xl/worksheets/sheet2.xml".  The date in the archive is fixed.
    """
    with (
        zipfile.ZipFile(skeleton) as skeleton_archive,
        zipfile.ZipFile(
            target, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL
        ) as target_archive,
    ):
        for part_name in skeleton_archive.namelist():
            zip_entry = zipfile.ZipInfo(part_name, (1980, 1, 1, 0, 0, 0))
            zip_entry.compress_type = zipfile.ZIP_DEFLATED
            zip_entry.create_system = 3
            zip_entry.external_attr = 0o600 << 16
            with target_archive.open(zip_entry, "w", force_zip64=part_name in fill_by_part) as file:
                if part_name in fill_by_part:
                    for chunk in _join_into_chunks(
                        _fill_sheet_xml(skeleton_archive.read(part_name).decode(), fill_by_part[part_name])
                    ):
                        file.write(chunk.encode())
                else:
                    file.write(skeleton_archive.read(part_name))


def _fill_sheet_xml(sheet_xml: str, fill: SheetFill) -> Iterator[str]:
    sheet_xml = re.sub('<dimension ref="[^"]*"', f'<dimension ref="A1:{fill.last_cell}"', sheet_xml, count=1)
    rows_end = sheet_xml.index("</sheetData>")
    after_links = _AFTER_LINKS.search(sheet_xml, rows_end)
    if after_links is None:  # pragma: no cover  the version of XlsxWriter would have to be a strange one
        raise RuntimeError("the sheet has no page margins")
    yield sheet_xml[:rows_end]
    yield from fill.row_xml
    yield sheet_xml[rows_end : after_links.start()]
    if any(fill.link_xml):
        yield "<hyperlinks>"
        yield from fill.link_xml
        yield "</hyperlinks>"
    yield sheet_xml[after_links.start() :]


def _join_into_chunks(texts: Iterable[str]) -> Iterator[str]:
    """The same text in larger pieces: compressing many small ones takes longer."""
    pending_texts: list[str] = []
    size = 0
    for text in texts:
        pending_texts.append(text)
        size += len(text)
        if size >= _CHUNK_CHARACTERS:
            yield "".join(pending_texts)
            pending_texts, size = [], 0
    yield "".join(pending_texts)
