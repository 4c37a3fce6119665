"""What is longer than a cell of a workbook holds, whatever its schema allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Issue, Place, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

MAX_CELL_LENGTH = 32_767
"""Characters that a cell of a workbook holds, counted as units of UTF-16."""

# No label of what a record refers to, and no wording of its sentence, is so much longer than the record.
_MAX_GROWTH = 8


def find_cell_issues(content: Content) -> Iterator[Issue]:
    """Yield an issue for each text, list and sentence of a valid record that is too long for a cell.

    A spreadsheet would cut it, or move its end to the next rows, and so make it say something else.
    """
    for file in content.files:
        # No character takes more units in a cell than bytes in a file.
        if len(content.get_bytes(file.path)) * _MAX_GROWTH < MAX_CELL_LENGTH:
            continue
        for record in file.records:
            if record.is_valid and len(repr(record.value)) * _MAX_GROWTH > MAX_CELL_LENGTH:
                issues = [
                    _make_issue(place, name, length, record)
                    for place, name, text in _iter_field_texts(record, content)
                    if (length := _measure_cell(text)) > MAX_CELL_LENGTH
                ]
                yield from issues or _find_sentence_issues(record, content)


def _find_sentence_issues(record: Record, content: Content) -> Iterator[Issue]:
    from bmkit.sentence import format_sentence

    length = _measure_cell(format_sentence(record, content)) if record.kind.sentence_template else 0
    if length > MAX_CELL_LENGTH:
        yield _make_issue(record.locate_field("id"), "the sentence of the record", length, record)


def _make_issue(place: Place, name: str, length: int, record: Record) -> Issue:
    message = (
        f"{name} has {length:,} characters, over the {MAX_CELL_LENGTH:,} that a cell of a workbook holds"
    )
    return Issue(place, "shape.too-long", Severity.ERROR, message, held_against=(record.locate_field(),))


def _measure_cell(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _iter_field_texts(record: Record, content: Content) -> Iterator[tuple[Place, str, str]]:
    """Yield place, name and text of each value that has a cell of its own."""
    # Only a record as long as this pays for the import.
    from bmkit.write_json import format_json

    for field in record.kind.walk_fields():
        value: Any = record.value
        for name in field.path:
            value = value.get(name) if isinstance(value, dict) else None
        place = record.locate_field(*field.path)
        if isinstance(value, str):
            yield place, field.name, value
        elif isinstance(value, list):
            # As JSON it is as long as in any other form, but where the labels of ids are longer than these.
            targets = [
                content.get(field.target_kind, target_id, record)
                for target_id in value
                if field.target_kind and isinstance(target_id, str)
            ]
            labels = [str(target.value.get("label", "")) for target in targets if target is not None]
            yield place, field.name, max(format_json(value), "\n".join(labels), key=len)
