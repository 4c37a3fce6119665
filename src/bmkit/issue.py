"""What a check reports: an issue, where it stands, and how grave it is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


# What every honest change of a fact brings: its signature, and its place in the text, are of before.
_FAMILIES_OF_CHANGES = ("review", "source")

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
    def record(self) -> Place:
        """The place of the record that it is in, or of the value among the highest of its file."""
        return Place(self.file, "/".join(self.pointer.split("/")[:3]))

    @property
    def file_text(self) -> str:
        """The file as text: a byte of its name that is not UTF-8 is written as an escape."""
        return self.file.encode("utf-8", "backslashreplace").decode()

    @property
    def is_file(self) -> bool:
        """Whether the file as a whole is meant, not a part of its text."""
        return self.start == self.end == 0


class Proposal(NamedTuple):
    """A hint that says what to write, with the value itself, so that it is tried before anybody reads it.

    `value` is the JSON text of what to put at `place`, or at that of the issue: instead of the value, the key
    or the words that are meant there.  "" takes the value away.  `otherwise` is the hint in its place if the
    value would lead into another issue.
    """

    hint: str
    value: str
    otherwise: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        return self.hint


Hint = str | Proposal
"""How to correct an issue: lower case, without a full stop; "" if there is nothing to add."""


def format_pointer(parts: Iterable[PathPart]) -> str:
    """Return the JSON Pointer (RFC 6901) of a path: "/a~1b/2" for "a/b" and 2."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


class IssueKey(NamedTuple):
    """What an issue is about, whatever line it stands on and whatever its message says.

    `file` names kind and article, `record` is an id, and `field` a path such as "source.spans.start"; where
    there is no record, `field` is the whole pointer.  `value` quotes what stands there and `against` what it
    was held against, as quoting.py has it: the same fault of another value is another issue.  Several issues
    may have one key.
    """

    rule: str
    file: str
    record: str
    field: str
    value: str
    against: str


class Issue(NamedTuple):
    """One fault of content; `message` and `hint` are lower case without a full stop.

    `held_against` has what the value at `place` was held against: the places of other values, of records for
    all that they state, and what stands in no record.  `group` has the places of all facts that do not agree,
    where the issue is about a group of them.  `proposal` is the one that the hint is, if it is one.

    The check fills in the rest, so that rules need not.  `record_id` is the id of the record that the place
    is in, "" where it is in none or in one without an id; `value` and `against` are those of its key; and
    `group_keys` has a key for each member of the group.
    """

    place: Place
    rule: str
    severity: Severity
    message: str
    hint: str = ""
    held_against: tuple[Place | str, ...] = ()
    group: tuple[Place, ...] = ()
    proposal: Proposal | None = None
    record_id: str = ""
    value: str = ""
    against: str = ""
    group_keys: tuple[IssueKey, ...] = ()

    @property
    def is_fault(self) -> bool:
        """Whether it is an error that stops every export and import.

        Those about reviews and sources stop only what says that facts are ready for use.
        """
        is_of_change = self.rule.partition(".")[0] in _FAMILIES_OF_CHANGES
        return self.severity is Severity.ERROR and not is_of_change

    def with_hint(self, hint: Hint) -> Issue:
        """Return the issue with that hint."""
        proposal = hint if isinstance(hint, Proposal) else None
        return self._replace(hint=str(hint), proposal=proposal)

    @property
    def files(self) -> set[str]:
        """The files that it is about: where it stands, and where what that does not agree with stands."""
        places = (self.place, *self.held_against, *self.group)
        return {place.file for place in places if isinstance(place, Place)}

    @property
    def related_places(self) -> list[Place]:
        """The places elsewhere of what does not agree with the value: of a record as a whole, its id."""
        places = dict.fromkeys(part for part in (*self.held_against, *self.group) if isinstance(part, Place))
        return [
            place._replace(pointer=f"{place.pointer}/id") if place == place.record else place
            for place in places
            if place not in (self.place, self.place.record)
        ]

    @property
    def key(self) -> IssueKey:
        """What it is about."""
        place = self.place
        field_path = name_field_path(place.pointer) if self.record_id else place.pointer
        return IssueKey(self.rule, place.file_text, self.record_id, field_path, self.value, self.against)

    @property
    def keys(self) -> tuple[IssueKey, ...]:
        """What it is about; of a group each member, so that a smaller group is nothing new."""
        return self.group_keys or (self.key,)


def split_pointer(pointer: str) -> list[str]:
    """Return the parts of a JSON Pointer; the position in a list is a text as well."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def name_field_path(pointer: str) -> str:
    """Return the names from the record down to a place in it: "source.spans.start"."""
    # Which item of a list it is changes when one is put before it.
    return ".".join(part for part in pointer.split("/")[3:] if not (part.isascii() and part.isdecimal()))


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
