"""The edits of sheets merged into content: the text that each file gets, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.canonical import format_canonical_json
from bmkit.changes.merge import merge_records
from bmkit.changes.values import ValueReader
from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER, is_article_name, read_content
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.quoting import quote_value
from bmkit.rewrite import ABSENT, RecordEdit, rewrite_records
from bmkit.schema import SCHEMA_SUFFIX
from bmkit.sentence import format_sentence
from bmkit.shape import ShapeChecker, find_shape_issues
from bmkit.sheets.edits import RecordKey, RowEdit, SheetEdits, SheetFault
from bmkit.sheets.rows import propose_id
from bmkit.sheets.statements import sign_rows
from bmkit.tables import ID_FIELD
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from bmkit.changes.merge import Conflict
    from bmkit.content import Content
    from bmkit.schema import Kind
    from bmkit.sheets.exported import Exported

_FileKey = tuple[str, str]
"""Folder and kind of a file."""
_LABEL_FIELD = "label"
_READER = ValueReader({})


class ImportPlan(NamedTuple):
    """What an import would write: the text of each file by path, "" before it is there, and after.

    `content` is the content as it would be then, and `edits` are the edits, new records with their ids.
    """

    texts: dict[str, tuple[str, str]]
    content: Content
    edits: list[RowEdit]
    faults: list[SheetFault]


def plan_import(  # noqa: PLR0913  what the command line is told
    content: Content,
    edits: SheetEdits,
    exported: Exported,
    *,
    deletes: bool = False,
    reviewer: str = "",
    max_bytes: int = MAX_FILE_BYTES,
) -> ImportPlan:
    """Return what becomes of content with the edits of the sheets of an article.

    Each record is merged: what the sheets changed since their export is taken, what content changed since
    stays, and what both changed is a fault with both values.  Records without a row go only with `deletes`.
    A content that has nothing of the article gets all that was exported, as it is on the sheets now.
    What reviewers say in rows signs the records as they are then, by `reviewer` where a row names nobody.
    No file of content may have more than `max_bytes`.
    """
    return _Planner(content, exported, max_bytes, deletes=deletes).plan_import(edits, reviewer)


class _Planner:
    """Content on its way to the texts that it gets."""

    def __init__(self, content: Content, exported: Exported, max_bytes: int, *, deletes: bool) -> None:
        self._content = content
        self._exported = exported
        self._max_bytes = max_bytes
        self._deletes = deletes
        self._faults: list[SheetFault] = []
        self._ids_by_fields: dict[_FileKey, dict[Hashable, str]] = {}
        own_folders = {record.folder for record in exported.records.values()} - {TERMS_FOLDER}
        self._starts_article = not any(
            record.folder in (own_folders or {TERMS_FOLDER})
            and self._find_record(record.folder, key) is not None
            for key, record in exported.records.items()
        )

    def plan_import(self, sheet_edits: SheetEdits, reviewer: str) -> ImportPlan:
        edits = self._add_unchanged(sheet_edits) if self._starts_article else sheet_edits.edits
        placed_edits, guessed_ids = self._name_new_records(edits)
        texts = self._make_texts(placed_edits, report=not guessed_ids)
        new_content = self._read_with(texts)
        if guessed_ids:
            final_ids = self._propose_from_sentences(new_content, guessed_ids)
            placed_edits = [
                _rename(edit, final_ids.get((edit.kind.name, edit.record_id), edit.record_id))
                for edit in placed_edits
            ]
            texts = self._make_texts(placed_edits, report=True)
            new_content = self._read_with(texts)
        if any(edit.statement is not None for edit in placed_edits):
            find_shape_issues(new_content, ShapeChecker())
            review_texts, faults = sign_rows(placed_edits, new_content, reviewer)
            self._faults += faults
            texts |= {path: (self._content.read_text(path), text) for path, text in review_texts.items()}
            new_content = self._read_with(texts)
        return ImportPlan(texts, new_content, placed_edits, self._faults)

    def _find_record(self, folder_name: str, key: RecordKey) -> dict[str, Any] | None:
        folder = self._content.folders.get(folder_name)
        record = folder.ids_by_kind.get(key[0], {}).get(key[1]) if folder else None
        return None if record is None else record.value

    def _add_unchanged(self, sheet_edits: SheetEdits) -> list[RowEdit]:
        """Return the edits with unchanged rows, in exported order, for a content without the article.

        There nothing was removed since the export: what content does not have, it has never had.
        """
        changed = {
            (edit.kind.name, edit.record_id): edit for edit in sheet_edits.edits if edit.base is not None
        }
        all_edits = []
        for key, record in self._exported.records.items():
            is_known = self._find_record(record.folder, key) is not None
            if key in changed:
                all_edits.append(changed[key] if is_known else changed[key]._replace(base=None))
            elif not is_known and key in sheet_edits.places:
                kind, place = self._content.schemas.get_kind(key[0]), sheet_edits.places[key]
                all_edits.append(RowEdit(kind, record.folder, key[1], None, record.parse_value(), place))
        return [*all_edits, *(edit for edit in sheet_edits.edits if edit.base is None)]

    def _name_new_records(self, edits: Sequence[RowEdit]) -> tuple[list[RowEdit], set[tuple[str, str]]]:
        """Give new records a folder, and those without an id one of their label, or one to be replaced."""
        taken_ids: dict[str, set[str]] = {}
        for folder in self._content.folders.values():
            for kind_name, records_by_id in folder.ids_by_kind.items():
                taken_ids.setdefault(kind_name, set()).update(records_by_id)
        guessed_ids = set()
        placed_edits = []
        for edit in edits:
            placed_edit = edit
            if edit.base is None and edit.value is not None:
                folder_name = edit.folder or self._choose_folder(edit.kind)
                # What the sheets say of themselves leads nowhere but to folders that are there, or that are
                # those of articles.
                is_new_article = self._starts_article and is_article_name(folder_name)
                if not is_new_article and folder_name not in {TERMS_FOLDER, *self._content.folders}:
                    message = f'the content has no article "{folder_name}", to which this new record belongs'
                    self._faults.append(SheetFault(edit.place.locate(), message))
                    continue
                placed_edit = edit._replace(folder=folder_name)
                if not edit.record_id and (known_id := self._find_same(placed_edit)):
                    placed_edit = _rename(placed_edit, known_id)
                    message = f'this record is in the content already, as "{known_id}"'
                    self._faults.append(SheetFault(edit.place.locate(), message, is_error=False))
                elif not edit.record_id:
                    label = edit.value.get(_LABEL_FIELD)
                    record_id = propose_id(
                        label if isinstance(label, str) else f"new {edit.kind.name}",
                        taken_ids.setdefault(edit.kind.name, set()),
                    )
                    placed_edit = _rename(placed_edit, record_id)
                    if not isinstance(label, str):
                        guessed_ids.add((edit.kind.name, record_id))
            placed_edits.append(placed_edit)
        return placed_edits, guessed_ids

    def _find_same(self, edit: RowEdit) -> str:
        """Return the id of the record in the content that says all that a new row says, "" for none."""
        key = (edit.folder, edit.kind.name)
        if key not in self._ids_by_fields:
            folder = self._content.folders.get(edit.folder)
            self._ids_by_fields[key] = {
                _normalize_fields(record.value, edit.kind): record.id
                for record in (folder.records_by_kind.get(edit.kind.name, ()) if folder else ())
            }
        return self._ids_by_fields[key].get(_normalize_fields(edit.value or {}, edit.kind), "")

    def _choose_folder(self, kind: Kind) -> str:
        """Return the folder for a new record: where the article has such records, else where they belong."""
        folder = self._content.folders.get(self._exported.article)
        if kind.group == "term" and not (folder is not None and kind.name in folder.records_by_kind):
            return TERMS_FOLDER
        return self._exported.article

    def _propose_from_sentences(
        self, new_content: Content, guessed_ids: set[tuple[str, str]]
    ) -> dict[tuple[str, str], str]:
        """Return for guessed ids those of the first words of each record's sentence."""
        find_shape_issues(new_content, ShapeChecker())
        final_ids: dict[tuple[str, str], str] = {}
        for kind_name, guessed_id in sorted(guessed_ids):
            record = new_content.find_record(kind_name, guessed_id)
            if record is None or not record.is_valid or not record.kind.sentence_template:
                continue
            taken_ids = {
                record_id
                for folder in new_content.folders.values()
                for record_id in folder.ids_by_kind.get(kind_name, ())
            } | set(final_ids.values())
            final_ids[kind_name, guessed_id] = propose_id(format_sentence(record, new_content), taken_ids)
        return final_ids

    def _make_texts(self, edits: Sequence[RowEdit], *, report: bool) -> dict[str, tuple[str, str]]:
        """Return the texts of the files that change; with `report` what cannot be merged becomes a fault."""
        faults = self._faults if report else []
        edits_by_file: dict[_FileKey, list[RecordEdit]] = {}
        kinds: dict[str, Kind] = {}
        for edit in edits:
            record_edit = self._merge_edit(edit, faults)
            if record_edit is not None:
                kinds[edit.kind.name] = edit.kind
                edits_by_file.setdefault((edit.folder, edit.kind.name), []).append(record_edit)
        texts = {}
        for (folder_name, kind_name), record_edits in edits_by_file.items():
            path = f"{CONTENT_FOLDER}/{folder_name}/{kind_name}.json"
            kind = kinds[kind_name]
            old_text = self._content.read_text(path)
            new_text = (
                rewrite_records(old_text, kind, record_edits)
                if old_text
                else _format_new_file(kind, record_edits)
            )
            if new_text != old_text:
                texts[path] = (old_text, new_text)
        return texts

    def _merge_edit(self, edit: RowEdit, faults: list[SheetFault]) -> RecordEdit | None:
        """Return what becomes of a record in its file, None for nothing."""
        ours = self._find_record(edit.folder, (edit.kind.name, edit.record_id))
        if edit.value is None and not self._deletes:
            if ours is not None:
                message = f'"{edit.record_id}" has no row any more, and stays'
                faults.append(SheetFault(edit.place.locate(), message, "--delete removes it", is_error=False))
            return None
        merged = merge_records(edit.base, ours, edit.value, edit.kind)
        faults += [_describe_conflict(conflict, edit) for conflict in merged.conflicts]
        if merged.has_both and not merged.conflicts:
            message = f'the content says of "{edit.record_id}" what the sheet does not; both are kept'
            faults.append(
                SheetFault(edit.place.locate(), message, "look at the record as a whole", is_error=False)
            )
        if merged.conflicts or (merged.value is None and ours is None):
            return None
        if merged.value is None:
            return RecordEdit(edit.record_id, {}, is_removed=True)
        if ours is None:
            return RecordEdit(edit.record_id, merged.value, is_new=True)
        fields = {
            name: merged.value.get(name, ABSENT)
            for name in dict.fromkeys((*ours, *merged.value))
            if repr(merged.value.get(name, ABSENT)) != repr(ours.get(name, ABSENT))
        }
        return RecordEdit(edit.record_id, fields) if fields else None

    def _read_with(self, texts: Mapping[str, tuple[str, str]]) -> Content:
        """Return the content as it is with the new texts."""
        return read_content(
            self._content.root,
            self._content.schemas,
            max_bytes=self._max_bytes,
            unsaved_files={path: new_text.encode() for path, (_, new_text) in texts.items()},
            settings=self._content.settings,
            may_be_empty=True,
        )


def _normalize_fields(value: Mapping[str, Any], kind: Kind) -> Hashable:
    """Return what is equal for two records of a kind that say the same but for their ids."""
    return tuple(
        (name, _READER.normalize(value[name], kind.get_field(name) if name in kind else None))
        for name in sorted(value)
        if name != ID_FIELD
    )


def _rename(edit: RowEdit, record_id: str) -> RowEdit:
    if edit.record_id == record_id:
        return edit
    fields = {name: item for name, item in (edit.value or {}).items() if name != ID_FIELD}
    return edit._replace(record_id=record_id, value={ID_FIELD: record_id, **fields})


def _describe_conflict(conflict: Conflict, edit: RowEdit) -> SheetFault:
    """Return the fault of what the sheet and the content changed, each otherwise."""
    if not conflict.field_name:
        what = "the sheet removes the record" if edit.value is None else "the sheet changes the record"
        other = "is gone from the content" if conflict.ours is None else "was changed in the content since"
        return SheetFault(
            edit.place.locate(), f'{what} "{edit.record_id}", which {other}', "export again, and edit that"
        )
    kind = edit.kind
    title = kind.get_field(conflict.field_name).title if conflict.field_name in kind else conflict.field_name
    sides = {
        "the sheet": conflict.theirs,
        "the content": conflict.ours,
        "what was exported": conflict.base,
    }
    words = ", ".join(f"{side} has {_quote(value)}" for side, value in sides.items())
    return SheetFault(
        edit.place.locate([conflict.field_name]),
        f"{title}: {words}",
        "decide which holds, and write it in both",
    )


def _quote(value: Any) -> str:
    return "nothing" if value is None else quote_value(value)


def _format_new_file(kind: Kind, edits: Sequence[RecordEdit]) -> str:
    records = [dict(edit.fields) for edit in edits if edit.is_new]
    document = {"$schema": f"../../schema/{kind.name}{SCHEMA_SUFFIX}", "records": records}
    return format_canonical_json(format_json(document), kind)
