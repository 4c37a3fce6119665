"""Content as tables: columns follow the schema, cells are the values as they were read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.export.conftest import REPOSITORY, list_rows, make_records, write_project

from bmkit.content import Content, read_content
from bmkit.tables import Table, make_table, project_tables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return read_content(str(write_project(tmp_path, make_records())))


def get_table(content: Content, kind: str) -> Table:
    return next(table for table in project_tables(content) if table.name == kind)


def test_facts_come_first_and_terms_last(content: Content) -> None:
    assert [table.name for table in project_tables(content)] == ["measure", "article", "section", "site"]


def test_objects_become_columns_in_the_order_of_the_schema(content: Content) -> None:
    names = [column.name for column in get_table(content, "measure").columns]
    assert names == [
        "id", "site", "regions", "words", "choice", "sign", "flag", "count", "ratio", "day",
        "dose.value", "dose.low", "dose.high", "dose.comparator", "dose.unit",
        "share.value", "share.low", "share.high", "share.comparator", "share.unit",
        "tags", "scores", "never", "source.section", "source.spans",
    ]  # fmt: skip


def test_a_column_knows_its_title_and_what_stands_in_it(content: Content) -> None:
    columns = {column.name: column for column in get_table(content, "measure").columns}
    assert columns["dose.low"].title == "Dose: from"
    assert columns["dose.low"].parent_type == "quantity"
    assert columns["share.low"].field.maximum == 100
    assert columns["site"].target_kind == "site"
    assert columns["regions"].target_kind == ""
    assert columns["source.section"].target_kind == "section"


def test_a_part_is_required_only_if_the_whole_is(content: Content) -> None:
    columns = {column.name: column for column in get_table(content, "measure").columns}
    assert columns["dose.unit"].required
    assert not columns["dose.value"].required
    assert not columns["share.unit"].required
    assert columns["source.section"].required


def test_cells_are_the_values_and_none_where_there_is_none(content: Content) -> None:
    measures = get_table(content, "measure")
    names = [column.name for column in measures.columns]
    row = dict(zip(names, list_rows(measures)[2], strict=True))
    assert row["id"] == "m-2"
    assert (row["dose.value"], row["dose.low"], row["dose.high"]) == (None, 65, Decimal("1e3"))
    assert row["share.unit"] is None
    assert row["source.spans"] == [{"start": 1, "end": 9, "digest": "00ff"}]


def test_blocks_hold_every_row_once(content: Content) -> None:
    measures = get_table(content, "measure")
    sizes = [(block.start, len(block.records)) for block in measures.iter_blocks(size=10)]
    assert sizes == [(0, 10), (10, 10), (20, 5)]
    assert list_rows(measures, size=10) == list_rows(measures)


def test_a_column_without_any_value_is_not_used(content: Content) -> None:
    measures = get_table(content, "measure")
    unused = [column.name for column in measures.columns if not measures.has_value_in(column)]
    assert unused == ["share.low", "share.high", "never"]


def test_a_kind_without_records_has_no_table(tmp_path: Path) -> None:
    content = read_content(str(write_project(tmp_path, {**make_records(), "section": [], "measure": []})))
    assert [table.name for table in project_tables(content)] == ["article", "site"]
    assert list(make_table(content.schemas.get_kind("measure"), []).iter_blocks()) == []


def test_every_kind_of_this_repository_has_a_table() -> None:
    repository = read_content(str(REPOSITORY))
    for kind in repository.schemas:
        columns = [column.name for column in make_table(kind, []).columns]
        assert len(columns) == len(set(columns))
        assert columns[0] == "id"
