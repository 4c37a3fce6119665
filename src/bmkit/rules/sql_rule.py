"""A rule of a project's own: a question in SQL, asked of one article and the shared terms at a time."""

from __future__ import annotations

import os
import re
import sqlite3
from functools import lru_cache
from typing import TYPE_CHECKING

from bmkit.config.own_rules import OWN_FAMILY, OwnRule, RuleFileError
from bmkit.content import TERMS_FOLDER, per_folder
from bmkit.database.load import DatabaseError, create_all_tables, fill_tables
from bmkit.database.query import QueryError, ask_database, guard_connection, open_memory_database
from bmkit.issue import Issue
from bmkit.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.database.schema import SqlTable
    from bmkit.rule_doc import RuleDoc
    from bmkit.schema import Schemas

# Of SQLite's machine, a few seconds of them; nobody waits longer, and a stranger may have written the rule.
_MAX_STEPS = 20_000_000
_SLOT = re.compile(r"\{([^{}]*)\}")
_ID, _KIND, _FIELD = "id", "kind", "field"
_NOTHING = "?"


class SqlRule(Rule):
    """A rule whose every answer is an issue, at the record with the id of the answer."""

    __slots__ = ("_own_rule",)

    def __init__(self, own_rule: OwnRule) -> None:
        self._own_rule = own_rule
        self.id = own_rule.id
        self.family = OWN_FAMILY
        self.severity = own_rule.severity
        self.source = ""
        self.fix = ""
        self.guards_dose = False
        self.across_articles = False
        self.judges_value_alone = False

    def __call__(self, content: Content) -> list[Issue]:
        """Return an issue for each answer; RuleFileError if the question cannot be answered."""
        return [issue for name in _list_article_names(content) for issue in self._iter_issues(content, name)]

    @property
    def doc(self) -> RuleDoc:
        """The rule as the handbook shows it."""
        return self._own_rule.doc

    def _iter_issues(self, content: Content, article_name: str) -> Iterator[Issue]:
        own_rule = self._own_rule
        try:
            article = _open_article(content, article_name)
            answer = ask_database(article.connection, own_rule.query, _MAX_STEPS)
            for row in answer.rows:
                yield self._make_issue_of_row(dict(zip(answer.columns, row, strict=True)), article)
        except (QueryError, DatabaseError, sqlite3.Error) as error:
            prefix = "" if content.root in {"", os.curdir} else os.path.join(content.root, "")
            raise RuleFileError(own_rule.file, own_rule.line, str(error), prefix) from None

    def _make_issue_of_row(self, values: dict[str, object], article: _Article) -> Issue:
        own_rule = self._own_rule
        kind = own_rule.kind or values.get(_KIND)
        if _ID not in values or not kind:
            raise QueryError(
                'an answer needs a column "id", and the head a line "-- kind: …" or it a column "kind"'
            )
        record = article.records.get((str(kind).replace("-", "_"), str(values[_ID])))
        if record is None:
            raise QueryError(f'there is no {kind} "{values[_ID]}"')
        field = values.get(_FIELD)
        parts = (
            [int(part) if part.isdecimal() else part for part in str(field).split(".")] if field else ["id"]
        )
        message = _fill_slots(own_rule.message, values)
        issue = Issue(
            record.locate_field(*parts),
            own_rule.id,
            own_rule.severity,
            message,
            held_against=(message, record.locate_field()),
        )
        return issue.with_hint(_fill_slots(own_rule.hint, values))


class _Article:
    """An article in a database, and its records by table and id."""

    def __init__(self, content: Content, name: str) -> None:
        names = dict.fromkeys((TERMS_FOLDER, name))
        view = content.make_view({name: content.folders[name] for name in names if name in content.folders})
        image, tables = _make_empty_database(content.schemas)
        self.connection = open_memory_database()
        self.connection.deserialize(image)
        fill_tables(self.connection, tables, view)
        guard_connection(self.connection)
        self.records: dict[tuple[str, str], Record] = {
            (table.name, record.id): record
            for table in tables
            for record in view.list_records(table.kind.name)
        }


@per_folder
def _open_article(content: Content, name: str) -> _Article:
    return _Article(content, name)


@lru_cache(1)
def _make_empty_database(schemas: Schemas) -> tuple[bytes, tuple[SqlTable, ...]]:
    connection: sqlite3.Connection = open_memory_database()
    tables = create_all_tables(connection, schemas)
    image = connection.serialize()
    connection.close()
    return image, tables


def _list_article_names(content: Content) -> list[str]:
    names = [name for name in content.folders if name != TERMS_FOLDER]
    return names or [name for name in content.folders if name == TERMS_FOLDER]


def _fill_slots(template: str, values: dict[str, object]) -> str:
    """Return a message with the values of columns; QueryError for one that the question does not have."""

    def fill(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise QueryError(f"the message names {match[0]}, which is no column of the answer")
        value = values[match[1]]
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return _NOTHING if value is None else str(value)

    return " ".join(_SLOT.sub(fill, template).split())
