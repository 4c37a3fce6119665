"""What reviewers say in the rows of a workbook: read from their cells, and made signatures of the content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.changes import Gravity
from bmkit.changes.words import format_field_change
from bmkit.content import Record
from bmkit.export.xlsx.columns import (
    REASON_NAME,
    REVIEW_COLUMNS,
    REVIEWER_NAME,
    REVIEWS_NAME,
    STATUS_NAME,
    STATUSES,
)
from bmkit.review.find import find_review, index_reviews
from bmkit.review.sign import Statement, Subject, sign_subjects
from bmkit.review.signature import find_changes_since, sign_record
from bmkit.rewrite import ABSENT
from bmkit.schema import Field
from bmkit.sheets.cells import CellError, CellReader
from bmkit.sheets.edits import RowStatement, SheetFault
from bmkit.sheets.read import EMPTY_CELL
from bmkit.today import resolve_today

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bmkit.content import Content
    from bmkit.review.find import Review
    from bmkit.sheets.edits import RowEdit
    from bmkit.sheets.read import SheetRow

_READERS = {
    column.name: CellReader(
        column, Field(column.name, (column.name,), column.heading, "", "text", values=column.choices), {}
    )
    for column in REVIEW_COLUMNS
    if column.name != REVIEWS_NAME
}
STATEMENT_NAMES = tuple(_READERS)
"""The names of the columns that reviewers fill in."""


def read_statement(
    row: SheetRow, positions: Mapping[str, int], add_fault: Callable[[str, SheetFault], None]
) -> RowStatement | None:
    """Return what a reviewer says of a row, None for nothing; `positions` are those of columns, by name.

    `add_fault` is called with the name of a column and what is wrong there, without its place.
    """
    texts: dict[str, str] = {}
    for name, reader in _READERS.items():
        cell = row.get_cell(positions[name]) if name in positions else EMPTY_CELL
        try:
            value, notes = reader.read(cell, None, has_base=False)
        except CellError as error:
            add_fault(name, SheetFault("", f"{reader.field.title}: {error.message}", error.hint))
            return None
        for note in notes:
            add_fault(name, SheetFault("", f"{reader.field.title}: {note}", is_error=False))
        texts[name] = "" if value is ABSENT else str(value)
    hint = f"choose an entry under {_READERS[STATUS_NAME].field.title}"
    if texts[STATUS_NAME] not in {"", *STATUSES}:  # yes or no is read everywhere
        add_fault(STATUS_NAME, SheetFault("", f'"{texts[STATUS_NAME]}" is not in the list', hint))
    elif texts[STATUS_NAME]:
        said_before = row.get_content(positions[REVIEWS_NAME])[1:] if REVIEWS_NAME in positions else ""
        return RowStatement(texts[STATUS_NAME], texts[REVIEWER_NAME], texts[REASON_NAME], said_before)
    elif texts[REASON_NAME]:
        add_fault(STATUS_NAME, SheetFault("", "a reason is given, and nothing is said of the row", hint))
    elif texts[REVIEWER_NAME]:
        message = "a name alone says nothing of the row"
        add_fault(STATUS_NAME, SheetFault("", message, hint, is_error=False))
    return None


def sign_rows(
    edits: Sequence[RowEdit], content: Content, reviewer: str
) -> tuple[dict[str, str], list[SheetFault]]:
    """Return the new texts of files of reviews, by path, and what cannot be signed.

    `content` has all edits in it, and its shape was looked at; `reviewer` speaks where a row names nobody.
    """
    signer = _Signer(content, reviewer)
    signings = [signing for edit in edits if (signing := signer.make_signing(edit)) is not None]
    return sign_subjects(signings, content), signer.faults


class _Signer:
    """Makes signatures of rows, as long as they say what the reviewer saw."""

    def __init__(self, content: Content, reviewer: str) -> None:
        self._content = content
        self._reviewer = reviewer
        self._reviews = index_reviews(content)
        self._day = resolve_today()
        self.faults: list[SheetFault] = []

    def make_signing(self, edit: RowEdit) -> tuple[Subject, Statement] | None:
        """Return what is signed, None, perhaps with a fault, for nothing."""
        said = edit.statement
        if said is None or edit.value is None:
            return None
        reviewer = said.reviewer or self._reviewer
        if not reviewer:
            message = f"nobody is named who calls it {said.status}"
            self._add_fault(edit, REVIEWER_NAME, message, "write your name, or give --as NAME")
            return None
        folder = self._content.folders.get(edit.folder)
        record = folder.ids_by_kind.get(edit.kind.name, {}).get(edit.record_id) if folder else None
        if record is None:
            self._add_fault(edit, STATUS_NAME, "it is gone from the content")
        elif not record.is_valid:
            self._add_fault(edit, STATUS_NAME, "it does not fit its schema, and cannot be signed")
        elif not self._refuse_unseen(edit, record):
            earlier = find_review(self._reviews, record, reviewer, self._content)
            if earlier is None or not self._is_known(earlier, edit):
                subject = Subject(edit.kind.name, edit.record_id, edit.folder, record)
                return subject, Statement(said.status, reviewer, self._day, said.reason)
        return None

    def _refuse_unseen(self, edit: RowEdit, record: Record) -> bool:
        """Return whether the content says of a record what is not in its row: nobody signs that unseen."""
        seen = Record(record.kind, record.folder, record.file, record.index, edit.value or {})
        side = (record, self._content)
        changes = [
            format_field_change(change, side, side)
            for change in find_changes_since(sign_record(seen), record)
            # An export leaves out some words of terms that other articles use, too.
            if change.gravity > Gravity.MINOR
        ]
        if changes:
            message = f"the content says something else of it: {'; '.join(changes)}"
            self._add_fault(edit, STATUS_NAME, message, "export again, and look at that")
        return bool(changes)

    def _is_known(self, earlier: Review, edit: RowEdit) -> bool:
        """Return whether the reviewer has said it already; a fault if it was something else meanwhile."""
        said = edit.statement
        if said is None or any(line.startswith(earlier.statement) for line in said.said_before.split("\n")):
            return False
        is_same = (said.status, said.reason) == (earlier.status, earlier.record.value.get("reason", ""))
        if not is_same or earlier.changes:
            message = f"since the export it was {earlier.format_line()}"
            self._add_fault(edit, STATUS_NAME, message, "export again, and look at that")
        return True

    def _add_fault(self, edit: RowEdit, name: str, message: str, hint: str = "") -> None:
        self.faults.append(SheetFault(edit.place.locate([name]), message, hint))
