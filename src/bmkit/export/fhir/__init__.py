"""FHIR: every fact as resources that a hospital can load, in Bundles and as bulk NDJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import TERMS
from bmkit.export.fhir.about import about
from bmkit.export.fhir.bulk import write_bulk
from bmkit.export.fhir.bundle import TYPES, bundle, types
from bmkit.export.fhir.mapping import make
from bmkit.export.fhir.setting import RELEASES, Setting
from bmkit.export.json_value import json_value
from bmkit.export.whole import Tick, silent, whole_folder
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
    """The resources of a content that is one article and the shared terms."""
    names = [name for name in content.folders if name != TERMS]
    return make(content, about(content, names[0] if names else TERMS), setting or Setting(), shared)


def write(  # noqa: PLR0913  what a user may choose
    content: Content,
    out: Path,
    tick: Tick = silent,
    *,
    release: str = "R5",
    base: str = "",
    status: str = "draft",
    check: bool = False,
) -> list[Path]:
    """Write OUT/fhir (R5) or OUT/fhir-r4b: three Bundles and, in bulk/, one NDJSON file a resource type.

    An article that does not say when it was reviewed has no document.  Where there are several articles each
    has a folder with its Bundles; bulk/ holds all of them.  `base` is the start of every canonical URL,
    `status` that of definitions, "draft" or "active".  With `check` nothing is written that is not valid
    FHIR: UnfitError says why.
    """
    setting = Setting(release=release, status=status, **({"base": base.rstrip("/")} if base else {}))
    target = out / ("fhir" if release == "R5" else f"fhir-{release.lower()}")
    parts = by_article(content)
    names: list[str] = []
    total = (
        len(list(content.records()))
        if len(parts) == 1
        else sum(_own(part, name) for name, part in parts.items())
    )
    shared: Shared = {}
    with whole_folder(target, lambda name: name == BULK or name in parts or _ours(name)) as folder:

        def articles() -> Iterator[Making]:
            done = 0
            for name, part in parts.items():
                making = made(part, setting, shared)
                if check:
                    _check(making)
                within = folder if len(parts) == 1 else folder / name
                within.mkdir(exist_ok=True)
                for kind in types(making):
                    file = within / f"{kind}.json"
                    text = json_value(bundle(making, kind), indent=1)
                    file.write_text(f"{text}\n", encoding="utf-8", newline="\n")
                    names.append(file.relative_to(folder).as_posix())
                done += len(list(part.records())) if len(parts) == 1 else _own(part, name)
                tick(done, total)
                yield making

        (folder / BULK).mkdir()
        bulk = write_bulk(articles(), folder / BULK)
    return [target / name for name in (*names, *(f"{BULK}/{name}" for name in bulk))]


def _own(content: Content, name: str) -> int:
    """How many records an article has."""
    return sum(len(records) for records in content.folders[name].records.values())


def _check(making: Making) -> None:
    from bmkit.export.fhir.check import check, refuse

    for number, kind in enumerate(types(making)):
        # The resources are the same in each.
        refuse(check(bundle(making, kind), making.setting.release, within=number == 0))


def _ours(name: str) -> bool:
    return name.removesuffix(".json") in TYPES
