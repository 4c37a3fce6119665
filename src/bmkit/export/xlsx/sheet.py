"""The sheet of one kind, and its rows."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.whole import ExportError
from bmkit.export.xlsx.cells import build_date_cells, build_number_cells, build_text_cells
from bmkit.export.xlsx.columns import SENTENCE_COLUMN, SheetColumn, make_sheet_column
from bmkit.export.xlsx.validation import format_column_letters
from bmkit.export.xlsx.widths import LINE_HEIGHT, compute_line_length, count_lines, measure_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.content import Record
    from bmkit.export.xlsx.jumps import Hyperlinks
    from bmkit.export.xlsx.labels import UniqueLabels
    from bmkit.tables import Block, Table

    DescribeRecord = Callable[[Record], str]


# What a cell of Excel can hold, in characters.
MAX_CELL_CHARACTERS = 32_767


class Sheet(NamedTuple):
    """What one sheet shows: a table under the name of its tab; `widths` are in characters."""

    name: str
    table: Table
    columns: tuple[SheetColumn, ...]
    widths: tuple[int, ...]

    @property
    def last_cell(self) -> str:
        """The last cell, "O12"."""
        return f"{format_column_letters(len(self.columns) - 1)}{len(self.table.records) + 1}"


def make_sheet(table: Table, sheet_name: str, labels: UniqueLabels) -> Sheet:
    """The sheet of `table`: its columns as they stand, and the sentence of a fact right behind the id."""
    sheet_columns = [make_sheet_column(column, labels) for column in table.columns]
    if table.kind.group == "fact" and table.kind.sentence_template:
        sheet_columns.insert(1, SENTENCE_COLUMN)
    return Sheet(
        sheet_name,
        table,
        tuple(sheet_columns),
        tuple(measure_width(sheet_column, table) for sheet_column in sheet_columns),
    )


def iter_row_blocks(
    sheet: Sheet,
    describe_record: DescribeRecord,
    format_index_by_name: dict[str, int],
    hyperlinks: Hyperlinks,
) -> Iterator[tuple[int, str]]:
    """The rows of `sheet` as XML, in blocks: how many records a block has, and its text.

    `says` makes the sentence of a record, `styles` are the numbers of the cells' styles; what leads
    elsewhere is noted in `jumps`.
    """
    for block in sheet.table.iter_blocks():
        first_row = block.start + 2
        line_counts = [1] * len(block.records)
        value_columns = iter(block.column_values)
        cell_columns = []
        for column_index, sheet_column in enumerate(sheet.columns):
            column_letters = format_column_letters(column_index)
            column_values = (
                next(value_columns)
                if sheet_column.column
                else [describe_record(record) for record in block.records]
            )
            if sheet_column.cell_format == "number":
                cell_columns.append(
                    build_number_cells(column_letters, first_row, format_index_by_name, column_values)
                )
                continue
            if sheet_column.cell_format == "date":
                cell_columns.append(
                    build_date_cells(column_letters, first_row, format_index_by_name, column_values)
                )
                continue
            line_length = compute_line_length(sheet.widths[column_index])
            format_indexes: Iterable[int] = repeat(format_index_by_name[sheet_column.cell_format])
            if sheet_column.cell_format == "link" and sheet_column.column:
                link_flags = hyperlinks.add_links(
                    sheet_column.column.field.target_kind,
                    column_letters,
                    first_row,
                    column_values,
                    line_length,
                )
                format_indexes = [
                    format_index_by_name["link" if has_link else "text"] for has_link in link_flags
                ]
            texts = _format_column_texts(sheet_column, column_values)
            _extend_line_counts(line_counts, texts, line_length, block, sheet_column.heading)
            cell_columns.append(build_text_cells(column_letters, first_row, format_indexes, texts))
        yield len(block.records), _build_rows_xml(block, line_counts, cell_columns)


def _format_column_texts(sheet_column: SheetColumn, values: list[Any]) -> list[str | None]:
    formatter = sheet_column.formatter
    return values if formatter is None else [None if value is None else formatter(value) for value in values]


def _extend_line_counts(
    line_counts: list[int], texts: list[str | None], line_length: int, block: Block, heading: str
) -> None:
    """Make the rows as tall, in lines, as these texts need with `room` characters a line.

    ExportError if a text is longer than a cell can hold: cut, it would say something else.
    """
    for row_index, text in enumerate(texts):
        if text and (len(text) > line_length or "\n" in text):
            if len(text) > MAX_CELL_CHARACTERS:
                record = block.records[row_index]
                raise ExportError(
                    f"{record.kind.name} {record.id}: {heading} has {len(text)} characters, "
                    f"over the {MAX_CELL_CHARACTERS} that a cell of a workbook holds"
                )
            line_count = count_lines(text, line_length)
            line_counts[row_index] = max(line_counts[row_index], line_count)


def _build_rows_xml(block: Block, line_counts: list[int], cell_columns: list[list[str]]) -> str:
    # Not every program makes room for wrapped text by itself.  Without customHeight, those that do still may.
    return "".join(
        f'<row r="{row}" ht="{line_count * LINE_HEIGHT}">{"".join(cells)}</row>'
        for row, line_count, cells in zip(
            range(block.start + 2, block.start + 2 + len(line_counts)),
            line_counts,
            zip(*cell_columns, strict=True),
            strict=True,
        )
    )
