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


def applied(text: str, repairs: Iterable[Repair]) -> str:
    """Give the text of a file with its repairs made; all else stays as it is, to the last blank."""
    parts = []
    at = 0
    for repair in sorted(repairs, key=lambda one: one.start):
        parts += [text[at : repair.start], repair.new]
        at = repair.end
    return "".join([*parts, text[at:]])
