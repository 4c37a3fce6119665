"""Ends of a JSON text and of what is open in it: too early, too late, or of another sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.jsontext.blanks import shown
from bmkit.jsontext.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.jsontext.members import Open
    from bmkit.jsontext.positions import Lines


def text_after(text: str, at: int) -> Fault:
    """Say that the document ended before the offset `at`."""
    rest = text[at:].rstrip()
    message = f"there is text after the end of the document: {shown(rest)}"
    hint = "one bracket too many" if rest[0] in "]}" else "a file holds one document"
    return Fault("json.text-after", at, at + len(rest), message, hint)


def wrong_closer(char: str, at: int, opened: Sequence[Open], lines: Lines) -> Fault:
    """Say that a bracket or colon stands where it cannot."""
    if opened and char in "]}":
        top = opened[-1]
        message = f"{char} cannot close the {top.name()} opened at {_spot(top.start, lines)}"
        return Fault("json.syntax", at, at + 1, message, f"write {top.closer}")
    return Fault("json.syntax", at, at + 1, f"{char} has no place here")


def cut_off(text: str, start: int, opened: Sequence[Open], lines: Lines) -> Fault:
    """Say that the text ends too early: inside the token at `start`, or if that is -1 in what is open."""
    last = max(0, len(text.rstrip()) - 1)
    inside = "its value"
    if start >= 0:
        name = "string" if text[start] == '"' else "value"
        inside = f"the {name} that starts at {_spot(start, lines)}"
    elif opened:
        inside = f"the {opened[-1].name()} opened at {_spot(opened[-1].start, lines)}"
    hint = "part of it was lost: fetch the file again"
    return Fault("json.truncated", last, last + 1, f"the file ends inside {inside}", hint)


def _spot(offset: int, lines: Lines) -> str:
    return "line {}, column {}".format(*lines.position(offset))
