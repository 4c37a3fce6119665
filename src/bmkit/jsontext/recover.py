"""The faults of a text that the fast parser refused: the first of each record, in bounded time.

A record here is an item of a list at the top of the document or one level below, or a member of the object at
its top.  Behind the first fault of one the reading goes on at the next.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING

from jiter import from_json

from bmkit.jsontext.errors import MAX_FAULTS, MAX_NESTING, JsonError, TextFault, make_too_deep_fault
from bmkit.jsontext.files import decode_utf8
from bmkit.jsontext.numbers import MAX_SIGNIFICANT_DIGITS, has_suspect_number
from bmkit.jsontext.quotes import find_text_end, find_unescaped_key_quote, find_unescaped_quote
from bmkit.jsontext.structure import (
    OpenContainer,
    make_cut_off_fault,
    make_duplicate_key_fault,
    make_merge_fault,
    make_misplaced_fault,
    make_missing_colon_fault,
    make_parser_stop_fault,
    make_separator_fault,
    make_trailing_text_fault,
)
from bmkit.jsontext.tokens import (
    Token,
    find_value_fault,
    is_cut_off,
    is_invisible,
    make_stray_fault,
    read_token,
    shorten_token,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# Records passed over at the speed of the C scanner, and tokens that are read one by one.
_MAX_SOUND_RECORDS = 500_000
_MAX_TOKENS = 50_000
# Levels of a faulty record to find the end of; what is deeper was never written by hand.
_MAX_SKIPPED_NESTING = 2 * MAX_NESTING
# Integers below need no other look.
_MAX_PLAIN_INTEGER = 10**MAX_SIGNIFICANT_DIGITS
_COMMA = re.compile(r"[ \t\r\n]*+(,)[ \t\r\n]*+")
_OBJECT_OR_END = re.compile(r"[ \t\r\n]*+(?:[{\]]|\Z)")
_COLON = re.compile(r"[ \t\r\n]*+:")
_DIGITS = re.compile(r"[0-9]+")
# What a record starts with that is passed over: in an object a key, without escapes.
_RECORD_START_BY_CLOSER = {
    "]": re.compile(r"[ \t\r\n]*+()"),
    "}": re.compile(r'[ \t\r\n]*+"([^"\\\x00-\x1f]*+)"[ \t\r\n]*+:[ \t\r\n]*+'),
}
_PARSER_MESSAGE = re.compile(r"(.*?)(?: at line (\d+) column (\d+))?\Z", re.DOTALL)
# An attribute that typeshed leaves out.
_scan_value: Callable[[str, int], tuple[object, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]


def find_json_faults(data: bytes, parser_message: str) -> list[TextFault]:
    """List the first fault of each record of a text that the fast parser refused: in order, at most 100.

    `parser_message` is that of the fast parser, reported if nothing better is found, as behind some
    hundred thousand records.
    """
    try:
        text = decode_utf8(data)
    except JsonError as error:
        return list(error.faults)
    complaint, line, column = _PARSER_MESSAGE.findall(parser_message)[0]
    parser_stop = _locate_byte_column(data, int(line), int(column)) if line else 0
    finder = _FaultFinder(text)
    finder.read_text()
    faults = sorted(finder.faults, key=lambda fault: (fault.start, fault.end))[:MAX_FAULTS]
    return faults or [make_parser_stop_fault(text, parser_stop, complaint)]


def _locate_byte_column(data: bytes, line: int, column: int) -> int:
    """Return the offset in code points of a line and a column in bytes, both counted from 1."""
    line_start = 0
    for _ in range(line - 1):
        line_start = data.find(b"\n", line_start) + 1
    return len(data[: line_start + max(0, column - 1)].decode("utf-8", errors="ignore"))


class _FaultFinder:
    """One pass over one text.

    `_expected` is what comes next: "value" (or the end of a list), "key" (or the end of an object), "colon",
    "separator" (or an end) or "end" (of the text).  `_next` is where to read on.
    """

    def __init__(self, text: str) -> None:
        self.faults: list[TextFault] = []
        self._text = text
        self._sound_record_budget = _MAX_SOUND_RECORDS
        self._open: list[OpenContainer] = []
        self._expected = "value"
        self._next = 0
        self._last_comma = -1
        self._last_value_end = 0
        self._record_start = 0
        self._must_skip = False

    def read_text(self) -> None:
        """Find the faults."""
        if self._text.startswith("\ufeff"):
            message, hint = "the file starts with a byte order mark", "save it as utf-8 without"
            self.faults.append(TextFault("json.byte-order-mark", 0, 1, message, hint))
            self._next = 1
        for _ in range(_MAX_TOKENS):
            if self._is_between_records() and self._open and self._expected != "separator":
                self._pass_sound_records()
            token = read_token(self._text, self._next)
            if token is None:
                self._add_end_fault()
                return
            self._next = token.end
            fault = self._read_token(token)
            if fault is None:
                continue
            self.faults.append(fault)
            if fault.rule in {"json.truncated", "json.trailing-text"} or len(self.faults) >= MAX_FAULTS:
                return
            if (self._must_skip or not self._is_between_records()) and not self._skip_to_next_record(token):
                return

    def _add_end_fault(self) -> None:
        rule_ids = {fault.rule for fault in self.faults}
        if self._open:
            self.faults.append(make_cut_off_fault(self._text, None, self._open[-1]))
        elif self._expected != "end" and rule_ids == {"json.comment"}:
            # One message for both: that they are comments, and that nothing else is there.
            self.faults = [_make_empty_fault("holds nothing but comments")]
        elif self._expected != "end" and "json.unresolved-merge" not in rule_ids:
            self.faults.append(_make_empty_fault("holds nothing but blanks" if self._text else "is empty"))

    # --- records ---

    def _count_outer_containers(self) -> int:
        """Return how many of the open lists and objects are around the record, not in it."""
        has_list_below = len(self._open) > 1 and self._open[0].closer == "}" and self._open[1].closer == "]"
        return 2 if has_list_below else min(1, len(self._open))

    def _is_between_records(self) -> bool:
        if len(self._open) != self._count_outer_containers():
            return False
        in_object = bool(self._open) and self._open[-1].closer == "}"
        return self._expected in ({"key", "separator"} if in_object else {"value", "separator", "end"})

    def _pass_sound_records(self) -> None:
        """Go on to the first record that may have a fault, or has no comma behind it."""
        text, container = self._text, self._open[-1]
        record_start = _RECORD_START_BY_CLOSER[container.closer]
        while self._sound_record_budget > 0:
            self._sound_record_budget -= 1
            start_match = record_start.match(text, self._next)
            if start_match is None or start_match[1] in container.members:
                return
            value_start = start_match.end()
            # The items of a list in the object at the top are records of their own.
            if container.closer == "}" and len(self._open) == 1 and text.startswith("[", value_start):
                return
            end = self._find_sound_end(value_start)
            comma = _COMMA.match(text, end) if end >= 0 else None
            if comma is None:
                return
            start = value_start
            if container.closer == "}":
                start = start_match.start(1) - 1
                container.members[start_match[1]] = (start, value_start, end)
            container.first_character = container.first_character or text[start]
            self._last_comma, self._next = comma.start(1), comma.end()

    def _find_sound_end(self, start: int) -> int:
        """Return the end of a value that has no fault, -1 if it may have one."""
        depth = len(self._open)
        try:
            value, end = _scan_value(self._text, start)
            if type(value) is int and abs(value) < _MAX_PLAIN_INTEGER:
                return end
            data = b"[" * depth + self._text[start:end].encode() + b"]" * depth
            from_json(data, catch_duplicate_keys=True, allow_inf_nan=False)
        except (StopIteration, ValueError, RecursionError):
            return -1
        return -1 if has_suspect_number(data) else end

    def _skip_to_next_record(self, fault_token: Token) -> bool:
        """Leave the record that has a fault; False if there is no record behind it.

        It ends where its brackets are closed and a comma follows, or, as one may be missing, at an object in
        place of a key, or at what is indented and begins as it does.
        """
        text = self._text
        if not self._open:
            return False
        outer_count = self._count_outer_containers()
        container = self._open[outer_count - 1]
        closers = [inner.closer for inner in self._open[outer_count:]]
        del self._open[outer_count:]
        lead = self._find_lead_of_record()
        item_state = "value" if container.closer == "]" else "key"
        self._last_comma, self._must_skip = -1, False
        is_key_place = text[fault_token.start] == "{"
        for _ in range(_MAX_TOKENS):
            token = read_token(text, self._next)
            if token is None or len(closers) > _MAX_SKIPPED_NESTING:
                return False
            char = text[token.start]
            is_next_record = (
                token.start > self._record_start
                and char == text[self._record_start]
                and (
                    # Where a key belongs, in an object that only lacks its bracket.
                    (char == "{" and is_key_place and closers == ["}"])
                    or (lead and text.endswith(lead, 0, token.start))
                )
                and (item_state == "value" or _COLON.match(text, token.end) is not None)
            )
            if is_next_record:
                self._expected, self._next = item_state, token.start
                return True
            self._next, is_key_place = token.end, char == ","
            if token.kind != "punctuation":
                continue
            if char in "{[":
                closers.append("]" if char == "[" else "}")
            elif char in closers:
                while closers.pop() != char:
                    pass
            elif char == container.closer:
                self._expected, self._next = "separator", token.start
                return True
            elif (
                char == ","
                and not closers
                and (container.first_character != "{" or _OBJECT_OR_END.match(text, token.end))
            ):
                self._expected, self._last_comma = item_state, token.start
                return True
        return False

    def _find_lead_of_record(self) -> str:
        """Return the line end and the blanks before the record, "" if it is not the first on its line."""
        lead_end = start = self._record_start
        while start and self._text[start - 1] in " \t":
            start -= 1
        return self._text[start - 1 : lead_end] if start and self._text[start - 1] in "\r\n" else ""

    # --- tokens ---

    def _read_token(self, token: Token) -> TextFault | None:
        text = self._text
        if token.kind == "comment":
            message = f"json has no comments: {shorten_token(text[token.start : token.end])}"
            hint = "remove it, or put it into an editorial note"
            return TextFault("json.comment", token.start, token.end, message, hint)
        if token.kind == "merge":
            fault = make_merge_fault(text, token)
            self._next, self._last_comma, self._must_skip = fault.end, -1, bool(self._open)
            return fault
        if is_invisible(text[token.start]):
            self._next = token.start + 1
            return make_stray_fault(text, token.start)
        if self._expected == "end":
            return make_trailing_text_fault(text, token.start)
        if self._is_between_records() and self._expected != "separator":
            self._record_start = token.start
            if self._open and not self._open[-1].first_character:
                self._open[-1].first_character = text[token.start]
        if self._expected == "value":
            return self._read_value(token)
        if self._expected == "key":
            return self._read_key(token)
        return self._read_colon(token) if self._expected == "colon" else self._read_separator(token)

    def _read_value(self, token: Token) -> TextFault | None:
        text, start, end = self._text, token.start, token.end
        char = text[start]
        if char in "[{":
            if len(self._open) >= MAX_NESTING:
                self._next = start
                return make_too_deep_fault(start)
            self._open.append(OpenContainer(char, start))
            self._last_comma = -1
            self._expected = "value" if char == "[" else "key"
            return None
        if token.kind == "punctuation":
            return self._read_missing_value(token)
        if is_cut_off(text, token):
            return make_cut_off_fault(text, token, None)
        fault = find_value_fault(text, token)
        if fault is None and token.kind == "string":
            fault = find_unescaped_quote(text, end)
            if fault is not None and self._open:
                self._next = find_text_end(text, end, self._open[-1].closer)
        duplicate_fault = self._finish_value(start, end)
        self._must_skip = fault is not None
        return fault or duplicate_fault

    def _read_missing_value(self, token: Token) -> TextFault | None:
        start, char = token.start, self._text[token.start]
        container = self._open[-1] if self._open else None
        if container is not None and char == container.closer == "]":
            return self._close_container(token.end)
        if container is not None and container.closer == "}" and char in "},":
            self._expected, self._next = "separator", start
            message = f"the value of key {container.format_key()} is missing"
            return TextFault("json.syntax", start, start + 1, message)
        if container is not None and container.closer == "]" and char == ",":
            self._last_comma = -1
            message = "a value is missing before the comma"
            return TextFault("json.syntax", start, start + 1, message, "remove the comma")
        return self._refuse_misplaced(start)

    def _read_key(self, token: Token) -> TextFault | None:
        text, start, end = self._text, token.start, token.end
        container = self._open[-1]
        char = text[start]
        if char == "}":
            return self._close_container(end)
        if char == ",":
            self._last_comma = -1
            message = "a key and its value are missing before the comma"
            return TextFault("json.syntax", start, end, message, "remove the comma")
        if token.kind == "punctuation":
            if char in "[{":
                self._next = start
            return self._refuse_misplaced(start)
        if token.kind in {"open_string", "word"} and end == len(text):
            return make_cut_off_fault(text, token, None)
        container.key_token = token
        self._expected = "colon"
        if token.kind == "word":
            container.key = text[start:end]
            # A decimal comma looks like the start of another member.
            is_fraction = _DIGITS.match(text, start) is not None and _COLON.match(text, end) is None
            if is_fraction:
                return None
            key = shorten_token(container.key)
            return TextFault("json.syntax", start, end, f"key {key} has no quotes", f'write "{key}"')
        container.key = text[start + 1 : end - 1]
        if (fault := find_value_fault(text, token)) is not None:
            return fault
        container.key = JSONDecoder().raw_decode(text, start)[0]
        return find_unescaped_key_quote(text, end)

    def _read_colon(self, token: Token) -> TextFault | None:
        """Read what follows a key."""
        if self._text[token.start] == ":":
            self._expected = "value"
            return None
        self._next = token.start
        return make_missing_colon_fault(self._text, self._open[-1], token.start)

    def _read_separator(self, token: Token) -> TextFault | None:
        char, container = self._text[token.start], self._open[-1]
        if char == container.closer:
            self._last_comma = -1
            return self._close_container(token.end)
        if char in "]}:":
            return self._refuse_misplaced(token.start)
        fault = None if char == "," else make_separator_fault(self._text, token, self._last_value_end)
        if char.isalpha() and token.kind == "word":
            return fault
        self._last_comma = token.start
        self._expected = "value" if container.closer == "]" else "key"
        if char not in ",;|":
            self._next = token.start
        return fault

    def _refuse_misplaced(self, offset: int) -> TextFault:
        """Make the fault of a bracket, colon or comma where it cannot be, and leave the record."""
        self._must_skip = True
        inner_closers = [inner.closer for inner in self._open[self._count_outer_containers() :]]
        if self._text[offset] in inner_closers:
            # It closes what is around the list or object that lost its bracket.
            self._next = offset
        return make_misplaced_fault(self._text, offset, self._open[-1] if self._open else None)

    def _close_container(self, end: int) -> TextFault | None:
        """Close the innermost list or object at its bracket; returns the fault of a comma before it."""
        comma, container = self._last_comma, self._open.pop()
        duplicate_fault = self._finish_value(container.start, end)
        if duplicate_fault is None and comma >= 0:
            message = f"a comma stands before {container.closer}"
            return TextFault("json.trailing-comma", comma, comma + 1, message, "remove the comma")
        return duplicate_fault

    def _finish_value(self, start: int, end: int) -> TextFault | None:
        """Take note of a value that was read; returns the fault of a key that stands twice."""
        self._last_value_end = end
        if not self._open:
            self._expected = "end"
            return None
        self._expected = "separator"
        container = self._open[-1]
        if container.closer == "]":
            return None
        member = (container.key_token.start, start, end)
        first_member = container.members.setdefault(container.key, member)
        if first_member is member:
            return None
        return make_duplicate_key_fault(self._text, container, first_member, member)


def _make_empty_fault(contents: str) -> TextFault:
    hint = 'a file without records is {"records": []}'
    return TextFault("json.empty", 0, 0, f"the file {contents}", hint)
