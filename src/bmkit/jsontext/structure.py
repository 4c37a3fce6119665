"""The faults of a JSON text that lie between its tokens: in what is open, missing, doubled or left over."""

from __future__ import annotations

import re

from bmkit.jsontext.errors import TextFault
from bmkit.jsontext.positions import Lines
from bmkit.jsontext.tokens import Token, shorten_token

_DIGITS = re.compile(r"[0-9]+")
_TOKEN_EXCERPT = re.compile(r'"[^"\r\n]{0,30}"?|[^\s,\]}"]{1,30}')
_MERGE_END = re.compile(r"(?:(?<=\n)|(?<=\r))>{7}(?![^ \r\n]) ?([^\r\n]*)")
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


class OpenContainer:
    """A list or object whose end was not reached yet; `members` has offsets of key, value and value's end."""

    __slots__ = ("closer", "first_character", "key", "key_token", "members", "start")

    def __init__(self, opener: str, start: int) -> None:
        self.closer = "]" if opener == "[" else "}"
        self.start = start
        self.first_character = ""
        self.key = ""
        self.key_token = Token("", -1, -1)
        self.members: dict[str, tuple[int, int, int]] = {}

    def format_opening(self, text: str) -> str:
        """Return what it is, and where it was opened."""
        container_type = "list" if self.closer == "]" else "object"
        return f"the {container_type} opened at {_format_place(text, self.start)}"

    def format_key(self) -> str:
        """Return the last key that was read, in quotes."""
        return f'"{shorten_token(self.key)}"'


def make_parser_stop_fault(text: str, offset: int, complaint: str) -> TextFault:
    """Make the fault of what only the fast parser saw, or what is too far away to be found again in time."""
    start = max(0, min(offset, len(text) - 1))
    for pattern, rule_id, message in _PARSER_FAULTS:
        if (match := re.search(pattern, complaint)) is not None:
            return TextFault(rule_id, start, min(start + 1, len(text)), message.format(match[1]))
    raise AssertionError(complaint)


def make_merge_fault(text: str, marker_token: Token) -> TextFault:
    """Make the fault of all that a merge left, both sides: up to its last marker."""
    marker = text[marker_token.start : marker_token.end]
    merge_end = _MERGE_END.search(text, marker_token.end) if marker[0] != ">" else None
    sides = [marker[7:].strip() if marker[0] in "<>" else "", merge_end[1].strip() if merge_end else ""]
    sides = [shorten_token(side) for side in sides if side]
    subject = f"the merge of {' and '.join(sides)}" if len(sides) > 1 else "a merge"
    end = merge_end.end() if merge_end is not None else marker_token.end
    message, hint = f"{subject} is unresolved here", "keep one of the two sides, and remove the marker lines"
    return TextFault("json.unresolved-merge", marker_token.start, end, message, hint)


def make_separator_fault(text: str, token: Token, last_value_end: int) -> TextFault:
    """Make the fault of what stands behind a value in place of a comma."""
    start, char = token.start, text[token.start]
    if char.isalpha() and token.kind == "word":
        hint = "a unit has a field of its own" if text[last_value_end - 1].isdigit() else ""
        message = f"{shorten_token(text[start : token.end])} has no place behind a value"
        return TextFault("json.syntax", start, token.end, message, hint)
    if char in ";|":
        return TextFault("json.syntax", start, start + 1, f"{char} is no separator in json", "write a comma")
    excerpt = _TOKEN_EXCERPT.match(text, start)
    message = f"a comma is missing before {excerpt.group() if excerpt is not None else char}"
    return TextFault("json.syntax", start, start + 1, message)


def make_missing_colon_fault(text: str, container: OpenContainer, offset: int) -> TextFault:
    """Make the fault of a key that no colon follows, but what is at the offset."""
    key = container.key_token
    key_text = text[key.start : key.end]
    if _DIGITS.fullmatch(key_text):
        message = f"{shorten_token(key_text)} is no key"
        hint = "write a decimal point, not a comma, if this is a fraction"
        return TextFault("json.syntax", key.start, key.end, message, hint)
    if text[offset] in ",}":
        message = f"key {container.format_key()} has no value"
        return TextFault("json.syntax", key.start, key.end, message)
    message = f"a colon is missing after key {container.format_key()}"
    return TextFault("json.syntax", offset, offset + 1, message)


def make_duplicate_key_fault(
    text: str, container: OpenContainer, first: tuple[int, int, int], second: tuple[int, int, int]
) -> TextFault:
    """Make the fault of a key that stands twice; `first` and `second` are as in the container's members."""
    first_value, second_value = (text[start:end] for _, start, end in (first, second))
    message = (
        f"key {container.format_key()} stands twice:"
        f" at {_format_place(text, first[0])} with {shorten_token(first_value)}"
        f" and at {_format_place(text, second[0])} with {shorten_token(second_value)}"
    )
    hint = "keep the right one; most readers take the last without a word"
    if first_value == second_value:
        hint = "remove one of them"
    key = container.key_token
    return TextFault("json.duplicate-key", key.start, key.end, message, hint)


def make_misplaced_fault(text: str, offset: int, innermost: OpenContainer | None) -> TextFault:
    """Make the fault of a bracket, colon or comma where it cannot be."""
    char = text[offset]
    if innermost is None or char not in "]}":
        return TextFault("json.syntax", offset, offset + 1, f"{char} has no place here")
    message = f"{char} cannot close {innermost.format_opening(text)}"
    return TextFault("json.syntax", offset, offset + 1, message, f"write {innermost.closer}")


def make_trailing_text_fault(text: str, offset: int) -> TextFault:
    """Make the fault of what follows the document from an offset on."""
    trailing_text = text[offset:].rstrip()
    message = f"there is text after the end of the document: {shorten_token(trailing_text)}"
    hint = "one bracket too many" if trailing_text[0] in "]}" else "a file holds one document"
    return TextFault("json.trailing-text", offset, offset + len(trailing_text), message, hint)


def make_cut_off_fault(text: str, token: Token | None, innermost: OpenContainer | None) -> TextFault:
    """Make the fault of a text that ends too early: inside a token, or in what is open."""
    last_offset = max(0, len(text.rstrip()) - 1)
    unfinished_part = "its value"
    if token is not None:
        token_type = "string" if text[token.start] == '"' else "value"
        unfinished_part = f"the {token_type} that starts at {_format_place(text, token.start)}"
    elif innermost is not None:
        unfinished_part = innermost.format_opening(text)
    message = f"the file ends inside {unfinished_part}"
    hint = "part of it was lost: fetch the file again"
    return TextFault("json.truncated", last_offset, last_offset + 1, message, hint)


def _format_place(text: str, offset: int) -> str:
    return "line {}, column {}".format(*Lines(text).to_line_column(offset))
