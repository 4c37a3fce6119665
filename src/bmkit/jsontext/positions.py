"""Lines and columns of a text, counted as editors count them."""

from __future__ import annotations

_BLOCK_LENGTH = 1 << 14


class Lines:
    r"""Lines of a text, counted from 1; columns are code points counted from 1.

    A line ends with "\n", "\r\n" or a lone "\r", as in the language server protocol.  A byte order mark
    at the start is no column of its own.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        # Same length as the text, with "\n" as the only line end, so that offsets fit both.
        self._normalized_text = text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text
        self._has_byte_order_mark = text.startswith("\ufeff")
        # Line ends before each block: a look-up then counts within one block only.
        self._line_ends_before: list[int] = []

    def _count_line_ends(self) -> list[int]:
        if not self._line_ends_before:
            line_end_count = 0
            for start in range(0, len(self._normalized_text) + 1, _BLOCK_LENGTH):
                self._line_ends_before.append(line_end_count)
                line_end_count += self._normalized_text.count("\n", start, start + _BLOCK_LENGTH)
        return self._line_ends_before

    def to_line_column(self, offset: int) -> tuple[int, int]:
        """Give line and column of a code point offset; an offset past the end counts as the end."""
        offset = max(0, min(offset, len(self._normalized_text)))
        block = offset // _BLOCK_LENGTH
        line = (
            self._count_line_ends()[block]
            + self._normalized_text.count("\n", block * _BLOCK_LENGTH, offset)
            + 1
        )
        column = offset - self._normalized_text.rfind("\n", 0, offset)
        if self._has_byte_order_mark and line == 1:
            column = max(1, column - 1)
        return line, column

    def extract_line(self, line_number: int) -> str:
        """Give the text of a line without its line end; "" for a line that is not there."""
        line_ends_before = self._count_line_ends()
        if line_number < 1:
            return ""
        block = 0
        while block + 1 < len(line_ends_before) and line_ends_before[block + 1] < line_number - 1:
            block += 1
        start, lines_passed = block * _BLOCK_LENGTH, line_ends_before[block]
        while lines_passed < line_number - 1:
            end = self._normalized_text.find("\n", start)
            if end < 0:
                return ""
            start, lines_passed = end + 1, lines_passed + 1
        if start < _BLOCK_LENGTH and line_number == 1:
            start = 1 if self._has_byte_order_mark else 0
        end = self._normalized_text.find("\n", start)
        line_text = self._text[start : end if end >= 0 else len(self._text)]
        return line_text.removesuffix("\r")
