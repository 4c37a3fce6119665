"""How wide a column is and how tall a row: no text is cut off, and no sheet wider than it must be."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.export.xlsx.columns import SheetColumn
    from bmkit.tables import Table

# The height of a line, in points, and the most lines that Excel makes room for.
LINE_HEIGHT = 15
_MAX_LINES = 27
# Records looked at for a width; more of them hardly change it.
_SAMPLE_SIZE = 500
_MIN_WIDTH = 9
# Lines of more characters than the first number get columns of at most so many as the second.
_MAX_WIDTHS = ((1200, 100), (160, 50), (40, 40), (0, 30))
# A label with a link is not wrapped by every program.
_MAX_LINK_WIDTH = 50
# Room at the sides of a cell, and for the filter's arrow in a heading.
_CELL_PADDING, _FILTER_ARROW_WIDTH = 2, 4
# Widths are counted in digits of the standard font; letters and spaces take less on the average.
_CHARACTERS_PER_DIGIT, _SIDE_MARGIN = 1.12, 0.7


def measure_width(sheet_column: SheetColumn, table: Table) -> int:
    """Return the width of a column, in characters: most texts take few lines, and the longest word one."""
    column = sheet_column.column
    if column is None:
        return sheet_column.extra_width
    texts = []
    for record in islice(table.records, _SAMPLE_SIZE):
        value: object = record.value
        for field_name in column.path:
            value = value.get(field_name) if isinstance(value, dict) else None
        if value is not None:
            texts.append(sheet_column.format_cell(value))
    line_lengths = sorted(len(line) for text in texts for line in text.split("\n"))
    usual_length = line_lengths[len(line_lengths) * 9 // 10] if line_lengths else 0
    longest_word = max((len(word) for text in texts for word in text.split()), default=0)
    heading_width = max(len(word) for word in sheet_column.heading.split()) + _FILTER_ARROW_WIDTH
    if not texts or (sheet_column.cell_format == "link" and not column.field.is_list):
        usual_length, max_width = line_lengths[-1] if line_lengths else 0, _MAX_LINK_WIDTH
    else:
        max_width = next(
            width_limit for min_length, width_limit in _MAX_WIDTHS if line_lengths[-1] >= min_length
        )
    return min(
        max(
            _MIN_WIDTH,
            heading_width,
            round(usual_length / _CHARACTERS_PER_DIGIT) + _CELL_PADDING,
            longest_word + _CELL_PADDING,
        ),
        max_width,
    )


def compute_line_length(column_width: int) -> int:
    """Return how many characters of running text fit in a line of a column of that width."""
    return int((column_width - _SIDE_MARGIN) * _CHARACTERS_PER_DIGIT)


def count_lines(text: str, line_length: int) -> int:
    """Return how many lines a text takes, broken between words if possible; at most what Excel shows."""
    line_count = 0
    for line in text.split("\n"):
        line_count += 1
        start, size = 0, len(line)
        while size - start > line_length:
            line_count += 1
            space = line.rfind(" ", start, start + line_length + 1)
            # A word that is longer than a line is broken anywhere.
            start = space + 1 if space > start else start + line_length
    return min(line_count, _MAX_LINES)
