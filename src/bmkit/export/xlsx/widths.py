"""How wide a column is and how tall a row: no text is cut off, and no sheet wider than it must be."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.export.xlsx.columns import Shown
    from bmkit.tables import Table

# The height of a line, in points, and the most lines that Excel makes room for.
LINE = 15
_MOST_LINES = 27
# Records looked at for a width; more of them hardly change it.
_SAMPLE = 500
_NARROW, _SENTENCE = 9, 60
# Lines of more characters than the first number get columns of at most so many as the second.
_WIDEST = ((1200, 100), (160, 50), (40, 40), (0, 30))
# A label with a link is not wrapped by every program.
_LINK = 50
# Room at the sides of a cell, and for the filter's arrow in a heading.
_ROOM, _ARROW = 2, 4
# Widths are counted in digits of the standard font; letters and spaces take less on the average.
_SLIM, _SIDES = 1.12, 0.7


def width(shown: Shown, table: Table) -> int:
    """The width of a column, in characters: most texts take few lines, and the longest word one."""
    column = shown.column
    if column is None:
        return _SENTENCE
    texts = []
    for record in islice(table.records, _SAMPLE):
        value: object = record.value
        for name in column.path:
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None:
            texts.append(shown.say(value))
    longest = sorted(len(line) for text in texts for line in text.split("\n"))
    usual = longest[len(longest) * 9 // 10] if longest else 0
    words = max((len(word) for text in texts for word in text.split()), default=0)
    heading = max(len(word) for word in shown.heading.split()) + _ARROW
    if not texts or (shown.style == "link" and not column.field.is_list):
        usual, widest = longest[-1] if longest else 0, _LINK
    else:
        widest = next(wide for size, wide in _WIDEST if longest[-1] >= size)
    return min(max(_NARROW, heading, round(usual / _SLIM) + _ROOM, words + _ROOM), widest)


def fitting(wide: int) -> int:
    """How many characters of running text fit in a line of a column of that width."""
    return int((wide - _SIDES) * _SLIM)


def lines(text: str, room: int) -> int:
    """How many lines `text` takes at `room` characters a line, broken between words where it can be."""
    count = 0
    for line in text.split("\n"):
        count += 1
        start, size = 0, len(line)
        while size - start > room:
            count += 1
            space = line.rfind(" ", start, start + room + 1)
            # A word that is longer than a line is broken anywhere.
            start = space + 1 if space > start else start + room
    return min(count, _MOST_LINES)
