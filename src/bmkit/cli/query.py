"""bmkit query: ask the content a question in SQL."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from bmkit.articles import iter_articles
from bmkit.cli.options import add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, WrongUseError
from bmkit.cli.project import read_checked_project
from bmkit.cli.terminal import format_columns, print_for_programs, print_lines

if TYPE_CHECKING:
    from bmkit.articles import ArticleContent
    from bmkit.content import Content
    from bmkit.database.query import Answer


@click.command("query")
@click.argument("sql", metavar="SQL")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="Output format.",
)
@click.option("--article", metavar="ID", help="The article that is asked, where there are several.")
@add_max_size_option
@add_root_option
def command(sql: str, form: str, article: str | None, limit: int, root: str | None) -> int:
    """Answer a question in SQL about the facts of an article and the terms that it uses.

    The tables are those of `bmkit export sqlite`, in memory; they can be read, and nothing else.
    """
    from bmkit.database.load import DatabaseError, describe_content, fill_database
    from bmkit.database.query import ask_database, guard_connection, open_memory_database

    content = read_checked_project(root, limit)
    if invalid := sum(1 for _ in content.find_invalid_records()):
        print_lines(
            f"{invalid} {'record has' if invalid == 1 else 'records have'} errors and "
            f"{'is' if invalid == 1 else 'are'} left out: bmkit validate shows them",
            to_stderr=True,
        )
    asked = _select_article(content, article).content
    with closing(open_memory_database()) as connection:
        try:
            fill_database(connection, asked, describe_content(asked))
        except sqlite3.Error as error:
            raise DatabaseError(f"the facts cannot be made tables: {error}") from None
        guard_connection(connection)
        answer = ask_database(connection, sql)
        _print_answer(answer, form)
    return EXIT_CLEAN


def _select_article(content: Content, name: str | None) -> ArticleContent:
    articles = {article.name: article for article in iter_articles(content)}
    if name is None and len(articles) == 1:
        return next(iter(articles.values()))
    if name is None:
        raise WrongUseError("there are several articles", f"--article takes one of {', '.join(articles)}")
    if name not in articles:
        raise WrongUseError(f'there is no article "{name}"', f"there is {', '.join(articles)}")
    return articles[name]


def _print_answer(answer: Answer, form: str) -> None:
    if form == "csv":
        from bmkit.export.csv_safety import neutralise_text

        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(answer.columns)
        for row in answer.rows:
            writer.writerow(neutralise_text(value) if isinstance(value, str) else value for value in row)
        print_for_programs(lines.getvalue())
    elif form == "json":
        from bmkit.write_json import format_json

        rows = [dict(zip(answer.columns, map(_to_json_value, row), strict=True)) for row in answer.rows]
        print_for_programs(format_json(rows, indent=2) + "\n")
    else:
        print_lines(*format_columns(answer.columns, [tuple(map(_format_cell, row)) for row in answer.rows]))


def _to_json_value(value: Any) -> Any:
    """Return a value as JSON has it: what it has no form for, bytes and infinity, is text."""
    if isinstance(value, float):
        return Decimal(repr(value)) if isfinite(value) else repr(value)
    return value.hex() if isinstance(value, bytes) else value


def _format_cell(value: Any) -> str:
    """Return a value as people read it; a whole number has no decimal places."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(_to_json_value(value))
