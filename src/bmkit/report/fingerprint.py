"""Names for issues that stay the same while the lines around them move."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bmkit.issue import Issue
    from bmkit.report import Report


class IssueKey(NamedTuple):
    """What an issue is about, whatever line it stands on.

    `file` tells kind and article, `record` is an id, and `field` a path such as "source.spans.start"; where
    there is no record, `field` is the whole pointer.  Several issues may have one key.
    """

    rule: str
    file: str
    record: str
    field: str


def identify_issue(issue: Issue) -> IssueKey:
    """Name an issue by what it is about."""
    field_path = issue.place.pointer
    if issue.record_id:
        parts = field_path.split("/")[3:]
        # Which item of a list it is changes when one is put before it.
        field_path = ".".join(part for part in parts if not (part.isascii() and part.isdecimal()))
    return IssueKey(issue.rule, issue.place.file, issue.record_id, field_path)


def make_fingerprints(report: Report) -> list[str]:
    """Make 32 hex digits for each issue from its key; no two are the same.

    Of issues with one key the second and later ones are told apart by their number.
    """
    counts_by_key: dict[IssueKey, int] = {}
    digests = []
    for located_issue in report.issues:
        issue_key = identify_issue(located_issue.issue)
        counts_by_key[issue_key] = counts_by_key.get(issue_key, 0) + 1
        text = "\0".join([*issue_key, str(counts_by_key[issue_key])])
        digests.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return digests
