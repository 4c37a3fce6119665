"""What was exported: the sheets of a workbook or of CSV files, their columns and lists, and each record."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.articles import iter_articles
from bmkit.export import csv as csv_export
from bmkit.export.xlsx.columns import UniqueLabels
from bmkit.export.xlsx.digest import restore_unstorable
from bmkit.export.xlsx.origin import ARTICLE_LABEL, FORMAT_LABEL, WORKBOOK_FORMAT
from bmkit.export.xlsx.sheet import LISTS_SHEET, MAP_SHEET, RECORDS_SHEET, make_sheets
from bmkit.export.xlsx.validation import ID_HEADING, DropdownLists
from bmkit.jsontext import JsonError, parse_json
from bmkit.sheets.archive import WorkbookError
from bmkit.sheets.csv_files import CSV_SUFFIX, read_text
from bmkit.tables import make_table, project_tables
from bmkit.write_json import format_exact_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bmkit.content import Content
    from bmkit.schema import Schemas
    from bmkit.sheets.csv_files import CsvFolder
    from bmkit.sheets.read import WorkbookReader
    from bmkit.tables import Table

# Of the sheet that says which column is which field, counted from 1.
_FIRST_COLUMN_ROW, _MAP_WIDTH = 5, 7
_FORMATS_WITHOUT_REVIEWS = ("1", "2")
# Six columns and the cells of a record, of 32,000 characters each.
_RECORDS_WIDTH = 6 + 64


class ExportedColumn(NamedTuple):
    """A column as it was exported: its heading, the name of its field, "" for the sentence."""

    heading: str
    name: str


class ExportedSheet(NamedTuple):
    """A sheet as it was exported, or with headings of its own, as the settings map them.

    `constants` has the text of a field of every row, by the field, `units` the unit that a number has, by its
    field.
    """

    kind_name: str
    name: str
    columns: tuple[ExportedColumn, ...]
    is_mapped: bool = False
    constants: Mapping[str, str] = {}
    units: Mapping[str, str] = {}


class ExportedRecord(NamedTuple):
    """A record as it was exported, with the digests of its row, which are "" where nobody kept them."""

    folder: str
    cells_digest: str
    sentence_digest: str
    text: str
    reviews_digest: str = ""

    def parse_value(self) -> dict[str, Any]:
        """Return the record; WorkbookError if its text is none."""
        try:
            value = parse_json(self.text.encode("utf-8", "surrogatepass"))
        except JsonError:
            value = None
        if not isinstance(value, dict):
            raise WorkbookError("what was exported is damaged in it; export it again")
        return value


class Exported(NamedTuple):
    """All that was exported: records by kind and id, and the code of each entry by list.

    `labels` has for each kind the label of each id that may be referred to, `codes` for each field name the
    code of each entry of its closed list.
    """

    article: str
    sheets: tuple[ExportedSheet, ...]
    records: dict[tuple[str, str], ExportedRecord]
    labels: dict[str, dict[str, str]]
    codes: dict[tuple[str, str], dict[str, str]]

    def get_labels(self, kind_name: str) -> dict[str, str]:
        """Return the shown label of each id of a kind that could be chosen."""
        return self.labels.get(kind_name, {})


def read_exported(book: WorkbookReader) -> Exported | None:
    """Return what the hidden sheets of a workbook say; None if it has none that bmkit can read.

    WorkbookError if a newer bmkit wrote it.
    """
    if not {MAP_SHEET, LISTS_SHEET, RECORDS_SHEET} <= book.sheets.keys():
        return None
    rows = dict(_iter_texts(book, MAP_SHEET, _MAP_WIDTH))
    settings = {row[0]: row[1] for number, row in rows.items() if number < _FIRST_COLUMN_ROW}
    version = settings.get(FORMAT_LABEL, "")
    _refuse_newer_format(version, WORKBOOK_FORMAT)
    lists = _read_lists(book)
    columns: dict[tuple[str, str], list[ExportedColumn]] = {}
    codes = {}
    for number, (kind_name, sheet_name, _, name, _, heading, letters) in rows.items():
        if number >= _FIRST_COLUMN_ROW:
            columns.setdefault((kind_name, sheet_name), []).append(ExportedColumn(heading, name))
            if letters in lists and not lists[letters][2]:
                codes[kind_name, name] = lists[letters][1]
    return Exported(
        settings.get(ARTICLE_LABEL, ""),
        tuple(ExportedSheet(kind, name, tuple(found)) for (kind, name), found in columns.items()),
        _read_records(book, has_reviews=version not in _FORMATS_WITHOUT_REVIEWS),
        _collect_labels(lists),
        codes,
    )


def read_exported_csv(folder: str, book: CsvFolder, schemas: Schemas) -> Exported | None:
    """Return what the records beside CSV files say was exported; None if there are none.

    WorkbookError if they cannot be read, or a newer bmkit wrote them.
    """
    path = os.path.join(folder, csv_export.RECORDS_FILE)
    if not os.path.lexists(path):
        return None
    rows = [line.split("\t") for line in read_text(path, book.max_bytes).splitlines()]
    settings = {row[0]: row[1] for row in rows if len(row) == 2}  # noqa: PLR2004  a record has five
    _refuse_newer_format(settings.get(csv_export.FORMAT_LABEL, ""), csv_export.CSV_FORMAT)
    records = {}
    try:
        for kind_name, folder_name, record_id, digest, text in rows[len(settings) :]:
            key = (json.loads(kind_name), json.loads(record_id))
            records[key] = ExportedRecord(json.loads(folder_name), digest, "", text)
    except ValueError:
        raise WorkbookError(f"{path}: is damaged; export it again") from None
    kind_names = [kind_name for kind_name, _ in records]
    sheets = _list_csv_sheets(kind_names, book, schemas)
    return Exported(settings.get(csv_export.ARTICLE_LABEL, ""), sheets, records, {}, {})


def _list_csv_sheets(
    kind_names: Iterable[str], book: CsvFolder, schemas: Schemas
) -> tuple[ExportedSheet, ...]:
    """Return the files that were exported, and others that are of a kind."""
    other_names = [name.removesuffix(CSV_SUFFIX) for name in book.sheets]
    sheets = []
    for name in dict.fromkeys([*kind_names, *(name for name in other_names if name in schemas)]):
        columns = make_table(schemas.get_kind(name), ()).columns if name in schemas else ()
        exported_columns = tuple(ExportedColumn(column.name, column.name) for column in columns)
        sheets.append(ExportedSheet(name, f"{name}{CSV_SUFFIX}", exported_columns))
    return tuple(sheets)


def _refuse_newer_format(version: str, known_version: int) -> None:
    if version.isdecimal() and int(version) > known_version:
        raise WorkbookError(
            f"it was written by a newer bmkit: its format is {version}, and this one reads {known_version}"
        )


def describe_csv(content: Content, article_name: str, book: CsvFolder) -> Exported:
    """Return what an export of an article of the content would have in its CSV files now."""
    article = next(article for article in iter_articles(content) if article.name == article_name)
    records = _describe_tables(project_tables(article.content))
    sheets = _list_csv_sheets((kind_name for kind_name, _ in records), book, content.schemas)
    return Exported(article_name, sheets, records, {}, {})


def describe_mapped(content: Content, article_name: str, sheet_names: Collection[str]) -> Exported | None:
    """Return what the settings say of the sheets of a workbook, None if they say nothing of any."""
    mappings = {name: sheet for name, sheet in content.settings.sheets.items() if name in sheet_names}
    if not mappings:
        return None
    kind_names = dict.fromkeys(sheet.kind for sheet in mappings.values())
    exported = describe_content(content, article_name, [*kind_names])
    sheets = [
        ExportedSheet(
            sheet.kind,
            name,
            tuple(ExportedColumn(heading, field) for heading, field in sheet.fields_by_heading.items()),
            is_mapped=True,
            constants=sheet.constants,
            units={sheet.fields_by_heading[heading]: unit for heading, unit in sheet.units.items()},
        )
        for name, sheet in mappings.items()
    ]
    return exported._replace(sheets=tuple(sheets))


def describe_content(content: Content, article_name: str, blank_kinds: Sequence[str] = ()) -> Exported:
    """Return what an export of an article of the content would have in its workbook now.

    With `blank_kinds` it is that of empty sheets of these kinds.
    """
    article = next(article for article in iter_articles(content) if article.name == article_name)
    tables = tuple(make_table(content.schemas.get_kind(name), ()) for name in blank_kinds)
    tables = tables or project_tables(article.content)
    labels = UniqueLabels(tables, article.vocabulary.list_records)
    lists = DropdownLists(labels)
    sheets = []
    codes = {}
    for sheet in make_sheets(tables, labels):
        columns = []
        for sheet_column in sheet.columns:
            columns.append(ExportedColumn(sheet_column.heading, sheet_column.name))
            letters = lists.assign_letters(sheet_column)
            _, codes_by_entry, has_ids = lists.collect_lists().get(letters, ("", {}, True))
            if not has_ids:
                codes[sheet.table.name, sheet_column.name] = codes_by_entry
        sheets.append(ExportedSheet(sheet.table.name, sheet.name, tuple(columns)))
    lists.add_labels()
    records = _describe_tables(tables)
    return Exported(article_name, tuple(sheets), records, _collect_labels(lists.collect_lists()), codes)


def describe_records(content: Content, article_name: str) -> dict[tuple[str, str], ExportedRecord]:
    """Return the records that an export of an article would have now; none if there is no such article."""
    articles = (article for article in iter_articles(content) if article.name == article_name)
    return {
        key: record
        for article in articles
        for key, record in _describe_tables(project_tables(article.content)).items()
    }


def _describe_tables(tables: Iterable[Table]) -> dict[tuple[str, str], ExportedRecord]:
    return {
        (record.kind.name, record.id): ExportedRecord(record.folder, "", "", format_exact_json(record.value))
        for table in tables
        for record in table.records
    }


def _collect_labels(lists: dict[str, tuple[str, dict[str, str], bool]]) -> dict[str, dict[str, str]]:
    return {
        kind_name: {record_id: label for label, record_id in entries.items()}
        for kind_name, entries, has_ids in lists.values()
        if has_ids
    }


def _iter_texts(book: WorkbookReader, sheet_name: str, width: int) -> Iterator[tuple[int, list[str]]]:
    for row in book.sheets[sheet_name].iter_rows(max_columns=width):
        yield row.number, [content[1:] for content in row.contents]


def _read_lists(book: WorkbookReader) -> dict[str, tuple[str, dict[str, str], bool]]:
    """Return the lists as DropdownLists.collect_lists has them."""
    from openpyxl.utils import get_column_letter

    sheet = book.sheets[LISTS_SHEET]
    width = len(next(sheet.iter_rows()).contents)
    headings, *rows = [texts for _, texts in _iter_texts(book, LISTS_SHEET, width)] or [[]]
    lists = {}
    for index in range(0, len(headings) - 1, 2):
        entries = {restore_unstorable(row[index]): row[index + 1] for row in rows if row[index + 1]}
        lists[get_column_letter(index + 1)] = (headings[index], entries, headings[index + 1] == ID_HEADING)
    return lists


def _read_records(book: WorkbookReader, *, has_reviews: bool) -> dict[tuple[str, str], ExportedRecord]:
    records = {}
    for number, row in _iter_texts(book, RECORDS_SHEET, _RECORDS_WIDTH):
        if number == 1:
            continue
        kind_name, folder, record_id, cells_digest, sentence_digest, *parts = row
        reviews_digest = parts.pop(0) if has_reviews and parts else ""
        records[kind_name, record_id] = ExportedRecord(
            folder, cells_digest, sentence_digest, "".join(parts), reviews_digest
        )
    return records
