"""Streams rows into the sheets of a finished workbook: a million need no more memory than a thousand."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.xlsx.xml import quoted

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Excel follows no more links than this on one sheet; what has more is damaged to it.
MOST_LINKS = 65_530
# Of these two, one stands behind the links in every sheet that XlsxWriter makes.
_BEHIND_LINKS = re.compile("<printOptions|<pageMargins")
_CHUNK = 1 << 18
# A tenth larger than at the usual level, and compressed in half the time, which is most of the time there is.
_LEVEL = 3


class Fill(NamedTuple):
    """What a sheet gets: its rows and its links as XML, and its last cell, "O12".

    The links may be added while the rows are taken.
    """

    rows: Iterable[str]
    links: list[str]
    last: str


def goal(to: str, tip: str) -> str:
    """The XML of a link from behind its cell on: where it leads, and what is said when it is pointed at."""
    return f" location={quoted(to)} tooltip={quoted(tip)}/>"


def splice(skeleton: io.BytesIO, fills: dict[str, Fill], target: Path) -> None:
    """Write to `target` the workbook `skeleton` with `fills` put below the header of the sheets they name.

    A fill is named after its part, "xl/worksheets/sheet2.xml".  The date in the archive is fixed.
    """
    with (
        zipfile.ZipFile(skeleton) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            part.external_attr = 0o600 << 16
            with new.open(part, "w", force_zip64=name in fills) as file:
                if name in fills:
                    for text in _chunks(_filled(old.read(name).decode(), fills[name])):
                        file.write(text.encode())
                else:
                    file.write(old.read(name))


def _filled(sheet: str, fill: Fill) -> Iterator[str]:
    sheet = re.sub('<dimension ref="[^"]*"', f'<dimension ref="A1:{fill.last}"', sheet, count=1)
    end = sheet.index("</sheetData>")
    links = _BEHIND_LINKS.search(sheet, end)
    if links is None:  # pragma: no cover  the version of XlsxWriter would have to be a strange one
        raise RuntimeError("the sheet has no page margins")
    yield sheet[:end]
    yield from fill.rows
    yield sheet[end : links.start()]
    if any(fill.links):
        yield "<hyperlinks>"
        yield from fill.links
        yield "</hyperlinks>"
    yield sheet[links.start() :]


def _chunks(texts: Iterable[str]) -> Iterator[str]:
    """The same text in larger pieces: compressing many small ones takes longer."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _CHUNK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
