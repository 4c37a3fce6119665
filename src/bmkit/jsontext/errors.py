"""What is wrong with a JSON text or the file that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 100
"""Faults after which the search for more ends."""


class Fault(NamedTuple):
    """One fault of a text: `start` and `end` are code points of `readable(data)`, end exclusive.

    `rule` is an id of the family "json"; `message` and `hint` are lower case without a full stop.
    """

    rule: str
    start: int
    end: int
    message: str
    hint: str = ""


class JsonFault(Exception):  # noqa: N818  (it is what content says, not an accident of the program)
    """A text or file was refused; `faults` holds every fault found, in their order, at least one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)

    @property
    def rule(self) -> str:
        """The rule of the first fault."""
        return self.faults[0].rule

    @property
    def start(self) -> int:
        """Where the first fault starts, in code points."""
        return self.faults[0].start

    @property
    def end(self) -> int:
        """Where the first fault ends, in code points, exclusive."""
        return self.faults[0].end

    @property
    def message(self) -> str:
        """What the first fault is."""
        return self.faults[0].message

    @property
    def hint(self) -> str:
        """How the first fault is put right; may be empty."""
        return self.faults[0].hint


def refuse(rule: str, start: int, end: int, message: str, hint: str = "") -> JsonFault:
    """Make the exception for a single fault."""
    return JsonFault([Fault(rule, start, end, message, hint)])


def amount(size: int) -> str:
    """Say a size in bytes the way people read it: 67108864 -> "64 MiB"."""
    for unit, width in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= width:
            whole = size / width
            return f"{whole:.0f} {unit}" if size % width == 0 else f"{whole:.1f} {unit}"
    return "1 byte" if size == 1 else f"{size} bytes"
