"""FHIR: every fact as resources that a hospital can load, in Bundles and as bulk NDJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.bulk import write_bulk
from bmkit.export.fhir.bundle import TYPES, bundle
from bmkit.export.fhir.mapping import make
from bmkit.export.fhir.setting import RELEASES, Setting
from bmkit.export.json_value import json_value
from bmkit.export.whole import ExportError, Tick, silent, whole_folder
from bmkit.tables import by_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.export.fhir.making import Making
    from bmkit.export.fhir.mapping import Shared

__all__ = ["RELEASES", "Setting", "made", "write"]

BULK = "bulk"


def made(content: Content, setting: Setting | None = None, shared: Shared | None = None) -> Making:
    """The resources of one article and the shared terms; ExportError if there is no record of an article."""
    articles = content.of("article")
    if not articles:
        folders = ", ".join(content.folders)
        raise ExportError(f"FHIR needs a record of kind article to cite, and {folders} has none")
    return make(content, articles[0], setting or Setting(), shared)


def write(  # noqa: PLR0913  what a user may choose
    content: Content,
    out: Path,
    tick: Tick = silent,
    *,
    release: str = "R5",
    base: str = "",
    check: bool = False,
) -> list[Path]:
    """Write OUT/fhir (R5) or OUT/fhir-r4b: three Bundles and, in bulk/, one NDJSON file a resource type.

    Where there are several articles each has a folder with its Bundles; bulk/ holds all of them.  `base` is
    the start of every canonical URL.  With `check` nothing is written that is not valid FHIR: UnfitError says
    why.
    """
    setting = Setting(release=release, **({"base": base.rstrip("/")} if base else {}))
    target = out / ("fhir" if release == "R5" else f"fhir-{release.lower()}")
    parts = by_article(content)
    names: list[str] = []
    shared: Shared = {}
    with whole_folder(target, lambda name: name == BULK or name in parts or _ours(name)) as folder:

        def articles() -> Iterator[Making]:
            for done, (name, part) in enumerate(parts.items()):
                making = made(part, setting, shared)
                if check:
                    _check(making)
                within = folder if len(parts) == 1 else folder / name
                within.mkdir(exist_ok=True)
                for kind in TYPES:
                    file = within / f"{kind}.json"
                    text = json_value(bundle(making, kind), indent=1)
                    file.write_text(f"{text}\n", encoding="utf-8", newline="\n")
                    names.append(file.relative_to(folder).as_posix())
                tick(done + 1, len(parts))
                yield making

        (folder / BULK).mkdir()
        bulk = write_bulk(articles(), folder / BULK)
    return [target / name for name in (*names, *(f"{BULK}/{name}" for name in bulk))]


def _check(making: Making) -> None:
    from bmkit.export.fhir.check import check, refuse

    for kind in TYPES:
        # The resources are the same in each.
        refuse(check(bundle(making, kind), making.setting.release, within=kind == TYPES[0]))


def _ours(name: str) -> bool:
    return name.removesuffix(".json") in TYPES
