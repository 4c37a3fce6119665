"""What a check reports: an issue, where it stands, and how grave it is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


PathPart = str | int
"""A step from a value to one inside it: a member's name, or a position in a list."""


class Severity(Enum):
    """How grave an issue is: an error must not be published, a warning wants a second look."""

    ERROR = "error"
    WARNING = "warning"


class Place(NamedTuple):
    """Where an issue stands.

    `file` is relative to the root and written with "/".  `pointer` is an RFC 6901 JSON Pointer ("" is the
    whole document); `key` says that the member's key is meant, not its value.  `start` and `end` are offsets
    in code points, end exclusive: of the words that are meant in the text that the pointer leads to, escapes
    read; without a pointer (syntax errors, undecodable bytes) in the file itself.  They are -1 where the
    pointer says it all, and both 0 where the file as a whole is meant.
    """

    file: str
    pointer: str = ""
    key: bool = False
    start: int = -1
    end: int = -1

    @property
    def is_file(self) -> bool:
        """Whether the file as a whole is meant, not a part of its text."""
        return self.start == self.end == 0


def format_pointer(parts: Iterable[PathPart]) -> str:
    """Return the JSON Pointer (RFC 6901) of a path: "/a~1b/2" for "a/b" and 2."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


class Issue(NamedTuple):
    """One fault of content; `message` and `hint` are lower case without a full stop.

    `record_id` is the id of the record that the place is in, "" where it is in none or in one without an id;
    the check fills it in, so that rules need not.
    """

    place: Place
    rule: str
    severity: Severity
    message: str
    hint: str = ""
    record_id: str = ""


class IssueKey(NamedTuple):
    """What an issue is about, whatever line it stands on.

    `file` names kind and article, `record` is an id, and `field` a path such as "source.spans.start"; where
    there is no record, `field` is the whole pointer.  Several issues may have one key.
    """

    rule: str
    file: str
    record: str
    field: str


def identify_issue(issue: Issue) -> IssueKey:
    """Return what an issue is about."""
    field_path = issue.place.pointer
    if issue.record_id:
        parts = field_path.split("/")[3:]
        # Which item of a list it is changes when one is put before it.
        field_path = ".".join(part for part in parts if not (part.isascii() and part.isdecimal()))
    return IssueKey(issue.rule, issue.place.file, issue.record_id, field_path)


def sort_issues(issues: Iterable[Issue]) -> list[Issue]:
    """Sort issues by file, place in the file, rule and words, so that a report is the same every time.

    List positions in a pointer count as numbers: /records/9 stands before /records/10.
    """
    return sorted(issues, key=_rank_issue)


_PartRank = tuple[int, int, str]
_MAX_INDEX_DIGITS = 18


def _rank_issue(issue: Issue) -> tuple[str, tuple[_PartRank, ...], int, int, bool, str, str, str]:
    place = issue.place
    part_ranks = tuple(_rank_pointer_part(part) for part in place.pointer.split("/")[1:])
    return (
        place.file,
        part_ranks,
        place.start,
        place.end,
        not place.key,
        issue.rule,
        issue.message,
        issue.hint,
    )


def _rank_pointer_part(part: str) -> _PartRank:
    # isdecimal alone also accepts digits of other scripts, which are never list positions.
    if part.isascii() and part.isdecimal() and len(part) <= _MAX_INDEX_DIGITS:
        return (0, int(part), part)
    return (1, 0, part)
