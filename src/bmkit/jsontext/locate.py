"""Where a value or key stands in a JSON text that was read strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_BLANK = " \t\r\n"
_INDEX_DIGITS = 18
# One code point of a string: both halves of a pair are one.
_CHARACTER = r"(?s)\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|."


class Positions:
    """The places of a text's values, found as they are asked for.

    What was stepped over once is remembered, so many look-ups cost about one pass over the text.  The text
    must be one that `parse` accepted; of any other the answers mean nothing.
    """

    def __init__(self, text: str) -> None:
        # The json module costs start-up time that a run without issues must not pay.
        from json.decoder import JSONDecoder

        self._text = text
        # An attribute that typeshed leaves out.
        self._scan: Callable[[str, int], tuple[Any, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]
        self._places: dict[int, _Place] = {}
        # A long text may have many issues: where its characters stand is found once.
        self._token = (-1, -1)
        self._starts: list[int] = []

    def locate(self, pointer: str, *, key: bool = False) -> tuple[int, int]:
        """Give start and end (exclusive) of the token that an RFC 6901 pointer names, in code points.

        With `key` it is the token of the member's key, quotes included.  Raises LookupError if the pointer
        leads nowhere, or if `key` is asked of what is no member of an object.
        """
        at = self._blank(1 if self._text.startswith("\ufeff") else 0)
        name: tuple[int, int] | None = None
        for part in _parts(pointer):
            try:
                place = self._places[at]
            except KeyError:
                place = self._places[at] = _Place(self._text[at], at + 1)
            if place.opener == "{":
                key_start, key_end, at = self._member(place, part)
                name = key_start, key_end
            elif place.opener == "[":
                at, name = self._item(place, part), None
            else:
                raise LookupError(pointer)
        if not key:
            return at, self._scan(self._text, at)[1]
        if name is None:
            raise LookupError(pointer)
        return name

    def inside(self, token: tuple[int, int], span: tuple[int, int]) -> tuple[int, int]:
        """Give the offsets in the text of a span of the string that a token of it is.

        The span counts the code points of the value, the answer those of the text, where one of the value may
        be an escape of two, six or twelve characters.  What reaches beyond the value ends with it; of a token
        that is no string the whole is given.
        """
        start, end = token
        if self._text[start : start + 1] != '"':
            return token
        if token != self._token:
            self._token, self._starts = token, _starts(self._text, start + 1, end - 1)
        first, last = span
        if not self._starts:
            return min(start + 1 + first, end - 1), min(start + 1 + last, end - 1)
        most = len(self._starts) - 1
        return self._starts[min(first, most)], self._starts[min(last, most)]

    def _blank(self, at: int) -> int:
        text = self._text
        while text[at] in _BLANK:
            at += 1
        return at

    def _member(self, place: _Place, part: str) -> tuple[int, int, int]:
        text = self._text
        members = place.members
        while part not in members:
            at = self._next(place)
            name, end = self._scan(text, at)
            value = self._blank(self._blank(end) + 1)
            members[name] = (at, end, value)
            place.last = value
        return members[part]

    def _item(self, place: _Place, part: str) -> int:
        # RFC 6901 knows neither leading zeros nor digits of other scripts.
        if (
            not (part.isascii() and part.isdecimal())
            or (part[0] == "0" and part != "0")
            or len(part) > _INDEX_DIGITS
        ):
            raise LookupError(part)
        items = place.items
        index = int(part)
        while len(items) <= index:
            place.last = self._next(place)
            items.append(place.last)
        return items[index]

    def _next(self, place: _Place) -> int:
        """Give the start of the next item or key; raises LookupError behind the last."""
        text = self._text
        if place.last < 0:
            at = self._blank(place.first)
        else:
            at = place.last
            # Nothing is behind a last member that was passed before.
            end = self._blank(self._scan(text, at)[1])
            at = self._blank(end + 1) if text[end] == "," else end
        if text[at] in "]}":
            raise LookupError(text[place.first - 1 : place.first + 20])
        return at


class _Place:
    """A list or object of the text and what is known of its items."""

    __slots__ = ("first", "items", "last", "members", "opener")

    def __init__(self, opener: str, first: int) -> None:
        self.opener = opener
        self.first = first
        self.last = -1
        self.items: list[int] = []
        self.members: dict[str, tuple[int, int, int]] = {}


def locate(text: str, pointer: str, *, key: bool = False) -> tuple[int, int]:
    """Give start and end of the token that a pointer names; for several look-ups keep one `Positions`."""
    return Positions(text).locate(pointer, key=key)


def _starts(text: str, start: int, end: int) -> list[int]:
    """Give where each character of a string stands, and its end; none if none of them is an escape."""
    if text.find("\\", start, end) < 0:
        return []
    import re

    return [*(match.start() for match in re.compile(_CHARACTER).finditer(text, start, end)), end]


def _parts(pointer: str) -> list[str]:
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise LookupError(pointer)
    parts = pointer[1:].split("/")
    if "~" in pointer:
        return [part.replace("~1", "/").replace("~0", "~") for part in parts]
    return parts
