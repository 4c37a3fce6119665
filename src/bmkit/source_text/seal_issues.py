"""The facts of a content held against the seals of its articles, without their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import TERMS_FOLDER
from bmkit.issue import Issue, Place, Severity, format_pointer
from bmkit.source_text.facts import (
    NO_POLE,
    QUANTITY,
    WORD,
    find_opposite,
    hold_fact,
    list_spans,
    lock_fact,
    read_fact,
)
from bmkit.source_text.names import name_key
from bmkit.source_text.reading import Reader, Reading, describe_quantities
from bmkit.source_text.seal import SealedFact, SealError, list_sealed_facts, locate_seal, read_seal
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Folder, Record
    from bmkit.source_text.facts import Held
    from bmkit.source_text.seal import Seal

_SEAL_AGAIN = "bmkit source seal TEXT reads the text again and seals it"


def find_seal_issues(content: Content) -> list[Issue]:
    """Return what contradicts the seal of its article, changed since, or is not sealed.

    An article without a seal has no issues unless the settings ask for one.
    """
    issues: list[Issue] = []
    for name, folder in content.folders.items():
        if name == TERMS_FOLDER or not content.is_judged_folder(name):
            continue
        seal = read_seal(content, name)
        if isinstance(seal, SealError):
            message = f"the seal cannot be read: {seal}"
            place = Place(folder.seal_path, start=0, end=0)
            issues.append(Issue(place, "source.broken-seal", Severity.ERROR, message, _SEAL_AGAIN))
        elif seal is not None:
            issues += _SealCheck(content, folder, seal).iter_issues()
        elif content.settings.requires_seal and (facts := list_sealed_facts(content, name)):
            message = f"the article has no seal, {locate_seal(name)}, and the settings ask for one"
            place = facts[0].locate_field("id")
            issues.append(Issue(place, "source.unsealed", Severity.ERROR, message, _SEAL_AGAIN))
    return issues


class _SealCheck:
    def __init__(self, content: Content, folder: Folder, seal: Seal) -> None:
        self._content = content
        self._folder = folder
        self._seal = seal
        # With terms that are missing or invalid nobody knows what the text names.
        self._is_partial = any(
            content.schemas.get_kind(kind).group == "term"
            for name in content.list_reachable_folders(folder.name)
            for kind in content.folders[name].partial_kinds
            if kind in content.schemas
        )
        self._is_stale = self._is_partial or seal.is_stale(Reader(content, folder.name))

    def iter_issues(self) -> Iterator[Issue]:
        if self._is_stale and not self._is_partial:
            message = "the names of terms, or the reader, are others than those that the text was read with"
            place = Place(self._folder.seal_path, "/names")
            yield Issue(place, "source.stale-seal", Severity.WARNING, message, _SEAL_AGAIN)
        facts = {name_key(record): record for record in list_sealed_facts(self._content, self._folder.name)}
        orphans = {key: sealed for key, sealed in self._seal.facts.items() if key not in facts}
        keys_by_lock = {sealed.held: key for key, sealed in orphans.items()}
        for key, record in facts.items():
            sealed = self._seal.facts.get(key)
            if sealed is None:
                # A fact under another id is the same fact.
                renamed_key = keys_by_lock.get(lock_fact(record, self._content), "")
                sealed = orphans.pop(renamed_key, None)
            if sealed is None:
                message = f'the {record.kind.name} "{record.id}" was never held against the text'
                yield Issue(
                    record.locate_field("id"), "source.unsealed", Severity.ERROR, message, _SEAL_AGAIN
                )
            else:
                yield from self._iter_fact_issues(record, sealed)
        for key in orphans if not self._is_partial else ():
            if key.partition("/")[0] in self._folder.partial_kinds:
                continue
            place = Place(self._folder.seal_path, format_pointer(("facts", key)))
            message = f"the fact {key} is gone since it was sealed"
            hint = f"put it back; or {_SEAL_AGAIN}"
            yield Issue(place, "source.changed-since-seal", Severity.WARNING, message, hint)

    def _iter_fact_issues(self, record: Record, sealed: SealedFact) -> Iterator[Issue]:
        readings = self._seal.readings
        unread_spans = [
            index for index, span in enumerate(list_spans(record)) if span["digest"] not in readings
        ]
        for index in unread_spans:
            place = record.locate_field("source", "spans", index, "digest")
            message = "the words of the span were never read for the seal"
            yield Issue(place, "source.unsealed", Severity.ERROR, message, _SEAL_AGAIN)
        if unread_spans:
            return
        stated, context_terms = read_fact(
            record, self._content, lambda span: readings.get(span["digest"], Reading())
        )
        missing = [
            held
            for held in hold_fact(record, stated, context_terms, self._content)
            if not held.is_stated and not held.is_excused
        ]
        contradicted = [held for held in missing if self._contradicts(held, sealed, stated)]
        for held in contradicted:
            yield self._make_contradiction(record, held, stated)
        if not contradicted and not self._is_partial and lock_fact(record, self._content) != sealed.held:
            unread = sorted({held.claim.path for held in missing})
            words = f"; of these the text was not read to say anything: {', '.join(unread)}" if unread else ""
            message = f'the {record.kind.name} "{record.id}" has changed since it was sealed{words}'
            hint = f"correct it; or look at the text, and {_SEAL_AGAIN}"
            place = record.locate_field("id")
            yield Issue(place, "source.changed-since-seal", Severity.WARNING, message, hint)

    def _contradicts(self, held: Held, sealed: SealedFact, stated: Reading) -> bool:
        """Return whether a value that is not stated is another than the one that was read."""
        if held.claim.path in sealed.unread or sealed.unread.issuperset(held.missing_paths):
            return False
        if held.claim.sort == WORD:
            denies = (held.claim.field.poles or {}).get(held.claim.value) == NO_POLE
            return bool(find_opposite(held.claim, stated)) or (denies and not stated.negations)
        # With other names the text may name what it did not name then.
        return held.claim.sort == QUANTITY or not self._is_stale

    def _make_contradiction(self, record: Record, held: Held, stated: Reading) -> Issue:
        claim = held.claim
        words = format_value(claim.value, claim.field._replace(is_list=False), self._content, record)
        message = f"{words} is not what was read in the text"
        if claim.sort == QUANTITY and stated.quantities:
            message += f": {describe_quantities(stated.quantities)}"
        hint = "correct it, or the span; if the text has changed, seal it again"
        return Issue(record.locate_field(*claim.parts), "source.unlike-seal", Severity.ERROR, message, hint)
