"""Issues that editors have looked at and allow: which record of content allows what, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import TERMS_FOLDER
from bmkit.today import resolve_today

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record
    from bmkit.issue import Issue, Place

SUPPRESSION_KIND = "suppression"
"""The kind of the records, and the family of the rules about them."""


class Suppression(NamedTuple):
    """A record of the kind "suppression": allows the issues of a rule in a record, or in one field of it.

    `kind` and `record_id` name the record that is meant, `field_path` is like "share.low", "" for all.
    It holds for the article that its own record stands in, and for the shared terms.
    """

    record: Record
    rule_id: str
    kind: str
    record_id: str
    field_path: str
    expires: str

    @property
    def is_expired(self) -> bool:
        """Whether its last day is over."""
        return self.expires < resolve_today()

    def find_target_records(self, content: Content) -> list[Record]:
        """Return the records that it is about; none if there is no such record."""
        folders = (self.record.folder, TERMS_FOLDER)
        return [
            record
            for record in content.iter_reachable_records(self.kind)
            if record.id == self.record_id and record.folder in folders
        ]

    def covers_place(self, place: Place, record: Record) -> bool:
        """Return whether it covers that place in a record that it means."""
        if place.file != record.file or not f"{place.pointer}/".startswith(f"{record.pointer}/"):
            return False
        pointer_parts = place.pointer.removeprefix(record.pointer).split("/")
        place_fields = [part for part in pointer_parts if part and not part.isdecimal()]
        allowed_fields = self.field_path.split(".") if self.field_path else []
        return place_fields[: len(allowed_fields)] == allowed_fields


def list_suppressions(content: Content) -> list[Suppression]:
    """List all suppressions of content, expired or not."""
    return [_to_suppression(record) for record in content.list_records(SUPPRESSION_KIND)]


def _to_suppression(record: Record) -> Suppression:
    return Suppression(
        record, record["rule"], record["kind"], record["record"], record["field"] or "", record["expires"]
    )


def select_unsuppressed(issues: Iterable[Issue], content: Content, rule_ids: Iterable[str]) -> list[Issue]:
    """Return the issues that content does not allow; only those of `rule_ids` can be allowed at all."""
    suppressible_ids = frozenset(rule_ids)
    live_suppressions: dict[tuple[str, str], list[tuple[Suppression, Record]]] = {}
    # An article whose records are not judged here may all the same allow something of the shared terms.
    for suppression in (
        _to_suppression(record)
        for record in content.iter_reachable_records(SUPPRESSION_KIND)
        if record.is_valid
    ):
        if suppression.rule_id in suppressible_ids and not suppression.is_expired:
            for record in suppression.find_target_records(content):
                live_suppressions.setdefault((suppression.rule_id, record.file), []).append(
                    (suppression, record)
                )
    if not live_suppressions:
        return list(issues)
    return [
        issue
        for issue in issues
        if not any(
            suppression.covers_place(issue.place, record)
            for suppression, record in live_suppressions.get((issue.rule, issue.place.file), ())
        )
    ]
