"""The lock of standard codes: which codes of which terminologies content may use, their names, and on what.

A lock may have a fourth column, `terms`: the terms that a code is of or comes near to, as "route/oral", with
blanks between.  A code of such a lock that names none is not to be used before it does.  A lock of three
columns says nothing of that.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LOCK_HEADER = ("system", "code", "display")
TERMS_COLUMN = "terms"
_ID_PATTERN = "[a-z0-9]+(?:-[a-z0-9]+)*"
_TERM_LIST_PATTERN = re.compile(f"(?:{_ID_PATTERN}/{_ID_PATTERN}(?: {_ID_PATTERN}/{_ID_PATTERN})*)?")


class LockedCode(NamedTuple):
    """One line of the lock; `line` counts from 1, `terms` are "kind/id", None if the lock has none."""

    display: str
    line: int
    terms: tuple[str, ...] | None


class LockFault(NamedTuple):
    """What is wrong with a line of the lock; `start` and `end` are code points of its text, end exclusive."""

    fault_name: str
    start: int
    end: int
    message: str


class CodeLock:
    """The known codes, by system; `is_present` is False where a project has no lock.

    `is_unreadable` is True where it has one that cannot be read: then no code can be judged.
    """

    def __init__(self, *, is_present: bool = False, is_unreadable: bool = False) -> None:
        self.is_present = is_present
        self.is_unreadable = is_unreadable
        self._codes_by_system: dict[str, dict[str, LockedCode]] = {}

    def __bool__(self) -> bool:
        return self.is_present

    def add_code(
        self, system: str, code: str, display: str, line: int = 0, terms: tuple[str, ...] | None = None
    ) -> None:
        """Add a code."""
        self._codes_by_system.setdefault(system, {})[code] = LockedCode(display, line, terms)

    def find_code(self, system: str, code: str) -> LockedCode | None:
        """Return the code as the lock has it, None if it is not locked."""
        return self._codes_by_system.get(system, {}).get(code)

    def find_by_display(self, system: str, display: str) -> str:
        """Return the code with that display, "" if there is none."""
        system_codes = self._codes_by_system.get(system, {})
        return next(
            (code for code, locked_code in system_codes.items() if locked_code.display == display), ""
        )

    def list_codes(self, system: str) -> list[str]:
        """List the codes of a system."""
        return list(self._codes_by_system.get(system, ()))

    def list_systems(self) -> list[str]:
        """List the systems."""
        return list(self._codes_by_system)


def parse_code_lock(text: str) -> tuple[CodeLock, list[LockFault]]:
    """Parse the text of a lock: a header line, then system, code, display and perhaps terms, tabs between."""
    code_lock = CodeLock(is_present=True)
    faults: list[LockFault] = []
    offset, has_terms = 0, False
    for line_number, line in enumerate(text.split("\n"), start=1):
        start, end = offset, offset + len(line)
        offset = end + 1
        cells = tuple(line.removesuffix("\r").split("\t"))
        if line_number == 1:
            if cells[:3] != LOCK_HEADER:
                message = f"the first line should be {' '.join(LOCK_HEADER)}, with tabs between"
                faults.append(LockFault("lock-header", start, end, message))
            elif cells[3:4] not in {(), (TERMS_COLUMN,)}:
                message = f"the fourth column should be {TERMS_COLUMN}, the terms that a code is of"
                faults.append(LockFault("lock-header", start, end, message))
            has_terms = cells[3:4] == (TERMS_COLUMN,)
        elif cells == ("",):
            continue
        elif len(cells) < len(LOCK_HEADER) or "" in cells[:3]:
            faults.append(LockFault("lock-line", start, end, "a line should hold system, code and display"))
        elif (earlier_code := code_lock.find_code(cells[0], cells[1])) is not None:
            message = f"{cells[0]} {cells[1]} is locked twice, first in line {earlier_code.line}"
            faults.append(LockFault("lock-repeated", start, end, message))
        else:
            terms = _parse_lock_terms(cells) if has_terms else None
            if has_terms and terms is None:
                message = (
                    f'the terms of {cells[0]} {cells[1]} should be kind/id, one blank between: "route/oral"'
                )
                faults.append(LockFault("lock-terms", start + len("\t".join(cells[:3])) + 1, end, message))
            code_lock.add_code(cells[0], cells[1], cells[2], line_number, terms)
    return code_lock, faults


def _parse_lock_terms(cells: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the terms that a line names, None if they cannot be read."""
    term_list = cells[3] if len(cells) > 3 else ""  # noqa: PLR2004  after system, code and display
    return tuple(term_list.split()) if _TERM_LIST_PATTERN.fullmatch(term_list) else None
