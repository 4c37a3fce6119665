"""What belongs where the cursor stands, in a JSON text that is being typed and may not be JSON yet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from bmkit.jsontext.tokens import iter_tokens

if TYPE_CHECKING:
    from bmkit.issue import PathPart
    from bmkit.jsontext.tokens import Token


class Cursor(NamedTuple):
    """The place at the cursor: a name (`key`) or a value belongs there.

    `path` leads to the value, or to the object whose member's name it is; `start` to `end` is the token that
    stands there so far, empty if there is none.  `names` are the other members of the object, `colon` says
    that the name is followed by one already.
    """

    path: tuple[PathPart, ...]
    is_key: bool
    start: int
    end: int
    token: str = ""
    other_names: frozenset[str] = frozenset()
    has_colon: bool = False


class _EnclosingContainer:
    """An object or list that the scan is in, and what it expects next."""

    def __init__(self, opener: str) -> None:
        self.is_object = opener == "{"
        self.expected = "key" if self.is_object else "value"
        self.key = ""
        self.index = 0
        self.member_names: list[str] = []

    @property
    def path_part(self) -> PathPart:
        return self.key if self.is_object else self.index


def find_cursor(text: str, offset: int) -> Cursor:
    """Return what belongs at an offset of the text."""
    scanner = _CursorScanner(offset)
    for token in iter_tokens(text):
        if token.kind not in {"comment", "merge"}:
            scanner.scan_token(token, text[token.start : token.end])
    return scanner.build_cursor(len(text))


class _CursorScanner:
    """One pass over a text; remembers what was open at the cursor."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._open_containers: list[_EnclosingContainer] = []
        self._cursor: Cursor | None = None
        self._cursor_container: _EnclosingContainer | None = None
        self._cursor_name = ""
        self._next_token = ""

    def scan_token(self, token: Token, token_text: str) -> None:
        """Read the next token."""
        if self._cursor is None:
            self._match_cursor(token, token_text)
        elif not self._next_token:
            self._next_token = token_text
        self._track_nesting(token_text)

    def build_cursor(self, text_length: int) -> Cursor:
        """Return what belongs at the cursor, once all tokens were read."""
        if self._cursor is None:
            self._place_cursor("", min(self._offset, text_length), min(self._offset, text_length))
        cursor = self._cursor or Cursor((), is_key=False, start=0, end=0)
        if self._cursor_container is None or not cursor.is_key:
            return cursor
        other_names = list(self._cursor_container.member_names)
        if self._cursor_name in other_names:
            other_names.remove(self._cursor_name)
        return cursor._replace(other_names=frozenset(other_names), has_colon=self._next_token == ":")

    def _match_cursor(self, token: Token, token_text: str) -> None:
        start = token.start
        if start > self._offset or (start == self._offset and token.kind == "punctuation"):
            self._place_cursor("", self._offset, self._offset)
            self._next_token = token_text
        elif token.end >= self._offset and token.kind != "punctuation":
            # A quote that was not closed reaches to the end of its line: only what stands before the cursor
            # is part of it for sure.
            end = self._offset if token.kind == "open_string" else token.end
            self._place_cursor(token_text[: end - start], start, end)

    def _place_cursor(self, token: str, start: int, end: int) -> None:
        innermost = self._open_containers[-1] if self._open_containers else None
        path = tuple(container.path_part for container in self._open_containers)
        is_key = (
            innermost is not None and innermost.is_object and innermost.expected in {"key", "comma", "colon"}
        )
        self._cursor_container = innermost
        self._cursor_name = _decode_member_name(token) if is_key else ""
        self._cursor = Cursor(path[:-1] if is_key else path, is_key, start, end, token)

    def _track_nesting(self, token: str) -> None:
        innermost = self._open_containers[-1] if self._open_containers else None
        if token in "{[":
            self._open_containers.append(_EnclosingContainer(token))
        elif token in "}]":
            if self._open_containers:
                self._open_containers.pop()
                self._expect_comma()
        elif innermost is None:
            return
        elif token == ",":
            innermost.expected = "key" if innermost.is_object else "value"
            innermost.index += 1
        elif token == ":":
            innermost.expected = "value"
        elif innermost.is_object and innermost.expected != "value":
            innermost.key = _decode_member_name(token)
            innermost.member_names.append(innermost.key)
            innermost.expected = "colon"
        else:
            self._expect_comma()

    def _expect_comma(self) -> None:
        if self._open_containers:
            self._open_containers[-1].expected = "comma"


def _decode_member_name(token: str) -> str:
    try:
        name = json.loads(token)
    except ValueError:
        return token.strip('"')
    return name if isinstance(name, str) else token
