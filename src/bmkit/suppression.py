"""Issues that editors have looked at and allow: which record of content allows what, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import TERMS
from bmkit.today import today

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record
    from bmkit.issue import Issue, Place

KIND = "suppression"
"""The kind of the records, and the family of the rules about them."""


class Suppression(NamedTuple):
    """A record of the kind "suppression": allows what `rule` says of a record, or of one field in it.

    `kind` and `name` (an id) tell the record that is meant, `field` is a path such as "share.low", "" for
    all.  It holds for the article that its own record stands in, and for the shared terms.
    """

    record: Record
    rule: str
    kind: str
    name: str
    field: str
    expires: str

    @property
    def expired(self) -> bool:
        """Whether its last day is over."""
        return self.expires < today()

    def meant(self, content: Content) -> list[Record]:
        """Give the records that it speaks of; none if there is no such record."""
        folders = (self.record.folder, TERMS)
        return [one for one in content.every(self.kind) if one.id == self.name and one.folder in folders]

    def covers(self, place: Place, record: Record) -> bool:
        """Whether it speaks of that place in a record that it means."""
        if place.file != record.file or not f"{place.pointer}/".startswith(f"{record.pointer}/"):
            return False
        parts = place.pointer.removeprefix(record.pointer).split("/")
        names = [part for part in parts if part and not part.isdecimal()]
        own = self.field.split(".") if self.field else []
        return names[: len(own)] == own


def suppressions(content: Content) -> list[Suppression]:
    """Give all that content allows, whether it still holds or not."""
    return [_read(record) for record in content.of(KIND)]


def _read(record: Record) -> Suppression:
    return Suppression(
        record, record["rule"], record["kind"], record["record"], record["field"] or "", record["expires"]
    )


def unsuppressed(issues: Iterable[Issue], content: Content, rules: Iterable[str]) -> list[Issue]:
    """Give the issues that content does not allow; only those of `rules` can be allowed at all."""
    known = frozenset(rules)
    live: dict[tuple[str, str], list[tuple[Suppression, Record]]] = {}
    # An article whose records are not judged here may all the same allow something of the shared terms.
    for one in (_read(record) for record in content.every(KIND) if record.shaped):
        if one.rule in known and not one.expired:
            for record in one.meant(content):
                live.setdefault((one.rule, record.file), []).append((one, record))
    if not live:
        return list(issues)
    return [
        issue
        for issue in issues
        if not any(
            one.covers(issue.place, record) for one, record in live.get((issue.rule, issue.place.file), ())
        )
    ]
