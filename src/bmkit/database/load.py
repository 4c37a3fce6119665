"""Content as rows of an SQLite database."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.database.definitions import iter_definitions
from bmkit.database.schema import ABOUT_TABLE, SEARCH_TABLE, SENTENCES_TABLE, make_sql_tables, quote_name
from bmkit.errors import BmkitError
from bmkit.sentence import TemplateError, format_sentence
from bmkit.tables import hash_tables, project_tables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bmkit.content import Content, Record
    from bmkit.database.schema import FieldPath, SqlTable
    from bmkit.schema import Field, Kind, Schemas


class DatabaseError(BmkitError):
    """A content that SQLite cannot hold; the message is one line."""


_NOTICE = "What an article says, for editors and analysts; not a medical device, and no basis for treatment."


def fill_database(
    connection: sqlite3.Connection,
    content: Content,
    about: Mapping[str, str],
    tick: Callable[[int], None] | None = None,
) -> tuple[SqlTable, ...]:
    """Create the tables of a content in an empty database, fill them and return them.

    Every record must fit its schema.  `about` is what the content is, by name.  `tick` is called with how
    many records are written.  What rules find wrong is let in, ids that are not there and ranges that are the
    wrong way round; of records with one id the first counts.  DatabaseError for what SQLite cannot hold.
    """
    kinds = _list_kinds(content)
    used_paths = {kind.name: _find_used_paths(content.list_records(kind.name)) for kind in kinds}
    tables = tuple(_leave_out_unused_lists(table, used_paths) for table in make_sql_tables(kinds))
    for statement in iter_definitions(tables, used_paths):
        connection.execute(statement)
    connection.executemany(f"INSERT INTO {ABOUT_TABLE} VALUES (?, ?)", about.items())
    _insert_records(connection, tables, content, tick)
    return tables


def create_all_tables(connection: sqlite3.Connection, schemas: Schemas) -> tuple[SqlTable, ...]:
    """Create the tables of all kinds and of all their lists in an empty database, and return them."""
    tables = make_sql_tables(list(schemas))
    for statement in iter_definitions(tables):
        connection.execute(statement)
    return tables


def fill_tables(connection: sqlite3.Connection, tables: Iterable[SqlTable], content: Content) -> None:
    """Fill tables that `create_all_tables` created."""
    connection.execute("BEGIN")
    _insert_records(connection, tables, content, None)


def _insert_records(
    connection: sqlite3.Connection,
    tables: Iterable[SqlTable],
    content: Content,
    tick: Callable[[int], None] | None,
) -> None:
    connection.execute("PRAGMA ignore_check_constraints = ON")
    done = 0
    for table in tables:
        seen_ids: set[str] = set()
        for record in content.list_records(table.kind.name):
            if record.id not in seen_ids:
                _insert_record(connection, table, record, _describe_record(record, content))
            seen_ids.add(record.id)
            done += 1
            if tick is not None:
                tick(done)
    connection.execute(f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}) VALUES ('rebuild')")
    connection.commit()
    connection.execute("PRAGMA ignore_check_constraints = OFF")


def _describe_record(record: Record, content: Content) -> str:
    """Return the sentence of a record, "" where its schema has a template that is none."""
    try:
        return format_sentence(record, content)
    except TemplateError:
        return ""


def describe_content(content: Content) -> dict[str, str]:
    """Return what a content is, by name: title, version, licence, publisher, digest of its values."""
    labels = [str(record.value.get("label", record.id)) for record in content.list_records("article")]
    settings = content.settings
    facts = {
        "title": "; ".join(labels) or "Content",
        "notice": _NOTICE,
        "version": settings.content_version,
        "licence": settings.licence,
        "publisher": settings.publisher.name,
        "publisher_url": settings.publisher.url,
        "digest": hash_tables(project_tables(content)),
    }
    return {name: value for name, value in facts.items() if value}


def _list_kinds(content: Content) -> list[Kind]:
    """Return the kinds that have records, facts first, and those that they may refer to.

    A wrong id is refused by a table, be it empty.
    """
    kinds = {kind.name: kind for kind in content.list_kinds() if content.list_records(kind.name)}
    pending = list(kinds.values())
    while pending:
        for field in pending.pop().reference_fields:
            if field.target_kind not in kinds:
                kinds[field.target_kind] = content.schemas.get_kind(field.target_kind)
                pending.append(kinds[field.target_kind])
    return sorted(kinds.values(), key=lambda kind: (kind.group != "fact", kind.name))


def _find_used_paths(records: Iterable[Record]) -> set[FieldPath]:
    """Return the paths of the fields that any of these records has."""
    paths: set[FieldPath] = set()
    pending: list[tuple[FieldPath, Any]] = [((), record.value) for record in records]
    while pending:
        path, value = pending.pop()
        if isinstance(value, list):
            pending += [(path, entry) for entry in value]
        elif isinstance(value, dict):
            pending += [((*path, name), part) for name, part in value.items()]
            paths.update((*path, name) for name in value)
    return paths


def _leave_out_unused_lists(table: SqlTable, used_paths: Mapping[str, set[FieldPath]]) -> SqlTable:
    """Return the table with the lists alone that any record has: of empty tables there would be hundreds."""
    used_lists = [part for part in table.lists if part.field_path in used_paths[table.kind.name]]
    return table._replace(lists=tuple(_leave_out_unused_lists(part, used_paths) for part in used_lists))


def _insert_record(connection: sqlite3.Connection, table: SqlTable, record: Record, sentence: str) -> None:
    _insert_rows(connection, table, [(record.value, (sentence or None,))])
    words = sentence or str(record.value.get("label", record.id))
    connection.execute(
        f"INSERT INTO {SENTENCES_TABLE} (kind, record, sentence) VALUES (?, ?, ?)",
        (table.name, record.id, words),
    )
    for part in table.lists:
        _insert_entries(connection, part, (record.id,), record.value)


def _insert_entries(
    connection: sqlite3.Connection, table: SqlTable, key_above: tuple[Any, ...], value: Any
) -> None:
    """Insert the entries of a list in the value of the row above, and those of the lists in them."""
    entries = _get_at(value, table.path) or ()
    keys = [(*key_above, position) for position in range(1, len(entries) + 1)]
    _insert_rows(connection, table, zip(entries, keys, strict=True))
    for part in table.lists:
        for key, entry in zip(keys, entries, strict=True):
            _insert_entries(connection, part, key, entry)


def _insert_rows(
    connection: sqlite3.Connection, table: SqlTable, rows: Iterable[tuple[Any, tuple[Any, ...]]]
) -> None:
    """Insert rows, each the value that its fields stand in, and what the columns without a field hold."""
    places = ", ".join("?" * len(table.columns))
    try:
        connection.executemany(
            f"INSERT INTO {quote_name(table.name)} VALUES ({places})",
            (tuple(_iter_cells(table, value, others)) for value, others in rows),
        )
    except OverflowError:
        raise DatabaseError(f"a whole number of a {table.kind.name} is too large for SQLite") from None


def _iter_cells(table: SqlTable, value: Any, others: tuple[Any, ...]) -> Iterator[Any]:
    rest = iter(others)
    for column in table.columns:
        yield next(rest) if column.field is None else _to_cell(_get_at(value, column.path), column.field)


def _get_at(value: Any, path: FieldPath) -> Any:
    """Return what stands at a path, None for nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _to_cell(value: Any, field: Field) -> Any:
    """Return a value as SQLite stores it; of a reference that is an object, its id."""
    if isinstance(value, dict):
        return value[field.fields[0].name]
    return float(value) if isinstance(value, Decimal) else value
