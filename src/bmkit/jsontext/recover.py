"""The faults of a text that the fast parser refused: the first of each record, in bounded time.

A record here is an item of a list at the top of the document or one level below, or a member of the object at
its top.  Behind the first fault of one the reading goes on at the next.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING

from bmkit.jsontext.errors import MAX_FAULTS, MAX_NESTING, JsonError, TextFault, make_too_deep_fault
from bmkit.jsontext.files import decode_utf8
from bmkit.jsontext.numbers import find_number_fault, has_suspect_number
from bmkit.jsontext.positions import Lines
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
_BLANKS = re.compile(r"[ \t\r\n]*+")
_COMMA = re.compile(r"[ \t\r\n]*+(,)[ \t\r\n]*+")
_OBJECT_OR_END = re.compile(r"[ \t\r\n]*+(?:[{\]]|\Z)")
_COLON = re.compile(r"[ \t\r\n]*+:")
# Items that are sound for sure, with the commas behind them: no escapes, no number that may be too long.
_PLAIN_ITEMS = re.compile(r'(?:(?:[1-9][0-9]{0,14}|"[^"\\\x00-\x1f]*+")[ \t\r\n]*+,[ \t\r\n]*+)++')
_PLAIN_KEY = re.compile(r'"([^"\\\x00-\x1f]*+)"[ \t\r\n]*+:[ \t\r\n]*+')
_DIGITS = re.compile(r"[0-9]+")
_TOKEN_EXCERPT = re.compile(r'"[^"\r\n]{0,30}"?|[^\s,\]}"]{1,30}')
_LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB](?!..\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
_MERGE_RULE_ID = "json.unresolved-merge"
_MERGE_END = re.compile(r"(?:(?<=\n)|(?<=\r))>{7}(?![^ \r\n]) ?([^\r\n]*)")
# What stands behind a string whose end is its end: a separator, a comment, or what only lacks its comma.
_CHARACTERS_AFTER_STRING = frozenset(",:;|=]}[{/#")
_COMPLETE_STRING = re.compile(r'"[^"\r\n]*"[ \t]*(?:[,:\]}\r\n]|\Z)')
_TEXT_UP_TO_QUOTE = re.compile(r'[ \t]+[^\s\d",:;|=/#{}\[\]\'`-][^",:{}\[\]\r\n]*"')
_QUOTE_ON_LINE = re.compile(r'[^"\r\n]*"')
_KEY_CLOSE = re.compile(r'[^\r\n]*"[ \t]*:')
_VALUE_CLOSE = r'[^\r\n]*?"[ \t]*(?=[\r\n]|\Z|[}\]][}\], \t]*(?:[\r\n{"\[]|\Z)|,[ \t]*(?:[\r\n]|\Z|'
_VALUE_CLOSE_BY_BRACKET = {
    "}": re.compile(_VALUE_CLOSE + r'"[^"\r\n]*"[ \t]*:))'),
    "]": re.compile(_VALUE_CLOSE + r'[\[{]|"[^"\r\n]*"[ \t]*[,\]]))'),
}

_PARSER_MESSAGE = re.compile(r"(.*?)(?: at line (\d+) column (\d+))?\Z", re.DOTALL)
# A piece of the message of the fast parser, our rule and our message; the first match wins.
_PARSER_FAULTS = (
    (r"duplicate key (.*)", "json.duplicate-key", "key {} stands twice in one object"),
    (r"trailing comma()", "json.trailing-comma", "a comma stands before a closing bracket"),
    (r"control character()", "json.control-character", "a control character stands inside a string"),
    (r"recursion limit()", "json.too-deep", "lists and objects are nested too deeply"),
    (r"EOF while()", "json.truncated", "the file ends in the middle of a value"),
    (r"trailing characters()", "json.trailing-text", "there is text after the end of the document"),
    (r"(?:surrogate|hex escape)()", "json.lone-surrogate", "an escape stands for half a character"),
    (r"out of range()", "json.too-many-digits", "a number has too many digits"),
    (r"InvalidOperation()", "json.number-overflow", "a number is too large"),
    (r"(.*)", "json.syntax", "the parser stopped here: {}"),
)


def find_json_faults(data: bytes, parser_message: str) -> list[TextFault]:
    """List the first fault of each record of a text that the fast parser refused: in order, at most 100.

    `parser_message` is that of the fast parser, told if nothing better is found, as behind some
    hundred thousand records.
    """
    try:
        text = decode_utf8(data)
    except JsonError as error:
        return list(error.faults)
    complaint, line, column = _PARSER_MESSAGE.findall(parser_message)[0]
    parser_stop = _locate_byte_column(data, int(line), int(column)) if line else 0
    finder = _FaultFinder(text, parser_stop, has_suspect_numbers=has_suspect_number(data))
    finder.read_text()
    faults = sorted(finder.faults, key=lambda fault: (fault.start, fault.end))[:MAX_FAULTS]
    return faults or [_make_parser_stop_fault(text, parser_stop, complaint)]


def _locate_byte_column(data: bytes, line: int, column: int) -> int:
    """Return the offset in code points of a line and a column in bytes, both counted from 1."""
    line_start = 0
    for _ in range(line - 1):
        line_start = data.find(b"\n", line_start) + 1
    return len(data[: line_start + max(0, column - 1)].decode("utf-8", errors="ignore"))


def _make_parser_stop_fault(text: str, offset: int, complaint: str) -> TextFault:
    """Make the fault of what only the fast parser saw, or what is too far away to be found again in time."""
    start = max(0, min(offset, len(text) - 1))
    for pattern, rule_id, message in _PARSER_FAULTS:
        if (match := re.search(pattern, complaint)) is not None:
            return TextFault(rule_id, start, min(start + 1, len(text)), message.format(match[1]))
    raise AssertionError(complaint)


class _OpenContainer:
    """A list or object whose end was not reached yet; `members` has offsets of key, value and value's end."""

    __slots__ = ("closer", "first_character", "key", "key_token", "members", "start")

    def __init__(self, opener: str, start: int) -> None:
        self.closer = "]" if opener == "[" else "}"
        self.start = start
        self.first_character = ""
        self.key = ""
        self.key_token = Token("", -1, -1)
        self.members: dict[str, tuple[int, int, int]] = {}

    def format_type(self) -> str:
        return "list" if self.closer == "]" else "object"

    def format_key(self) -> str:
        return f'"{shorten_token(self.key)}"'


class _FaultFinder:
    """One pass over one text.

    `_expected` is what comes next: "value" (or the end of a list), "key" (or the end of an object), "colon",
    "separator" (or an end) or "end" (of the text).  `_next` is where to read on.
    """

    def __init__(self, text: str, parser_stop: int, *, has_suspect_numbers: bool) -> None:
        self.faults: list[TextFault] = []
        self._text = text
        self._scan_sound_value = _make_value_scanner(has_suspect_numbers=has_suspect_numbers)
        # What only the fast parser refuses is nowhere but where it stopped and at the halves of characters.
        self._parser_stop = parser_stop
        self._next_surrogate = -1
        self._sound_record_budget = _MAX_SOUND_RECORDS
        self._open: list[_OpenContainer] = []
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
            if fault.rule in {"json.truncated", "json.too-deep", "json.trailing-text"}:
                return
            if (self._must_skip or not self._is_between_records()) and not self._skip_to_next_record(token):
                return
            if len(self.faults) >= MAX_FAULTS:
                return

    def _add_end_fault(self) -> None:
        rule_ids = {fault.rule for fault in self.faults}
        if self._open:
            self.faults.append(self._make_cut_off_fault(None))
        elif self._expected != "end" and _MERGE_RULE_ID not in rule_ids:
            emptiness = "holds nothing but blanks" if self._text else "is empty"
            if rule_ids == {"json.comment"}:
                # One message for both: that they are comments, and that nothing else is there.
                self.faults, emptiness = [], "holds nothing but comments"
            hint = 'a file without records is {"records": []}'
            self.faults.append(TextFault("json.empty", 0, 0, f"the file {emptiness}", hint))

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
        plain_items = _PLAIN_ITEMS.match(text, self._next) if container.closer == "]" else None
        if plain_items is not None:
            self._last_comma, self._next = text.rindex(",", 0, plain_items.end()), plain_items.end()
            container.first_character = container.first_character or text[plain_items.start()]
        while self._sound_record_budget > 0:
            self._sound_record_budget -= 1
            key = ""
            start = value_start = _BLANKS.match(text, self._next).end()  # type: ignore[union-attr]
            if container.closer == "}":
                key_match = _PLAIN_KEY.match(text, start)
                if key_match is None or key_match[1] in container.members:
                    return
                key, value_start = key_match[1], key_match.end()
            # The items of a list in the object at the top are records of their own.
            if key and len(self._open) == 1 and text.startswith("[", value_start):
                return
            end = self._find_sound_end(value_start)
            comma = _COMMA.match(text, end) if end >= 0 else None
            if comma is None:
                return
            if container.closer == "}":
                container.members[key] = (start, value_start, end)
            container.first_character = container.first_character or text[start]
            self._last_comma, self._next = comma.start(1), comma.end()

    def _find_sound_end(self, start: int) -> int:
        """Return the end of a value that has no fault, -1 if it may have one."""
        try:
            end = self._scan_sound_value(self._text, start)[1]
        except (StopIteration, ValueError, RecursionError):
            return -1
        if start <= self._parser_stop <= end:
            return -1
        if self._next_surrogate < start:
            match = _LONE_SURROGATE.search(self._text, start)
            self._next_surrogate = match.start() if match is not None else len(self._text) + 1
        return end if end < self._next_surrogate else -1

    def _skip_to_next_record(self, fault_token: Token) -> bool:
        """Leave the record that has a fault; False if there is no record behind it.

        It ends where its brackets are closed and a comma follows, or, as one may be missing, at what is
        indented and begins as it does.
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
        for _ in range(_MAX_TOKENS):
            token = read_token(text, self._next)
            if token is None:
                return False
            char = text[token.start]
            is_next_record = (
                token.start > self._record_start
                and char == text[self._record_start]
                and (
                    # An object inside an object where no value belongs: the bracket before it is missing.
                    (token == fault_token and char == "{" and closers == ["}"])
                    or (lead and text.endswith(lead, 0, token.start))
                )
                and (item_state == "value" or _COLON.match(text, token.end) is not None)
            )
            if is_next_record:
                self._expected, self._next = item_state, token.start
                return True
            self._next = token.end
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
            return self._read_merge(token)
        if is_invisible(text[token.start]):
            self._next = token.start + 1
            return make_stray_fault(text, token.start)
        if self._expected == "end":
            return self._make_trailing_text_fault(token.start)
        if self._is_between_records() and self._expected != "separator":
            self._record_start = token.start
            if self._open and not self._open[-1].first_character:
                self._open[-1].first_character = text[token.start]
        if self._expected == "value":
            return self._read_value(token)
        if self._expected == "key":
            return self._read_key(token)
        return self._read_colon(token) if self._expected == "colon" else self._read_separator(token)

    def _read_merge(self, token: Token) -> TextFault:
        """Pass over all that a merge left, both sides: it must be resolved first."""
        marker = self._text[token.start : token.end]
        merge_end = _MERGE_END.search(self._text, token.end) if marker[0] != ">" else None
        names = [marker[7:].strip() if marker[0] in "<>" else "", merge_end[1].strip() if merge_end else ""]
        names = [shorten_token(name) for name in names if name]
        subject = f"the merge of {' and '.join(names)}" if len(names) > 1 else "a merge"
        self._next = merge_end.end() if merge_end is not None else token.end
        self._last_comma, self._must_skip = -1, bool(self._open)
        hint = "keep one of the two sides, and take the lines of markers away"
        return TextFault(_MERGE_RULE_ID, token.start, self._next, f"{subject} is unresolved here", hint)

    def _read_value(self, token: Token) -> TextFault | None:
        text, start, end = self._text, token.start, token.end
        char = text[start]
        if char in "[{":
            if len(self._open) >= MAX_NESTING:
                return make_too_deep_fault(start)
            self._open.append(_OpenContainer(char, start))
            self._last_comma = -1
            self._expected = "value" if char == "[" else "key"
            return None
        if token.kind == "punctuation":
            return self._read_missing_value(token)
        if is_cut_off(text, token):
            return self._make_cut_off_fault(token)
        fault = find_value_fault(text, token)
        if fault is None and token.kind == "string" and _is_closed_early(text, end):
            fault = _make_unescaped_quote_fault(end)
            close = _VALUE_CLOSE_BY_BRACKET[self._open[-1].closer].match(text, end) if self._open else None
            self._next = close.end() if close is not None else end
        duplicate_fault = self._finish_value(start, end)
        self._must_skip = fault is not None
        return fault or duplicate_fault

    def _read_missing_value(self, token: Token) -> TextFault | None:
        start, char = token.start, self._text[token.start]
        container = self._open[-1] if self._open else None
        if container is not None and char == container.closer == "]":
            fault = self._make_trailing_comma_fault("]")
            self._close_container(token.end)
            return fault
        if container is not None and container.closer == "}" and char in "},":
            self._expected, self._next = "separator", start
            message = f"the value of key {container.format_key()} is missing"
            return TextFault("json.syntax", start, start + 1, message)
        if container is not None and container.closer == "]" and char == ",":
            self._last_comma = -1
            message = "a value is missing before the comma"
            return TextFault("json.syntax", start, start + 1, message, "remove the comma")
        return self._make_misplaced_fault(start)

    def _read_key(self, token: Token) -> TextFault | None:
        text, start, end = self._text, token.start, token.end
        container = self._open[-1]
        char = text[start]
        if char == "}":
            fault = self._make_trailing_comma_fault("}")
            return self._close_container(end) or fault
        if char == ",":
            self._last_comma = -1
            message = "a key and its value are missing before the comma"
            return TextFault("json.syntax", start, end, message, "remove the comma")
        if token.kind == "punctuation":
            if char in "[{":
                self._next = start
            return self._make_misplaced_fault(start)
        if token.kind in {"open_string", "word"} and end == len(text):
            return self._make_cut_off_fault(token)
        container.key_token = token
        self._expected = "colon"
        return self._read_unquoted_key(token) if token.kind == "word" else self._read_quoted_key(token)

    def _read_unquoted_key(self, token: Token) -> TextFault | None:
        word = self._text[token.start : token.end]
        self._open[-1].key = word
        # A decimal comma looks like the start of another member.
        if _DIGITS.match(word) and not _COLON.match(self._text, token.end):
            return None
        shown = shorten_token(word)
        hint = f'write "{shown}"'
        return TextFault("json.syntax", token.start, token.end, f"key {shown} has no quotes", hint)

    def _read_quoted_key(self, token: Token) -> TextFault | None:
        text, start, end = self._text, token.start, token.end
        self._open[-1].key = text[start + 1 : end - 1]
        if (fault := find_value_fault(text, token)) is not None:
            return fault
        self._open[-1].key = JSONDecoder().raw_decode(text, start)[0]
        if _is_closed_early(text, end) and _KEY_CLOSE.match(text, end) is not None:
            return _make_unescaped_quote_fault(end)
        return None

    def _read_colon(self, token: Token) -> TextFault | None:
        """Read what follows a key."""
        text, container, start = self._text, self._open[-1], token.start
        if text[start] == ":":
            self._expected = "value"
            return None
        self._next = start
        key = container.key_token
        key_text = text[key.start : key.end]
        if _DIGITS.fullmatch(key_text):
            message = f"{shorten_token(key_text)} is no key"
            hint = "write a decimal point, not a comma, if this is a fraction"
            return TextFault("json.syntax", key.start, key.end, message, hint)
        if text[start] in ",}":
            message = f"key {container.format_key()} has no value"
            return TextFault("json.syntax", key.start, key.end, message)
        message = f"a colon is missing after key {container.format_key()}"
        return TextFault("json.syntax", start, start + 1, message)

    def _read_separator(self, token: Token) -> TextFault | None:
        text, start = self._text, token.start
        char, container = text[start], self._open[-1]
        if char == container.closer:
            return self._close_container(token.end)
        if char in "]}:":
            return self._make_misplaced_fault(start)
        if char.isalpha() and token.kind == "word":
            hint = "a unit has a field of its own" if text[self._last_value_end - 1].isdigit() else ""
            message = f"{shorten_token(text[start : token.end])} has no place behind a value"
            return TextFault("json.syntax", start, token.end, message, hint)
        self._last_comma = start
        self._expected = "value" if container.closer == "]" else "key"
        if char == ",":
            return None
        if char in ";|":
            message = f"{char} is no separator in json"
            return TextFault("json.syntax", start, start + 1, message, "write a comma")
        excerpt = _TOKEN_EXCERPT.match(text, start)
        self._next = start
        message = f"a comma is missing before {excerpt.group() if excerpt is not None else char}"
        return TextFault("json.syntax", start, start + 1, message)

    def _close_container(self, end: int) -> TextFault | None:
        return self._finish_value(self._open.pop().start, end)

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
        return self._make_duplicate_key_fault(first_member, member) if first_member is not member else None

    # --- faults ---

    def _make_trailing_comma_fault(self, closer: str) -> TextFault | None:
        if self._last_comma < 0:
            return None
        comma = self._last_comma
        message = f"a comma stands before {closer}"
        return TextFault("json.trailing-comma", comma, comma + 1, message, "remove the comma")

    def _make_duplicate_key_fault(
        self, first: tuple[int, int, int], second: tuple[int, int, int]
    ) -> TextFault:
        key = self._open[-1].key_token
        values = [self._text[start:end] for _, start, end in (first, second)]
        lines = Lines(self._text)
        first_place, second_place = (
            "line {}, column {}".format(*lines.to_line_column(member[0])) + f" with {shorten_token(value)}"
            for member, value in zip((first, second), values, strict=True)
        )
        message = f"key {self._open[-1].format_key()} stands twice: at {first_place} and at {second_place}"
        hint = "keep the right one; most readers take the last without a word"
        if values[0] == values[1]:
            hint = "remove one of them"
        return TextFault("json.duplicate-key", key.start, key.end, message, hint)

    def _make_misplaced_fault(self, offset: int) -> TextFault:
        """Make the fault of a bracket, colon or comma where it cannot be."""
        self._must_skip = True
        char = self._text[offset]
        if not self._open or char not in "]}":
            return TextFault("json.syntax", offset, offset + 1, f"{char} has no place here")
        innermost = self._open[-1]
        if char in (inner.closer for inner in self._open[self._count_outer_containers() :]):
            # It closes what is around the list or object that lost its bracket.
            self._next = offset
        place = self._format_place(innermost.start)
        message = f"{char} cannot close the {innermost.format_type()} opened at {place}"
        return TextFault("json.syntax", offset, offset + 1, message, f"write {innermost.closer}")

    def _make_trailing_text_fault(self, offset: int) -> TextFault:
        trailing_text = self._text[offset:].rstrip()
        message = f"there is text after the end of the document: {shorten_token(trailing_text)}"
        hint = "one bracket too many" if trailing_text[0] in "]}" else "a file holds one document"
        return TextFault("json.trailing-text", offset, offset + len(trailing_text), message, hint)

    def _make_cut_off_fault(self, token: Token | None) -> TextFault:
        """Make the fault of a text that ends too early: inside a token, or in what is open."""
        last_offset = max(0, len(self._text.rstrip()) - 1)
        unfinished_part = "its value"
        if token is not None:
            token_type = "string" if self._text[token.start] == '"' else "value"
            unfinished_part = f"the {token_type} that starts at {self._format_place(token.start)}"
        elif self._open:
            innermost = self._open[-1]
            unfinished_part = f"the {innermost.format_type()} opened at {self._format_place(innermost.start)}"
        message = f"the file ends inside {unfinished_part}"
        hint = "part of it was lost: fetch the file again"
        return TextFault("json.truncated", last_offset, last_offset + 1, message, hint)

    def _format_place(self, offset: int) -> str:
        return "line {}, column {}".format(*Lines(self._text).to_line_column(offset))


def _is_closed_early(text: str, end: int) -> bool:
    """Tell whether the quote before the offset `end`, which closes a string, rather belongs to its text."""
    char = text[end : end + 1]
    if char == '"':
        return _COMPLETE_STRING.match(text, end) is None
    if char in {" ", "\t"}:
        return _TEXT_UP_TO_QUOTE.match(text, end) is not None
    return (
        char.isprintable()
        and char not in _CHARACTERS_AFTER_STRING
        and _QUOTE_ON_LINE.match(text, end) is not None
    )


def _make_unescaped_quote_fault(end: int) -> TextFault:
    """Make the fault of the quote before the offset `end`, which should have been escaped."""
    message = 'a quote inside a text is written \\"'
    return TextFault("json.syntax", end - 1, end, message, 'write \\" for each of them, or single quotes')


def _make_value_scanner(*, has_suspect_numbers: bool) -> Callable[[str, int], tuple[object, int]]:
    """Return a function from text and offset to a value and its end; ValueError where it has a fault."""
    read_number = _refuse_number if has_suspect_numbers else None
    decoder = JSONDecoder(
        parse_constant=_refuse_constant,
        parse_float=read_number,
        parse_int=read_number,
        object_pairs_hook=_refuse_repeated_keys,
    )
    # An attribute that typeshed leaves out.
    scan_once: Callable[[str, int], tuple[object, int]] = decoder.scan_once  # type: ignore[attr-defined]
    return scan_once


def _refuse_number(token: str) -> int:
    if find_number_fault(token) is not None:
        raise ValueError(token)
    return 0


def _refuse_repeated_keys(members: list[tuple[str, object]]) -> object:
    if len(dict(members)) != len(members):
        raise ValueError("a key stands twice")
    return None


def _refuse_constant(constant: str) -> object:
    raise ValueError(constant)
