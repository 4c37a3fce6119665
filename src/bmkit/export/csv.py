"""CSV: one file a kind with the names of its fields as headings, and a data package that describes them."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.export.datapackage import PACKAGE, descriptor
from bmkit.export.json_value import json_value, plain
from bmkit.export.neutral import DANGEROUS, harmless, neutralise
from bmkit.export.whole import Tick, silent, whole_folder
from bmkit.tables import project_tables, split_by_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.schema import Field
    from bmkit.tables import Column, Table

FOLDER = "csv"


def write(content: Content, out: Path, tick: Tick = silent) -> list[Path]:
    """Write OUT/csv/<kind>.csv for every kind that has records, and OUT/csv/datapackage.json.

    Where there are several articles each has a folder, OUT/csv/<article>/.  A folder is replaced as a
    whole, so that no file of an earlier export stays behind.
    """
    parts = split_by_article(content)
    if len(parts) == 1:
        return _package(content, out / FOLDER, tick)
    (out / FOLDER).mkdir(exist_ok=True)
    return [path for name, part in parts.items() for path in _package(part, out / FOLDER / name, tick)]


def _package(content: Content, target: Path, tick: Tick) -> list[Path]:
    tables = project_tables(content)
    total = sum(len(table.records) for table in tables)
    done = 0
    with whole_folder(
        target, lambda name: name == PACKAGE or ("/" not in name and name.endswith(".csv"))
    ) as folder:
        for table in tables:
            with (folder / f"{table.name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\r\n")
                writer.writerow(column.name for column in table.columns)
                for block in cells(table):
                    writer.writerows(zip(*block, strict=True))
                    done += len(block[0])
                    tick(done, total)
        (folder / PACKAGE).write_text(descriptor(tables), encoding="utf-8", newline="\n")
    return [target / PACKAGE, *(target / f"{table.name}.csv" for table in tables)]


def cells(table: Table) -> Iterator[list[list[Any]]]:
    """The cells of `table` as CSV takes them, in blocks of columns; None for an empty cell."""
    for block in table.iter_blocks():
        yield [
            _column(column, values) for column, values in zip(table.columns, block.column_values, strict=True)
        ]


def _column(column: Column, values: list[Any]) -> list[Any]:
    field = column.field
    if field.is_list:
        return [None if value is None else json_value(value) for value in values]
    if field.type == "boolean":
        return [None if value is None else "true" if value else "false" for value in values]
    if field.type in ("integer", "number"):
        return _numbers(values, whole=field.type == "integer")
    if field.format == "date" or harmless(field.pattern) or _harmless_list(field):
        return values
    return [value if value is None or value[:1] not in DANGEROUS else neutralise(value) for value in values]


def _numbers(values: list[Any], *, whole: bool) -> list[Any]:
    if Decimal not in set(map(type, values)):
        return values
    if whole:
        # JSON Schema counts 4.0 among the integers; readers of a column of integers do not.
        return [None if value is None else int(value) for value in values]
    texts = [None if value is None else str(value) for value in values]
    if "E" in "".join(filter(None, texts)):
        return [None if value is None else plain(value) for value in values]
    return texts


def _harmless_list(field: Field) -> bool:
    return bool(field.values) and DANGEROUS.isdisjoint(str(value)[:1] for value in field.values)
