"""Every value of both contents, read from its cell alone: what a new row with such cells would say."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bmkit.articles import iter_articles
from bmkit.changes.values import ValueReader
from bmkit.rewrite import ABSENT
from bmkit.sheets.cells import make_cell_reader
from bmkit.sheets.exported import describe_content
from bmkit.sheets.read import EMPTY_CELL, SheetCell
from bmkit.tables import make_table

from .conftest import read_valid

ROOT = Path(__file__).parents[2]
VALUES = ValueReader({})


def make_cell(content: str) -> SheetCell:
    """Return the cell that holds what `SheetCell.content` says."""
    if not content:
        return EMPTY_CELL
    if content[0] == "n":
        number = Decimal(content[1:])
        return SheetCell(int(number) if number == number.to_integral_value() else float(number))
    if content[0] == "d":
        return SheetCell(datetime.fromisoformat(content[1:]), "d")
    return SheetCell(content[1:], "s")


@pytest.mark.parametrize("root", [ROOT, ROOT / "examples/second/project"], ids=["own", "second"])
def test_each_cell_says_its_value(root: Path) -> None:
    content = read_valid(root)
    count = 0
    for article in iter_articles(content):
        exported = describe_content(content, article.name)
        for kind in article.content.list_kinds():
            for column in make_table(kind, ()).columns:
                if column.name == "id":
                    continue
                labels = exported.get_labels(column.field.target_kind)
                ids_by_label = {label: record_id for record_id, label in labels.items()}
                reader = make_cell_reader(column, kind, exported, ids_by_label)
                for record in article.content.list_records(kind.name):
                    value: Any = record.value
                    for name in column.path:
                        value = value.get(name) if isinstance(value, dict) else None
                    if not reader.sheet_column.is_editable:
                        continue
                    cell = make_cell(reader.format_shown(value))
                    assert cell.content == reader.format_shown(value)
                    read = reader.read(cell, None, has_base=False).value
                    if value is None:
                        assert read is ABSENT
                    else:
                        assert VALUES.normalize(read, column.field) == VALUES.normalize(value, column.field)
                        count += 1
    assert count > 1500
