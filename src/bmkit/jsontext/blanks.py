"""Blanks between the values of a JSON text, and what people put in their place."""

from __future__ import annotations

import re
import unicodedata

from bmkit.jsontext.errors import MAX_FAULTS, TextFault

TOKEN_EXCERPT_LENGTH = 40
"""Characters of a token that a message shows."""

MERGE_RULE_ID = "json.unresolved-merge"
"""The rule that speaks of merges; what stands between their lines is judged once they are resolved."""

_MERGE_MARKER = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?![^ \r\n]) ?([^\r\n]*)")
_MERGE_CLOSE_MARKER = re.compile(r"(?:(?<=\n)|(?<=\r))>{7}(?![^ \r\n]) ?([^\r\n]*)")
_BLANK_RUN = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\r\n]*|#[^\r\n]*|/\*(?s:.*?)(?:\*/|\Z)")


def skip_blanks(text: str, offset: int, faults: list[TextFault]) -> int:
    """Give the offset behind blanks; adds a fault for each comment or stray character."""
    while True:
        match = _BLANK_RUN.match(text, offset)
        offset = match.end() if match is not None else offset
        if offset >= len(text) or len(faults) >= MAX_FAULTS:
            return offset
        char = text[offset]
        if char in "/#" and (comment := _COMMENT.match(text, offset)) is not None:
            message = f"json has no comments: {shorten_token(comment.group())}"
            hint = "remove it, or put it into an editorial note"
            faults.append(TextFault("json.comment", offset, comment.end(), message, hint))
            offset = comment.end()
        elif char in "<=>|" and (end := _skip_merge_marker(text, offset, faults)) > offset:
            offset = end
        elif _is_invisible(char):
            faults.append(make_stray_fault(text, offset))
            offset += 1
        else:
            return offset


def drop_faults_in_merges(faults: list[TextFault]) -> list[TextFault]:
    """Leave out what is wrong inside an unresolved merge: to resolve it comes first, and may mend it."""
    merges = [fault for fault in faults if fault.rule == MERGE_RULE_ID]
    return [
        fault
        for fault in faults
        if fault.rule == MERGE_RULE_ID or not any(merge.start <= fault.start < merge.end for merge in merges)
    ]


def _skip_merge_marker(text: str, offset: int, faults: list[TextFault]) -> int:
    """Give the offset behind what a merge left, -1 if there is nothing of it; adds a fault for each merge.

    Of two sides the first is read on, the other passed over.
    """
    marker = _MERGE_MARKER.match(text, offset)
    if marker is None or (offset and text[offset - 1] not in "\r\n\ufeff"):
        return -1
    last_merge = next((fault for fault in reversed(faults) if fault.rule == MERGE_RULE_ID), None)
    if last_merge is not None and offset < last_merge.end:
        return last_merge.end
    close_marker = marker if text[offset] == ">" else _MERGE_CLOSE_MARKER.search(text, marker.end())
    end = close_marker.end() if close_marker is not None else marker.end()
    branch_names = [
        shorten_token(branch_name)
        for branch_name in (marker[1] if text[offset] == "<" else "", close_marker[1] if close_marker else "")
        if branch_name
    ]
    subject = f"the merge of {' and '.join(branch_names)}" if len(branch_names) > 1 else "a merge"
    hint = "keep one of the two sides, and take the lines of markers away"
    faults.append(TextFault(MERGE_RULE_ID, offset, end, f"{subject} is unresolved here", hint))
    return marker.end() if text[offset] == "<" else end


def _is_invisible(char: str) -> bool:
    return (
        char < " "
        or char == "\x7f"
        or (char > "\x7f" and (char.isspace() or unicodedata.category(char) == "Cf"))
    )


def make_stray_fault(text: str, offset: int) -> TextFault:
    """Say that a character has no business outside of strings."""
    char = text[offset]
    if char < " " or char == "\x7f":
        message = f"control character U+{ord(char):04X} stands outside of strings"
        return TextFault("json.control-character", offset, offset + 1, message, "remove it")
    if char.isspace() or unicodedata.category(char) == "Cf":
        character_name = unicodedata.name(char, "character").lower()
        message = f"U+{ord(char):04X} ({character_name}) is no blank in json"
        return TextFault("json.syntax", offset, offset + 1, message, "replace it by a space")
    return TextFault("json.syntax", offset, offset + 1, f"{char!r} has no place here")


def shorten_token(token: str, max_length: int = TOKEN_EXCERPT_LENGTH) -> str:
    """Shorten a token for a message and keep it on one line."""
    one_line = " ".join(token[: 4 * max_length].split())
    return (
        one_line
        if len(one_line) <= max_length and len(token) <= 4 * max_length
        else f"{one_line[: max_length - 1]}…"
    )
