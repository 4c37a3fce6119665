"""Questions in SQL, also those of strangers: they read, and do nothing else."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from bmkit.database.schema import make_unique
from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIN_SQLITE = (3, 37)
# Bytes of a text, of a query, and depth of what it asks: more than any honest question has.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 10_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
_READING_ACTIONS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
# They give another answer each time, or load what others wrote.
_REFUSED_FUNCTIONS = frozenset(("load_extension", "random", "randomblob", "fts3_tokenizer"))
# The search in texts asks for it.
_OWN_PRAGMAS = frozenset(("data_version",))
_STEPS_PER_LOOK = 10_000
_QUOTED = re.compile(
    r"""'(?:[^']|'')*'|--[^\n]*|/\*.*?(?:\*/|\Z)|\[[^\]]*\]|`(?:[^`]|``)*`|"(?P<name>(?:[^"]|"")*)\"""",
    re.DOTALL,
)


class QueryError(BmkitError):
    """A question that cannot be answered; the message is one line."""


class Answer(NamedTuple):
    """The names of the columns, each once, and the rows as they come; QueryError may still end them."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[object, ...]]


def open_memory_database() -> sqlite3.Connection:
    """Return an empty database in memory; QueryError if this SQLite is too old for what it is to hold."""
    if sqlite3.sqlite_version_info < _MIN_SQLITE:
        raise QueryError(
            f"the SQLite of this Python is {sqlite3.sqlite_version}; "
            f"tables need {'.'.join(map(str, _MIN_SQLITE))} or newer"
        )
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def guard_connection(connection: sqlite3.Connection) -> None:
    """Let a filled database be read from now on, and nothing else be done with it."""
    connection.execute("PRAGMA query_only = ON")
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    connection.set_authorizer(_authorize)


def _authorize(action: int, first: str | None, second: str | None, *_rest: str | None) -> int:
    if action in _READING_ACTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if second in _REFUSED_FUNCTIONS else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in _OWN_PRAGMAS and second is None:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def ask_database(connection: sqlite3.Connection, query: str, max_steps: int = 0) -> Answer:
    """Return the answer to one question; QueryError if it is none, or takes more than so many steps.

    A step is an instruction of SQLite's machine, some ten million a second; 0 is for no limit.
    """
    steps = 0

    def look() -> bool:
        nonlocal steps
        steps += _STEPS_PER_LOOK
        return steps > max_steps

    connection.set_progress_handler(look if max_steps else None, _STEPS_PER_LOOK)
    try:
        cursor = connection.execute(_QUOTED.sub(_quote_as_name, query))
    except (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError) as error:
        raise _build_error(error, max_steps) from None
    if cursor.description is None:
        raise QueryError("there is no question in it: it must begin with SELECT, WITH or VALUES")
    used_names: set[str] = set()
    columns = tuple(make_unique(column[0], used_names) for column in cursor.description)
    return Answer(columns, _iter_rows(cursor, max_steps))


def _iter_rows(cursor: sqlite3.Cursor, max_steps: int) -> Iterator[tuple[object, ...]]:
    try:
        yield from cursor
    except sqlite3.Error as error:
        raise _build_error(error, max_steps) from None


def _quote_as_name(match: re.Match[str]) -> str:
    """Return a name in double quotes in brackets: what is no name is an error there, and no text."""
    name = match["name"]
    if name is None or "]" in name:
        return match[0]
    return "[" + name.replace('""', '"') + "]"


def _build_error(error: Exception, max_steps: int) -> QueryError:
    words = " ".join(str(error).split())
    if words == "interrupted":
        words = f"it takes more than {max_steps:,} steps"
    if "authoriz" in words or "prohibited" in words:
        words = f"facts can be read, and nothing else be done: {words}"
    return QueryError(words)
