"""A database in a file of its own."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bmkit.database.load import DatabaseError, fill_database

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.database.schema import SqlTable

# Where a file says which SQLite wrote it last: without that it is the same whichever did.
_WRITER_OFFSET, _WRITER_SIZE = 92, 8
_DISK_ERRORS = ("SQLITE_IOERR", "SQLITE_FULL")
_PAGE_SIZE = 4096


def write_database(
    file: Path, content: Content, about: Mapping[str, str], tick: Callable[[int], None]
) -> tuple[SqlTable, ...]:
    """Write a content into a new file, as `fill_database` does, and return its tables.

    OSError if the file cannot be written, DatabaseError if this SQLite cannot hold the tables.
    """
    try:
        tables = _write_tables(file, content, about, tick)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(_DISK_ERRORS):
            _write_more(file)
        raise DatabaseError(f"SQLite {sqlite3.sqlite_version} cannot write {file.name}: {error}") from None
    _forget_writer(file)
    return tables


def _write_tables(
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
