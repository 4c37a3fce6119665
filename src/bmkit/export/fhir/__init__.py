"""FHIR: every fact as resources that a hospital can load, in Bundles and as bulk NDJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.bulk import SUFFIX, write_bulk
from bmkit.export.fhir.bundle import TYPES, bundle
from bmkit.export.fhir.mapping import make
from bmkit.export.fhir.setting import RELEASES, Setting
from bmkit.export.json_value import json_value
from bmkit.export.whole import ExportError, Tick, silent, whole_folder
from bmkit.tables import by_article

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.export.fhir.making import Making

__all__ = ["RELEASES", "Setting", "made", "write"]

BULK = "bulk"


def made(content: Content, setting: Setting | None = None) -> Making:
    """The resources of a content that is one article and the shared terms; ExportError if it has no article."""
    articles = content.of("article")
    if not articles:
        folders = ", ".join(content.folders)
        raise ExportError(f"FHIR needs a record of kind article to cite, and {folders} has none")
    return make(content, articles[0], setting or Setting())


def write(content: Content, out: Path, tick: Tick = silent, setting: Setting | None = None) -> list[Path]:
    """Write OUT/fhir (R5) or OUT/fhir-r4b with the three Bundles and, in bulk/, one NDJSON file a resource type.

    Where there are several articles each has a folder with its Bundles; bulk/ holds all of them.
    """
    setting = setting or Setting()
    target = out / ("fhir" if setting.release == "R5" else f"fhir-{setting.release.lower()}")
    parts = by_article(content)
    names: list[str] = []
    with whole_folder(target, lambda name: name == BULK or name in parts or _ours(name)) as folder:
        makings: list[Making] = []
        for done, (name, part) in enumerate(parts.items()):
            making = made(part, setting)
            makings.append(making)
            within = folder if len(parts) == 1 else folder / name
            within.mkdir(exist_ok=True)
            for kind in TYPES:
                file = within / f"{kind}.json"
                file.write_text(json_value(bundle(making, kind), indent=1) + "\n", encoding="utf-8", newline="\n")
                names.append(str(file.relative_to(folder)))
            tick(done + 1, len(parts))
        (folder / BULK).mkdir()
        names += [f"{BULK}/{name}" for name in write_bulk(makings, folder / BULK)]
    return [target / name for name in names]


def _ours(name: str) -> bool:
    return name.removesuffix(".json") in TYPES or name.endswith(SUFFIX)
