"""A repair of one token of a file, and files with their repairs made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Repair(NamedTuple):
    """The token at `start` to `end` (code points, end exclusive) of a file, and what to write in its place.

    The token is a string with its quotes, the value at `pointer` or with `key` the name of that member.
    """

    file: str
    start: int
    end: int
    pointer: str
    key: bool
    old: str
    new: str


def apply_repairs(text: str, repairs: Iterable[Repair]) -> str:
    """Give the text of a file with its repairs made; all else stays as it is, to the last blank."""
    text_parts = []
    offset = 0
    for repair in sorted(repairs, key=lambda unapplied: unapplied.start):
        text_parts += [text[offset : repair.start], repair.new]
        offset = repair.end
    return "".join([*text_parts, text[offset:]])
