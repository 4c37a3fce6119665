"""Notes: what editors note about differences between our reading and the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

_NOTE_KIND = "editorial-note"
_EXPLAINED_FIELDS = "explains"


@rule(Severity.WARNING, across_articles=True)
def unreferenced(content: Content) -> Faults:
    """No record refers to an editorial note.

    Readers of the fact that it is about do not learn that the article states something else.
    """
    if any(folder.unread_kinds for folder in content.folders.values()):
        return
    referenced_note_keys: set[int] = set()
    for mention in content.iter_field_references():
        if mention.field.target_kind == _NOTE_KIND:
            mentioning_record = mention.records[0]
            referenced_note_keys.update(
                id(content.get(_NOTE_KIND, target, mentioning_record)) for target in mention.target_ids
            )
    for record in content.find_invalid_records():
        notes = record.value.get("notes")
        note_ids = [
            note_id for note_id in (notes if isinstance(notes, list) else []) if isinstance(note_id, str)
        ]
        referenced_note_keys.update(id(content.get(_NOTE_KIND, note_id, record)) for note_id in note_ids)
    for record in content.list_records(_NOTE_KIND):
        if id(record) not in referenced_note_keys:
            message = f'no record refers to the editorial note "{record.id}"'
            yield (
                record.locate_field("id"),
                message,
                "add its id to the notes of the records that it is about",
            )


@rule(Severity.ERROR, fix="correct the path of the field that it explains")
def unknown_field(content: Content) -> Faults:
    """A note explains a field that records of this kind do not have.

    The field that was meant stays unexplained, and what the text does not say of it is not excused.
    """
    for kind in content.list_kinds():
        for field in kind.walk_fields():
            is_explaining = field.name == _EXPLAINED_FIELDS and len(field.path) > 1
            for record in content.list_records(kind.name) if is_explaining else ():
                for parts, explained_path in record.list_values_with_paths(field):
                    try:
                        kind.get_field(explained_path)
                    except KeyError as error:
                        # Only a faulty note pays for this import.
                        from bmkit.suggest import suggest_hint

                        known_paths = [".".join(known_field.path) for known_field in kind.walk_fields()]
                        hint = suggest_hint(
                            explained_path, known_paths, f"bmkit fields {kind.name} lists them"
                        )
                        yield record.locate_field(*parts), str(error.args[0]), hint
