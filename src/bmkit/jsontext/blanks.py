"""Blanks between the values of a JSON text, and what people put in their place."""

from __future__ import annotations

import re
import unicodedata

from bmkit.jsontext.errors import MOST, Fault

MOST_SHOWN = 40
"""Characters of a token that a message shows."""

MERGE = "json.unresolved-merge"
"""The rule that speaks of merges; what stands between their lines is judged once they are resolved."""

_MARKER = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?![^ \r\n]) ?([^\r\n]*)")
_CLOSE = re.compile(r"(?:(?<=\n)|(?<=\r))>{7}(?![^ \r\n]) ?([^\r\n]*)")
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
        elif char in "<=>|" and (end := _marker_end(text, at, faults)) > at:
            at = end
        elif _invisible(char):
            faults.append(stray(text, at))
            at += 1
        else:
            return at


def outside_merges(faults: list[Fault]) -> list[Fault]:
    """Leave out what is wrong inside an unresolved merge: to resolve it comes first, and may mend it."""
    merges = [fault for fault in faults if fault.rule == MERGE]
    return [
        fault
        for fault in faults
        if fault.rule == MERGE or not any(one.start <= fault.start < one.end for one in merges)
    ]


def _marker_end(text: str, at: int, faults: list[Fault]) -> int:
    """Give the offset behind what a merge left, -1 if there is nothing of it; adds a fault for each merge.

    Of two sides the first is read on, the other passed over.
    """
    marker = _MARKER.match(text, at)
    if marker is None or (at and text[at - 1] not in "\r\n\ufeff"):
        return -1
    last = next((fault for fault in reversed(faults) if fault.rule == MERGE), None)
    if last is not None and at < last.end:
        return last.end
    close = marker if text[at] == ">" else _CLOSE.search(text, marker.end())
    end = close.end() if close is not None else marker.end()
    names = [shown(one) for one in (marker[1] if text[at] == "<" else "", close[1] if close else "") if one]
    what = f"the merge of {' and '.join(names)}" if len(names) > 1 else "a merge"
    hint = "keep one of the two sides, and take the lines of markers away"
    faults.append(Fault(MERGE, at, end, f"{what} is unresolved here", hint))
    return marker.end() if text[at] == "<" else end


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
