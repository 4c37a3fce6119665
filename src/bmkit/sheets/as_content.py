"""Content in which an article is as some sheets have it, to be compared with content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import TERMS_FOLDER
from bmkit.sheets.edits import RowEdit, RowPlace, SheetEdits, SheetPlaces
from bmkit.sheets.exported import describe_records
from bmkit.sheets.plan import plan_import

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.sheets.edits import RecordKey
    from bmkit.sheets.exported import Exported
    from bmkit.sheets.plan import ImportPlan

_NO_PLACE = RowPlace(SheetPlaces("", is_csv=False, columns={}), 0)


def plan_as_sheets(
    content: Content, sheet_edits: SheetEdits, exported: Exported, max_bytes: int
) -> ImportPlan:
    """Return what content would be if its article were as the sheets have it.

    An import keeps what content has changed since the export; here that is a difference, too.  Of shared
    terms those that the sheets do not have stay, and so does what an export leaves out of them.
    """
    current = describe_records(content, exported.article)
    edit_by_key = {(edit.kind.name, edit.record_id): edit for edit in sheet_edits.edits if edit.record_id}
    edits = [edit for edit in sheet_edits.edits if not edit.record_id]
    for key in dict.fromkeys((*exported.records, *edit_by_key, *current)):
        edit, was, now = edit_by_key.get(key), exported.records.get(key), current.get(key)
        if edit is not None:
            value = edit.value
        elif was is not None:
            value = was.parse_value()
        elif now is not None and now.folder != TERMS_FOLDER:
            value = None
        else:
            continue
        if key[0] in content.schemas:
            folder = next((record.folder for record in (now, was) if record is not None), "")
            base = now.parse_value() if now is not None else _find_unexported(content, folder, key)
            edits.append(RowEdit(content.schemas.get_kind(key[0]), folder, key[1], base, value, _NO_PLACE))
    return plan_import(content, SheetEdits(edits, [], {}), exported, deletes=True, max_bytes=max_bytes)


def _find_unexported(content: Content, folder_name: str, key: RecordKey) -> dict[str, Any] | None:
    """Return a record that an export does not have, such as one with errors."""
    folder = content.folders.get(folder_name)
    record = folder.ids_by_kind.get(key[0], {}).get(key[1]) if folder is not None else None
    return None if record is None else record.value
