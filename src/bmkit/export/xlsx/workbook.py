"""The whole workbook: the cover, one sheet a kind, and three hidden ones."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from bmkit.export import ExportError, Tick, ignore_tick
from bmkit.export.xlsx.columns import REVIEWS_NAME, SENTENCE_COLUMN, UniqueLabels
from bmkit.export.xlsx.cover import add_cover_sheet
from bmkit.export.xlsx.layout import add_sheet
from bmkit.export.xlsx.origin import fill_map_sheet, fill_records_sheet
from bmkit.export.xlsx.rows import LinkTargets, RowWriter
from bmkit.export.xlsx.sheet import LISTS_SHEET, MAP_SHEET, RECORDS_SHEET, make_sheets
from bmkit.export.xlsx.styles import add_row_formats
from bmkit.export.xlsx.validation import MAX_RECORD_ROWS, DropdownLists
from bmkit.tables import hash_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bmkit.content import Record
    from bmkit.tables import Table

# Stands in the file as the time of its making: the time itself would make every export another file.
_CREATION_TIME = datetime(2000, 1, 1)  # noqa: DTZ001  XlsxWriter wants it without a zone
# From so many records on, rows wait on disk and not in memory for the workbook to be closed.
MANY_RECORDS = 5_000


def write_workbook(  # noqa: PLR0913  what is shown, and what is told meanwhile
    tables: tuple[Table, ...],
    describe_record: Callable[[Record], str],
    target: Path,
    tick: Tick = ignore_tick,
    list_choices: Callable[[str], Sequence[Record]] | None = None,
    *,
    describe_reviews: Callable[[Record], str] = lambda _: "",
) -> None:
    """Write these tables to the file `target`; `describe_record` returns the sentence of a record.

    `list_choices` returns the records of a kind that may be referred to, those of the tables by default.
    `describe_reviews` returns what reviewers have said of a record, one a line.
    """
    describers = {SENTENCE_COLUMN.name: describe_record, REVIEWS_NAME: describe_reviews}
    for table in tables:
        if len(table.records) > MAX_RECORD_ROWS:
            raise ExportError(
                f"{table.name}: {len(table.records)} records are over the {MAX_RECORD_ROWS} "
                "that a sheet of a workbook holds; export CSV, which has no limit"
            )
    labels = UniqueLabels(tables, list_choices)
    sheets = make_sheets(tables, labels)
    link_targets = LinkTargets(labels, {sheet.table.name: sheet.name for sheet in sheets})
    content_digest = hash_tables(tables)
    total = sum(len(table.records) for table in tables)
    done = 0
    with _open_workbook(target, total) as workbook:
        title = add_cover_sheet(workbook, sheets, content_digest)
        workbook.set_properties({"created": _CREATION_TIME, "author": "bmkit", "title": title})
        cell_formats = add_row_formats(workbook)
        dropdown_lists = DropdownLists(labels)
        digests_by_kind = {}
        for sheet in sheets:
            worksheet = add_sheet(workbook, sheet, cell_formats, dropdown_lists)
            row_writer = RowWriter(worksheet, sheet, cell_formats, link_targets, describers)
            for record_count in row_writer.write_blocks():
                done += record_count
                tick(done, total)
            digests_by_kind[sheet.table.name] = row_writer.digests
        lists_worksheet = workbook.add_worksheet(LISTS_SHEET)
        map_worksheet = workbook.add_worksheet(MAP_SHEET)
        # It adds the lists of columns that have no drop-down: those with several entries in a cell.
        fill_map_sheet(map_worksheet, sheets, target.stem, content_digest, dropdown_lists)
        dropdown_lists.add_labels()
        dropdown_lists.fill_worksheet(lists_worksheet)
        lists_worksheet.hide()
        fill_records_sheet(workbook.add_worksheet(RECORDS_SHEET), sheets, digests_by_kind)


@contextmanager
def _open_workbook(target: Path, record_count: int) -> Iterator[Workbook]:
    """Yield a workbook that is written to `target` at the end; its sheets are filled from the top down."""
    is_large = record_count >= MANY_RECORDS
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    # Beside the workbook: what a killed run leaves there is swept with it.
    with (
        TemporaryDirectory(dir=target.parent) as waiting_rows,
        target.open("wb") if is_large else BytesIO() as file,
    ):
        memory_options = (
            {"constant_memory": True, "tmpdir": waiting_rows} if is_large else {"in_memory": True}
        )
        try:
            with Workbook(file, {**options, **memory_options, "use_zip64": True}) as workbook:
                yield workbook
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error
        if isinstance(file, BytesIO):
            target.write_bytes(file.getvalue())
