"""The workbook for reviewers: a cover, one sheet a kind, drop-downs, links, and the facts as sentences."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bmkit.export.whole import ExportError, Tick, ignore_tick, replace_file
from bmkit.export.xlsx.cover import add_cover_sheet
from bmkit.export.xlsx.jumps import Hyperlinks
from bmkit.export.xlsx.labels import UniqueLabels
from bmkit.export.xlsx.layout import add_empty_sheet
from bmkit.export.xlsx.names import MAP_SHEET, make_sheet_names
from bmkit.export.xlsx.origin import PALETTE_ROW, fill_map_sheet, hash_tables
from bmkit.export.xlsx.sheet import Sheet, iter_row_blocks, make_sheet
from bmkit.export.xlsx.splice import SheetFill, write_filled_workbook
from bmkit.export.xlsx.styles import add_row_formats
from bmkit.export.xlsx.validation import LISTS_SHEET, MAX_RECORD_ROWS, DropdownLists
from bmkit.sentence import format_sentence
from bmkit.tables import project_tables, split_by_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.export.xlsx.sheet import DescribeRecord
    from bmkit.tables import Table

# Stands in the file as the time of its making: the time itself would make every export another file.
_CREATION_TIME = datetime(2000, 1, 1)  # noqa: DTZ001  XlsxWriter wants it without a zone


def write(content: Content, out_folder: Path, tick: Tick = ignore_tick) -> list[Path]:
    """Write OUT/<article>.xlsx, with the facts of the article and the shared terms."""
    targets = []
    for article_name, article_content in split_by_article(content).items():
        target = out_folder / f"{article_name}.xlsx"
        with replace_file(target) as file:
            write_workbook(
                project_tables(article_content), partial(format_sentence, content=article_content), file, tick
            )
        targets.append(target)
    return targets


def write_workbook(
    tables: tuple[Table, ...], describe_record: DescribeRecord, target: Path, tick: Tick = ignore_tick
) -> None:
    """Write these tables to the file `target`; `says` makes the sentence of a record."""
    for table in tables:
        if len(table.records) > MAX_RECORD_ROWS:
            raise ExportError(
                f"{table.name}: {len(table.records)} records are over the {MAX_RECORD_ROWS} that a sheet holds"
            )
    labels = UniqueLabels(tables)
    sheet_name_by_kind = make_sheet_names(tables)
    sheets = [make_sheet(table, sheet_name_by_kind[table.name], labels) for table in tables]
    skeleton, format_index_by_name = _build_skeleton(sheets, labels, hash_tables(tables))
    total = sum(len(table.records) for table in tables)
    done = 0

    def iter_rows_with_ticks(sheet: Sheet, hyperlinks: Hyperlinks) -> Iterator[str]:
        nonlocal done
        for row_count, rows_xml in iter_row_blocks(sheet, describe_record, format_index_by_name, hyperlinks):
            yield rows_xml
            done += row_count
            tick(done, total)

    fill_by_part = {}
    for sheet_number, sheet in enumerate(sheets, 2):  # the cover is the first
        hyperlinks = Hyperlinks(labels, sheet_name_by_kind)
        fill_by_part[f"xl/worksheets/sheet{sheet_number}.xml"] = SheetFill(
            iter_rows_with_ticks(sheet, hyperlinks), hyperlinks.link_xml, sheet.last_cell
        )
    write_filled_workbook(skeleton, fill_by_part, target)


def _build_skeleton(
    sheets: list[Sheet], labels: UniqueLabels, content_digest: str
) -> tuple[io.BytesIO, dict[str, int]]:
    """The workbook without its rows, and the number that each style of the rows has in it."""
    buffer = io.BytesIO()
    from xlsxwriter import Workbook

    workbook = Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    title = add_cover_sheet(workbook, sheets, content_digest)
    workbook.set_properties({"created": _CREATION_TIME, "author": "bmkit", "title": title})
    cell_formats = add_row_formats(workbook)
    dropdown_lists = DropdownLists(labels)
    for sheet in sheets:
        add_empty_sheet(workbook, sheet, cell_formats, dropdown_lists)
    lists_worksheet = workbook.add_worksheet(LISTS_SHEET)
    dropdown_lists.fill_worksheet(lists_worksheet)
    lists_worksheet.hide()
    fill_map_sheet(workbook.add_worksheet(MAP_SHEET), sheets, content_digest, cell_formats)
    workbook.close()
    return buffer, dict(zip(cell_formats, _extract_format_indexes(buffer, len(sheets) + 3), strict=True))


def _extract_format_indexes(buffer: io.BytesIO, sheet_number: int) -> list[int]:
    """The styles of the palette, read back: XlsxWriter numbers them only when it writes."""
    with zipfile.ZipFile(buffer) as archive:
        sheet_xml = archive.read(f"xl/worksheets/sheet{sheet_number}.xml").decode()
    palette_match = re.search(rf'<row r="{PALETTE_ROW}".*?</row>', sheet_xml)
    return (
        [int(format_index) for format_index in re.findall(r' s="(\d+)"', palette_match[0])]
        if palette_match
        else []
    )
