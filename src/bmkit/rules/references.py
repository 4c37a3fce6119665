"""References: records that refer to other records by id."""

from __future__ import annotations

from collections import Counter
from itertools import dropwhile
from typing import TYPE_CHECKING

from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER, per_content
from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.hierarchy import is_exception
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from bmkit.content import Content, Record, Reference
    from bmkit.issue import Hint

_HIERARCHY_FIELDS, _PART_ROLE = ("parent", "replaced_by"), "part-of"
# So many references that agree on an id are not a slip.
_MIN_AGREEING_REFERENCES = 2
# So many terms of a circle are named.
_MAX_CIRCLE = 10

_TargetKey = tuple[str, str, str]


@rule(Severity.ERROR, fix="correct the id, or add the record that it names", guards_dose=True)
def dangling(content: Content) -> Faults:
    """A reference leads to no record.

    The page shows a bare id, the link leads nowhere, and a database rejects the row.
    """
    dangling_ids = _find_dangling_ids(content)
    for mention in content.iter_field_references() if dangling_ids else ():
        target_kind, mentioning_record = mention.field.target_kind, mention.records[0]
        missing_ids = mention.target_ids & dangling_ids.get(
            (mentioning_record.folder, target_kind), frozenset()
        )
        # Places are looked up only for the few references that lead nowhere.
        for reference in (
            mention.iter_references()
            if missing_ids and content.is_fully_read(target_kind, mentioning_record.folder)
            else ()
        ):
            if reference.target_id in missing_ids:
                place = reference.record.locate_field(*reference.parts)
                message = f'there is no {target_kind} "{reference.target_id}"'
                location = content.find_own_term(target_kind, reference.target_id, mentioning_record.folder)
                if location is None:
                    yield place, message, _suggest_target(reference, content)
                else:
                    own_record = f"record {location.number} of {location.file}"
                    shared_file = f"{CONTENT_FOLDER}/{TERMS_FOLDER}/{target_kind}.json"
                    yield (
                        place,
                        f"{message} here: {own_record} is of that article alone",
                        f"move it to {shared_file}, where all articles find it",
                    )


@rule(Severity.ERROR)
def cycle(content: Content) -> Faults:
    """A hierarchy leads back to where it started.

    A term that belongs to itself has no place in an outline, and a walk up the hierarchy never ends.
    """
    references_by_record: dict[_TargetKey, list[Reference]] = {}
    for mention in content.iter_field_references():
        is_above = mention.field.name in _HIERARCHY_FIELDS or mention.field.role == _PART_ROLE
        if is_above and mention.field.target_kind == mention.kind.name:
            folder = mention.records[0].folder
            for reference in mention.iter_references():
                references_by_record.setdefault(
                    (folder, mention.field.target_kind, reference.record.id), []
                ).append(reference)
    finished_keys: set[_TargetKey] = set()
    for start_key, first_references in references_by_record.items():
        path: dict[_TargetKey, None] = {}
        # An explicit stack: a hierarchy may be deeper than Python's own.
        pending_references: list[Iterator[Reference]] = []
        if start_key not in finished_keys:
            path[start_key] = None
            pending_references.append(iter(first_references))
        while pending_references:
            next_reference = next(pending_references[-1], None)
            if next_reference is None:
                pending_references.pop()
                finished_keys.add(path.popitem()[0])
                continue
            target_key = (*start_key[:2], next_reference.target_id)
            if target_key in path:
                circle = dropwhile(lambda key: key != target_key, path)  # noqa: B023  read at once
                cycle_ids = [record_id for _, _, record_id in circle]
                if len(cycle_ids) > _MAX_CIRCLE:
                    cycle_ids[_MAX_CIRCLE:] = ["…"]
                message = f"{' belongs to '.join([*cycle_ids, target_key[2]])}: a circle"
                yield (
                    next_reference.record.locate_field(*next_reference.parts),
                    message,
                    "remove one of these references",
                )
            elif target_key in references_by_record and target_key not in finished_keys:
                path[target_key] = None
                pending_references.append(iter(references_by_record[target_key]))


@rule(Severity.WARNING, fix="use the term that replaces it")
def retired(content: Content) -> Faults:
    """A record uses a term that is retired.

    Whoever looks for facts about the term that replaces it does not find this one.
    """
    retired_ids: dict[str, set[str]] = {}
    for record in content.iter_reachable_terms():
        if record.value.get("retired"):
            retired_ids.setdefault(record.kind.name, set()).add(record.id)
    for mention in content.iter_field_references() if retired_ids else ():
        target_kind = mention.field.target_kind
        if mention.target_ids.isdisjoint(retired_ids.get(target_kind, ())):
            continue
        for reference in mention.iter_references():
            term = content.find_record(target_kind, reference.target_id, reference.record)
            if term is None or not term.value.get("retired") or reference.record.value.get("retired"):
                continue
            successor_id = term.value.get("replaced_by")
            otherwise = "use a term that is not"
            hint = (
                propose_value(successor_id, f'use "{successor_id}"', otherwise=otherwise)
                if successor_id
                else otherwise
            )
            message = f'the {target_kind} "{reference.target_id}" is retired'
            yield reference.record.locate_field(*reference.parts), message, hint


@rule(Severity.WARNING, across_articles=True)
def unused(content: Content) -> Faults:
    """A term is not used by any fact or other term.

    It is left over from a fact that was removed, or a fact is missing.  Of a standing list, such as all
    medicines of a hospital, most are not used yet: then nothing is said of those.
    """
    kinds = content.list_kinds()
    # Content without facts is a vocabulary, and none of its terms is unused.
    if any(folder.unread_kinds for folder in content.folders.values()) or all(
        kind.group != "fact" for kind in kinds
    ):
        return
    referenced_kinds = {
        field.target_kind
        for kind in kinds
        for field in kind.reference_fields
        if field.target_kind != kind.name
    }
    used_terms = {
        (mention.field.target_kind, target)
        for mention in content.iter_field_references()
        for target in mention.target_ids
    }
    # An invalid record still uses the terms that it names.
    invalid_record_texts = {
        string for record in content.find_invalid_records() for string in _iter_strings(record.value)
    }
    for kind in kinds:
        if kind.group != "term" or kind.name not in referenced_kinds:
            continue
        terms = [record for record in content.list_records(kind.name) if not record.value.get("retired")]
        unused_terms = [
            record
            for record in terms
            if (kind.name, record.id) not in used_terms and record.id not in invalid_record_texts
        ]
        for record in unused_terms if is_exception(unused_terms, terms) else ():
            yield (
                record.locate_field("id"),
                f'nothing refers to the {kind.name} "{record.id}"',
                "use it, or remove it",
            )


def _find_dangling_ids(content: Content) -> dict[tuple[str, str], frozenset[str]]:
    """Return the ids that lead to no record, by the folder and kind of the reference."""
    targets_by_kind: dict[tuple[str, str], list[frozenset[str]]] = {}
    for mention in content.iter_field_references():
        targets_by_kind.setdefault((mention.records[0].folder, mention.field.target_kind), []).append(
            mention.target_ids
        )
    missing_by_kind = {
        (folder, target_kind): content.find_missing_ids(target_kind, frozenset().union(*targets), folder)
        for (folder, target_kind), targets in targets_by_kind.items()
    }
    return {key: missing_ids for key, missing_ids in missing_by_kind.items() if missing_ids}


def _suggest_target(reference: Reference, content: Content) -> Hint:
    """Return the record that was probably meant, or the record whose id was misspelt.

    Many references agree on a right id, and nothing refers to a misspelt one.
    """
    # Only a dangling reference needs these imports.
    from bmkit.content.labels import index_labels
    from bmkit.suggest import propose_meant

    known_names = index_labels(content)
    record, field, _, target = reference
    suggested_id = known_names.suggest_id(field.target_kind, target, record)
    reference_counts = _count_references(content)
    reference_count = reference_counts[record.folder, field.target_kind, target]
    if (
        suggested_id
        and reference_count >= _MIN_AGREEING_REFERENCES
        and not reference_counts[record.folder, field.target_kind, suggested_id]
    ):
        return f'"{suggested_id}" may be a misspelling: {reference_count} references use "{target}"'
    otherwise = (
        known_names.name_other_kind(target, record)
        or f"add it to {_choose_file(field.target_kind, record, content)}, or correct the id"
    )
    return propose_meant(suggested_id, otherwise)


def _choose_file(kind: str, near_record: Record, content: Content) -> str:
    """Return the file in which a record of the kind belongs that `near_record` refers to."""
    own_folder, terms = (content.folders.get(name) for name in (near_record.folder, TERMS_FOLDER))
    is_term = kind in content.schemas and content.schemas.get_kind(kind).group == "term"
    # The terms of a kind that only the article has are its own, and so is the next.
    is_kept_apart = (
        own_folder is not None
        and kind in own_folder.records_by_kind
        and (terms is None or kind not in terms.records_by_kind)
    )
    folder_name = TERMS_FOLDER if is_term and not is_kept_apart else near_record.folder
    return f"{CONTENT_FOLDER}/{folder_name}/{kind}.json"


@per_content
def _count_references(content: Content) -> Counter[_TargetKey]:
    """Return the number of references to each id, by folder and kind."""
    return Counter(
        (reference.record.folder, reference.field.target_kind, reference.target_id)
        for reference in content.iter_references()
    )


def _iter_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _iter_strings(item)
