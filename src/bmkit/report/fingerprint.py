"""Names for issues that stay the same while the lines around them move."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bmkit.report import Located, Report


class Name(NamedTuple):
    """What an issue is about, whatever line it stands on.

    `file` tells kind and article, `record` is an id, and `field` a path such as "source.spans.start"; where
    there is no record, `field` is the whole pointer.  Several issues may have one name.
    """

    rule: str
    file: str
    record: str
    field: str


def name(located: Located) -> Name:
    """Give the name of an issue."""
    issue = located.issue
    field = issue.place.pointer
    if located.record:
        parts = field.split("/")[3:]
        # Which item of a list it is changes when one is put before it.
        field = ".".join(part for part in parts if not (part.isascii() and part.isdecimal()))
    return Name(issue.rule, located.file, located.record, field)


def fingerprints(report: Report) -> list[str]:
    """Give 32 hex digits for each issue, from its name; no two are the same.

    Of issues with one name the second and later ones are told apart by their number.
    """
    seen: dict[Name, int] = {}
    found = []
    for located in report.issues:
        own = name(located)
        seen[own] = seen.get(own, 0) + 1
        text = "\0".join([*own, str(seen[own])])
        found.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return found
