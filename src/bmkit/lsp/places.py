"""Places in a text as editors count them: lines and characters from 0, in units of the agreed encoding."""

from __future__ import annotations

import re
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n|\r|\n")
_CODE_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class PositionConverter:
    """Converts between offsets in code points and (line, character) of one text."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._codec, self._unit_size = _CODE_UNITS[encoding]
        line_ends = [(match.start(), match.end()) for match in _LINE_END.finditer(text)]
        self._line_starts = [0, *(next_start for _, next_start in line_ends)]
        self._line_ends = [*(line_end for line_end, _ in line_ends), len(text)]

    def to_position(self, offset: int) -> tuple[int, int]:
        """Give line and character of an offset."""
        line = bisect_right(self._line_starts, offset) - 1
        return line, self._count_code_units(self._text[self._line_starts[line] : offset])

    def to_offset(self, line: int, character: int) -> int:
        """Give the offset of line and character; behind the end of the line or the text means its end."""
        if line >= len(self._line_starts):
            return len(self._text)
        start, end = self._line_starts[line], self._line_ends[line]
        if self._unit_size == len("    ") or self._text[start:end].isascii():
            return min(start + character, end)
        offset = start
        while offset < end and character > 0:
            character -= self._count_code_units(self._text[offset])
            offset += 1
        return offset

    def _count_code_units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        return len(text.encode(self._codec, "surrogatepass")) // self._unit_size
