"""The workbook for reviewers: a cover, one sheet a kind, drop-downs, links, and the facts as sentences."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bmkit.content import REVIEW_KIND
from bmkit.sentence import format_sentence
from bmkit.tables import project_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bmkit.articles import ArticleContent
    from bmkit.content import Content, Record
    from bmkit.export import Tick
    from bmkit.export.exported_files import FileList


def name_folder() -> str:
    """Return the folder that has a workbook for each article."""
    return "xlsx"


@contextmanager
def open_writer(folder: Path, files: FileList) -> Iterator[XlsxWriter]:
    """Yield what writes <article>.xlsx, with the facts of the article and its terms."""
    yield XlsxWriter(folder, files)


class XlsxWriter:
    """Writes articles as workbooks."""

    def __init__(self, folder: Path, files: FileList) -> None:
        self._folder = folder
        self._files = files

    def add_article(self, article: ArticleContent, tick: Tick) -> None:
        """Write the workbook of an article."""
        from bmkit.export.xlsx.workbook import write_workbook  # XlsxWriter takes long to import

        describe_record = partial(format_sentence, content=article.content)
        file = self._folder / f"{article.name}.xlsx"
        tables = project_tables(article.content)
        write_workbook(
            tables,
            describe_record,
            file,
            tick,
            article.vocabulary.list_records,
            describe_reviews=_make_review_describer(article.vocabulary),
        )
        self._files.add_file(file.name)


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
