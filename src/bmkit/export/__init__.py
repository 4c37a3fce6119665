"""Content in other formats: one module a format, each with write(content, out, tick), loaded when asked for.

A module is called like its format.  It may have OPTIONS, which the command line takes for it: write gets
them by name.  One with write_articles can be written from articles that are read one after the other.  What
only writing needs is imported there: the help and the shell ask for the options, too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from click import Option

    from bmkit.content import Content

__all__ = [
    "ALL_FORMATS",
    "DESCRIPTION_BY_FORMAT",
    "ExportError",
    "InvalidExportError",
    "Tick",
    "can_stream",
    "get_options",
    "ignore_tick",
    "write_articles",
    "write_export",
]

DESCRIPTION_BY_FORMAT = {
    "csv": "one table a kind, for programs and databases",
    "fhir": "HL7 FHIR resources, for hospital systems",
    "xlsx": "a workbook an article, for reviewers",
}
"""The formats, as the command line names them, and what each is."""
ALL_FORMATS = "all"
"""Stands for every format, where one is asked for."""

Tick = Callable[[int, int], None]
"""Called now and then with how many records are done, and how many there are."""


class ExportError(BmkitError):
    """An export that cannot be written; the message is one line, for people."""


class InvalidExportError(ExportError):
    """An export that its format would not accept, so that nothing was written; one line for each fault.

    Content is at fault, so that the exit status is 1.
    """


def ignore_tick(done: int, total: int) -> None:
    """Do nothing."""


def write_export(
    format_name: str, content: Content, out_folder: Path, tick: Tick = ignore_tick, **options: Any
) -> list[Path]:
    """Write `content` in a format below `out_folder`, which is created if missing.

    Content must be free of errors: it is the caller's to check.  `tick(done, total)` is called now and then
    with numbers of records.  `options` are for the format's own module.  Returns what was written, first the
    file to open.  ExportError if that cannot be; whatever stood in its place before is then still there.
    """
    return _write_into_folder(
        out_folder,
        lambda: _import_format(format_name).write(content, out_folder, tick, **options),
    )


def can_stream(format_name: str) -> bool:
    """Return whether the format can be written from articles that are read one after the other."""
    return hasattr(_import_format(format_name), "write_articles")


def get_options(format_name: str) -> Sequence[Option]:
    """Return the options that only this format has."""
    options: Sequence[Option] = getattr(_import_format(format_name), "OPTIONS", ())
    return options


def write_articles(
    format_name: str,
    article_names: Sequence[str],
    article_contents: Iterable[Content],
    out_folder: Path,
    tick: Tick = ignore_tick,
    **options: Any,
) -> list[Path]:
    """Write articles in a format that streams, as `write_export` does; `tick` counts articles.

    `article_contents` yields each of the articles `article_names` with the shared terms; if it raises,
    nothing is written.
    """
    module = _import_format(format_name)
    return _write_into_folder(
        out_folder,
        lambda: module.write_articles(article_names, article_contents, out_folder, tick, **options),
    )


def _write_into_folder(out_folder: Path, write_files: Callable[[], list[Path]]) -> list[Path]:
    from bmkit.atomic import WriteError  # the shell asks for the formats; only writing needs this

    new_folders = [folder for folder in (out_folder, *out_folder.parents) if not folder.exists()]
    try:
        out_folder.mkdir(parents=True, exist_ok=True)
        return write_files()
    except BaseException as error:
        for folder in new_folders:  # of what is not written, no empty folders are left either
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
