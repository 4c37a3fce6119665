"""CSV: one file a kind with the names of its fields as headings, and a data package that describes them."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.atomic import replace_folder
from bmkit.export import Tick, ignore_tick
from bmkit.export.csv_safety import DANGEROUS_STARTS, is_harmless_pattern, neutralise_text
from bmkit.export.datapackage import PACKAGE_FILE, format_package_descriptor
from bmkit.tables import project_tables, split_by_article
from bmkit.write_json import format_json, format_plain_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.schema import Field
    from bmkit.tables import Column, Table

CSV_FOLDER = "csv"


def write(content: Content, out_folder: Path, tick: Tick = ignore_tick) -> list[Path]:
    """Write OUT/csv/<kind>.csv for every kind that has records, and OUT/csv/datapackage.json.

    Where there are several articles each has a folder, OUT/csv/<article>/.  A folder is replaced as a
    whole, so that no file of an earlier export stays behind.
    """
    contents_by_article = split_by_article(content)
    if len(contents_by_article) == 1:
        return _write_package(content, out_folder / CSV_FOLDER, tick)
    (out_folder / CSV_FOLDER).mkdir(exist_ok=True)
    return [
        path
        for article_name, article_content in contents_by_article.items()
        for path in _write_package(article_content, out_folder / CSV_FOLDER / article_name, tick)
    ]


def _write_package(content: Content, target_folder: Path, tick: Tick) -> list[Path]:
    tables = project_tables(content)
    total = sum(len(table.records) for table in tables)
    done = 0
    with replace_folder(
        target_folder,
        lambda file_name: file_name == PACKAGE_FILE or ("/" not in file_name and file_name.endswith(".csv")),
    ) as folder:
        for table in tables:
            with (folder / f"{table.name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\r\n")
                writer.writerow(column.name for column in table.columns)
                for cell_columns in iter_cell_blocks(table):
                    writer.writerows(zip(*cell_columns, strict=True))
                    done += len(cell_columns[0])
                    tick(done, total)
        descriptor = format_package_descriptor(tables, content.settings)
        (folder / PACKAGE_FILE).write_text(descriptor, encoding="utf-8", newline="\n")
    return [target_folder / PACKAGE_FILE, *(target_folder / f"{table.name}.csv" for table in tables)]


def iter_cell_blocks(table: Table) -> Iterator[list[list[Any]]]:
    """Yield the cells of `table` in their CSV form, in blocks of columns; None is an empty cell."""
    for block in table.iter_blocks():
        yield [
            _format_csv_column(column, values)
            for column, values in zip(table.columns, block.column_values, strict=True)
        ]


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
    return [
        value if value is None or value[:1] not in DANGEROUS_STARTS else neutralise_text(value)
        for value in values
    ]


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
    return bool(field.values) and DANGEROUS_STARTS.isdisjoint(str(value)[:1] for value in field.values)
