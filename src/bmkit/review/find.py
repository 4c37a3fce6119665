"""What is reviewed as it now stands, what has changed since, and the issues of that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.changes import FieldChange, Gravity
from bmkit.changes.words import format_field_change
from bmkit.content import REVIEW_KIND, TERMS_FOLDER
from bmkit.issue import Issue, Severity
from bmkit.review.signature import find_changes_since
from bmkit.today import resolve_today

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bmkit.content import Content, Record

PROPOSED, REVIEWED, DISPUTED, WITHDRAWN = "proposed", "reviewed", "disputed", "withdrawn"
"""What a reviewer says of a record: look at it; it is right; it is not; it is gone on purpose."""


class Review(NamedTuple):
    """A record of the kind "review": what `reviewer` said on `day` of the record `record_id` of `kind`.

    `target` is that record, None if it is not there; `changes` is what of it is otherwise than it was signed.
    """

    record: Record
    kind: str
    record_id: str
    status: str
    reviewer: str
    day: str
    target: Record | None
    changes: tuple[FieldChange, ...]

    @property
    def gravity(self) -> Gravity:
        """How grave the gravest change is."""
        return max((change.gravity for change in self.changes), default=Gravity.NONE)

    @property
    def statement(self) -> str:
        """What was said, by whom and when: "reviewed by A. Reviewer on 2026-06-30"."""
        return f"{self.status} by {self.reviewer} on {self.day}"

    def format_line(self) -> str:
        """Return the statement with its reason, and how grave what has changed since is."""
        reason = self.record.value.get("reason")
        line = f"{self.statement}: {reason}" if isinstance(reason, str) else self.statement
        return f"{line} ({self.gravity.word} change since)" if self.changes else line

    @property
    def is_signature(self) -> bool:
        """Whether it says that the record is right as it now stands."""
        return self.status == REVIEWED and self.target is not None and not self.changes


def list_reviews(content: Content) -> list[Review]:
    """List all reviews of the content, in the order of the files."""
    return [_to_review(record, content) for record in content.list_records(REVIEW_KIND)]


def index_reviews(content: Content) -> dict[tuple[Any, ...], Record]:
    """Return the records of reviews by their folder, and kind, id and reviewer of what was looked at."""
    return {
        (review.folder, *map(review.value.get, ("kind", "record", "reviewer"))): review
        for review in content.list_records(REVIEW_KIND)
    }


def find_review(
    reviews: Mapping[tuple[Any, ...], Record], record: Record, reviewer: str, content: Content
) -> Review | None:
    """Return what a reviewer has said of a record, None for nothing; `reviews` is of index_reviews."""
    review = reviews.get((record.folder, record.kind.name, record.id, reviewer))
    return None if review is None else _to_review(review, content)


def _to_review(record: Record, content: Content) -> Review:
    texts = {name: value for name, value in record.value.items() if isinstance(value, str)}
    kind, record_id, status, reviewer, day = (
        texts.get(name, "") for name in ("kind", "record", "status", "reviewer", "date")
    )
    target = find_target(kind, record_id, record.folder, content)
    signed = record.value.get("signed")
    changes = find_changes_since(signed, target) if target is not None and isinstance(signed, list) else ()
    return Review(record, kind, record_id, status, reviewer, day, target, tuple(changes))


def find_target(kind: str, record_id: str, folder_name: str, content: Content) -> Record | None:
    """Return the record that a review in a folder is about, of its article or the shared terms, or None."""
    for name in dict.fromkeys((folder_name, TERMS_FOLDER)):
        folder = content.folders.get(name)
        record = folder.ids_by_kind.get(kind, {}).get(record_id) if folder is not None else None
        if record is not None:
            return record
    return None


def find_unsigned(content: Content) -> list[Record]:
    """List the facts that nobody has signed as they now stand."""
    signed = {
        (review.target.file, review.target.id)
        for review in list_reviews(content)
        if review.is_signature and review.target is not None
    }
    return [
        record
        for record in content.iter_records()
        if record.kind.group == "fact" and (record.file, record.id) not in signed
    ]


def find_review_issues(content: Content) -> list[Issue]:
    """Return the issues of reviews: what changed since, is gone or too old, and what nobody signed."""
    issues = [issue for review in list_reviews(content) for issue in _iter_issues(review, content)]
    return [*issues, *find_unsigned_issues(content)] if content.settings.requires_signatures else issues


def find_unsigned_issues(content: Content) -> list[Issue]:
    """Return an issue for each fact that nobody has signed as it now stands."""
    return [
        Issue(
            record.locate_field("id"),
            "review.unsigned",
            Severity.ERROR,
            f'nobody has signed the {record.kind.name} "{record.id}" as it now stands',
            f"bmkit review sign {record.kind.name}/{record.id} --as NAME",
        )
        for record in find_unsigned(content)
    ]


def _iter_issues(review: Review, content: Content) -> Iterator[Issue]:
    said = f"{review.reviewer} called it {review.status} on {review.day}"
    command = f"bmkit review sign {review.kind}/{review.record_id} --as NAME"
    if review.target is None:
        if review.status != WITHDRAWN:
            message = f'the {review.kind} "{review.record_id}" is gone; {said}'
            hint = f"put it back, or {command} --status {WITHDRAWN}"
            yield _make_review_issue(review.record, "record", "review.gone", Severity.ERROR, message, hint)
        return
    if review.status == WITHDRAWN:
        message = f'the {review.kind} "{review.record_id}" is there; {said}'
        yield _make_review_issue(review.record, "record", "review.changed", Severity.ERROR, message, command)
    elif review.changes and review.status != PROPOSED:
        gravest = max(review.changes, key=lambda change: change.gravity)
        words = "; ".join(
            format_field_change(change, (review.target, content), (review.target, content))
            for change in review.changes
        )
        field_name = gravest.field.path[0]
        place = review.target.locate_field(*([field_name] if field_name in review.target.value else ["id"]))
        yield Issue(
            place,
            "review.changed",
            Severity.ERROR if gravest.gravity is Gravity.CRITICAL else Severity.WARNING,
            f"{gravest.gravity.word} change since {said}: {words}",
            f"look at it anew: {command}",
            held_against=(review.record.locate_field("signed"),),
        )
    max_age = content.settings.max_review_age_days
    if max_age is not None and review.status == REVIEWED and _is_older(review.day, max_age):
        message = f"the review by {review.reviewer} is of {review.day}, more than {max_age} days ago"
        yield _make_review_issue(review.record, "date", "review.expired", Severity.WARNING, message, command)


def _make_review_issue(  # noqa: PLR0913, PLR0917  all of an issue
    record: Record, field_name: str, rule_id: str, severity: Severity, message: str, hint: str
) -> Issue:
    return Issue(record.locate_field(field_name), rule_id, severity, message, hint)


def _is_older(day: str, max_days: int) -> bool:
    limit = date.fromisoformat(resolve_today()) - timedelta(days=max_days)
    return day < limit.isoformat()
