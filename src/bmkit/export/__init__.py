"""Content in other formats, one module a format; all formats of an export are replaced together.

A module is called like its format.  name_folder(**options) is the folder below OUT that it fills, and
open_writer(folder, files, **options) a context that yields an ArticleWriter, which adds what it writes to
`files`.  OPTIONS, if there are any, are those that the command line takes for it.  A module is loaded when
its format is asked for, and imports what only writing needs there: help and shell ask for the options, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from click import Option

    from bmkit.articles import ArticleContent
    from bmkit.content import Content

__all__ = [
    "ALL_FORMATS",
    "DESCRIPTION_BY_FORMAT",
    "ArticleWriter",
    "ExportError",
    "InvalidExportError",
    "Tick",
    "WrittenFiles",
    "get_options",
    "ignore_tick",
    "write_export",
    "write_exports",
]

DESCRIPTION_BY_FORMAT = {
    "csv": "one table a kind, for programs and databases",
    "fhir": "HL7 FHIR resources, for hospital systems",
    "markdown": "the facts by section, in sentences and tables",
    "ndjson": "one fact a line, with labels, codes and words",
    "sqlite": "a database an article, to ask questions in SQL",
    "xlsx": "a workbook an article, for reviewers",
}
"""The formats, as the command line names them, and what each is."""
ALL_FORMATS = "all"
"""Stands for every format, where one is asked for."""

Tick = Callable[[float, float], None]
"""Called now and then with how much is done, and how much there is to do."""


class ExportError(BmkitError):
    """An export that cannot be written; the message is one line, for people."""


class InvalidExportError(ExportError):
    """An export that its format would not accept, so that nothing was written; one line for each fault.

    Content is at fault, so that the exit status is 1.
    """


class ArticleWriter(Protocol):
    """Writes articles in one format, one after the other."""

    def add_article(self, article: ArticleContent, tick: Tick) -> None:
        """Write an article; `tick` is called with how much of it is written."""


class WrittenFiles(NamedTuple):
    """What an export has written in one format: `first_file` is the one to open, of all below `folder`."""

    folder: Path
    first_file: Path
    file_count: int


def ignore_tick(done: float, total: float) -> None:
    """Do nothing."""


def write_export(
    format_name: str, content: Content, out_folder: Path, tick: Tick = ignore_tick, **options: Any
) -> list[Path]:
    """Write a content that was read as a whole in one format, as `write_exports` does.

    Returns what was written, first the file to open.
    """
    from bmkit.articles import iter_articles
    from bmkit.export.exported_files import iter_file_list

    articles = list(iter_articles(content))
    written = write_exports({format_name: options}, articles, out_folder, tick, article_count=len(articles))
    folder = written[format_name].folder
    return [folder / path for path in iter_file_list(folder)]


def write_exports(  # noqa: PLR0913  what is written, where it may be, and what is told meanwhile
    options_by_format: Mapping[str, Mapping[str, Any]],
    articles: Iterable[ArticleContent],
    out_folder: Path,
    tick: Tick = ignore_tick,
    *,
    article_count: int,
    home_folders: Sequence[str] = (),
) -> dict[str, WrittenFiles]:
    """Write articles in some formats, each in a folder below `out_folder`, which is created if missing.

    Each article is written in all formats before the next is asked for.  They must be free of errors: that is
    the caller's to check.  At the end all folders take the place of those of an earlier export; if anything
    fails, or `articles` raises, none does.  ExportError if they cannot be written, or a folder holds what no
    export wrote.  LinkError if a link leads such a folder out of one of `home_folders` that it is named in.
    `tick` is called with how many of so many `article_count` in every format are written.
    """
    # The shell asks for the formats; only writing needs these.
    from bmkit.atomic import replace_folders
    from bmkit.disk import refuse_way_out
    from bmkit.export.exported_files import FileList, find_own_paths

    modules = {format_name: _import_format(format_name) for format_name in options_by_format}
    targets = [
        out_folder / modules[format_name].name_folder(**options)
        for format_name, options in options_by_format.items()
    ]
    for target in targets:
        refuse_way_out(os.fspath(target), home_folders)
    with (
        _create_folder(out_folder),
        replace_folders(targets, find_own_paths) as folders,
        ExitStack() as stack,
    ):
        file_lists = [stack.enter_context(FileList(folder)) for folder in folders]
        writers: list[ArticleWriter] = [
            stack.enter_context(modules[format_name].open_writer(folder, files, **options))
            for (format_name, options), folder, files in zip(
                options_by_format.items(), folders, file_lists, strict=True
            )
        ]
        part_count = article_count * len(writers)
        parts = ((article, writer) for article in articles for writer in writers)
        for number, (article, writer) in enumerate(parts):
            writer.add_article(article, _tick_part(tick, number, max(part_count, number + 1)))
    return {
        format_name: WrittenFiles(target, target / files.first_path, files.count)
        for format_name, target, files in zip(options_by_format, targets, file_lists, strict=True)
    }


def _tick_part(tick: Tick, number: int, part_count: int) -> Tick:
    """Return the tick of one part of the work, of which `number` parts are done."""
    return lambda done, total: tick(number + done / total, part_count)


def get_options(format_name: str) -> Sequence[Option]:
    """Return the options that only this format has."""
    options: Sequence[Option] = getattr(_import_format(format_name), "OPTIONS", ())
    return options


def needs_signatures(format_name: str, options: Mapping[str, Any]) -> bool:
    """Return whether with these options the facts must be signed, in a project that signs facts."""
    ask: Callable[..., bool] | None = getattr(_import_format(format_name), "needs_signatures", None)
    return ask is not None and ask(**options)


@contextmanager
def _create_folder(out_folder: Path) -> Iterator[None]:
    """Create the folder for a while: if what is done with it fails, no empty folder is left."""
    from bmkit.atomic import WriteError

    new_folders = [folder for folder in (out_folder, *out_folder.parents) if not folder.exists()]
    try:
        out_folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException as error:
        for folder in new_folders:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, WriteError):
            raise ExportError(str(error)) from None
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            raise ExportError(f"{out_folder}: cannot be written: {reason[:1].lower()}{reason[1:]}") from error
        raise


def _import_format(format_name: str) -> Any:
    return import_module(f"{__name__}.{format_name}")
