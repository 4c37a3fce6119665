"""Content in other forms: one module a format, each with write(content, out, tick), loaded when it is asked for.

A module that is called like its format may have OPTIONS, the options that the command line takes for it: write
gets them by name.  With write_articles it can be written from articles that are read one after the other.  What
only writing needs it imports there: its options are asked for by the help and the shell as well.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bmkit.export.whole import ExportError, Tick, UnfitError, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from click import Option

    from bmkit.content import Content

__all__ = [
    "ALL",
    "EXPORTS",
    "ExportError",
    "Tick",
    "UnfitError",
    "get_options",
    "silent",
    "streams",
    "write",
    "write_articles",
]

EXPORTS = {
    "csv": "one table a kind, for programs and databases",
    "fhir": "HL7 FHIR resources, for hospital systems",
    "xlsx": "a workbook an article, for reviewers",
}
"""The formats, by name, and what each is."""
ALL = "all"
"""Stands for every format, where one is asked for."""


def write(form: str, content: Content, out: Path, tick: Tick = silent, **options: Any) -> list[Path]:
    """Write `content` in the format `form` below the folder `out`, which is created if missing.

    Content must be free of errors: it is the caller's to check.  `tick(done, total)` is called now and then
    with numbers of records.  `options` are for the format's own module.  Returns what was written, first the
    file to open.  ExportError if that cannot be; whatever stood in its place before is then still there.
    """
    return _write_below(out, lambda: _import_format(form).write(content, out, tick, **options))


def get_options(form: str) -> Sequence[Option]:
    """Return the options that only this format has."""
    options: Sequence[Option] = getattr(_import_format(form), "OPTIONS", ())
    return options


def streams(form: str) -> bool:
    """Return whether the format can be written from articles that are read one after the other."""
    return hasattr(_import_format(form), "write_articles")


def write_articles(
    form: str,
    names: Sequence[str],
    parts: Iterable[Content],
    out: Path,
    tick: Tick = silent,
    **options: Any,
) -> list[Path]:
    """Write articles in a format that streams, as write does; `tick` counts articles.

    `parts` gives each of the articles `names` with the shared terms; if it raises, nothing is written.
    """
    module = _import_format(form)
    return _write_below(out, lambda: module.write_articles(names, parts, out, tick, **options))


def _write_below(out: Path, write: Callable[[], list[Path]]) -> list[Path]:
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        return write()
    except BaseException as error:
        for folder in missing:  # of what is not written, no empty folders are left either
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise ExportError(f"{out}: cannot be written: {why[:1].lower()}{why[1:]}") from error
        raise


def _import_format(form: str) -> Any:
    return import_module(f"{__name__}.{form}")
