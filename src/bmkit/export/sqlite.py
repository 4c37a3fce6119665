"""SQLite: a database an article, with keys, views and search, and what Datasette shows of it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from bmkit.database.load import describe_content, fill_database
from bmkit.export import ExportError
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bmkit.articles import ArticleContent
    from bmkit.content import Content
    from bmkit.database.schema import SqlTable
    from bmkit.export import Tick
    from bmkit.export.exported_files import FileList

# Where a file says which SQLite wrote it last: without that it is the same whichever did.
_WRITER_OFFSET, _WRITER_SIZE = 92, 8
_DISK_ERRORS = ("SQLITE_IOERR", "SQLITE_FULL")
_PAGE_SIZE = 4096


def name_folder() -> str:
    """Return the folder that has a database for each article."""
    return "sqlite"


@contextmanager
def open_writer(folder: Path, files: FileList) -> Iterator[SqliteWriter]:
    """Yield what writes <article>.sqlite and <article>.metadata.json."""
    yield SqliteWriter(folder, files)


class SqliteWriter:
    """Writes articles as databases."""

    def __init__(self, folder: Path, files: FileList) -> None:
        self._folder = folder
        self._files = files

    def add_article(self, article: ArticleContent, tick: Tick) -> None:
        """Write the database of an article; ExportError if this SQLite cannot hold it."""
        content = article.content
        about = describe_content(content)
        file = self._folder / f"{article.name}.sqlite"
        total = sum(1 for _ in content.iter_records())
        try:
            tables = _write_database(file, content, about, lambda done: tick(done, total))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith(_DISK_ERRORS):
                _write_more(file)
            raise ExportError(f"SQLite {sqlite3.sqlite_version} cannot write {file.name}: {error}") from None
        _forget_writer(file)
        self._files.add_file(file.name)
        metadata = self._folder / f"{article.name}.metadata.json"
        text = format_json(_describe_database(article.name, about, tables), indent=2)
        metadata.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        self._files.add_file(metadata.name)


def _write_database(
    file: Path, content: Content, about: Mapping[str, str], tick: Callable[[int], None]
) -> tuple[SqlTable, ...]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        # Nobody else reads the file before it is whole.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        tables = fill_database(connection, content, about, tick)
        connection.execute("VACUUM")
    return tables


def _write_more(file: Path) -> None:
    """Write beyond the end of a file that SQLite could not write: the system says why it cannot be."""
    with file.open("ab") as rest:
        rest.write(bytes(_PAGE_SIZE))


def _forget_writer(file: Path) -> None:
    with file.open("r+b") as database:
        database.seek(_WRITER_OFFSET, os.SEEK_SET)
        database.write(bytes(_WRITER_SIZE))


def _describe_database(name: str, about: Mapping[str, str], tables: Sequence[SqlTable]) -> dict[str, Any]:
    """Return the metadata that Datasette takes: titles, units, labels of what keys lead to, and facets."""
    described = {
        part.name: {
            "description": part.comment,
            **({"label_column": "label"} if any(column.name == "label" for column in part.columns) else {}),
            "columns": {column.name: column.comment for column in part.columns if column.comment},
        }
        for table in tables
        for part in table.walk_tables()
    }
    for table in tables:
        if facets := _list_facets(table):
            described[table.name]["facets"] = facets
    licence = {"license": about["licence"]} if "licence" in about else {}
    return {
        "title": about["title"],
        "description": about["notice"],
        **licence,
        "databases": {name: {"tables": described}},
    }


def _list_facets(table: SqlTable) -> list[str]:
    """Return the columns by which the records of a kind fall into groups: what facts refer to."""
    return [column.name for column in table.columns if column.target_table and column.field is not None][:4]
