"""The rows of a sheet: numbers and days stay what they are, all else is text, and references have links."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from xlsxwriter.url import Url

from bmkit.export import ExportError
from bmkit.export.xlsx.columns import REVIEWS_NAME
from bmkit.export.xlsx.digest import hash_cells, normalize_cell, parse_day, predict_text, should_stay_text
from bmkit.export.xlsx.styles import MAX_DECIMAL_PLACES
from bmkit.export.xlsx.widths import LINE_HEIGHT, compute_line_length, count_lines
from bmkit.shape.cells import MAX_CELL_LENGTH
from bmkit.tables import ID_FIELD
from bmkit.write_json import format_plain_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bmkit.content import Record
    from bmkit.export.xlsx.columns import SheetColumn, UniqueLabels
    from bmkit.export.xlsx.sheet import Sheet
    from bmkit.tables import Block

# A method of a worksheet that writes a cell, the value that it writes, and the format of the cell.
_Cell = tuple[Callable[..., object], Any, "Format"]

# What Excel follows of links on one sheet.
MAX_LINKS = 65_530
# XlsxWriter puts labels with links into attributes of XML, which cannot hold these.
_CONTROL_CHARACTER = re.compile("[\x00-\x1f\ufffe\uffff]")


class LinkTargets:
    """Where references lead: to the row in which the record of that id stands on the sheet of its kind."""

    def __init__(self, labels: UniqueLabels, sheet_name_by_kind: dict[str, str]) -> None:
        self._labels = labels
        self._sheet_name_by_kind = sheet_name_by_kind
        self._urls: dict[tuple[str, int], dict[str, Url]] = {}

    def get_urls(self, kind_name: str, line_length: int) -> dict[str, Url]:
        """Return the link of each id of a kind whose label fits in a line of so many characters.

        LibreOffice cuts off a longer text in a cell with a link.
        """
        urls = self._urls.setdefault((kind_name, line_length), {})
        if not urls and kind_name in self._sheet_name_by_kind:
            row_by_id = self._labels.get_rows(kind_name)
            for record_id, label in self._labels.get_labels(kind_name).items():
                if record_id in row_by_id and len(label) <= line_length and _fits_in_link(label):
                    url = Url(f"internal:'{self._sheet_name_by_kind[kind_name]}'!A{row_by_id[record_id]}")
                    url.text, url.tip = label, f"go to {label}"
                    urls[record_id] = url
        return urls


def write_text(
    worksheet: Worksheet, row: int, column_index: int, text: str, cell_format: Format | None = None
) -> None:
    """Write a text as it is; XlsxWriter would take <r>…</r> for the XML of a formatted text."""
    if _looks_like_rich_text(text):
        fragments = (text[:1], text[1:2], text[2:])  # it wants three or more
        worksheet.write_rich_string(row, column_index, *fragments, *filter(None, [cell_format]))
    else:
        worksheet.write_string(row, column_index, text, cell_format)


def _fits_in_link(label: str) -> bool:
    return not _CONTROL_CHARACTER.search(label) and not _looks_like_rich_text(label)


def _looks_like_rich_text(text: str) -> bool:
    return text.startswith("<r>") and text.endswith("</r>")


class RowWriter:
    """Writes the records of a sheet below its header, row by row.

    `describers` returns for a record what stands in columns that show no field, by their names; "" for
    nothing.  `digests` has for each written record that of its cells, without id, sentence and reviews, and
    of its sentence, and of its reviews.
    """

    def __init__(
        self,
        worksheet: Worksheet,
        sheet: Sheet,
        cell_formats: dict[str, Format],
        link_targets: LinkTargets,
        describers: Mapping[str, Callable[[Record], str]],
    ) -> None:
        self._worksheet = worksheet
        self._sheet = sheet
        self._cell_formats = cell_formats
        self._number_formats = [cell_formats[f"number.{places}"] for places in range(MAX_DECIMAL_PLACES + 1)]
        self._link_targets = link_targets
        self._describers = describers
        self._remaining_links = MAX_LINKS
        self._write_text = partial(write_text, worksheet)
        self.digests: list[tuple[str, str, str]] = []

    def write_blocks(self) -> Iterator[int]:
        """Write all rows, and yield now and then how many have been written since the last time.

        ExportError if a text is longer than a cell can hold: cut, it would say something else.
        """
        worksheet = self._worksheet
        for block in self._sheet.table.iter_blocks():
            line_counts = [1] * len(block.records)
            value_columns = iter(block.column_values)
            cell_columns = [
                self._make_cells(
                    sheet_column,
                    next(value_columns)
                    if sheet_column.column
                    else self._describe(sheet_column.extra_name, block.records),
                    compute_line_length(width),
                    block,
                    line_counts,
                )
                for sheet_column, width in zip(self._sheet.columns, self._sheet.widths, strict=True)
            ]
            rows = zip(*cell_columns, strict=True)
            for row, (line_count, cells) in enumerate(zip(line_counts, rows, strict=True), block.start + 1):
                self.digests.append(_hash_row(self._sheet.columns, cells))
                if line_count > 1:
                    worksheet.set_row(row, line_count * LINE_HEIGHT)
                for column_index, (write_cell, value, cell_format) in enumerate(cells):
                    write_cell(row, column_index, value, cell_format)
            if worksheet.constant_memory and block.start:
                # These rows wait on disk with their heights, of which XlsxWriter would keep 400 bytes a row.
                for row in range(block.start, block.start + len(block.records)):
                    worksheet.row_info.pop(row, None)
                    worksheet.row_sizes.pop(row, None)
            yield len(block.records)

    def _describe(self, name: str, records: Sequence[Record]) -> list[str | None]:
        """Return what stands in a column that shows no field, nothing in one that reviewers fill in."""
        describe = self._describers.get(name)
        return [describe(record) or None if describe is not None else None for record in records]

    def _make_cells(
        self,
        sheet_column: SheetColumn,
        values: list[Any],
        line_length: int,
        block: Block,
        line_counts: list[int],
    ) -> list[_Cell]:
        """Return the cells of a column of a block; raises `line_counts` to the lines that its texts take."""
        if sheet_column.cell_format == "number":
            empty_format = self._cell_formats["number"]
            return [self._make_number_cell(value, empty_format) for value in values]
        if sheet_column.cell_format == "date":
            return [self._make_date_cell(value) for value in values]
        formatter = sheet_column.formatter
        texts = (
            values if formatter is None else [None if value is None else formatter(value) for value in values]
        )
        for row_index, text in enumerate(texts):
            if text and (len(text) > line_length or "\n" in text):
                _refuse_long_text(text, block.records[row_index], sheet_column.heading)
                line_counts[row_index] = max(line_counts[row_index], count_lines(text, line_length))
        if sheet_column.cell_format == "link" and sheet_column.column:
            target_kind = sheet_column.column.field.target_kind
            return self._make_link_cells(target_kind, values, texts, line_length)
        cell_format = self._cell_formats[sheet_column.cell_format]
        return [self._make_text_cell(text, cell_format) for text in texts]

    def _make_text_cell(self, text: str | None, cell_format: Format) -> _Cell:
        if text is None:
            return self._worksheet.write_blank, None, cell_format
        # Nearly all: the shorter way is a tenth of the time of a large workbook.
        write_cell = self._write_text if _looks_like_rich_text(text) else self._worksheet.write_string
        return write_cell, text, cell_format

    def _make_link_cells(
        self, target_kind: str, values: list[Any], texts: list[str | None], line_length: int
    ) -> list[_Cell]:
        """Return cells with links; one that holds several references has none, as it can have only one."""
        urls = self._link_targets.get_urls(target_kind, line_length)
        cells = []
        for value, text in zip(values, texts, strict=True):
            record_id = value[0] if isinstance(value, list) and len(value) == 1 else value
            url = urls.get(record_id) if isinstance(record_id, str) and self._remaining_links else None
            if url is None:
                cells.append(self._make_text_cell(text, self._cell_formats["text"]))
            else:
                self._remaining_links -= 1
                cells.append((self._worksheet.write_url, url, self._cell_formats["link"]))
        return cells

    def _make_number_cell(self, value: int | Decimal | None, empty_format: Format) -> _Cell:
        """Return a number with the decimal places it was written with.

        One with more digits than Excel keeps stays text: rounded, it would be another number.
        """
        if value is None:
            return self._worksheet.write_blank, None, empty_format
        token = format_plain_number(value)
        decimals = token.partition(".")[2]
        if should_stay_text(token):
            return self._worksheet.write_string, token, self._cell_formats["text"]
        if len(decimals) > MAX_DECIMAL_PLACES:
            return self._worksheet.write_number, value, self._cell_formats["number"]
        return self._worksheet.write_number, value, self._number_formats[len(decimals)]

    def _make_date_cell(self, value: str | None) -> _Cell:
        """Return a day; one that Excel does not know stays text."""
        if value is None:
            return self._worksheet.write_blank, None, self._cell_formats["date"]
        day = parse_day(value)
        if day is None:
            return self._write_text, value, self._cell_formats["text"]
        return self._worksheet.write_datetime, day, self._cell_formats["date"]


def _hash_row(columns: Sequence[SheetColumn], cells: Sequence[_Cell]) -> tuple[str, str, str]:
    """Return the digests of the cells of a row, of its sentence and its reviews, "" where it has none."""
    texts, special_digests = [], {"": "", REVIEWS_NAME: ""}
    for sheet_column, (_, value, _) in zip(columns, cells, strict=True):
        content = value.text if isinstance(value, Url) else value
        text = normalize_cell(predict_text(content) if isinstance(content, str) else content)
        if sheet_column.name in special_digests:
            special_digests[sheet_column.name] = hash_cells([text]) if text else ""
        elif sheet_column.name != ID_FIELD:
            texts.append(text)
    return hash_cells(texts), special_digests[""], special_digests[REVIEWS_NAME]


def _refuse_long_text(text: str, record: Record, heading: str) -> None:
    if len(text) > MAX_CELL_LENGTH // 2:
        length = len(text.encode("utf-16-le")) // 2
        if length > MAX_CELL_LENGTH:
            raise ExportError(
                f"{record.kind.name} {record.id}: {heading} has {length} characters, "
                f"over the {MAX_CELL_LENGTH} that a cell of a workbook holds"
            )
