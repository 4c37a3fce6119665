"""Names for issues that stay the same while the lines around them move."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.report import Located, Report


def fingerprints(report: Report) -> list[str]:
    """Give 32 hex digits for each issue, from its rule, file, record and field; no two are the same.

    Of issues alike in all four the second and later ones are told apart by their number.
    """
    seen: dict[tuple[str, ...], int] = {}
    found = []
    for located in report.issues:
        name = _name(located)
        seen[name] = seen.get(name, 0) + 1
        found.append(
            sha256("\0".join([*name, str(seen[name])]).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        )
    return found


def _name(located: Located) -> tuple[str, ...]:
    issue = located.issue
    pointer = issue.place.pointer
    if located.record:
        parts = pointer.split("/")[3:]
        # Which item of a list it is changes when one is put before it.
        pointer = "/".join(part for part in parts if not (part.isascii() and part.isdecimal()))
    return issue.rule, located.file, located.record, pointer
