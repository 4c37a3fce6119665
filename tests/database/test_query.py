"""Questions in SQL about the facts of a project: they read, and do nothing else."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.mistakes import ROOTS

from bmkit.cli.main import main
from bmkit.content import Content, read_content
from bmkit.database.load import fill_database
from bmkit.database.query import QueryError, ask_database, guard_connection, open_memory_database
from bmkit.shape import ShapeChecker, find_shape_issues

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def facts() -> Content:
    content = read_content(ROOTS["own"])
    find_shape_issues(content, ShapeChecker())
    return content


@pytest.fixture(scope="module")
def database(facts: Content) -> Iterator[sqlite3.Connection]:
    with closing(open_memory_database()) as connection:
        fill_database(connection, facts, {"title": "One"})
        guard_connection(connection)
        yield connection


def test_words_are_found_with_the_record_that_they_are_in(database: sqlite3.Connection) -> None:
    query = (
        "SELECT kind, record FROM sentences WHERE rowid IN "
        "(SELECT rowid FROM sentences_fts WHERE sentences_fts MATCH 'ibandronic')"
    )
    assert ("substance", "ibandronic-acid") in list(ask_database(database, query).rows)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("DELETE FROM regimen", "nothing else be done"),
        ("UPDATE regimen SET dose_value = 40", "nothing else be done"),
        ("DROP TABLE regimen", "nothing else be done"),
        ("CREATE TABLE other (a)", "nothing else be done"),
        ("INSERT INTO about VALUES ('a', 'b')", "nothing else be done"),
        ("ATTACH 'other.sqlite' AS other", "nothing else be done"),
        ("VACUUM INTO 'copy.sqlite'", "nothing else be done"),
        ("PRAGMA query_only = OFF", "nothing else be done"),
        ("PRAGMA table_info(regimen)", "nothing else be done"),
        ("BEGIN", "nothing else be done"),
        ("SELECT load_extension('x')", "nothing else be done"),
        ("SELECT random()", "nothing else be done"),
        ("SELECT writefile('x', 'y')", "no such function"),
        ("SELECT dose_valu FROM regimen", "no such column"),
        # SQLite by itself takes a wrong name in double quotes for a text.
        ('SELECT "dose_valu" FROM regimen', "no such column"),
        ('SELECT id FROM regimen WHERE "dose_valu" > 3', "no such column"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("", "no question"),
        ("-- nothing", "no question"),
        ("SELECT \ud800", "surrogates"),
        ("SELECT zeroblob(20000000)", "too big"),
        ("SELECT " + "(" * 5000 + "1" + ")" * 5000, "."),
        ("SELECT 1" + " UNION SELECT 1" * 200, "too many terms"),
    ],
)
def test_what_does_more_than_read_or_is_wrong_is_refused(
    database: sqlite3.Connection, query: str, reason: str
) -> None:
    with pytest.raises(QueryError, match=reason) as refused:
        list(ask_database(database, query).rows)
    assert len(refused.value.lines) == 1
    [(count,)] = ask_database(database, "SELECT count(*) FROM regimen").rows
    assert count != 0


@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "SELECT count(*) FROM sentences a, sentences b, sentences c",
    ],
)
def test_a_question_without_end_is_ended(database: sqlite3.Connection, query: str) -> None:
    with pytest.raises(QueryError, match="more than 2,000,000 steps"):
        sum(1 for _ in ask_database(database, query, max_steps=2_000_000).rows)


@pytest.mark.parametrize(
    ("query", "columns", "row"),
    [
        ("SELECT 'it''s \"so\"' AS a -- \"no name\"", ("a",), ('it\'s "so"',)),
        ('SELECT 1 AS "two words"', ("two words",), (1,)),
        ('SELECT 1 AS "a]b", 2', ("a]b", "2"), (1, 2)),
        ('SELECT r."id" FROM "regimen" r LIMIT 0', ("id",), None),
        ("SELECT 1 AS a, 2 AS a, 3 AS A", ("a", "a_", "A__"), (1, 2, 3)),
    ],
)
def test_names_stay_names_and_texts_stay_texts(
    database: sqlite3.Connection, query: str, columns: tuple[str, ...], row: tuple[object, ...] | None
) -> None:
    answer = ask_database(database, query)
    assert answer.columns == columns
    assert next(answer.rows, None) == row


def test_the_command_answers_as_a_table_as_csv_and_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOTS["own"])
    query = "SELECT '=1+1' AS formula, 2.5 AS share, 4.0 AS dose, NULL AS empty"
    assert main(["query", query]) == 0
    assert capsys.readouterr().out == "formula  share  dose  empty\n=1+1       2.5     4\n"
    assert main(["query", query, "--format", "csv"]) == 0
    assert capsys.readouterr().out == "formula,share,dose,empty\n'=1+1,2.5,4.0,\n"
    assert main(["query", query, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"formula": "=1+1", "share": 2.5, "dose": 4, "empty": None}
    ]
    assert main(["query", "SELEC 1"]) == 2
    assert capsys.readouterr().err == 'bmkit: near "SELEC": syntax error\n'


def test_one_of_several_articles_is_asked_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOTS["second"])
    assert main(["query", "SELECT 1"]) == 2
    assert "--article takes one of evidence, medicine-labels, standing-list" in capsys.readouterr().err
    assert main(["query", "SELECT 1", "--article", "none"]) == 2
    capsys.readouterr()
    assert main(["query", "SELECT count(*) > 0 AS some FROM result", "--article", "evidence"]) == 0
    assert capsys.readouterr().out == "some\n   1\n"
