"""The lock of standard codes: which codes of which terminologies content may use, their names, and on what.

A lock may have a fourth column, `terms`: the terms that a code is of or comes near to, as "route/oral", with
blanks between.  A code of such a lock that names none is not to be used before it does.  A lock of three
columns says nothing of that.
"""

from __future__ import annotations

import re
from typing import NamedTuple

HEADER = ("system", "code", "display")
TERMS = "terms"
_ID = "[a-z0-9]+(?:-[a-z0-9]+)*"
_LISTED = re.compile(f"(?:{_ID}/{_ID}(?: {_ID}/{_ID})*)?")


class Code(NamedTuple):
    """One line of the lock; `line` counts from 1, `terms` are "kind/id", None if the lock tells of none."""

    display: str
    line: int
    terms: tuple[str, ...] | None


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

    def add(
        self, system: str, code: str, display: str, line: int = 0, terms: tuple[str, ...] | None = None
    ) -> None:
        """Take in one code."""
        self._systems.setdefault(system, {})[code] = Code(display, line, terms)

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
    """Read the text of a lock: a header line, then system, code, display and perhaps terms, tabs between."""
    codes = Codes(present=True)
    faults: list[LockFault] = []
    at, with_terms = 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        start, end = at, at + len(line)
        at = end + 1
        cells = tuple(line.removesuffix("\r").split("\t"))
        if number == 1:
            if cells[:3] != HEADER:
                message = f"the first line should be {' '.join(HEADER)}, with tabs between"
                faults.append(LockFault("lock-header", start, end, message))
            elif cells[3:4] not in {(), (TERMS,)}:
                message = f"the fourth column should be {TERMS}, the terms that a code is of"
                faults.append(LockFault("lock-header", start, end, message))
            with_terms = cells[3:4] == (TERMS,)
        elif cells == ("",):
            continue
        elif len(cells) < len(HEADER) or "" in cells[:3]:
            faults.append(LockFault("lock-line", start, end, "a line should hold system, code and display"))
        elif (first := codes.find(cells[0], cells[1])) is not None:
            message = f"{cells[0]} {cells[1]} is locked twice, first in line {first.line}"
            faults.append(LockFault("lock-repeated", start, end, message))
        else:
            terms = _terms(cells) if with_terms else None
            if with_terms and terms is None:
                message = (
                    f'the terms of {cells[0]} {cells[1]} should be kind/id, one blank between: "route/oral"'
                )
                faults.append(LockFault("lock-terms", start + len("\t".join(cells[:3])) + 1, end, message))
            codes.add(cells[0], cells[1], cells[2], number, terms)
    return codes, faults


def _terms(cells: tuple[str, ...]) -> tuple[str, ...] | None:
    """Give the terms that a line names, None if they cannot be read."""
    listed = cells[3] if len(cells) > 3 else ""  # noqa: PLR2004  after system, code and display
    return tuple(listed.split()) if _LISTED.fullmatch(listed) else None
