"""Blanks that do not belong into a text, and escapes that hide it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.issue import Place, Severity, format_pointer
from bmkit.rules.derived.free_text import select_own_texts
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.issue import PathPart
    from bmkit.rules.derived.free_text import FreeText

_BLANK_RUN_PATTERN = r"[ \u00a0\u2000-\u200a\u202f]{2,}"
# An escape whose backslash is not escaped itself.
_UNICODE_ESCAPE_PATTERN = r"(?<!\\)(?:\\\\)*(\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u)?[0-9A-Fa-f]{4})"


@rule(Severity.WARNING)
def blanks(content: Content) -> Faults:
    """A text has several blanks in a row, or a blank at its beginning or end.

    It is not equal to the same text without them, and often a word between the blanks was lost.
    """
    for text in select_own_texts(content, _has_extra_blanks).texts:
        blank_run = re.search(_BLANK_RUN_PATTERN, text.value)
        position_words = "several blanks in a row" if blank_run else "a blank at its beginning or end"
        yield (
            text.locate_words(*blank_run.span()) if blank_run else _locate_outer_blanks(text),
            f"the text has {position_words}",
            "check whether a word is missing; bmkit fix removes the blanks",
        )


@rule(Severity.ERROR)
def empty(content: Content) -> Faults:
    """A text has no sign in it, or blanks only.

    It says nothing, and takes the place of what is not known: exports cannot say it.  A schema of a project
    may allow it.
    """
    for kind in content.list_kinds():
        for record in content.list_records(kind.name):
            for parts in _iter_empty_texts(record.value):
                yield record.locate_field(*parts), "the text is empty", "fill it in, or leave the field out"


@rule(Severity.WARNING, fix="write the character itself; bmkit fmt does")
def escape(content: Content) -> Faults:
    r"""A printable character is written as an escape, so that the file hides its text.

    Readers of the file see \u0072ib and readers of the page see rib: a review of one approves the other
    unread.
    """
    for file in content.files:
        if b"\\u" in content.get_bytes(file.path):
            file_text = content.read_text(file.path)
            for parts, is_key, offset, escape_sequence, character in _iter_needless_escapes(
                file_text, file.value
            ):
                message = f'{escape_sequence} stands for "{character}"'
                place = Place(file.path, format_pointer(parts), is_key, offset, offset + 1)
                yield place, message, f'write "{character}" itself; bmkit fmt does'


def _iter_empty_texts(value: Any) -> Iterator[tuple[PathPart, ...]]:
    """Yield the paths of texts without a visible sign in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for part, member in items:
        if isinstance(member, str):
            if not member or member.isspace():
                yield (part,)
        elif isinstance(member, dict | list):
            yield from ((part, *parts) for parts in _iter_empty_texts(member))


def _locate_outer_blanks(text: FreeText) -> Place:
    """Return the place of the blanks at the beginning of a text, or else of those at its end."""
    value = text.value
    leading_length = len(value) - len(value.lstrip())
    return (
        text.locate_words(0, leading_length)
        if leading_length
        else text.locate_words(len(value.rstrip()), len(value))
    )


def _has_extra_blanks(value: str) -> bool:
    if value.isascii():
        return "  " in value or value != value.strip()
    return value != value.strip() or re.search(_BLANK_RUN_PATTERN, value) is not None


def _iter_needless_escapes(
    file_text: str, value: Any
) -> Iterator[tuple[tuple[PathPart, ...], bool, int, str, str]]:
    """Yield the first needless escape of every string and key of a file.

    That is: path of the string, whether it is a key, offset in its value, the escape, its character.
    """
    # Only a file with escapes needs these.
    from json import loads

    from bmkit.jsontext import Positions

    positions = Positions(file_text)
    for parts, is_key in _walk_string_paths(value, ()):
        start, end = positions.locate_pointer(format_pointer(parts), key=is_key)
        for match in re.compile(_UNICODE_ESCAPE_PATTERN).finditer(file_text, start, end):
            character: str = loads(f'"{match.group(1)}"')
            if character.isprintable():
                text_before: str = loads(f'{file_text[start : match.start(1)]}"')
                yield parts, is_key, len(text_before), match.group(1), character
                break


def _walk_string_paths(
    value: Any, parts: tuple[PathPart, ...]
) -> Iterator[tuple[tuple[PathPart, ...], bool]]:
    """Yield the path of every string and, with True, of every key."""
    if isinstance(value, str):
        yield parts, False
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk_string_paths(item, (*parts, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield (*parts, name), True
            yield from _walk_string_paths(item, (*parts, name))
