"""Ends of a JSON text and of what is open in it: too early, too late, or of another sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.jsontext.blanks import shorten_token
from bmkit.jsontext.errors import TextFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.jsontext.members import OpenContainer
    from bmkit.jsontext.positions import Lines


def make_text_after_fault(text: str, offset: int) -> TextFault:
    """Say that the document ended before the offset `at`."""
    trailing_text = text[offset:].rstrip()
    message = f"there is text after the end of the document: {shorten_token(trailing_text)}"
    hint = "one bracket too many" if trailing_text[0] in "]}" else "a file holds one document"
    return TextFault("json.text-after", offset, offset + len(trailing_text), message, hint)


def make_wrong_closer_fault(
    char: str, offset: int, open_containers: Sequence[OpenContainer], lines: Lines
) -> TextFault:
    """Say that a bracket or colon stands where it cannot."""
    if open_containers and char in "]}":
        innermost = open_containers[-1]
        message = f"{char} cannot close the {innermost.format_type()} opened at {_format_line_column(innermost.start, lines)}"
        return TextFault("json.syntax", offset, offset + 1, message, f"write {innermost.closer}")
    return TextFault("json.syntax", offset, offset + 1, f"{char} has no place here")


def make_cut_off_fault(
    text: str, token_start: int, open_containers: Sequence[OpenContainer], lines: Lines
) -> TextFault:
    """Say that the text ends too early: inside the token at `start`, or if that is -1 in what is open."""
    last_offset = max(0, len(text.rstrip()) - 1)
    unfinished_part = "its value"
    if token_start >= 0:
        token_type = "string" if text[token_start] == '"' else "value"
        unfinished_part = f"the {token_type} that starts at {_format_line_column(token_start, lines)}"
    elif open_containers:
        unfinished_part = f"the {open_containers[-1].format_type()} opened at {_format_line_column(open_containers[-1].start, lines)}"
    hint = "part of it was lost: fetch the file again"
    return TextFault(
        "json.truncated", last_offset, last_offset + 1, f"the file ends inside {unfinished_part}", hint
    )


def _format_line_column(offset: int, lines: Lines) -> str:
    return "line {}, column {}".format(*lines.to_line_column(offset))
