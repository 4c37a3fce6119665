"""Content in other forms: one module a format, each with write(content, out), loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bmkit.export.whole import ExportError, Tick, UnfitError, silent

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

__all__ = ["ALL", "EXPORTS", "ExportError", "Tick", "UnfitError", "silent", "write"]

# The name of a format, as the command line takes it, and the module that writes it.
EXPORTS = {
    "csv": "bmkit.export.csv",
    "fhir": "bmkit.export.fhir",
    "xlsx": "bmkit.export.xlsx",
}


ALL = "all"
"""Stands for every format, where one is asked for."""


def write(form: str, content: Content, out: Path, tick: Tick = silent, **options: Any) -> list[Path]:
    """Write `content` in the format `form` below the folder `out`, which is made if need be.

    Content must be free of errors: it is the caller's to check.  `tick(done, total)` is called now and then
    with numbers of records.  `options` are for the format's own module.  Returns what was written, first the
    file to open.  ExportError if that cannot be; whatever stood in its place before is then still there.
    """
    module = import_module(EXPORTS[form])
    try:
        out.mkdir(parents=True, exist_ok=True)
        written: list[Path] = module.write(content, out, tick, **options)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(f"{out}: cannot be written: {why[:1].lower()}{why[1:]}") from error
    return written
