"""What belongs where the cursor stands, in a JSON text that is being typed and may not be JSON yet."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bmkit.content.record import Part

_TOKEN = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*+"?|[{}\[\],:]|[^\s{}\[\],:"]+')


class Spot(NamedTuple):
    """The place at the cursor: a name (`key`) or a value belongs there.

    `path` leads to the value, or to the object whose member's name it is; `start` to `end` is the token that
    stands there so far, empty if there is none.  `names` are the other members of the object, `colon` says
    that the name is followed by one already.
    """

    path: tuple[Part, ...]
    key: bool
    start: int
    end: int
    token: str = ""
    names: frozenset[str] = frozenset()
    colon: bool = False


class _Open:
    """An object or list that the scan is in, and what it expects next."""

    def __init__(self, opener: str) -> None:
        self.is_object = opener == "{"
        self.expects = "key" if self.is_object else "value"
        self.key = ""
        self.number = 0
        self.names: list[str] = []

    @property
    def part(self) -> Part:
        return self.key if self.is_object else self.number


def spot(text: str, offset: int) -> Spot:
    """Tell what belongs at an offset of the text."""
    scan = _Scan(offset)
    for match in _TOKEN.finditer(text):
        scan.take(match.group(), match.start(), match.end())
    return scan.answer(len(text))


class _Scan:
    """One pass over a text; remembers what was open at the cursor."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._open: list[_Open] = []
        self._found: Spot | None = None
        self._at: _Open | None = None
        self._own = ""
        self._behind = ""

    def take(self, piece: str, start: int, end: int) -> None:
        """Go on by one piece."""
        if self._found is None:
            self._look(piece, start, end)
        elif not self._behind:
            self._behind = piece
        self._step(piece)

    def answer(self, end: int) -> Spot:
        """Give what was found; `end` is the length of the text."""
        if self._found is None:
            self._find("", min(self._offset, end), min(self._offset, end))
        found = self._found or Spot((), key=False, start=0, end=0)
        if self._at is None or not found.key:
            return found
        names = list(self._at.names)
        if self._own in names:
            names.remove(self._own)
        return found._replace(names=frozenset(names), colon=self._behind == ":")

    def _look(self, piece: str, start: int, end: int) -> None:
        if piece in "{}[],:":
            if start >= self._offset:
                self._find("", self._offset, self._offset)
                self._behind = piece
        elif start > self._offset:
            self._find("", self._offset, self._offset)
            self._behind = piece
        elif end >= self._offset:
            # A quote that was not closed reaches to the end of its line: only what stands before the cursor
            # is part of it for sure.
            whole = piece[0] != '"' or (len(piece) > 1 and _closed(piece))
            end = end if whole else self._offset
            self._find(piece[: end - start], start, end)

    def _find(self, token: str, start: int, end: int) -> None:
        here = self._open[-1] if self._open else None
        path = tuple(one.part for one in self._open)
        key = here is not None and here.is_object and here.expects in {"key", "comma", "colon"}
        self._at = here
        self._own = _name(token) if key else ""
        self._found = Spot(path[:-1] if key else path, key, start, end, token)

    def _step(self, piece: str) -> None:
        here = self._open[-1] if self._open else None
        if piece in "{[":
            self._open.append(_Open(piece))
        elif piece in "}]":
            if self._open:
                self._open.pop()
                self._after_value()
        elif here is None:
            return
        elif piece == ",":
            here.expects = "key" if here.is_object else "value"
            here.number += 1
        elif piece == ":":
            here.expects = "value"
        elif here.is_object and here.expects != "value":
            here.key = _name(piece)
            here.names.append(here.key)
            here.expects = "colon"
        else:
            self._after_value()

    def _after_value(self) -> None:
        if self._open:
            self._open[-1].expects = "comma"


def _closed(token: str) -> bool:
    return token.endswith('"') and (len(token) - len(token[:-1].rstrip("\\"))) % 2 == 1


def _name(token: str) -> str:
    try:
        name = json.loads(token)
    except ValueError:
        return token.strip('"')
    return name if isinstance(name, str) else token
