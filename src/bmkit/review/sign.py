"""Signing: what a reviewer says of records, as the records of a file of reviews."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.canonical import format_canonical_json
from bmkit.content import CONTENT_FOLDER, REVIEW_KIND
from bmkit.review.find import WITHDRAWN, find_target
from bmkit.review.signature import sign_record
from bmkit.rewrite import ABSENT, RecordEdit, rewrite_records
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bmkit.content import Content, Record

_SCHEMA_PATH = f"../../schema/{REVIEW_KIND}.schema.json"


class Statement(NamedTuple):
    """What `reviewer` says of records on `day`; `reason` is "" for none."""

    status: str
    reviewer: str
    day: str
    reason: str = ""


class Subject(NamedTuple):
    """A record that is signed, in the folder whose reviews say so; `target` is None if it is gone."""

    kind: str
    record_id: str
    folder: str
    target: Record | None


def find_subjects(kind: str, record_id: str, content: Content) -> list[Subject]:
    """Return the records of that kind and id, one a folder, and where reviews speak of one that is gone."""
    targets = [
        Subject(kind, record_id, folder.name, record)
        for folder in content.folders.values()
        if (record := folder.ids_by_kind.get(kind, {}).get(record_id)) is not None
    ]
    return targets + [
        Subject(kind, record_id, folder.name, None)
        for folder in content.folders.values()
        if any(
            (record.value.get("kind"), record.value.get("record")) == (kind, record_id)
            and find_target(kind, record_id, folder.name, content) is None
            for record in folder.records_by_kind.get(REVIEW_KIND, ())
        )
    ]


def sign_subjects(signings: Iterable[tuple[Subject, Statement]], content: Content) -> dict[str, str]:
    """Return the new text of each file of reviews, by its path, after statements on records.

    An earlier statement of the same reviewer on a record is replaced.
    """
    signings_by_folder: dict[str, list[tuple[Subject, Statement]]] = {}
    for signing in signings:
        signings_by_folder.setdefault(signing[0].folder, []).append(signing)
    kind = content.schemas.get_kind(REVIEW_KIND)
    taken_ids = {
        review_id
        for folder in content.folders.values()
        for review_id in folder.ids_by_kind.get(kind.name, ())
    }
    texts = {}
    for folder_name, folder_signings in signings_by_folder.items():
        path = f"{CONTENT_FOLDER}/{folder_name}/{REVIEW_KIND}.json"
        reviews = content.folders[folder_name].records_by_kind.get(REVIEW_KIND, [])
        id_by_key = {
            tuple(review.value.get(name) for name in ("kind", "record", "reviewer")): review.id
            for review in reviews
        }
        edits = [_make_edit(*signing, id_by_key, taken_ids) for signing in folder_signings]
        text = content.read_text(path) if content.find_file(path) else ""
        if not text:
            text = format_canonical_json(format_json({"$schema": _SCHEMA_PATH, "records": []}), kind)
        texts[path] = rewrite_records(text, kind, edits)
    return texts


def _make_edit(
    subject: Subject, statement: Statement, id_by_key: Mapping[tuple[Any, ...], str], taken_ids: set[str]
) -> RecordEdit:
    earlier_id = id_by_key.get((subject.kind, subject.record_id, statement.reviewer))
    is_signed = subject.target is not None and statement.status != WITHDRAWN
    fields: dict[str, Any] = {
        "id": earlier_id or _make_id(subject, statement, taken_ids),
        "kind": subject.kind,
        "record": subject.record_id,
        "status": statement.status,
        "reviewer": statement.reviewer,
        "date": statement.day,
        "reason": statement.reason or ABSENT,
        "signed": sign_record(subject.target) if is_signed and subject.target is not None else ABSENT,
    }
    return RecordEdit(fields["id"], fields, is_new=earlier_id is None)


def _make_id(subject: Subject, statement: Statement, taken_ids: set[str]) -> str:
    """Return an id that no review has, from what is signed and by whom; and take it."""
    name = re.sub(r"[^a-z0-9]+", "-", statement.reviewer.lower()).strip("-") or "reviewer"
    base_id = f"{subject.kind}-{subject.record_id}-by-{name}"
    number, new_id = 1, base_id
    while new_id in taken_ids:
        number += 1
        new_id = f"{base_id}-{number}"
    taken_ids.add(new_id)
    return new_id
