"""The rows of a workbook held against what was exported: which records were changed, added and left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.utils import range_boundaries

from bmkit.changes.values import ValueReader
from bmkit.content import REVIEW_KIND
from bmkit.export.xlsx.columns import REVIEW_PREFIX, REVIEWS_NAME
from bmkit.export.xlsx.digest import hash_cells
from bmkit.export.xlsx.sheet import COVER_SHEET, LISTS_SHEET, MAP_SHEET, RECORDS_SHEET
from bmkit.letters import to_latin_letters
from bmkit.rewrite import ABSENT
from bmkit.sheets.cells import CellError, CellReader, make_cell_reader
from bmkit.sheets.columns import FoundColumns, find_columns
from bmkit.sheets.csv_cells import CsvCellReader
from bmkit.sheets.csv_files import CSV_SUFFIX
from bmkit.sheets.edits import (
    RecordKey,
    RowEdit,
    RowPlace,
    RowStatement,
    SheetEdits,
    SheetFault,
    SheetPlaces,
)
from bmkit.sheets.read import SheetCell
from bmkit.sheets.statements import read_statement
from bmkit.suggest import suggest_hint
from bmkit.tables import ID_FIELD, make_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bmkit.schema import Field, Kind, Schemas
    from bmkit.sheets.csv_files import CsvFolder, CsvSheet
    from bmkit.sheets.exported import Exported, ExportedRecord, ExportedSheet
    from bmkit.sheets.read import SheetReader, SheetRow, WorkbookReader
    from bmkit.tables import Column

_LABEL_FIELD = "label"
# Columns beside those with headings that are looked into.
_EXTRA_COLUMNS = 8
_ID_WORDS = 6
_READER = ValueReader({})


def read_edits(
    book: WorkbookReader | CsvFolder,
    exported: Exported,
    schemas: Schemas,
    read_span_digest: Callable[[int, int], str] | None = None,
) -> SheetEdits:
    """Return what was changed on sheets since their export, with the faults of their cells.

    `read_span_digest` is as CellReader has it.  WorkbookError if a sheet cannot be read.
    """
    return _EditReader(book, exported, schemas, read_span_digest).read()


def propose_id(text: str, taken_ids: set[str]) -> str:
    """Return an id of the first words of a text that is none of those taken; and take it."""
    words = re.findall("[a-z0-9]+", to_latin_letters(text).lower())[:_ID_WORDS]
    stem = "-".join(words) or "record"
    record_id, number = stem, 1
    while record_id in taken_ids:
        number += 1
        record_id = f"{stem}-{number}"
    taken_ids.add(record_id)
    return record_id


class _Constant(NamedTuple):
    """The value of a field in every row; with `only_beside` in those that have a value there."""

    path: tuple[str, ...]
    value: Any
    only_beside: tuple[str, ...] = ()


class _SheetColumns(NamedTuple):
    """Where the columns of a sheet are now, in exported order; the position of one that is gone is None."""

    places: SheetPlaces
    positions: tuple[int | None, ...]
    readers: tuple[CellReader | CsvCellReader | None, ...]
    id_position: int | None
    sentence_position: int | None
    review_positions: Mapping[str, int]
    width: int
    name_column: Callable[[int], str]
    constants: tuple[_Constant, ...] = ()


class _ChangedRow(NamedTuple):
    sheet: ExportedSheet
    columns: _SheetColumns
    row: SheetRow
    key: RecordKey
    record: ExportedRecord | None


class _EditReader:
    """Sheets on their way to their edits."""

    def __init__(
        self,
        book: WorkbookReader | CsvFolder,
        exported: Exported,
        schemas: Schemas,
        read_span_digest: Callable[[int, int], str] | None,
    ) -> None:
        self._book = book
        self._exported = exported
        self._schemas = schemas
        self._read_span_digest = read_span_digest
        self._faults: list[SheetFault] = []
        self._places: dict[RecordKey, RowPlace] = {}
        self._missing: dict[RecordKey, ExportedRecord] = {}
        self._choices_by_kind = {
            kind_name: {label: record_id for record_id, label in labels.items()}
            for kind_name, labels in exported.labels.items()
        }
        self._records_by_kind: dict[str, dict[str, ExportedRecord]] = {}
        for (kind_name, record_id), record in exported.records.items():
            self._records_by_kind.setdefault(kind_name, {})[record_id] = record
        self._known_digests = {
            digest
            for record in exported.records.values()
            for digest in (record.sentence_digest, record.reviews_digest)
        }

    def read(self) -> SheetEdits:
        self._note_extra_sheets()
        changed_rows = [changed for sheet in self._exported.sheets for changed in self._read_sheet(sheet)]
        changed_rows = self._refuse_new_ids(changed_rows)
        self._add_edited_labels(changed_rows)
        edits = [edit for changed in changed_rows if (edit := self._read_row(changed)) is not None]
        edits += [
            self._make_removal(key, record)
            for key, record in self._missing.items()
            if key[0] != REVIEW_KIND  # nobody takes back here what somebody has said
        ]
        return SheetEdits(edits, self._faults, self._places)

    def _add_fault(self, place: str, message: str, hint: str = "", *, is_error: bool = True) -> None:
        self._faults.append(SheetFault(place, message, hint, is_error))

    def _note_extra_sheets(self) -> None:
        known_names = {sheet.name for sheet in self._exported.sheets}
        missing_names = known_names - self._book.sheets.keys()
        known_names |= {COVER_SHEET, LISTS_SHEET, MAP_SHEET, RECORDS_SHEET}
        for name in self._book.sheets:
            if name not in known_names:
                self._add_fault(
                    name,
                    "was not exported and is not imported",
                    suggest_hint(name, missing_names),
                    is_error=False,
                )

    def _read_sheet(self, sheet: ExportedSheet) -> Iterator[_ChangedRow]:
        """Yield the rows of a sheet that differ from what was exported, and all that are new."""
        reader = self._book.sheets.get(sheet.name)
        if reader is None:
            self._add_fault(sheet.name, "is gone; its records stay as they are", is_error=False)
            return
        if sheet.kind_name not in self._schemas:
            self._add_fault(sheet.name, f'there is no kind "{sheet.kind_name}" any more')
            return
        found_columns = find_columns(sheet, reader, self._faults)
        if found_columns is None:
            return
        columns = self._make_columns(sheet, reader, found_columns)
        self._report_marks(reader, columns)
        exported_ids = self._records_by_kind.get(sheet.kind_name, {})
        seen_rows: dict[str, int] = {}
        has_strays = False
        for row in reader.iter_rows(2, columns.width + _EXTRA_COLUMNS):
            id_position = columns.id_position
            record_id = "" if id_position is None else _read_id(row.get_content(id_position))
            if id_position is not None and record_id and record_id in seen_rows:
                for number in (seen_rows[record_id], row.number):
                    place = columns.places.format_place(number, columns.name_column(id_position))
                    self._add_fault(
                        place, f'the id "{record_id}" stands in two rows', "give the copy an id of its own"
                    )
                continue
            if record_id:
                seen_rows[record_id] = row.number
                self._places[sheet.kind_name, record_id] = RowPlace(columns.places, row.number)
            elif not any(content[1:].strip() for content in row.contents):
                continue
            if (reader.is_csv or not has_strays) and any(row.contents[columns.width :]):
                has_strays = True
                self._report_strays(columns.places, row, columns.width)
                if reader.is_csv:
                    continue
            record = exported_ids.get(record_id)
            if record is None or _has_row_changed(row, columns, record) or reader.has_strikes(row):
                yield _ChangedRow(sheet, columns, row, (sheet.kind_name, record_id), record)
        self._missing.update(
            ((sheet.kind_name, record_id), record)
            for record_id, record in exported_ids.items()
            if record_id not in seen_rows
        )

    def _report_strays(self, places: SheetPlaces, row: SheetRow, width: int) -> None:
        """Tell of what stands beside the columns with headings; in a CSV file cells are counted: refuse."""
        place = places.format_place(row.number)
        if places.is_csv:
            message = f"the row has {len(row.contents)} cells, under {width} headings"
            self._add_fault(place, message, "a cell with a comma in it must stand in quotation marks")
        else:
            message = "what stands in columns without a heading is not imported"
            self._add_fault(place, message, is_error=False)

    def _make_columns(
        self, sheet: ExportedSheet, sheet_reader: SheetReader | CsvSheet, found_columns: FoundColumns
    ) -> _SheetColumns:
        positions, width = found_columns
        kind = self._schemas.get_kind(sheet.kind_name)
        columns_by_name = {column.name: column for column in make_table(kind, ()).columns}
        readers: list[CellReader | CsvCellReader | None] = []
        names: dict[str, str] = {}
        id_position, sentence_position = None, None
        review_positions: dict[str, int] = {}
        for column, position in zip(sheet.columns, positions, strict=True):
            reader: CellReader | CsvCellReader | None = None
            if not column.name:
                sentence_position = position
            elif column.name == ID_FIELD:
                id_position = position
            elif column.name.startswith(REVIEW_PREFIX):
                if position is not None:
                    review_positions[column.name] = position
            elif column.name not in columns_by_name:
                self._add_fault(
                    sheet.name,
                    f'the column "{column.heading}" is of the field {column.name}, which {kind.name} '
                    "does not have any more; it is not imported",
                    is_error=False,
                )
            elif sheet_reader.is_csv:
                reader = CsvCellReader(columns_by_name[column.name], self._read_span_digest)
            else:
                table_column = columns_by_name[column.name]
                ids_by_label = self._choices_by_kind.setdefault(table_column.field.target_kind, {})
                reader = make_cell_reader(
                    table_column, kind, self._exported, ids_by_label, self._read_span_digest
                )
            if position is not None and column.name:
                names[column.name] = sheet_reader.name_column(position)
            readers.append(reader)
        places = SheetPlaces(sheet.name, sheet_reader.is_csv, names)
        return _SheetColumns(
            places,
            positions,
            tuple(readers),
            id_position,
            sentence_position,
            review_positions,
            width,
            sheet_reader.name_column,
            tuple(self._read_constants(sheet, kind, columns_by_name)),
        )

    def _read_constants(
        self, sheet: ExportedSheet, kind: Kind, columns_by_name: Mapping[str, Column]
    ) -> Iterator[_Constant]:
        """Yield what the settings say of all rows of a sheet; what cannot be read is a fault."""
        texts: list[tuple[str, str, tuple[str, ...]]]
        texts = [(name, text, ()) for name, text in sheet.constants.items()]
        for name, unit in sheet.units.items():
            path = columns_by_name[name].path
            texts.append((".".join((*path[:-1], "unit")), unit, path))
        for name, text, only_beside in texts:
            column = columns_by_name[name]
            ids_by_label = self._choices_by_kind.setdefault(column.field.target_kind, {})
            reader = make_cell_reader(column, kind, self._exported, ids_by_label, self._read_span_digest)
            try:
                value = reader.read(SheetCell(text, "s"), None, has_base=False).value
            except CellError as error:
                place = f'{sheet.name} (bmkit.toml: import.sheets."{sheet.name}".constants."{name}")'
                self._add_fault(place, error.message, error.hint)
            else:
                yield _Constant(column.path, value, only_beside)

    def _report_marks(self, reader: SheetReader | CsvSheet, columns: _SheetColumns) -> None:
        """Refuse merged cells below the headings, and tell of comments there."""
        for merged_range in reader.marks.merged_ranges:
            left, _, _, bottom = range_boundaries(merged_range.replace("$", ""))
            if (bottom or 0) > 1 and (left or 0) <= columns.width:
                self._add_fault(
                    f"{reader.name}!{merged_range}",
                    "these cells are merged, and only the first of them holds anything",
                    "split them, and fill in each",
                )
        for place, comment in reader.marks.comments.items():
            if place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "1":
                message = f'a comment is not imported: "{" ".join(comment.split())}"'
                self._add_fault(f"{reader.name}!{place}", message, is_error=False)

    def _refuse_new_ids(self, changed_rows: list[_ChangedRow]) -> list[_ChangedRow]:
        """Drop rows that are those of another record, with a fault: their id was changed, or their sheet."""
        missing_by_digest = {
            (kind_name, record.cells_digest): (kind_name, record_id)
            for (kind_name, record_id), record in self._missing.items()
            if record.cells_digest
        }
        missing_by_sentence = {
            (kind_name, record.sentence_digest): (kind_name, record_id)
            for (kind_name, record_id), record in self._missing.items()
            if record.sentence_digest
        }
        kinds_by_id: dict[str, list[str]] = {}
        for kind_name, record_id in self._exported.records:
            kinds_by_id.setdefault(record_id, []).append(kind_name)
        kept_rows = []
        for changed in changed_rows:
            if changed.record is not None:
                kept_rows.append(changed)
                continue
            kind_name, record_id = changed.key
            cells_digest, sentence_digest, _ = _hash_row(changed.row, changed.columns)
            old_key = missing_by_digest.get((kind_name, cells_digest)) or missing_by_sentence.get(
                (kind_name, sentence_digest)
            )
            place = _locate(changed, changed.columns.id_position or 0)
            other_kinds = [
                other
                for other in kinds_by_id.get(record_id, ())
                if (other, record_id) in self._missing
                or self._exported.records[other, record_id].cells_digest == cells_digest
            ]
            if old_key is not None:
                what = f'changed to "{record_id}"' if record_id else "taken away"
                self._add_fault(
                    place,
                    f'the id "{old_key[1]}" was {what}',
                    "write the old id again; bmkit rename changes ids",
                )
                self._missing.pop(old_key, None)
            elif other_kinds:
                self._add_fault(
                    place, f'"{record_id}" is a record of {other_kinds[0]}, not of {kind_name}',
                    "were sheets renamed, or rows moved to another sheet?",
                )  # fmt: skip
                self._missing.pop((other_kinds[0], record_id), None)
            else:
                kept_rows.append(changed)
        return kept_rows

    def _add_edited_labels(self, changed_rows: list[_ChangedRow]) -> None:
        """Let references name records as the workbook calls them now; what they were called counts first.

        Where a new label is that of two records, none of them can be named by it.
        """
        ids_by_label: dict[RecordKey, list[str]] = {}
        for changed in changed_rows:
            kind_name, record_id = changed.key
            for position, column in zip(changed.columns.positions, changed.sheet.columns, strict=True):
                if column.name == _LABEL_FIELD and position is not None:
                    label = changed.row.get_content(position)[1:].strip()
                    old_label = changed.record.parse_value().get(_LABEL_FIELD) if changed.record else None
                    if label and label != old_label:
                        ids_by_label.setdefault((kind_name, label), []).append(record_id)
        for (kind_name, label), record_ids in ids_by_label.items():
            if len(record_ids) == 1 and record_ids[0]:
                self._choices_by_kind.setdefault(kind_name, {}).setdefault(label, record_ids[0])

    def _read_row(self, changed: _ChangedRow) -> RowEdit | None:
        """Return the edit of a row; None, with faults, if it has none or cannot be read."""
        sheet, columns, row, key, record = changed
        kind = self._schemas.get_kind(sheet.kind_name)
        base = record.parse_value() if record is not None else None
        is_readable = self._check_generated(changed)
        statement = self._read_statement(changed)
        value: dict[str, Any] = dict(base or {})
        changed_names = []
        for column, position, reader in zip(sheet.columns, columns.positions, columns.readers, strict=True):
            if reader is None or position is None:
                continue
            path = reader.field.path
            base_value = _get_value(base, path)
            place = _locate(changed, position)
            heading_words = "" if columns.places.is_csv else f"{column.heading}: "
            try:
                new_value, notes = reader.read(row.get_cell(position), base_value, has_base=base is not None)
            except CellError as error:
                self._add_fault(place, f"{heading_words}{error.message}", error.hint)
                is_readable = False
                continue
            for note in notes:
                self._add_fault(place, f"{heading_words}{note}", is_error=False)
            if new_value is not base_value and not _is_same(new_value, base_value, reader.field):
                changed_names.append(column.name)
                value[path[0]] = _set_value(
                    value.get(path[0], ABSENT), path[1:], new_value, kind.get_field(path[0])
                )
        if not is_readable or (base is not None and not changed_names and statement is None):
            return None
        if kind.name == REVIEW_KIND:
            self._add_fault(
                columns.places.format_place(row.number),
                "what reviewers have said is not changed here",
                "say it in the row of the record, under Your review, or with bmkit review sign",
            )
            return None
        if not any(item is not ABSENT for item in value.values()) and not key[1]:
            return None
        for path, constant, only_beside in columns.constants:
            if not only_beside or _get_value(value, only_beside) is not None:
                value[path[0]] = _set_value(
                    value.get(path[0], ABSENT), path[1:], constant, kind.get_field(path[0])
                )
        value = {name: item for name, item in value.items() if item is not ABSENT}
        if base is None:
            rank = {field.name: number for number, field in enumerate(kind.fields)}
            fields = {ID_FIELD: key[1], **value} if key[1] else value
            value = dict(sorted(fields.items(), key=lambda item: rank.get(item[0], len(rank))))
        folder = record.folder if record is not None else ""
        row_place = RowPlace(columns.places, row.number, changed_names)
        return RowEdit(kind, folder, key[1], base, value, row_place, statement)

    def _read_statement(self, changed: _ChangedRow) -> RowStatement | None:
        """Return what a reviewer says of a row, None for nothing."""
        positions = changed.columns.review_positions
        if not positions:
            return None

        def add_fault(name: str, fault: SheetFault) -> None:
            position = positions.get(name, changed.columns.id_position or 0)
            self._faults.append(fault._replace(place=_locate(changed, position)))

        return read_statement(changed.row, positions, add_fault)

    def _check_generated(self, changed: _ChangedRow) -> bool:
        """Return whether sentence and reviews of a row are as they were; a new row may have any exported."""
        columns, record = changed.columns, changed.record
        is_same = True
        for position, what, exported_digest, hint in (
            (
                columns.sentence_position,
                "the sentence was changed, which is made from the other cells",
                record.sentence_digest if record is not None else "",
                "change the other cells, and write the old sentence again",
            ),
            (
                columns.review_positions.get(REVIEWS_NAME),
                "what reviewers have said was changed",
                record.reviews_digest if record is not None else "",
                "write it again, and choose an entry under Your review",
            ),
        ):
            if position is None:
                continue
            content = changed.row.get_content(position)
            digest = hash_cells([content]) if content else ""
            if record is None and content and digest not in self._known_digests:
                message = "is not imported: it is made from the other cells"
                self._add_fault(_locate(changed, position), message, is_error=False)
            elif record is not None and record.cells_digest and digest != exported_digest:
                self._add_fault(_locate(changed, position), what, hint)
                is_same = False
        return is_same

    def _make_removal(self, key: RecordKey, record: ExportedRecord) -> RowEdit:
        sheet_name = next(sheet.name for sheet in self._exported.sheets if sheet.kind_name == key[0])
        kind = self._schemas.get_kind(key[0])
        place = RowPlace(SheetPlaces(sheet_name, sheet_name.endswith(CSV_SUFFIX), {}), 0)
        return RowEdit(kind, record.folder, key[1], record.parse_value(), None, place)


def _locate(changed: _ChangedRow, position: int) -> str:
    columns = changed.columns
    return columns.places.format_place(changed.row.number, columns.name_column(position))


def _read_id(content: str) -> str:
    """Return the id that a cell holds; one of digits alone may have become a number."""
    return content[1:].strip()


def _hash_row(row: SheetRow, columns: _SheetColumns) -> tuple[str, str, str]:
    """Return the digests of the cells of a row, of its sentence and its reviews, as the export has them."""
    reviews_position = columns.review_positions.get(REVIEWS_NAME)
    special_positions = (columns.id_position, columns.sentence_position, reviews_position)
    contents = [
        row.get_content(position) if position is not None else ""
        for position in columns.positions
        if position is None or position not in special_positions
    ]
    sentence_digest, reviews_digest = (
        hash_cells([content]) if position is not None and (content := row.get_content(position)) else ""
        for position in special_positions[1:]
    )
    return hash_cells(contents), sentence_digest, reviews_digest


def _has_row_changed(row: SheetRow, columns: _SheetColumns, record: ExportedRecord) -> bool:
    cells_digest, sentence_digest, reviews_digest = _hash_row(row, columns)
    return (
        cells_digest != record.cells_digest
        or (columns.sentence_position is not None and sentence_digest != record.sentence_digest)
        or (REVIEWS_NAME in columns.review_positions and reviews_digest != record.reviews_digest)
    )


def _get_value(record: dict[str, Any] | None, path: tuple[str, ...]) -> Any:
    value: Any = record
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _set_value(value: Any, path: tuple[str, ...], new_value: Any, field: Field) -> Any:
    """Return a value with another inside it, its members in the order of the schema; ABSENT for nothing."""
    if not path:
        return new_value
    members = dict(value) if isinstance(value, dict) else {}
    member_field = field.get_field(path[0])
    members[path[0]] = _set_value(members.get(path[0], ABSENT), path[1:], new_value, member_field)
    rank = {member.name: number for number, member in enumerate(field.fields)}
    kept_members = {
        name: members[name]
        for name in sorted(members, key=lambda name: rank.get(name, len(rank)))
        if members[name] is not ABSENT
    }
    return kept_members or ABSENT


def _is_same(value: Any, base: Any, field: Field) -> bool:
    if value is ABSENT or base is None:
        return value is ABSENT and base is None
    return bool(_READER.normalize(value, field) == _READER.normalize(base, field))
