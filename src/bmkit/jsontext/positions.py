"""Lines and columns of a text, counted as editors count them."""

from __future__ import annotations

_BLOCK = 1 << 14


class Lines:
    r"""Lines of a text, counted from 1; columns are code points counted from 1.

    A line ends with "\n", "\r\n" or a lone "\r", as in the language server protocol.  A byte order mark
    at the start is no column of its own.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        # Same length as the text, with "\n" as the only line end, so that offsets fit both.
        self._flat = text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text
        self._marked = text.startswith("\ufeff")
        # Line ends before each block: a look-up then counts within one block only.
        self._before: list[int] = []

    def _blocks(self) -> list[int]:
        if not self._before:
            total = 0
            for start in range(0, len(self._flat) + 1, _BLOCK):
                self._before.append(total)
                total += self._flat.count("\n", start, start + _BLOCK)
        return self._before

    def position(self, offset: int) -> tuple[int, int]:
        """Give line and column of a code point offset; an offset past the end counts as the end."""
        offset = max(0, min(offset, len(self._flat)))
        block = offset // _BLOCK
        line = self._blocks()[block] + self._flat.count("\n", block * _BLOCK, offset) + 1
        column = offset - self._flat.rfind("\n", 0, offset)
        if self._marked and line == 1:
            column = max(1, column - 1)
        return line, column

    def line(self, number: int) -> str:
        """Give the text of a line without its line end; "" for a line that is not there."""
        before = self._blocks()
        if number < 1:
            return ""
        block = 0
        while block + 1 < len(before) and before[block + 1] < number - 1:
            block += 1
        start, seen = block * _BLOCK, before[block]
        while seen < number - 1:
            end = self._flat.find("\n", start)
            if end < 0:
                return ""
            start, seen = end + 1, seen + 1
        if start < _BLOCK and number == 1:
            start = 1 if self._marked else 0
        end = self._flat.find("\n", start)
        found = self._text[start : end if end >= 0 else len(self._text)]
        return found.removesuffix("\r")
