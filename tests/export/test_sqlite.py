"""The database of an article, asked by SQLite itself."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.mistakes import ROOTS

from bmkit.articles import iter_articles
from bmkit.cli.main import main
from bmkit.content import Content, read_content
from bmkit.export import write_export
from bmkit.sentence import format_sentence
from bmkit.shape import ShapeChecker, find_shape_issues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.schema import Field

# Runs with `make slow`: it exports whole contents.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=sorted(ROOTS))
def facts(request: pytest.FixtureRequest) -> Content:
    content = read_content(ROOTS[request.param])
    find_shape_issues(content, ShapeChecker())
    return content


@pytest.fixture(scope="module")
def folder(facts: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    return write_export("sqlite", facts, out)[0].parent


def open_database(file: Path) -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA foreign_keys = ON")
    return closing(connection)


def to_sql_name(*names: str) -> str:
    return "_".join(names).replace("-", "_")


def iter_values(
    record: Record, fields: tuple[Field, ...], value: Any, path: tuple[str, ...] = ()
) -> Iterator[Any]:
    """Yield the column and the cell of every field of a record that is in no list."""
    for field in fields:
        part = value.get(field.name) if isinstance(value, dict) else None
        if field.is_list:
            continue
        if field.fields and field.type != "reference":
            yield from iter_values(record, field.fields, part, (*path, field.name))
        else:
            yield to_sql_name(*path, field.name), part


def test_every_value_of_every_record_is_there(facts: Content, folder: Path) -> None:
    seen = 0
    for article in iter_articles(facts):
        with open_database(folder / f"{article.name}.sqlite") as database:
            database.row_factory = sqlite3.Row
            for record in article.content.iter_records():
                table = to_sql_name(record.kind.name)
                [row] = database.execute(f'SELECT * FROM "{table}" WHERE id = ?', (record.id,))
                for column, value in iter_values(record, record.kind.fields, record.value):
                    assert row[column] == (float(value) if isinstance(value, Decimal) else value), column
                assert (row["sentence"] or "") == format_sentence(record, article.content)
                for field in record.kind.fields:
                    if field.is_list and field.name in record.value and not field.fields:
                        entries = database.execute(
                            f'SELECT value FROM "{table}_{field.name}" WHERE record = ? ORDER BY position',
                            (record.id,),
                        )
                        assert [entry for (entry,) in entries] == record.value[field.name]
                        seen += 1
    assert seen > 10


def test_sqlite_finds_nothing_wrong(folder: Path) -> None:
    for file in folder.glob("*.sqlite"):
        with open_database(file) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            [(tables, strict)] = database.execute(
                "SELECT count(*), sum(strict) FROM pragma_table_list "
                "WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            assert tables == strict > 10
            views = [
                name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")
            ]
            for view in views:
                database.execute(f'SELECT * FROM "{view}"').fetchall()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    file = write_export("sqlite", read_content(ROOTS["own"]), tmp_path)[0]
    with open_database(file) as database:
        yield database


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE regimen SET product = 'none'", "FOREIGN KEY"),
        ("UPDATE regimen_solutions SET value = 'none'", "FOREIGN KEY"),
        ("INSERT INTO regimen_solutions SELECT 'none', 1, min(id) FROM solution", "FOREIGN KEY"),
        ("UPDATE regimen SET product = NULL", "NOT NULL"),
        ("UPDATE regimen SET dose_value = 'four'", "cannot store TEXT"),
        ("UPDATE regimen SET dose_value = -4", "CHECK"),
        ("UPDATE regimen SET dose_unit = 'mgs'", "CHECK"),
        ("UPDATE regimen SET interval_low = 5, interval_high = 4", "CHECK"),
        ("UPDATE article SET reviewed = 'today'", "CHECK"),
    ],
)
def test_what_the_schema_refuses_is_refused(own: sqlite3.Connection, statement: str, reason: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=reason):
        own.execute(statement)


def test_views_have_labels_and_comments_stand_in_the_definitions(own: sqlite3.Connection) -> None:
    rows = own.execute("SELECT product, product_label FROM regimen_labelled WHERE product = 'zometa'")
    assert rows.fetchone() == ("zometa", "Zometa")
    [(solutions,)] = own.execute("SELECT DISTINCT solutions FROM regimen_labelled WHERE solutions LIKE '%;%'")
    assert "; " in solutions
    [(definition,)] = own.execute("SELECT sql FROM sqlite_schema WHERE name = 'regimen'")
    field = read_content(ROOTS["own"]).schemas.get_kind("regimen").get_field("dose")
    assert f"-- {field.title}: " in definition


def test_the_metadata_names_tables_and_columns_that_are_there(folder: Path) -> None:
    for file in folder.glob("*.sqlite"):
        metadata = json.loads(file.with_suffix(".metadata.json").read_text("utf-8"))
        with open_database(file) as database:
            for table, described in metadata["databases"][file.stem]["tables"].items():
                columns = {row[1] for row in database.execute(f'PRAGMA table_info("{table}")')}
                assert {*described["columns"], *described.get("facets", ())} <= columns
                assert described.get("label_column", "label") in {*columns, "label"}


PAGE = Path(ROOTS["own"], "docs", "sqlite.md").read_text("utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```\n```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("query", "answer"), QUESTIONS)
def test_the_questions_of_the_manual_have_the_answers_of_the_manual(
    query: str, answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOTS["own"])
    assert len(QUESTIONS) == 3
    assert main(["query", query]) == 0
    assert capsys.readouterr().out == answer
