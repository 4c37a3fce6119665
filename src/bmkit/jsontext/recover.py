"""One pass over a faulty text, in bounded time and without recursion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.jsontext.blanks import MERGE_RULE_ID, shorten_token, skip_blanks
from bmkit.jsontext.ends import make_cut_off_fault, make_text_after_fault, make_wrong_closer_fault
from bmkit.jsontext.errors import MAX_FAULTS, TextFault
from bmkit.jsontext.members import (
    OpenContainer,
    make_duplicate_key_fault,
    make_missing_colon_fault,
    make_trailing_comma_fault,
    parse_key,
)
from bmkit.jsontext.parse import MAX_NESTING, make_too_deep_fault
from bmkit.jsontext.positions import Lines
from bmkit.jsontext.quotes import (
    find_line_value_end,
    find_real_key_end,
    find_real_value_end,
    is_closed_early,
    make_unescaped_quote_fault,
)
from bmkit.jsontext.tokens import END_CUT_OFF, END_UNKNOWN, find_scalar_end, find_word_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.jsontext.leap import ValueSkipper

_MAX_STEPS = 50_000
_TOKEN_EXCERPT = re.compile(r'"[^"\r\n]{0,30}"?|[^\s,\]}"]{1,30}')


class FaultScanner:
    """One pass over one text; `expects` is the method that reads what is next and gives the offset behind it.

    A negative offset ends the pass.
    """

    def __init__(self, text: str, skipper: ValueSkipper) -> None:
        self.text = text
        self.faults: list[TextFault] = []
        self.lines = Lines(text)
        self.skipper = skipper
        self.open_containers: list[OpenContainer] = []
        self.last_comma = -1
        self.last_value_end = 0
        self.scan_next: Callable[[int], int] = self._scan_value

    def scan_text(self) -> None:
        """Find the faults."""
        offset = 0
        if self.text.startswith("\ufeff"):
            message = "the file starts with a byte order mark"
            self._add_fault("json.byte-order-mark", 0, 1, message, "save it as utf-8 without")
            offset = 1
        offset = self._skip_blanks(offset)
        if offset >= len(self.text):
            self._add_empty_fault()
            return
        for _ in range(_MAX_STEPS):
            offset = self.scan_next(offset)
            if offset < 0 or len(self.faults) >= MAX_FAULTS:
                return
            offset = self._skip_blanks(offset)
            if offset >= len(self.text):
                if self.scan_next != self._refuse_trailing_text:
                    self._add_cut_off_fault(-1)
                return

    def _add_empty_fault(self) -> None:
        rule_ids = {fault.rule for fault in self.faults}
        if MERGE_RULE_ID in rule_ids:
            return
        emptiness = "holds nothing but blanks" if self.text else "is empty"
        if rule_ids == {"json.comment"}:
            # That they are comments is said in one with what is missing.
            self.faults, emptiness = [], "holds nothing but comments"
        self._add_fault(
            "json.empty", 0, 0, f"the file {emptiness}", 'a file without records is {"records": []}'
        )

    def _add_fault(self, rule_id: str, start: int, end: int, message: str, hint: str = "") -> int:
        self.faults.append(TextFault(rule_id, start, end, message, hint))
        return END_UNKNOWN

    def _skip_blanks(self, offset: int) -> int:
        return skip_blanks(self.text, offset, self.faults)

    def _scan_value(self, offset: int) -> int:
        if self.open_containers and self.open_containers[-1].closer == "]":
            offset = self._land_after_skip(offset, self.skipper.skip_items(offset))
            if offset >= len(self.text):
                return offset
        char = self.text[offset]
        if char in "]},:":
            return self._recover_missing_value(offset, char)
        end = self.skipper.skip_value(offset)
        if end < 0 and char in "[{":
            return self._open_container(offset, char)
        if end < 0:
            end = find_scalar_end(self.text, offset, self.faults)
        if end >= 0:
            return (
                self._finish_value(offset, end)
                if char != '"' or not is_closed_early(self.text, end)
                else self._recover_early_close(offset, end)
            )
        return self._add_cut_off_fault(offset) if end == END_CUT_OFF else END_UNKNOWN

    def _recover_early_close(self, start: int, end: int) -> int:
        """Read on behind a string that holds quotes; where it ends cannot be told, on the next line."""
        self.faults.append(make_unescaped_quote_fault(end))
        corrected_end = find_real_value_end(
            self.text, end, self.open_containers[-1].closer if self.open_containers else ""
        )
        if corrected_end >= 0:
            return self._finish_value(start, corrected_end)
        offset = self._skip_blanks(self._finish_value(start, find_line_value_end(self.text, end)))
        if self.open_containers and self.text[offset : offset + 1] not in {",", "]", "}", ""}:
            self.scan_next = self._scan_value if self.open_containers[-1].closer == "]" else self._scan_key
        return offset

    def _land_after_skip(self, offset: int, end: int) -> int:
        if end > offset:
            # Nothing but blanks stands behind the last comma that was leapt over.
            self.last_comma = self.text.rindex(",", offset, end)
            return self._skip_blanks(end)
        return offset

    def _open_container(self, offset: int, char: str) -> int:
        if len(self.open_containers) >= MAX_NESTING:
            self.faults.append(make_too_deep_fault(offset))
            return END_UNKNOWN
        self.open_containers.append(OpenContainer(char, offset))
        self.last_comma = -1
        self.scan_next = self._scan_value if char == "[" else self._scan_key
        return offset + 1

    def _recover_missing_value(self, offset: int, char: str) -> int:
        closer = self.open_containers[-1].closer if self.open_containers else ""
        if char == closer == "]":
            if self.last_comma >= 0:
                self.faults.append(make_trailing_comma_fault(self.last_comma, "]"))
            return self._close_container(offset)
        if closer == "}" and char in "},":
            self._add_fault(
                "json.syntax",
                offset,
                offset + 1,
                f"the value of key {self.open_containers[-1].format_key()} is missing",
            )
            self.scan_next = self._scan_separator
            return offset
        if closer == "]" and char == ",":
            self._add_fault(
                "json.syntax", offset, offset + 1, "a value is missing before the comma", "remove the comma"
            )
            self.last_comma = -1
            return offset + 1
        return self._add_wrong_closer_fault(offset, char)

    def _scan_key(self, offset: int) -> int:
        offset = self._land_after_skip(
            offset, self.skipper.skip_members(offset, self.open_containers[-1].members)
        )
        if offset >= len(self.text):
            return offset
        char = self.text[offset]
        if char == "}":
            if self.last_comma >= 0:
                self.faults.append(make_trailing_comma_fault(self.last_comma, "}"))
            return self._close_container(offset)
        if char == ",":
            message = "a key and its value are missing before the comma"
            self._add_fault("json.syntax", offset, offset + 1, message, "remove the comma")
            self.last_comma = -1
            return offset + 1
        return self._add_wrong_closer_fault(offset, char) if char in "]:[{" else self._scan_member(offset)

    def _scan_member(self, offset: int) -> int:
        """Read a key and what should be a colon."""
        innermost = self.open_containers[-1]
        innermost.key_start = offset
        innermost.key, key_end = parse_key(self.text, offset, self.faults)
        if key_end < 0:
            return self._add_cut_off_fault(offset) if key_end == END_CUT_OFF else END_UNKNOWN
        if (
            self.text[offset] == '"'
            and is_closed_early(self.text, key_end)
            and (corrected_end := find_real_key_end(self.text, key_end)) > 0
        ):
            self.faults.append(make_unescaped_quote_fault(key_end))
            innermost.key, key_end = self.text[offset + 1 : corrected_end - 1], corrected_end
        innermost.key_end = key_end
        offset = self._skip_blanks(key_end)
        if offset >= len(self.text):
            return self._add_cut_off_fault(-1)
        char = self.text[offset]
        self.last_comma = -1
        self.scan_next = self._scan_value
        if char == ":":
            return offset + 1
        self.faults.append(make_missing_colon_fault(self.text, innermost, offset))
        if char in ",}" or not self.text[innermost.key_start : key_end].startswith('"'):
            # Without a value behind it, it was no key: a decimal comma, say.
            self.scan_next = self._scan_separator
            return offset
        return offset + 1 if char in "=;" else offset

    def _scan_separator(self, offset: int) -> int:
        char = self.text[offset]
        innermost = self.open_containers[-1]
        if char == innermost.closer:
            return self._close_container(offset)
        if char in "]}:":
            return self._add_wrong_closer_fault(offset, char)
        end = find_word_end(self.text, offset)
        if char.isalpha() and end > offset:
            word = shorten_token(self.text[offset:end])
            hint = "a unit has a field of its own" if self.text[self.last_value_end - 1].isdigit() else ""
            self._add_fault("json.syntax", offset, end, f"{word} has no place behind a value", hint)
            return end
        self.last_comma = offset
        self.scan_next = self._scan_value if innermost.closer == "]" else self._scan_key
        if char == ",":
            return offset + 1
        if char in ";|":
            self._add_fault(
                "json.syntax", offset, offset + 1, f"{char} is no separator in json", "write a comma"
            )
            return offset + 1
        token = _TOKEN_EXCERPT.match(self.text, offset)
        next_token = token.group() if token is not None else char
        self._add_fault("json.syntax", offset, offset + 1, f"a comma is missing before {next_token}")
        return offset

    def _refuse_trailing_text(self, offset: int) -> int:
        self.faults.append(make_text_after_fault(self.text, offset))
        return END_UNKNOWN

    def _close_container(self, offset: int) -> int:
        return self._finish_value(self.open_containers.pop().start, offset + 1)

    def _finish_value(self, start: int, end: int) -> int:
        """Take note of a value that was read in full."""
        self.last_value_end = end
        if not self.open_containers:
            self.scan_next = self._refuse_trailing_text
            return end
        self.scan_next = self._scan_separator
        innermost = self.open_containers[-1]
        if innermost.closer == "}":
            member = (innermost.key_start, start, end)
            first_member = innermost.members.setdefault(innermost.key, member)
            if first_member is not member:
                self.faults.append(
                    make_duplicate_key_fault(self.text, self.lines, innermost, first_member, member)
                )
        return end

    def _add_wrong_closer_fault(self, offset: int, char: str) -> int:
        self.faults.append(make_wrong_closer_fault(char, offset, self.open_containers, self.lines))
        return END_UNKNOWN

    def _add_cut_off_fault(self, token_start: int) -> int:
        """Say that the text ends too early: inside the token at `start`, or inside what is open."""
        self.faults.append(make_cut_off_fault(self.text, token_start, self.open_containers, self.lines))
        return END_UNKNOWN
