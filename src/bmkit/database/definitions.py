"""The statements that create the tables and views of a database, with what the schemas say as comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.database.schema import (
    ABOUT_TABLE,
    SEARCH_TABLE,
    SENTENCES_TABLE,
    make_unique,
    quote_name,
    quote_text,
)
from bmkit.tables import ID_FIELD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bmkit.database.schema import FieldPath, SqlColumn, SqlTable

_LABEL = "label"
_LIST_SEPARATOR = "; "
# Words find each other whatever their accents and case.
_TOKENIZER = "unicode61 remove_diacritics 2"
_OWN_DEFINITIONS = (
    f"""CREATE TABLE "{ABOUT_TABLE}" (
  -- What this content is.
  "name" TEXT PRIMARY KEY,
  "value" TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE "{SENTENCES_TABLE}" (
  -- Every record in words; those without a sentence have their label.
  "kind" TEXT NOT NULL,
  "record" TEXT NOT NULL,
  "sentence" TEXT NOT NULL,
  PRIMARY KEY ("kind", "record")
) STRICT""",
    f"""CREATE VIRTUAL TABLE "{SEARCH_TABLE}"
USING fts5 ("sentence", content='{SENTENCES_TABLE}', tokenize='{_TOKENIZER}')""",
)


def iter_definitions(
    tables: Sequence[SqlTable], used_paths: Mapping[str, set[FieldPath]] | None = None
) -> Iterator[str]:
    """Yield the statements; views have the columns that are used, by kind, or all."""
    yield from _OWN_DEFINITIONS
    for table in (part for whole in tables for part in whole.walk_tables()):
        yield _format_table(table)
        yield from _iter_indexes(table)
    tables_by_name = {table.name: table for table in tables}
    for table in tables:
        yield _format_view(table, tables_by_name, None if used_paths is None else used_paths[table.kind.name])


def _format_table(table: SqlTable) -> str:
    parts = [(f"{quote_name(column.name)} {column.definition}", column.comment) for column in table.columns]
    parts += [(f"CHECK ({check})", "") for check in table.checks]
    parts.append((f"PRIMARY KEY ({_join_names(table.key)})", ""))
    if table.parent:
        target = f"{quote_name(table.parent)} ({_join_names(table.parent_key)})"
        parts.append(
            (f"FOREIGN KEY ({_join_names(table.key[:-1])}) REFERENCES {target} ON DELETE CASCADE", "")
        )
    lines = [f"CREATE TABLE {quote_name(table.name)} (", f"  -- {table.comment}"]
    for number, (definition, comment) in enumerate(parts, 1):
        if comment:
            lines.append(f"  -- {comment}")
        lines.append(f"  {definition}{',' if number < len(parts) else ''}")
    return "\n".join([*lines, ") STRICT, WITHOUT ROWID"])


def _iter_indexes(table: SqlTable) -> Iterator[str]:
    """Yield an index a reference: what refers to a term is asked for often."""
    for column in table.columns:
        if column.target_table:
            name = quote_name(f"{table.name}_by_{column.name}")
            yield f"CREATE INDEX {name} ON {quote_name(table.name)} ({quote_name(column.name)})"


def _format_view(table: SqlTable, tables: Mapping[str, SqlTable], used_paths: set[FieldPath] | None) -> str:
    """Return the view of a table with the label beside each id, and the lists as text."""
    selected: list[str] = []
    used_names: set[str] = set()

    def select(value: str, name: str) -> None:
        selected.append(f"  {value} AS {quote_name(make_unique(name, used_names))}")

    for column in table.columns:
        is_plain = column.field is None or column.path == (ID_FIELD,)
        if is_plain or used_paths is None or column.path in used_paths:
            value = f"t.{quote_name(column.name)}"
            select(value, column.name)
            if label := _select_label(column, value, tables):
                select(label, f"{column.name}_{_LABEL}")
    for part in table.lists:
        if entry_column := part.entry_column:
            value = f"e.{quote_name(entry_column.name)}"
            entry = _select_label(entry_column, value, tables) or value
            entries = f"SELECT {entry} AS entry FROM {quote_name(part.name)} e WHERE e.record = t.id"
            joined = f"group_concat(entry, {quote_text(_LIST_SEPARATOR)})"
            select(f"(SELECT {joined} FROM ({entries} ORDER BY e.position))", "_".join(part.path))
    columns = ",\n".join(selected)
    return f"CREATE VIEW {quote_name(table.view_name)} AS SELECT\n{columns}\nFROM {quote_name(table.name)} t"


def _select_label(column: SqlColumn, value: str, tables: Mapping[str, SqlTable]) -> str:
    """Return what selects the label of the record that a value refers to, "" where it has none."""
    if not column.target_table or all(other.name != _LABEL for other in tables[column.target_table].columns):
        return ""
    return f"(SELECT {_LABEL} FROM {quote_name(column.target_table)} WHERE id = {value})"


def _join_names(names: Iterable[str]) -> str:
    return ", ".join(map(quote_name, names))
