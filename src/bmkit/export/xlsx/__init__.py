"""The workbook for reviewers: a cover, one sheet a kind, drop-downs, links, and the facts as sentences."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from bmkit.content import REVIEW_KIND
from bmkit.export import ExportError
from bmkit.sentence import format_sentence
from bmkit.suggest import suggest_hint
from bmkit.tables import make_table, project_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bmkit.articles import ArticleContent
    from bmkit.content import Content, Record
    from bmkit.export import Tick
    from bmkit.export.exported_files import FileList
    from bmkit.tables import Table

OPTIONS = (
    click.Option(
        ["--blank"],
        metavar="KIND",
        multiple=True,
        help="Write empty sheets of this kind alone, for new records; may be repeated.",
    ),
)


def name_folder(blank: Sequence[str] = ()) -> str:
    """Return the folder that has a workbook for each article; one with empty sheets has its own."""
    return "xlsx-blank" if blank else "xlsx"


@contextmanager
def open_writer(folder: Path, files: FileList, blank: Sequence[str] = ()) -> Iterator[XlsxWriter]:
    """Yield what writes <article>.xlsx, with the facts of the article and its terms.

    With `blank`, names of kinds, it has empty sheets of these, and lists of what may be referred to.
    """
    yield XlsxWriter(folder, files, tuple(dict.fromkeys(blank)))


class XlsxWriter:
    """Writes articles as workbooks."""

    def __init__(self, folder: Path, files: FileList, blank_kinds: Sequence[str] = ()) -> None:
        self._folder = folder
        self._files = files
        self._blank_kinds = blank_kinds

    def add_article(self, article: ArticleContent, tick: Tick) -> None:
        """Write the workbook of an article; ExportError if there is no such kind as one of the blank ones."""
        from bmkit.export.xlsx.workbook import write_workbook  # XlsxWriter takes long to import

        describe_record = partial(format_sentence, content=article.content)
        file = self._folder / f"{article.name}.xlsx"
        tables = self._make_blank_tables(article) if self._blank_kinds else project_tables(article.content)
        write_workbook(
            tables,
            describe_record,
            file,
            tick,
            article.vocabulary.list_records,
            describe_reviews=_make_review_describer(article.vocabulary),
        )
        self._files.add_file(file.name)

    def _make_blank_tables(self, article: ArticleContent) -> tuple[Table, ...]:
        schemas = article.content.schemas
        for kind_name in self._blank_kinds:
            if kind_name not in schemas:
                hint = suggest_hint(kind_name, schemas.kind_names, "bmkit fields lists the kinds")
                raise ExportError(f'--blank: there is no kind "{kind_name}"; {hint}')
        return tuple(make_table(schemas.get_kind(kind_name), ()) for kind_name in self._blank_kinds)


def _make_review_describer(content: Content) -> Callable[[Record], str]:
    """Return the function that returns what reviewers have said of a record, one a line."""
    if not content.list_records(REVIEW_KIND):
        return lambda _: ""
    # Only who has reviews pays for this import.
    from bmkit.review.find import list_reviews

    lines_by_record: dict[tuple[str, str], list[str]] = {}
    for review in list_reviews(content):
        if review.target is not None:
            key = (review.target.file, review.target.id)
            lines_by_record.setdefault(key, []).append(review.format_line())
    return lambda record: "\n".join(lines_by_record.get((record.file, record.id), ()))
