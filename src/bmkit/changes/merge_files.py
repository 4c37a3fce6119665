"""The merge of two edits of a file of records, by id: what is left to people stands between git's marks."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.changes.merge import Conflict, merge_records
from bmkit.errors import BmkitError
from bmkit.jsontext import JsonError, parse_json, split_lines
from bmkit.rewrite import ABSENT, RecordEdit, rewrite_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bmkit.schema import Kind

_Records = dict[str, dict[str, Any]]
OURS_MARK, MIDDLE_MARK, THEIRS_MARK = "<<<<<<< ours", "=======", ">>>>>>> theirs"
"""The lines around a conflict, as git and editors know them."""


class MergeError(BmkitError):
    """A file whose records cannot be told apart by their ids; the message is one line."""


class RecordConflict(NamedTuple):
    """A conflict in the record of an id."""

    record_id: str
    conflict: Conflict


class MergedFile(NamedTuple):
    """The text of a merged file, with marks around each conflict."""

    text: str
    conflicts: tuple[RecordConflict, ...]


def merge_files(base_text: str, our_text: str, their_text: str, kind: Kind) -> MergedFile:
    """Return the merge of two edits of a file of `kind`; an empty text is a file that is not there.

    Records stand in our order, those that they alone added at the end.  What both changed, each otherwise,
    stands between marks, the fields alone.  MergeError if a text is no file of records, or has an id twice.
    """
    base, ours, theirs = (_index_records(text) for text in (base_text, our_text, their_text))
    our_version: _Records = {}
    their_version: _Records = {}
    conflicts = []
    for record_id in dict.fromkeys((*ours, *theirs)):
        sides = (base.get(record_id), ours.get(record_id), theirs.get(record_id))
        merged = merge_records(*sides, kind)
        conflicts += [RecordConflict(record_id, conflict) for conflict in merged.conflicts]
        for version, choose in ((our_version, _choose_ours), (their_version, _choose_theirs)):
            value = merged.value
            for conflict in merged.conflicts:
                value = choose(value, conflict)
            if value is not None:
                version[record_id] = value
    start_text = our_text or their_text
    start = ours if our_text else theirs
    our_lines, their_lines = (
        split_lines(rewrite_records(start_text, kind, [*_list_edits(start, version)]))
        for version in (our_version, their_version)
    )
    return MergedFile("".join(_mark_differences(our_lines, their_lines)), tuple(conflicts))


def _choose_ours(value: dict[str, Any] | None, conflict: Conflict) -> dict[str, Any] | None:
    return _put(value, conflict, conflict.ours)


def _choose_theirs(value: dict[str, Any] | None, conflict: Conflict) -> dict[str, Any] | None:
    return _put(value, conflict, conflict.theirs)


def _put(value: dict[str, Any] | None, conflict: Conflict, side: Any) -> dict[str, Any] | None:
    """Return a record with the value of one side where there is a conflict."""
    if not conflict.field_name:
        return None if side is None else dict(side)
    rest = {name: other for name, other in (value or {}).items() if name != conflict.field_name}
    return rest if side is None else {**rest, conflict.field_name: side}


def _index_records(text: str) -> _Records:
    if not text.strip():
        return {}
    try:
        document = parse_json(text.encode("utf-8", "surrogatepass"))
    except JsonError as error:
        raise MergeError(error.faults[0].message) from None
    records = document.get("records") if isinstance(document, dict) else None
    if not isinstance(records, list) or not all(
        isinstance(record, dict) and isinstance(record.get("id"), str) for record in records
    ):
        raise MergeError("it is no file of records, each with an id")
    records_by_id = {record["id"]: record for record in records}
    if len(records_by_id) < len(records):
        raise MergeError("an id stands twice")
    return records_by_id


def _list_edits(start: Mapping[str, Mapping[str, Any]], version: _Records) -> Iterator[RecordEdit]:
    """Yield what has to be edited so that some records become those of a version."""
    for record_id, record in start.items():
        value = version.get(record_id)
        if value is None:
            yield RecordEdit(record_id, {}, is_removed=True)
        elif repr(value) != repr(record):
            yield RecordEdit(record_id, {name: value.get(name, ABSENT) for name in (*record, *value)})
    for record_id, value in version.items():
        if record_id not in start:
            yield RecordEdit(record_id, value, is_new=True)


def _mark_differences(our_lines: list[str], their_lines: list[str]) -> Iterator[str]:
    """Yield the lines that both have, and around those that differ the marks of a conflict."""
    matcher = SequenceMatcher(None, our_lines, their_lines, autojunk=False)
    for tag, our_start, our_end, their_start, their_end in matcher.get_opcodes():
        ours, theirs = our_lines[our_start:our_end], their_lines[their_start:their_end]
        if tag == "equal":
            yield from ours
        else:
            for lines in ([OURS_MARK], ours, [MIDDLE_MARK], theirs, [THEIRS_MARK]):
                yield from (line if line.endswith("\n") else f"{line}\n" for line in lines)
