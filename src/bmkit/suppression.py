"""Issues that editors have looked at and allow: which record of content allows what, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER
from bmkit.issue import name_field_path
from bmkit.today import resolve_today

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import Issue

SUPPRESSION_KIND = "suppression"
"""The kind of the records, and the family of the rules about them."""
_NEVER_ALLOWED_FAMILIES = ("shape", SUPPRESSION_KIND)


class Target(NamedTuple):
    """What a suppression is about: a rule in a record of a file, in one field of it or, with "", anywhere."""

    rule_id: str
    file: str
    record_id: str
    field_path: str


class Suppression(NamedTuple):
    """A record of the kind "suppression": allows an issue of a rule in a record, as long as it is the same.

    `kind` and `record_id` name the record that is meant, `field_path` is like "share.low", "" for all.
    `value` quotes what stands there and `against` what that is held against, "" for nothing: as soon as one
    of them is another, it allows nothing.  It holds for the article that its own record stands in, and for
    the shared terms.
    """

    record: Record
    rule_id: str
    kind: str
    record_id: str
    field_path: str
    value: str
    against: str
    expires: str

    @property
    def is_expired(self) -> bool:
        """Whether its last day is over."""
        return self.expires < resolve_today()

    @property
    def targets(self) -> list[Target]:
        """What it is about, in its own article and among the shared terms."""
        return [
            Target(
                self.rule_id, f"{CONTENT_FOLDER}/{folder}/{self.kind}.json", self.record_id, self.field_path
            )
            for folder in dict.fromkeys((self.record.folder, TERMS_FOLDER))
        ]

    def has_target_record(self, content: Content) -> bool:
        """Return whether there is a record that it is about."""
        return any(
            self.record_id in content.folders[folder].ids_by_kind.get(self.kind, ())
            for folder in (self.record.folder, TERMS_FOLDER)
            if folder in content.folders
        )


def list_suppressions(content: Content) -> list[Suppression]:
    """List all suppressions of content, expired or not."""
    return [_to_suppression(record) for record in content.list_records(SUPPRESSION_KIND)]


def _to_suppression(record: Record) -> Suppression:
    # A project may have a schema of its own for them.
    texts = {name: value for name, value in record.value.items() if isinstance(value, str)}
    names = ("rule", "kind", "record", "field", "value", "against", "expires")
    return Suppression(record, *(texts.get(name, "") for name in names))


def iter_targets(issue: Issue) -> Iterator[Target]:
    """Yield all that a suppression of an issue may be about: its field, those around it, and its record."""
    field_path = name_field_path(issue.place.pointer)
    while field_path:
        yield Target(issue.rule, issue.place.file, issue.record_id, field_path)
        field_path = field_path.rpartition(".")[0]
    yield Target(issue.rule, issue.place.file, issue.record_id, "")


def select_unsuppressed(issues: Iterable[Issue], content: Content, rule_ids: Iterable[str]) -> list[Issue]:
    """Return the issues that content does not allow; only those of `rule_ids` can be allowed at all."""
    suppressible_ids = frozenset(rule_ids)
    # An article whose records are not judged here may all the same allow something of the shared terms.
    allowed = {
        (target, suppression.value, suppression.against)
        for record in content.iter_reachable_records(SUPPRESSION_KIND)
        if record.is_valid
        for suppression in [_to_suppression(record)]
        if suppression.rule_id in suppressible_ids and not suppression.is_expired
        for target in suppression.targets
    }
    if not allowed:
        return list(issues)
    return [
        issue
        for issue in issues
        if not issue.record_id
        or allowed.isdisjoint((target, issue.value, issue.against) for target in iter_targets(issue))
    ]


def draft_suppression(issue: Issue) -> dict[str, str]:
    """Return the fields of a suppression that allows an issue, but id, reason, author and last day.

    Empty where an issue cannot be allowed.
    """
    if not issue.record_id or issue.rule.partition(".")[0] in _NEVER_ALLOWED_FAMILIES:
        return {}
    kind = issue.place.file.rpartition("/")[2].removesuffix(".json")
    draft = {"rule": issue.rule, "kind": kind, "record": issue.record_id, "field": issue.key.field}
    quotes = {"value": issue.value, "against": issue.against}
    return {name: text for name, text in (draft | quotes).items() if text}
