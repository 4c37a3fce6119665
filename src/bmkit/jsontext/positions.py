"""Where the values of a JSON text stand, and lines and columns as editors count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK_LENGTH = 1 << 14
_BLANK_CHARACTERS = " \t\r\n"
_MAX_INDEX_DIGITS = 18
# One code point of a string: both halves of a pair are one.
_STRING_CHARACTER = r"(?s)\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|."


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
        """Return line and column of a code point offset; an offset past the end counts as the end."""
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


class Positions:
    """The places of a text's values, found as they are asked for.

    What was stepped over once is remembered, so many look-ups cost about one pass over the text.  The text
    must be one that `parse_json` accepted; of any other the answers mean nothing.
    """

    def __init__(self, text: str) -> None:
        # The json module costs start-up time that a run without issues must not pay.
        from json.decoder import JSONDecoder

        self._text = text
        # An attribute that typeshed leaves out.
        self._scan_once: Callable[[str, int], tuple[Any, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]
        self._containers: dict[int, _Container] = {}
        # A long text may have many issues: where its characters stand is found once.
        self._indexed_token = (-1, -1)
        self._character_starts: list[int] = []

    def locate_pointer(self, pointer: str, *, key: bool = False) -> tuple[int, int]:
        """Return start and end (exclusive) of the token that an RFC 6901 pointer names, in code points.

        With `key` it is the token of the member's key, quotes included.  Raises LookupError if the pointer
        leads nowhere, or if `key` is asked of what is no member of an object.
        """
        offset = self._skip_blanks(1 if self._text.startswith("\ufeff") else 0)
        key_token: tuple[int, int] | None = None
        for part in _split_json_pointer(pointer):
            try:
                container = self._containers[offset]
            except KeyError:
                container = self._containers[offset] = _Container(self._text[offset], offset + 1)
            if container.opener == "{":
                key_start, key_end, offset = self._locate_member(container, part)
                key_token = key_start, key_end
            elif container.opener == "[":
                offset, key_token = self._locate_item(container, part), None
            else:
                raise LookupError(pointer)
        if not key:
            return offset, self._scan_once(self._text, offset)[1]
        if key_token is None:
            raise LookupError(pointer)
        return key_token

    def locate_span_in_token(self, token: tuple[int, int], span: tuple[int, int]) -> tuple[int, int]:
        """Return the offsets in the text of a span of the string that a token of it is.

        The span counts the code points of the value, the answer those of the text, where one of the value may
        be an escape of two, six or twelve characters.  What reaches beyond the value ends with it; of a token
        that is no string the whole is given.
        """
        start, end = token
        if self._text[start : start + 1] != '"':
            return token
        if token != self._indexed_token:
            self._indexed_token, self._character_starts = (
                token,
                _find_character_starts(self._text, start + 1, end - 1),
            )
        first_character, last_character = span
        if not self._character_starts:
            return min(start + 1 + first_character, end - 1), min(start + 1 + last_character, end - 1)
        last_index = len(self._character_starts) - 1
        return self._character_starts[min(first_character, last_index)], self._character_starts[
            min(last_character, last_index)
        ]

    def _skip_blanks(self, offset: int) -> int:
        text = self._text
        while text[offset] in _BLANK_CHARACTERS:
            offset += 1
        return offset

    def _locate_member(self, container: _Container, key: str) -> tuple[int, int, int]:
        text = self._text
        members = container.members
        while key not in members:
            key_start = self._find_next_child(container)
            found_key, key_end = self._scan_once(text, key_start)
            value_start = self._skip_blanks(self._skip_blanks(key_end) + 1)
            members[found_key] = (key_start, key_end, value_start)
            container.last_value_start = value_start
        return members[key]

    def _locate_item(self, container: _Container, index_text: str) -> int:
        # RFC 6901 knows neither leading zeros nor digits of other scripts.
        if (
            not (index_text.isascii() and index_text.isdecimal())
            or (index_text[0] == "0" and index_text != "0")
            or len(index_text) > _MAX_INDEX_DIGITS
        ):
            raise LookupError(index_text)
        items = container.items
        index = int(index_text)
        while len(items) <= index:
            container.last_value_start = self._find_next_child(container)
            items.append(container.last_value_start)
        return items[index]

    def _find_next_child(self, container: _Container) -> int:
        """Return the start of the next item or key; raises LookupError behind the last."""
        text = self._text
        if container.last_value_start < 0:
            offset = self._skip_blanks(container.content_start)
        else:
            offset = container.last_value_start
            # Nothing is behind a last member that was passed before.
            end = self._skip_blanks(self._scan_once(text, offset)[1])
            offset = self._skip_blanks(end + 1) if text[end] == "," else end
        if text[offset] in "]}":
            raise LookupError(text[container.content_start - 1 : container.content_start + 20])
        return offset


class _Container:
    """A list or object of the text and what is known of its items."""

    __slots__ = ("content_start", "items", "last_value_start", "members", "opener")

    def __init__(self, opener: str, content_start: int) -> None:
        self.opener = opener
        self.content_start = content_start
        self.last_value_start = -1
        self.items: list[int] = []
        self.members: dict[str, tuple[int, int, int]] = {}


def locate_pointer_in_text(text: str, pointer: str, *, key: bool = False) -> tuple[int, int]:
    """Return start and end of the token that a pointer names; for several look-ups keep one `Positions`."""
    return Positions(text).locate_pointer(pointer, key=key)


def split_lines(text: str) -> list[str]:
    r"""Return the lines of a text as git and patch count them, each with its "\n" but perhaps the last."""
    # Not splitlines: that also breaks at characters which are no line ends to them.
    *lines, last_line = text.split("\n")
    return [f"{line}\n" for line in lines] + [last_line] * bool(last_line)


def _find_character_starts(text: str, start: int, end: int) -> list[int]:
    """Return where each character of a string stands, and its end; none if none of them is an escape."""
    if text.find("\\", start, end) < 0:
        return []
    import re

    return [*(match.start() for match in re.compile(_STRING_CHARACTER).finditer(text, start, end)), end]


def _split_json_pointer(pointer: str) -> list[str]:
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise LookupError(pointer)
    parts = pointer[1:].split("/")
    if "~" in pointer:
        return [part.replace("~1", "/").replace("~0", "~") for part in parts]
    return parts
