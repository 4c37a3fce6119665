"""The sheet of one kind, and its rows."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.whole import ExportError
from bmkit.export.xlsx.cells import date_cells, number_cells, text_cells
from bmkit.export.xlsx.columns import IN_WORDS, Shown, shown
from bmkit.export.xlsx.validation import letters
from bmkit.export.xlsx.widths import LINE, fitting, lines, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.content import Record
    from bmkit.export.xlsx.jumps import Jumps
    from bmkit.export.xlsx.labels import Labels
    from bmkit.tables import Block, Table

    Says = Callable[[Record], str]


# What a cell of Excel can hold, in characters.
LONGEST = 32_767


class Sheet(NamedTuple):
    """What one sheet shows: a table under the name of its tab; `widths` are in characters."""

    name: str
    table: Table
    columns: tuple[Shown, ...]
    widths: tuple[int, ...]

    @property
    def last(self) -> str:
        """The last cell, "O12"."""
        return f"{letters(len(self.columns) - 1)}{len(self.table.records) + 1}"


def sheet_of(table: Table, name: str, labels: Labels) -> Sheet:
    """The sheet of `table`: its columns as they stand, and the sentence of a fact right behind the id."""
    columns = [shown(column, labels) for column in table.columns]
    if table.kind.group == "fact" and table.kind.sentence_template:
        columns.insert(1, IN_WORDS)
    return Sheet(name, table, tuple(columns), tuple(width(one, table) for one in columns))


def rows(sheet: Sheet, says: Says, styles: dict[str, int], jumps: Jumps) -> Iterator[tuple[int, str]]:
    """The rows of `sheet` as XML, in blocks: how many records a block has, and its text.

    `says` makes the sentence of a record, `styles` are the numbers of the cells' styles; what leads
    elsewhere is noted in `jumps`.
    """
    for block in sheet.table.iter_blocks():
        first = block.start + 2
        tall = [1] * len(block.records)
        values = iter(block.column_values)
        columns = []
        for place, one in enumerate(sheet.columns):
            letter = letters(place)
            cells = next(values) if one.column else [says(record) for record in block.records]
            if one.style == "number":
                columns.append(number_cells(letter, first, styles, cells))
                continue
            if one.style == "date":
                columns.append(date_cells(letter, first, styles, cells))
                continue
            room = fitting(sheet.widths[place])
            looks: Iterable[int] = repeat(styles[one.style])
            if one.style == "link" and one.column:
                linked = jumps.add(one.column.field.target_kind, letter, first, cells, room)
                looks = [styles["link" if one else "text"] for one in linked]
            texts = _texts(one, cells)
            _stretch(tall, texts, room, block, one.heading)
            columns.append(text_cells(letter, first, looks, texts))
        yield len(block.records), _xml(block, tall, columns)


def _texts(one: Shown, values: list[Any]) -> list[str | None]:
    text = one.text
    return values if text is None else [None if value is None else text(value) for value in values]


def _stretch(tall: list[int], texts: list[str | None], room: int, block: Block, heading: str) -> None:
    """Make the rows as tall, in lines, as these texts need with `room` characters a line.

    ExportError if a text is longer than a cell can hold: cut, it would say something else.
    """
    for place, text in enumerate(texts):
        if text and (len(text) > room or "\n" in text):
            if len(text) > LONGEST:
                record = block.records[place]
                raise ExportError(
                    f"{record.kind.name} {record.id}: {heading} has {len(text)} characters, "
                    f"over the {LONGEST} that a cell of a workbook holds"
                )
            needed = lines(text, room)
            tall[place] = max(tall[place], needed)


def _xml(block: Block, tall: list[int], columns: list[list[str]]) -> str:
    # Not every program makes room for wrapped text by itself.  Without customHeight, those that do still may.
    return "".join(
        f'<row r="{row}" ht="{count * LINE}">{"".join(cells)}</row>'
        for row, count, cells in zip(
            range(block.start + 2, block.start + 2 + len(tall)), tall, zip(*columns, strict=True), strict=True
        )
    )
