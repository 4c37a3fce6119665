"""Places in a text as editors count them: lines and characters from 0, in units of the agreed encoding."""

from __future__ import annotations

import re
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n|\r|\n")
_SIZES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Places:
    """Converts between offsets in code points and (line, character) of one text."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._codec, self._size = _SIZES[encoding]
        ends = [(match.start(), match.end()) for match in _LINE_END.finditer(text)]
        self._starts = [0, *(after for _, after in ends)]
        self._ends = [*(before for before, _ in ends), len(text)]

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and character of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return line, self._units(self._text[self._starts[line] : offset])

    def offset(self, line: int, character: int) -> int:
        """Give the offset of line and character; behind the end of the line or the text means its end."""
        if line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[line], self._ends[line]
        if self._size == len("    ") or self._text[start:end].isascii():
            return min(start + character, end)
        at = start
        while at < end and character > 0:
            character -= self._units(self._text[at])
            at += 1
        return at

    def _units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        return len(text.encode(self._codec, "surrogatepass")) // self._size
