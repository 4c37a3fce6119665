"""Content as tables: one table a kind, its columns made from the fields of the schema and nothing else.

A quantity and any other object becomes one column for each of its parts ("dose.low", "source.section"); a
list stays one column whose cells are lists.  Both CSV and workbook are written from here, and SQL and
Parquet can be.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import TERMS, Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.schema import Field, Kind

ID = "id"
# Facts first, because they are what a reader comes for; the terms they refer to last.
_GROUPS = ("fact", "article", "term")
# Rows in a block: large enough that a column is handled at list speed, small enough that memory stays flat.
BLOCK = 1000


class Column(NamedTuple):
    """One column: the field whose values it holds, and how it is called in the table.

    `name` is for programs ("dose.low"), `title` for people ("Dose: from").  `required` says that every row
    has a value here, `within` is the type of the field that this one is a part of: "quantity", "object", or
    "".  All else that a format may want (type, closed list, limits, pattern) is in `field`.
    """

    name: str
    title: str
    field: Field
    required: bool
    within: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the record down to the value."""
        return self.field.path

    @property
    def reference(self) -> str:
        """The kind whose ids stand here, "" where the cells are not single references."""
        return "" if self.field.is_list else self.field.target_kind


class Block(NamedTuple):
    """Some rows of a table, the first being row `start` counted from 0.

    `columns` has a list of values for each column of the table; None stands where a record has no value.
    """

    start: int
    records: Sequence[Record]
    columns: list[list[Any]]


class Table(NamedTuple):
    """All records of one kind; `columns` and the values of a row are in the order of the schema."""

    kind: Kind
    columns: tuple[Column, ...]
    records: Sequence[Record]

    @property
    def name(self) -> str:
        """The name of the kind, which is the name of the table."""
        return self.kind.name

    def blocks(self, size: int = BLOCK) -> Iterator[Block]:
        """The rows, `size` at a time."""
        for start in range(0, len(self.records), size):
            records = self.records[start : start + size]
            values = [record.value for record in records]
            whole: dict[tuple[str, ...], list[Any]] = {(): values}
            yield Block(start, records, [_cells(whole, column.path) for column in self.columns])

    def uses(self, column: Column) -> bool:
        """Whether any record has a value in `column`."""
        for start in range(0, len(self.records), BLOCK):
            values = [record.value for record in self.records[start : start + BLOCK]]
            if any(value is not None for value in _cells({(): values}, column.path)):
                return True
        return False

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The values row by row; None stands where a record has no value."""
        for block in self.blocks():
            yield from zip(*block.columns, strict=True)


def project(content: Content) -> tuple[Table, ...]:
    """The tables of `content`, facts before terms; a kind without records has no table."""
    tables = [table(kind, tuple(content.of(kind.name))) for kind in content.kinds()]
    return tuple(sorted((table for table in tables if table.records), key=_rank))


def by_article(content: Content) -> dict[str, Content]:
    """The name of each article with its part of the content: its own records and the shared terms.

    Two articles may use one id for different records, so tables are made of one article at a time.
    """
    names = [name for name in content.folders if name != TERMS]
    if len(names) < 2:  # noqa: PLR2004  what is not several articles is one
        return {names[0] if names else TERMS: content}
    return {
        name: Content(
            content.root,
            content.schemas,
            {part: folder for part, folder in content.folders.items() if part in (name, TERMS)},
            codes=content.codes,
        )
        for name in names
    }


def table(kind: Kind, records: Sequence[Record]) -> Table:
    """The table of these records, all of `kind`."""
    return Table(kind, tuple(_columns(kind.fields)), records)


def _rank(table: Table) -> tuple[int, str]:
    group = table.kind.group
    return (_GROUPS.index(group) if group in _GROUPS else len(_GROUPS), table.name)


def _columns(fields: Iterable[Field], above: Column | None = None) -> Iterator[Column]:
    for field in fields:
        column = Column(".".join(field.path), field.title, field, field.required)
        if above:
            title = f"{above.title}: {field.title[:1].lower()}{field.title[1:]}"
            column = column._replace(
                title=title, required=above.required and field.required, within=above.field.type
            )
        if field.fields and not field.is_list:
            yield from _columns(field.fields, column)
        else:
            yield column


def _cells(whole: dict[tuple[str, ...], list[Any]], path: tuple[str, ...]) -> list[Any]:
    """The values at `path` of the records at whole[()]; what is on the way is looked up once."""
    if path not in whole:
        above, name = _cells(whole, path[:-1]), path[-1]
        if len(path) == 1:
            whole[path] = list(map(dict.get, above, repeat(name)))
        else:
            whole[path] = [None if value is None else value.get(name) for value in above]
    return whole[path]
