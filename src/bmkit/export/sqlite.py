"""SQLite: a database an article, with keys, views and search, and what Datasette shows of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bmkit.articles import ArticleContent
    from bmkit.database.schema import SqlTable
    from bmkit.export import Tick
    from bmkit.export.exported_files import FileList


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
        """Write the database of an article; BmkitError if this SQLite cannot hold it."""
        from bmkit.database.load import describe_content  # the help of the command needs none of it
        from bmkit.database.write import write_database

        content = article.content
        about = describe_content(content)
        file = self._folder / f"{article.name}.sqlite"
        total = sum(1 for _ in content.iter_records())
        tables = write_database(file, content, about, lambda done: tick(done, total))
        self._files.add_file(file.name)
        metadata = self._folder / f"{article.name}.metadata.json"
        text = format_json(_describe_database(article.name, about, tables), indent=2)
        metadata.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        self._files.add_file(metadata.name)


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
