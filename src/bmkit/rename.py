"""An id renamed everywhere: its record, what refers to it, locks and seals, and what is allowed of it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bmkit.canonical import format_canonical_json, format_json_string
from bmkit.check import find_content_issues
from bmkit.content import (
    CODE_LOCK_FILE,
    CONTENT_FOLDER,
    REVIEW_KIND,
    TERMS_FOLDER,
    Content,
    read_content,
)
from bmkit.errors import BmkitError
from bmkit.issue import Issue, IssueKey, format_pointer
from bmkit.jsontext import Positions
from bmkit.project_files import MemoryFiles
from bmkit.review.find import find_target
from bmkit.review.signature import sign_record
from bmkit.rewrite import RecordEdit, rewrite_records
from bmkit.source_text.names import name_key
from bmkit.source_text.seal import Seal, format_seal, read_seal, rename_in_seal
from bmkit.suppression import SUPPRESSION_KIND, iter_targets, list_suppressions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Record

_ARTICLE_KIND = "article"
# They name a record by kind and id, and quote values.
_QUOTING_KINDS = (SUPPRESSION_KIND, REVIEW_KIND)
_QUOTING_RULES = ("source.changed-since-seal", "source.stale-seal", "source.unlike-seal", "source.unsealed")
_IssuePlace = tuple[str, str, str, int, int]
"""Rule, file, pointer, start, and how many of the same stood before."""


class RenameError(BmkitError):
    """An id that cannot be renamed so; the message is one line."""


class Renaming(NamedTuple):
    """What a renaming writes: texts by path, relative to the root, at their places before.

    `folder_move` is the folder of an article that is renamed with it and its new name, below the content, or
    None.  `new_keys` has for the key of each issue, allowed or not, the key that it has now.
    """

    new_texts: dict[str, str]
    folder_move: tuple[str, str] | None
    new_keys: dict[IssueKey, IssueKey]

    def move_path(self, path: str) -> str:
        """Return where a file is after the renaming, relative to the root."""
        return _move_path(path, self.folder_move)


def find_renaming(record: Record, new_id: str, content: Content) -> Renaming:
    """Return what has to be written so that a record has another id, and everything speaks of that.

    Nothing else changes: RenameError if the new id is taken, or is none, or if issues come with it.
    """
    if new_id == record.id:
        raise RenameError(f'{record.kind.name} "{record.id}" has that id already')
    taken = next((other for other in _find_rivals(record, content) if other.id == new_id), None)
    if taken is not None:
        raise RenameError(f'{record.kind.name} "{new_id}" is there already, in {taken.file}')
    texts = {path: _replace_ids(content, path, record, new_id) for path in _list_paths(content)}
    lock_path = f"{CONTENT_FOLDER}/{CODE_LOCK_FILE}"
    if lock_path in content.list_read_paths():
        term = re.escape(f"{record.kind.name}/{record.id}")
        texts[lock_path] = re.sub(
            rf"(?m)(?<=[\t ]){term}(?=[ \r]|$)", f"{record.kind.name}/{new_id}", content.read_text(lock_path)
        )
    is_folder_name = record.kind.name == _ARTICLE_KIND and record.folder == record.id
    folder_move = (record.id, new_id) if is_folder_name else None
    renamed = _read_renamed(content, texts, folder_move)
    issue_pairs = _pair_issues(content, renamed, folder_move)
    texts |= _quote_anew(content, texts, issue_pairs)
    texts |= _sign_anew(content, renamed, texts, (record, new_id), folder_move)
    texts |= _seal_anew(content, renamed, (record, new_id), folder_move)
    return Renaming(
        {path: text for path, text in texts.items() if text != content.read_text(path)},
        folder_move,
        {
            old_key: new_key
            for issue, new_issue in issue_pairs
            for old_key, new_key in zip(issue.keys, new_issue.keys, strict=True)
        },
    )


def _find_rivals(record: Record, content: Content) -> Iterator[Record]:
    """Yield the records that must not have the same id: of terms all in the project."""
    is_term = record.kind.group == "term"
    for folder in content.folders.values():
        if is_term or folder.name == record.folder:
            yield from folder.records_by_kind.get(record.kind.name, ())


def _list_paths(content: Content) -> list[str]:
    return [file.path for folder in content.folders.values() for file in folder.files]


def _replace_ids(content: Content, path: str, record: Record, new_id: str) -> str:
    """Return the text of a file with the new id in the record and in all that refers to it."""
    file = content.find_file(path)
    text = content.read_text(path)
    if file is None:
        return text
    positions = Positions(text)
    new_token = format_json_string(new_id)
    spans = []
    for other in file.records:
        for parts in _iter_id_parts(other, record, content):
            pointer = format_pointer(("records", other.index, *parts))
            spans.append(positions.locate_pointer(pointer))
    was_canonical = spans and format_canonical_json(text, file.kind) == text
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + new_token + text[end:]
    # A longer id may need another line.
    return format_canonical_json(text, file.kind) if was_canonical else text


def _iter_id_parts(other: Record, record: Record, content: Content) -> Iterator[tuple[str | int, ...]]:
    """Yield where a record has the id of the one that is renamed: its own, references, and suppressions."""
    if other is record:
        yield ("id",)
    # Of two articles each may have a record of that id: only those that find this one refer to it.
    if content.get(record.kind.name, record.id, other) is not record:
        return
    for field in other.kind.reference_fields:
        if field.target_kind == record.kind.name and field.path[0] in other.value:
            for parts, target_id in other.list_values_with_paths(field):
                if target_id == record.id:
                    yield parts
    if other.kind.name in _QUOTING_KINDS and (
        other.value.get("kind") == record.kind.name and other.value.get("record") == record.id
    ):
        yield ("record",)


def _pair_issues(
    content: Content, renamed: Content, folder_move: tuple[str, str] | None
) -> list[tuple[Issue, Issue]]:
    """Return each issue of the content, allowed or not, beside what it is now; RenameError if others come."""
    new_issues = _index_issues(find_content_issues(renamed, suppress=False), None)
    old_issues = _index_issues(find_content_issues(content, suppress=False), folder_move)
    # Allowances, signatures and seals that quote the old id are written anew after this.
    arrived = [
        issue
        for place, issue in new_issues.items()
        if place not in old_issues
        and issue.rule.partition(".")[0] not in _QUOTING_KINDS
        and issue.rule not in _QUOTING_RULES
    ]
    if arrived:
        raise RenameError(f"{arrived[0].place.file}: {arrived[0].message} [{arrived[0].rule}]")
    return [(issue, new_issues[place]) for place, issue in old_issues.items() if place in new_issues]


def _read_renamed(content: Content, texts: dict[str, str], folder_move: tuple[str, str] | None) -> Content:
    bytes_by_path = {path: content.get_bytes(path) for path in content.list_read_paths()}
    bytes_by_path |= {path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()}
    files = MemoryFiles({_move_path(path, folder_move): data for path, data in bytes_by_path.items()}, {})
    return read_content(content.root, content.schemas, files=files, settings=content.settings)


def _move_path(path: str, folder_move: tuple[str, str] | None) -> str:
    if folder_move is None:
        return path
    old_start, new_start = (f"{CONTENT_FOLDER}/{name}/" for name in folder_move)
    return new_start + path.removeprefix(old_start) if path.startswith(old_start) else path


def _index_issues(issues: Iterable[Issue], folder_move: tuple[str, str] | None) -> dict[_IssuePlace, Issue]:
    """Return issues by their place; ids are no part of it, as renaming moves no record within its file."""
    counts: Counter[tuple[str, str, str, int]] = Counter()
    issue_by_place = {}
    for issue in issues:
        file = _move_path(issue.place.file, folder_move)
        place = (issue.rule, file, issue.place.pointer, issue.place.start)
        issue_by_place[*place, counts[place]] = issue
        counts[place] += 1
    return issue_by_place


def _quote_anew(
    content: Content, texts: dict[str, str], issue_pairs: list[tuple[Issue, Issue]]
) -> dict[str, str]:
    """Return the texts of files with suppressions that quote what is called otherwise now."""
    new_issues = {
        (target, issue.value, issue.against): new_issue
        for issue, new_issue in issue_pairs
        if (issue.value, issue.against) != (new_issue.value, new_issue.against)
        for target in iter_targets(issue)
    }
    edits_by_file: dict[str, list[RecordEdit]] = {}
    for suppression in list_suppressions(content):
        for target in suppression.targets:
            new_issue = new_issues.get((target, suppression.value, suppression.against))
            if new_issue is not None:
                quotes = {"value": new_issue.value, "against": new_issue.against}
                edit = RecordEdit(
                    suppression.record.id, {name: text for name, text in quotes.items() if text}
                )
                edits_by_file.setdefault(suppression.record.file, []).append(edit)
    return {
        path: rewrite_records(texts[path], content.schemas.get_kind(SUPPRESSION_KIND), edits)
        for path, edits in edits_by_file.items()
    }


def _seal_anew(
    content: Content, renamed: Content, renaming: tuple[Record, str], folder_move: tuple[str, str] | None
) -> dict[str, str]:
    """Return the texts of seals that name what is called otherwise now."""
    record, new_id = renaming
    is_shared = record.folder == TERMS_FOLDER
    texts = {}
    for name, folder in content.folders.items():
        seal = read_seal(content, name)
        if isinstance(seal, Seal) and (is_shared or record.folder == name):
            new_name = folder_move[1] if folder_move and folder_move[0] == name else name
            keys = (name_key(record), f"{record.kind.name}/{new_id}")
            renamed_seal = rename_in_seal(seal, (content, name), (renamed, new_name), keys)
            texts[folder.seal_path] = format_seal(renamed_seal)
    return texts


def _sign_anew(
    content: Content,
    renamed: Content,
    texts: dict[str, str],
    renaming: tuple[Record, str],
    folder_move: tuple[str, str] | None,
) -> dict[str, str]:
    """Return the texts of files with reviews whose signed values name what is called otherwise now.

    What a reviewer signed and what has changed since stays so.
    """
    record, new_id = renaming
    edits_by_file: dict[str, list[RecordEdit]] = {}
    for review in content.list_records(REVIEW_KIND):
        kind_name, record_id = (review.value.get(name) for name in ("kind", "record"))
        target = find_target(str(kind_name), str(record_id), review.folder, content)
        signed = review.value.get("signed")
        if target is None or not isinstance(signed, list):
            continue
        id_now = new_id if target is record else target.id
        folder_now = folder_move[1] if folder_move and folder_move[0] == target.folder else target.folder
        target_now = renamed.folders[folder_now].ids_by_kind[target.kind.name][id_now]
        new_quotes = dict(zip(sign_record(target), sign_record(target_now), strict=True))
        signed_now = [new_quotes.get(text, text) for text in signed]
        if signed_now != signed:
            edits_by_file.setdefault(review.file, []).append(RecordEdit(review.id, {"signed": signed_now}))
    kind = content.schemas.get_kind(REVIEW_KIND) if edits_by_file else None
    return {
        path: rewrite_records(texts[path], kind, edits)
        for path, edits in edits_by_file.items()
        if kind is not None
    }
