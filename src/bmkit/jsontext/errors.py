"""What is wrong with a JSON text or the file that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_FAULTS = 100
"""Faults after which the search for more ends."""

MAX_NESTING = 200
"""Levels of nested lists and objects that are read; the parser's own limit, but for empty ones."""


class TextFault(NamedTuple):
    """One fault of a text: `start` and `end` are code points of `decode_for_display(data)`, end exclusive.

    `rule` is an id of the family "json"; `message` and `hint` are lower case without a full stop.
    """

    rule: str
    start: int
    end: int
    message: str
    hint: str = ""


class JsonError(Exception):
    """A text or file was refused; `faults` holds every fault found, in their order, at least one."""

    def __init__(self, faults: Sequence[TextFault]) -> None:
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
        """How to correct the first fault; may be empty."""
        return self.faults[0].hint


def make_json_error(rule: str, start: int, end: int, message: str, hint: str = "") -> JsonError:
    """Make the exception for a single fault."""
    return JsonError([TextFault(rule, start, end, message, hint)])


def make_too_deep_fault(offset: int) -> TextFault:
    """Make the fault of the list or object at a code point, which is nested too deeply."""
    message = f"lists and objects are nested more than {MAX_NESTING} levels deep"
    return TextFault("json.too-deep", offset, offset + 1, message, "write it flat")


def format_byte_size(byte_count: int) -> str:
    """Format a size in bytes the way people read it: 67108864 -> "64 MiB"."""
    for unit, unit_size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if byte_count >= unit_size:
            unit_count = byte_count / unit_size
            return f"{unit_count:.0f} {unit}" if byte_count % unit_size == 0 else f"{unit_count:.1f} {unit}"
    return "1 byte" if byte_count == 1 else f"{byte_count} bytes"
