"""The columns of a sheet, found by their headings wherever they were moved to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.xlsx.columns import REVIEW_PREFIX
from bmkit.sheets.edits import SheetFault, SheetPlaces
from bmkit.suggest import suggest_hint
from bmkit.tables import ID_FIELD

if TYPE_CHECKING:
    from bmkit.sheets.csv_files import CsvSheet
    from bmkit.sheets.exported import ExportedSheet
    from bmkit.sheets.read import SheetReader


class FoundColumns(NamedTuple):
    """Where the exported columns are now, in their order, None for one that is gone.

    `width` counts the columns up to the last with a heading.
    """

    positions: tuple[int | None, ...]
    width: int


def find_columns(
    sheet: ExportedSheet, reader: SheetReader | CsvSheet, faults: list[SheetFault]
) -> FoundColumns | None:
    """Return where the columns of a sheet are; None if the sheet cannot be read.

    What is wrong with the headings, or to be told of them, is added to `faults`.
    """

    def add_fault(place: str, message: str, hint: str = "", *, is_error: bool = True) -> None:
        faults.append(SheetFault(place, message, hint, is_error))

    heading_row = next(reader.iter_rows(), None)
    # A CSV file may have a line before its headings that names the delimiter.
    has_headings = heading_row is not None and (reader.is_csv or heading_row.number == 1)
    contents = heading_row.contents if heading_row is not None and has_headings else []
    heading_number = heading_row.number if heading_row is not None else 1
    places = SheetPlaces(sheet.name, reader.is_csv, {})
    headings = {position: _fold_heading(content[1:]) for position, content in enumerate(contents) if content}
    counts = Counter(headings.values())
    positions_by_heading = {heading: position for position, heading in headings.items()}
    known_headings = {_fold_heading(column.heading): column for column in sheet.columns}
    positions: list[int | None] = []
    is_readable = True
    for heading, column in known_headings.items():
        position = positions_by_heading.get(heading)
        if counts[heading] > 1:
            message = f'the heading "{column.heading}" stands over {counts[heading]} columns'
            add_fault(places.format_place(heading_number), message, "remove the copy")
            is_readable = False
        elif position is None and (column.name == ID_FIELD or sheet.is_mapped):
            add_fault(
                places.format_place(1), f'the first row has no heading "{column.heading}"',
                "bmkit.toml maps it" if sheet.is_mapped else "the headings must be the first row",
            )  # fmt: skip
            is_readable = False
        positions.append(position)
    if not is_readable:
        return None
    missing = [
        column.heading
        for column, position in zip(sheet.columns, positions, strict=True)
        # Without the columns of reviews nobody says anything.
        if position is None and not column.name.startswith(REVIEW_PREFIX)
    ]
    for heading in missing:
        add_fault(sheet.name, f'the column "{heading}" is gone; its values stay as they are', is_error=False)
    for position, heading in headings.items():
        if heading not in known_headings:
            place = places.format_place(heading_number, reader.name_column(position))
            words = contents[position][1:]
            add_fault(
                place,
                f'the column "{words}" {"has no field" if sheet.is_mapped else "was not exported"} '
                "and is not imported",
                suggest_hint(words, missing),
                is_error=False,
            )
    return FoundColumns(tuple(positions), max(headings, default=0) + 1)


def _fold_heading(text: str) -> str:
    return " ".join(text.split()).casefold()
