"""One pass over a faulty text, in bounded time and without recursion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.jsontext.blanks import MERGE, blank_end, shown
from bmkit.jsontext.ends import cut_off, text_after, wrong_closer
from bmkit.jsontext.errors import MOST, Fault
from bmkit.jsontext.members import Open, key_fault, key_of, repeated, trailing_comma
from bmkit.jsontext.parse import DEEPEST, too_deep
from bmkit.jsontext.positions import Lines
from bmkit.jsontext.quotes import closed_early, next_line, real_end, real_key_end, unescaped
from bmkit.jsontext.tokens import CUT, LOST, scalar_end, word_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.jsontext.leap import Leap

_STEPS = 50_000
_TOKEN = re.compile(r'"[^"\r\n]{0,30}"?|[^\s,\]}"]{1,30}')


class Scan:
    """One pass over one text; `expects` is the method that reads what is next and gives the offset behind it.

    A negative offset ends the pass.
    """

    def __init__(self, text: str, leap: Leap) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.lines = Lines(text)
        self.leap = leap
        self.open: list[Open] = []
        self.comma = -1
        self.last = 0
        self.expects: Callable[[int], int] = self._value

    def run(self) -> None:
        """Find the faults."""
        at = 0
        if self.text.startswith("\ufeff"):
            message = "the file starts with a byte order mark"
            self._fault("json.byte-order-mark", 0, 1, message, "save it as utf-8 without")
            at = 1
        at = self._blank(at)
        if at >= len(self.text):
            self._empty()
            return
        for _ in range(_STEPS):
            at = self.expects(at)
            if at < 0 or len(self.faults) >= MOST:
                return
            at = self._blank(at)
            if at >= len(self.text):
                if self.expects != self._end:
                    self._cut(-1)
                return

    def _empty(self) -> None:
        rules = {fault.rule for fault in self.faults}
        if MERGE in rules:
            return
        what = "holds nothing but blanks" if self.text else "is empty"
        if rules == {"json.comment"}:
            # That they are comments is said in one with what is missing.
            self.faults, what = [], "holds nothing but comments"
        self._fault("json.empty", 0, 0, f"the file {what}", 'a file without records is {"records": []}')

    def _fault(self, rule: str, start: int, end: int, message: str, hint: str = "") -> int:
        self.faults.append(Fault(rule, start, end, message, hint))
        return LOST

    def _blank(self, at: int) -> int:
        return blank_end(self.text, at, self.faults)

    def _value(self, at: int) -> int:
        if self.open and self.open[-1].closer == "]":
            at = self._leapt(at, self.leap.items(at))
            if at >= len(self.text):
                return at
        char = self.text[at]
        if char in "]},:":
            return self._no_value(at, char)
        end = self.leap.over(at)
        if end < 0 and char in "[{":
            return self._opened(at, char)
        if end < 0:
            end = scalar_end(self.text, at, self.faults)
        if end >= 0:
            return (
                self._done(at, end)
                if char != '"' or not closed_early(self.text, end)
                else self._early(at, end)
            )
        return self._cut(at) if end == CUT else LOST

    def _early(self, start: int, end: int) -> int:
        """Read on behind a string that holds quotes; where it ends cannot be told, on the next line."""
        self.faults.append(unescaped(end))
        found = real_end(self.text, end, self.open[-1].closer if self.open else "")
        if found >= 0:
            return self._done(start, found)
        at = self._blank(self._done(start, next_line(self.text, end)))
        if self.open and self.text[at : at + 1] not in {",", "]", "}", ""}:
            self.expects = self._value if self.open[-1].closer == "]" else self._key
        return at

    def _leapt(self, at: int, end: int) -> int:
        if end > at:
            # Nothing but blanks stands behind the last comma that was leapt over.
            self.comma = self.text.rindex(",", at, end)
            return self._blank(end)
        return at

    def _opened(self, at: int, char: str) -> int:
        if len(self.open) >= DEEPEST:
            self.faults.append(too_deep(at))
            return LOST
        self.open.append(Open(char, at))
        self.comma = -1
        self.expects = self._value if char == "[" else self._key
        return at + 1

    def _no_value(self, at: int, char: str) -> int:
        inside = self.open[-1].closer if self.open else ""
        if char == inside == "]":
            if self.comma >= 0:
                self.faults.append(trailing_comma(self.comma, "]"))
            return self._close(at)
        if inside == "}" and char in "},":
            self._fault("json.syntax", at, at + 1, f"the value of key {self.open[-1].shown_key()} is missing")
            self.expects = self._next
            return at
        if inside == "]" and char == ",":
            self._fault("json.syntax", at, at + 1, "a value is missing before the comma", "remove the comma")
            self.comma = -1
            return at + 1
        return self._wrong_closer(at, char)

    def _key(self, at: int) -> int:
        at = self._leapt(at, self.leap.members(at, self.open[-1].members))
        if at >= len(self.text):
            return at
        char = self.text[at]
        if char == "}":
            if self.comma >= 0:
                self.faults.append(trailing_comma(self.comma, "}"))
            return self._close(at)
        if char == ",":
            message = "a key and its value are missing before the comma"
            self._fault("json.syntax", at, at + 1, message, "remove the comma")
            self.comma = -1
            return at + 1
        return self._wrong_closer(at, char) if char in "]:[{" else self._member(at)

    def _member(self, at: int) -> int:
        """Read a key and what should be a colon."""
        top = self.open[-1]
        top.key_start = at
        top.key, end = key_of(self.text, at, self.faults)
        if end < 0:
            return self._cut(at) if end == CUT else LOST
        if (
            self.text[at] == '"'
            and closed_early(self.text, end)
            and (found := real_key_end(self.text, end)) > 0
        ):
            self.faults.append(unescaped(end))
            top.key, end = self.text[at + 1 : found - 1], found
        top.key_end = end
        at = self._blank(end)
        if at >= len(self.text):
            return self._cut(-1)
        char = self.text[at]
        self.comma = -1
        self.expects = self._value
        if char == ":":
            return at + 1
        self.faults.append(key_fault(self.text, top, at))
        if char in ",}" or not self.text[top.key_start : end].startswith('"'):
            # Without a value behind it, it was no key: a decimal comma, say.
            self.expects = self._next
            return at
        return at + 1 if char in "=;" else at

    def _next(self, at: int) -> int:
        char = self.text[at]
        top = self.open[-1]
        if char == top.closer:
            return self._close(at)
        if char in "]}:":
            return self._wrong_closer(at, char)
        end = word_end(self.text, at)
        if char.isalpha() and end > at:
            word = shown(self.text[at:end])
            hint = "a unit has a field of its own" if self.text[self.last - 1].isdigit() else ""
            self._fault("json.syntax", at, end, f"{word} has no place behind a value", hint)
            return end
        self.comma = at
        self.expects = self._value if top.closer == "]" else self._key
        if char == ",":
            return at + 1
        if char in ";|":
            self._fault("json.syntax", at, at + 1, f"{char} is no separator in json", "write a comma")
            return at + 1
        token = _TOKEN.match(self.text, at)
        before = token.group() if token is not None else char
        self._fault("json.syntax", at, at + 1, f"a comma is missing before {before}")
        return at

    def _end(self, at: int) -> int:
        self.faults.append(text_after(self.text, at))
        return LOST

    def _close(self, at: int) -> int:
        return self._done(self.open.pop().start, at + 1)

    def _done(self, start: int, end: int) -> int:
        """Take note of a value that was read in full."""
        self.last = end
        if not self.open:
            self.expects = self._end
            return end
        self.expects = self._next
        top = self.open[-1]
        if top.closer == "}":
            here = (top.key_start, start, end)
            first = top.members.setdefault(top.key, here)
            if first is not here:
                self.faults.append(repeated(self.text, self.lines, top, first, here))
        return end

    def _wrong_closer(self, at: int, char: str) -> int:
        self.faults.append(wrong_closer(char, at, self.open, self.lines))
        return LOST

    def _cut(self, start: int) -> int:
        """Say that the text ends too early: inside the token at `start`, or inside what is open."""
        self.faults.append(cut_off(self.text, start, self.open, self.lines))
        return LOST
