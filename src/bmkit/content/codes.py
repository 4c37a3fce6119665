"""The lock of standard codes: which codes of which terminologies content may use, and their own names."""

from __future__ import annotations

from typing import NamedTuple

HEADER = ("system", "code", "display")


class Code(NamedTuple):
    """One line of the lock; `line` counts from 1."""

    display: str
    line: int


class LockFault(NamedTuple):
    """What is wrong with a line of the lock; `start` and `end` are code points of its text, end exclusive."""

    fault: str
    start: int
    end: int
    message: str


class Codes:
    """The codes that are known, by system; `present` is False where a project has no lock.

    `unread` is True where it has one that cannot be read: then nothing can be told of any code.
    """

    def __init__(self, *, present: bool = False, unread: bool = False) -> None:
        self.present = present
        self.unread = unread
        self._systems: dict[str, dict[str, Code]] = {}

    def __bool__(self) -> bool:
        return self.present

    def add(self, system: str, code: str, display: str, line: int = 0) -> None:
        """Take in one code."""
        self._systems.setdefault(system, {})[code] = Code(display, line)

    def find(self, system: str, code: str) -> Code | None:
        """Give the code as the lock has it, None if it is not there."""
        return self._systems.get(system, {}).get(code)

    def by_display(self, system: str, display: str) -> str:
        """Give the code of that name, "" if there is none."""
        known = self._systems.get(system, {})
        return next((code for code, entry in known.items() if entry.display == display), "")

    def of(self, system: str) -> list[str]:
        """Give the codes of a system."""
        return list(self._systems.get(system, ()))

    def systems(self) -> list[str]:
        """Give the names of the systems."""
        return list(self._systems)


def read_codes(text: str) -> tuple[Codes, list[LockFault]]:
    """Read the text of a lock: a header line, then system, code and display with tabs between."""
    codes = Codes(present=True)
    faults: list[LockFault] = []
    at = 0
    for number, line in enumerate(text.split("\n"), start=1):
        start, end = at, at + len(line)
        at = end + 1
        cells = tuple(line.removesuffix("\r").split("\t"))
        if number == 1:
            if cells[:3] != HEADER:
                message = f"the first line should be {' '.join(HEADER)}, with tabs between"
                faults.append(LockFault("lock-header", start, end, message))
        elif cells == ("",):
            continue
        elif len(cells) < len(HEADER) or "" in cells[:3]:
            faults.append(LockFault("lock-line", start, end, "a line should hold system, code and display"))
        elif (first := codes.find(cells[0], cells[1])) is not None:
            message = f"{cells[0]} {cells[1]} is locked twice, first in line {first.line}"
            faults.append(LockFault("lock-repeated", start, end, message))
        else:
            codes.add(cells[0], cells[1], cells[2], number)
    return codes, faults
