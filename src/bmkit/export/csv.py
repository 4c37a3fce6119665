"""CSV: one file a kind with the names of its fields as headings, and a data package that describes them.

Beside them stand the records as they were exported, so that edited files can be brought back.
"""

from __future__ import annotations

import csv
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.export.csv_safety import is_harmless_pattern, neutralise_text
from bmkit.export.datapackage import PACKAGE_FILE, format_package_descriptor
from bmkit.export.xlsx.digest import hash_cells, normalize_cell
from bmkit.tables import ID_FIELD, project_tables
from bmkit.write_json import format_exact_json, format_json, format_plain_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bmkit.articles import ArticleContent
    from bmkit.content import Record
    from bmkit.export import Tick
    from bmkit.export.exported_files import FileList
    from bmkit.schema import Field
    from bmkit.tables import Block, Column, Table

RECORDS_FILE = "exported-records.tsv"
# Raised when the file can no longer be read as an older one was.
CSV_FORMAT = 1
FORMAT_LABEL, ARTICLE_LABEL = "bmkit csv", "article"


def name_folder() -> str:
    """Return the folder that has a folder with a data package for each article."""
    return "csv"


@contextmanager
def open_writer(folder: Path, files: FileList) -> Iterator[CsvWriter]:
    """Yield what writes <article>/<kind>.csv for every kind with records, and what describes these files."""
    yield CsvWriter(folder, files)


class CsvWriter:
    """Writes articles as data packages."""

    def __init__(self, folder: Path, files: FileList) -> None:
        self._folder = folder
        self._files = files

    def add_article(self, article: ArticleContent, tick: Tick) -> None:
        """Write the data package of an article."""
        folder = self._folder / article.name
        folder.mkdir()
        tables = project_tables(article.content)
        self._write_file(folder / PACKAGE_FILE, format_package_descriptor(tables, article.content.settings))
        total = sum(len(table.records) for table in tables)
        done = 0
        with (folder / RECORDS_FILE).open("w", newline="\n", encoding="ascii") as records_file:
            records_file.write(f"{FORMAT_LABEL}\t{CSV_FORMAT}\n{ARTICLE_LABEL}\t{article.name}\n")
            for table in tables:
                table_file = folder / f"{table.name}.csv"
                with table_file.open("w", newline="", encoding="utf-8") as file:
                    writer = csv.writer(file, lineterminator="\r\n")
                    writer.writerow(column.name for column in table.columns)
                    for block in table.iter_blocks():
                        rows = list(zip(*_format_block(table, block), strict=True))
                        writer.writerows(rows)
                        records_file.writelines(
                            _format_origin_line(record, table, row)
                            for record, row in zip(block.records, rows, strict=True)
                        )
                        done += len(rows)
                        tick(done, total)
                self._files.add_file(f"{article.name}/{table_file.name}")
        self._files.add_file(f"{article.name}/{RECORDS_FILE}")

    def _write_file(self, file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8", newline="\n")
        self._files.add_file(f"{file.parent.name}/{file.name}")


def iter_cell_blocks(table: Table) -> Iterator[list[list[Any]]]:
    """Yield the cells of `table` in their CSV form, in blocks of columns; None is an empty cell."""
    return (_format_block(table, block) for block in table.iter_blocks())


def _format_block(table: Table, block: Block) -> list[list[Any]]:
    return [
        _format_csv_column(column, values)
        for column, values in zip(table.columns, block.column_values, strict=True)
    ]


def format_csv_value(column: Column, value: Any) -> str:
    """Return the cell of a value; of one that does not fit its field, as JSON."""
    try:
        return str(_format_csv_column(column, [value])[0])
    except (TypeError, ValueError):  # the schema has changed since the value was exported
        return format_json(value)


def hash_csv_row(columns: Sequence[Column], cells: Sequence[Any]) -> str:
    """Return the digest of the cells of a row but for its id, as import makes it of what it reads."""
    return hash_cells(
        "" if cell is None else normalize_cell(str(cell))
        for column, cell in zip(columns, cells, strict=True)
        if column.name != ID_FIELD
    )


def _format_origin_line(record: Record, table: Table, cells: Sequence[Any]) -> str:
    """Return the line of a record as it is exported: kind, folder, id, digest of its row, its fields."""
    names = (table.name, record.folder, record.id)
    values = [*map(format_exact_json, names), hash_csv_row(table.columns, cells)]
    return "\t".join((*values, format_exact_json(record.value))) + "\n"


def _format_csv_column(column: Column, values: list[Any]) -> list[Any]:
    field = column.field
    if field.is_list:
        return [None if value is None else format_json(value) for value in values]
    if field.type == "boolean":
        return [None if value is None else "true" if value else "false" for value in values]
    if field.type in ("integer", "number"):
        return _format_number_column(values, is_integer=field.type == "integer")
    if field.format == "date" or is_harmless_pattern(field.pattern) or _has_harmless_values(field):
        return values
    # Nearly all begin with a letter or digit.
    return [value if value is None or value[:1].isalnum() else neutralise_text(value) for value in values]


def _format_number_column(values: list[Any], *, is_integer: bool) -> list[Any]:
    if Decimal not in set(map(type, values)):
        return values
    if is_integer:
        # JSON Schema counts 4.0 among the integers; readers of a column of integers do not.
        return [None if value is None else int(value) for value in values]
    texts = [None if value is None else str(value) for value in values]
    if "E" in "".join(filter(None, texts)):
        return [None if value is None else format_plain_number(value) for value in values]
    return texts


def _has_harmless_values(field: Field) -> bool:
    return bool(field.values) and all(str(value)[:1].isalnum() for value in field.values)
