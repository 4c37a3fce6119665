"""The workbook for reviewers: a cover, one sheet a kind, drop-downs, links, and the facts as sentences."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bmkit.export.whole import ExportError, Tick, silent, whole_file
from bmkit.export.xlsx.cover import cover
from bmkit.export.xlsx.jumps import Jumps
from bmkit.export.xlsx.labels import Labels
from bmkit.export.xlsx.layout import frame
from bmkit.export.xlsx.names import MAP, sheet_names
from bmkit.export.xlsx.origin import PALETTE, digest, origin
from bmkit.export.xlsx.sheet import Sheet, rows, sheet_of
from bmkit.export.xlsx.splice import Fill, splice
from bmkit.export.xlsx.styles import row_styles
from bmkit.export.xlsx.validation import LISTS, MOST_ROWS, Lists
from bmkit.sentence import format_sentence
from bmkit.tables import project_tables, split_by_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.export.xlsx.sheet import Says
    from bmkit.tables import Table

# Stands in the file as the time of its making: the time itself would make every export another file.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  XlsxWriter wants it without a zone


def write(content: Content, out: Path, tick: Tick = silent) -> list[Path]:
    """Write OUT/<article>.xlsx, with the facts of the article and the shared terms."""
    targets = []
    for name, part in split_by_article(content).items():
        target = out / f"{name}.xlsx"
        with whole_file(target) as file:
            save(project_tables(part), partial(format_sentence, content=part), file, tick)
        targets.append(target)
    return targets


def save(tables: tuple[Table, ...], says: Says, target: Path, tick: Tick = silent) -> None:
    """Write these tables to the file `target`; `says` makes the sentence of a record."""
    for table in tables:
        if len(table.records) > MOST_ROWS:
            raise ExportError(
                f"{table.name}: {len(table.records)} records are over the {MOST_ROWS} that a sheet holds"
            )
    labels = Labels(tables)
    names = sheet_names(tables)
    sheets = [sheet_of(table, names[table.name], labels) for table in tables]
    skeleton, styles = _skeleton(sheets, labels, digest(tables))
    total = sum(len(table.records) for table in tables)
    done = 0

    def filled(sheet: Sheet, jumps: Jumps) -> Iterator[str]:
        nonlocal done
        for count, text in rows(sheet, says, styles, jumps):
            yield text
            done += count
            tick(done, total)

    fills = {}
    for number, sheet in enumerate(sheets, 2):  # the cover is the first
        jumps = Jumps(labels, names)
        fills[f"xl/worksheets/sheet{number}.xml"] = Fill(filled(sheet, jumps), jumps.links, sheet.last)
    splice(skeleton, fills, target)


def _skeleton(sheets: list[Sheet], labels: Labels, version: str) -> tuple[io.BytesIO, dict[str, int]]:
    """The workbook without its rows, and the number that each style of the rows has in it."""
    buffer = io.BytesIO()
    from xlsxwriter import Workbook

    book = Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    title = cover(book, sheets, version)
    book.set_properties({"created": _MADE, "author": "bmkit", "title": title})
    formats = row_styles(book)
    lists = Lists(labels)
    for sheet in sheets:
        frame(book, sheet, formats, lists)
    hidden = book.add_worksheet(LISTS)
    lists.write(hidden)
    hidden.hide()
    origin(book.add_worksheet(MAP), sheets, version, formats)
    book.close()
    return buffer, dict(zip(formats, _numbers(buffer, len(sheets) + 3), strict=True))


def _numbers(buffer: io.BytesIO, sheet: int) -> list[int]:
    """The styles of the palette, read back: XlsxWriter numbers them only when it writes."""
    with zipfile.ZipFile(buffer) as archive:
        text = archive.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    found = re.search(rf'<row r="{PALETTE}".*?</row>', text)
    return [int(number) for number in re.findall(r' s="(\d+)"', found[0])] if found else []
