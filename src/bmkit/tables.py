"""Content as tables: one table a kind, its columns made from the fields of the schema and nothing else.

A quantity and any other object becomes one column for each of its parts ("dose.low", "source.section"); a
list stays one column whose cells are lists.  Both CSV and workbook are written from here, and SQL and
Parquet can be.
"""

from __future__ import annotations

import hashlib
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.schema import Field, Kind

ID_FIELD = "id"
# Facts first, because they are what a reader comes for; the terms they refer to last.
_GROUP_ORDER = ("fact", "article", "term")
# Rows in a block: large enough that a column is handled at list speed, small enough that memory stays flat.
BLOCK_ROWS = 1000


class Column(NamedTuple):
    """One column: the field whose values it holds, and how it is called in the table.

    `name` is for programs ("dose.low"), `title` for people ("Dose: from").  `required` says that every row
    has a value here, `parent_type` is the type of the field that this one is a part of: "quantity", "object"
    or "".  All else that a format may need (type, closed list, limits, pattern) is in `field`.
    """

    name: str
    title: str
    field: Field
    required: bool
    parent_type: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the record down to the value."""
        return self.field.path

    @property
    def target_kind(self) -> str:
        """The kind whose ids stand here, "" where the cells are not single references."""
        return "" if self.field.is_list else self.field.target_kind


class Block(NamedTuple):
    """Some rows of a table, the first being row `start` counted from 0.

    `column_values` has the values of each column of the table; None stands where a record has no value.
    """

    start: int
    records: Sequence[Record]
    column_values: list[list[Any]]


class Table(NamedTuple):
    """All records of one kind; `columns` and the values of a row are in the order of the schema."""

    kind: Kind
    columns: tuple[Column, ...]
    records: Sequence[Record]

    @property
    def name(self) -> str:
        """The name of the kind, which is the name of the table."""
        return self.kind.name

    def iter_blocks(self, size: int = BLOCK_ROWS) -> Iterator[Block]:
        """Yield the rows, `size` at a time."""
        for start in range(0, len(self.records), size):
            records = self.records[start : start + size]
            record_values = [record.value for record in records]
            values_by_path: dict[tuple[str, ...], list[Any]] = {(): record_values}
            yield Block(
                start,
                records,
                [_collect_column_values(values_by_path, column.path) for column in self.columns],
            )

    def has_value_in(self, column: Column) -> bool:
        """Return whether any record has a value in `column`."""
        for start in range(0, len(self.records), BLOCK_ROWS):
            record_values = [record.value for record in self.records[start : start + BLOCK_ROWS]]
            if any(value is not None for value in _collect_column_values({(): record_values}, column.path)):
                return True
        return False


def project_tables(content: Content) -> tuple[Table, ...]:
    """Return the tables of `content`, facts before terms; a kind without records has no table."""
    tables = [make_table(kind, tuple(content.list_records(kind.name))) for kind in content.list_kinds()]
    return tuple(sorted((table for table in tables if table.records), key=_rank_table))


def hash_tables(tables: Iterable[Table]) -> str:
    """Return the SHA-256, in hexadecimal, of all values in their order."""
    hasher = hashlib.sha256()
    for table in tables:
        hasher.update(ascii((table.name, [column.name for column in table.columns])).encode())
        for block in table.iter_blocks():
            # ascii and not str: what counts as printable differs from one Python to the next.
            hasher.update(ascii(block.column_values).encode())
    return hasher.hexdigest()


def make_table(kind: Kind, records: Sequence[Record]) -> Table:
    """Return the table of these records, all of `kind`."""
    return Table(kind, tuple(_make_columns(kind.fields)), records)


def _rank_table(table: Table) -> tuple[int, str]:
    group = table.kind.group
    return (_GROUP_ORDER.index(group) if group in _GROUP_ORDER else len(_GROUP_ORDER), table.name)


def _make_columns(fields: Iterable[Field], parent: Column | None = None) -> Iterator[Column]:
    for field in fields:
        column = Column(".".join(field.path), field.title, field, field.required)
        if parent:
            title = f"{parent.title}: {field.title[:1].lower()}{field.title[1:]}"
            column = column._replace(
                title=title, required=parent.required and field.required, parent_type=parent.field.type
            )
        if field.fields and not field.is_list and field.type != "reference":
            yield from _make_columns(field.fields, column)
        else:
            yield column


def _collect_column_values(
    values_by_path: dict[tuple[str, ...], list[Any]], path: tuple[str, ...]
) -> list[Any]:
    """Return the values at `path` of the records at `values_by_path[()]`; keeps values on the way there."""
    if path not in values_by_path:
        parent_values, field_name = _collect_column_values(values_by_path, path[:-1]), path[-1]
        if len(path) == 1:
            values_by_path[path] = list(map(dict.get, parent_values, repeat(field_name)))
        else:
            values_by_path[path] = [
                None if value is None else value.get(field_name) for value in parent_values
            ]
    return values_by_path[path]
