"""FHIR: every fact as resources that a hospital can load, in Bundles and as bulk NDJSON."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from bmkit.content import TERMS_FOLDER
from bmkit.export.fhir.about import about
from bmkit.export.fhir.bulk import SUFFIX, write_bulk
from bmkit.export.fhir.bundle import TYPES, bundle, types
from bmkit.export.fhir.mapping import build_article_resources
from bmkit.export.fhir.options import RELEASES, Setting, base_of
from bmkit.export.json_value import json_value
from bmkit.export.whole import ExportError, Tick, silent, whole_folder
from bmkit.tables import split_by_article

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.export.fhir.mapping import SharedResources
    from bmkit.export.fhir.resources import Making

__all__ = ["PARTS", "RELEASES", "Setting", "made", "write", "write_articles"]

BULK = "bulk"
# What can be written by itself.
PARTS = (*TYPES, BULK)
_BUNDLES = frozenset(f"{name}.json" for name in TYPES)
# A file of the resources of one type.
_LINES = re.compile(rf"[A-Z][A-Za-z]+{re.escape(SUFFIX)}")


def made(content: Content, setting: Setting | None = None, shared: SharedResources | None = None) -> Making:
    """The resources of a content that is one article and the shared terms."""
    names = [name for name in content.folders if name != TERMS_FOLDER]
    return build_article_resources(
        content, about(content, names[0] if names else TERMS_FOLDER), setting or Setting(), shared
    )


def write(  # noqa: PLR0913  what a user may choose
    content: Content,
    out: Path,
    tick: Tick = silent,
    *,
    release: str = "R5",
    base: str = "",
    status: str = "draft",
    check: bool = False,
    only: Sequence[str] = (),
) -> list[Path]:
    """Write OUT/fhir (R5) or OUT/fhir-r4b: three Bundles and, in bulk/, one NDJSON file a resource type.

    An article that does not say when it was reviewed has no document.  Where there are several articles each
    has a folder with its Bundles; bulk/ holds all of them.  `base` is the start of every canonical URL,
    `status` that of definitions, "draft" or "active".  With `check` nothing is written that is not valid
    FHIR: UnfitError says why.  `only` names some of PARTS: nothing else is written then, and since the folder
    is replaced, nothing else of an earlier export stays.
    """
    parts = split_by_article(content)
    ends = list(accumulate(_own(part, name, alone=len(parts) == 1) for name, part in parts.items()))

    def records(done: int, _: int) -> None:
        tick(ends[done - 1], ends[-1])

    return write_articles(
        list(parts),
        parts.values(),
        out,
        records,
        release=release,
        base=base,
        status=status,
        check=check,
        only=only,
    )


def write_articles(  # noqa: PLR0913  what a user may choose
    names: Sequence[str],
    parts: Iterable[Content],
    out: Path,
    tick: Tick = silent,
    *,
    release: str = "R5",
    base: str = "",
    status: str = "draft",
    check: bool = False,
    only: Sequence[str] = (),
) -> list[Path]:
    """Write the same of articles that are read one after the other, each forgotten before the next.

    `parts` gives each article, of those called `names`, with the shared terms; if it raises, nothing is
    written.  `tick` counts articles.
    """
    setting = Setting(release=release, status=status, **({"base": base_of(base)} if base else {}))
    target = out / ("fhir" if release == "R5" else f"fhir-{release.lower()}")
    own = frozenset(names)
    written: list[str] = []
    with whole_folder(target, lambda name: _ours(name, own)) as folder:

        def articles() -> Iterator[Making]:
            shared: SharedResources = {}
            for done, part in enumerate(parts, 1):
                making = made(part, setting, shared)
                wanted = [kind for kind in types(making) if not only or kind in only]
                if check:
                    _check(making, wanted)
                within = folder if len(names) < 2 else folder / making.article.folder  # noqa: PLR2004
                for kind in wanted:
                    within.mkdir(exist_ok=True)
                    file = within / f"{kind}.json"
                    text = json_value(bundle(making, kind), indent=1)
                    file.write_text(f"{text}\n", encoding="utf-8", newline="\n")
                    written.append(file.relative_to(folder).as_posix())
                tick(done, max(done, len(names)))
                yield making

        if not only or BULK in only:
            (folder / BULK).mkdir()
            bulk = write_bulk(articles(), folder / BULK)
        else:
            bulk = []
            for _ in articles():
                pass
        if not written and not bulk:
            raise ExportError("no article says when it was reviewed, and a document must bear a day")
    return [target / name for name in (*written, *(f"{BULK}/{name}" for name in bulk))]


def _own(content: Content, name: str, *, alone: bool) -> int:
    """How many records an article has; one that is alone has those of the terms as well."""
    if alone:
        return len(list(content.iter_records()))
    return sum(len(records) for records in content.folders[name].records_by_kind.values())


def _check(making: Making, wanted: Sequence[str]) -> None:
    from bmkit.export.fhir.check import check, refuse

    # Without a Bundle there is one all the same, in which references are looked up.
    for number, kind in enumerate(wanted or TYPES[1:2]):
        # The resources are the same in each.
        refuse(check(bundle(making, kind), making.setting.release, within=number == 0))


def _ours(path: str, own: Collection[str]) -> bool:
    """Whether an export of the articles `own` can have written that file or folder."""
    place, _, name = path.rpartition("/")
    if place == BULK:
        return _LINES.fullmatch(name) is not None
    if not place and (name == BULK or name in own):
        return True
    return place in ("", *own) and name in _BUNDLES
