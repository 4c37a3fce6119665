"""Content in other forms: one module a format, each with write(content, out), loaded when it is asked for."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bmkit.export.whole import ExportError, Tick, UnfitError, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from bmkit.content import Content

__all__ = [
    "ALL",
    "EXPORTS",
    "ExportError",
    "Tick",
    "UnfitError",
    "silent",
    "streams",
    "write",
    "write_articles",
]

# The name of a format, as the command line takes it, and the module that writes it.
EXPORTS = {
    "csv": "bmkit.export.csv",
    "fhir": "bmkit.export.fhir",
    "xlsx": "bmkit.export.xlsx",
}
# Those whose module has write_articles.
_STREAMED = frozenset({"fhir"})


ALL = "all"
"""Stands for every format, where one is asked for."""


def write(form: str, content: Content, out: Path, tick: Tick = silent, **options: Any) -> list[Path]:
    """Write `content` in the format `form` below the folder `out`, which is made if need be.

    Content must be free of errors: it is the caller's to check.  `tick(done, total)` is called now and then
    with numbers of records.  `options` are for the format's own module.  Returns what was written, first the
    file to open.  ExportError if that cannot be; whatever stood in its place before is then still there.
    """
    return _written(out, lambda: import_module(EXPORTS[form]).write(content, out, tick, **options))


def streams(form: str) -> bool:
    """Whether the format can be written from articles that are read one after the other."""
    return form in _STREAMED


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
    module = import_module(EXPORTS[form])
    return _written(out, lambda: module.write_articles(names, parts, out, tick, **options))


def _written(out: Path, write: Callable[[], list[Path]]) -> list[Path]:
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
