"""Blanks between the values of a JSON text, and what people put in their place."""

from __future__ import annotations

import re
import unicodedata

from bmkit.json_text.faults import MOST, Fault

MOST_SHOWN = 40
"""Characters of a token that a message shows."""

_BLANKS = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\r\n]*|#[^\r\n]*|/\*(?s:.*?)(?:\*/|\Z)")


def blank_end(text: str, at: int, faults: list[Fault]) -> int:
    """Give the offset behind blanks; adds a fault for each comment or stray character."""
    while True:
        match = _BLANKS.match(text, at)
        at = match.end() if match is not None else at
        if at >= len(text) or len(faults) >= MOST:
            return at
        char = text[at]
        if char in "/#" and (comment := _COMMENT.match(text, at)) is not None:
            message = f"json has no comments: {shown(comment.group())}"
            hint = "remove it, or put it into an editorial note"
            faults.append(Fault("json.comment", at, comment.end(), message, hint))
            at = comment.end()
        elif _invisible(char):
            faults.append(stray(text, at))
            at += 1
        else:
            return at


def _invisible(char: str) -> bool:
    return (
        char < " "
        or char == "\x7f"
        or (char > "\x7f" and (char.isspace() or unicodedata.category(char) == "Cf"))
    )


def stray(text: str, at: int) -> Fault:
    """Say that a character has no business outside of strings."""
    char = text[at]
    if char < " " or char == "\x7f":
        message = f"control character U+{ord(char):04X} stands outside of strings"
        return Fault("json.control-character", at, at + 1, message, "remove it")
    if char.isspace() or unicodedata.category(char) == "Cf":
        name = unicodedata.name(char, "character").lower()
        message = f"U+{ord(char):04X} ({name}) is no blank in json"
        return Fault("json.syntax", at, at + 1, message, "replace it by a space")
    return Fault("json.syntax", at, at + 1, f"{char!r} has no place here")


def shown(token: str, most: int = MOST_SHOWN) -> str:
    """Shorten a token for a message and keep it on one line."""
    flat = " ".join(token[: 4 * most].split())
    return flat if len(flat) <= most and len(token) <= 4 * most else f"{flat[: most - 1]}…"
