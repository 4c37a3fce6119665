"""FHIR: every fact as resources that a hospital can load, in Bundles and as bulk NDJSON."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from bmkit.atomic import replace_folder
from bmkit.content import TERMS_FOLDER
from bmkit.export import ExportError, Tick, ignore_tick
from bmkit.export.fhir.options import (
    BULK_PART,
    BUNDLE_TYPES,
    OPTIONS,
    VERSION_BY_RELEASE,
    FhirOptions,
    parse_base_url,
)
from bmkit.tables import split_by_article
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.export.fhir.mapping import SharedResources
    from bmkit.export.fhir.resources import Resources

__all__ = ["OPTIONS", "VERSION_BY_RELEASE", "FhirOptions", "build_resources", "write", "write_articles"]

_BUNDLE_FILES = frozenset(f"{bundle_type}.json" for bundle_type in BUNDLE_TYPES)


def build_resources(
    content: Content, options: FhirOptions | None = None, shared_resources: SharedResources | None = None
) -> Resources:
    """The resources of a content with one article and the shared terms."""
    from bmkit.export.fhir.mapping import build_article_resources
    from bmkit.export.fhir.stamp import describe_article

    article_names = [folder_name for folder_name in content.folders if folder_name != TERMS_FOLDER]
    return build_article_resources(
        content,
        describe_article(content, article_names[0] if article_names else TERMS_FOLDER),
        options or FhirOptions(),
        shared_resources,
    )


def write(  # noqa: PLR0913  what a user may choose
    content: Content,
    out_folder: Path,
    tick: Tick = ignore_tick,
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
    FHIR: InvalidExportError says why.  `only` names some of EXPORT_PARTS: nothing else is written then, and
    since the folder is replaced, nothing else of an earlier export stays.
    """
    contents_by_article = split_by_article(content)
    cumulative_counts = list(
        accumulate(
            _count_article_records(
                article_content, article_name, is_only_article=len(contents_by_article) == 1
            )
            for article_name, article_content in contents_by_article.items()
        )
    )

    def tick_records(done: int, _: int) -> None:
        tick(cumulative_counts[done - 1], cumulative_counts[-1])

    return write_articles(
        list(contents_by_article),
        contents_by_article.values(),
        out_folder,
        tick_records,
        release=release,
        base=base,
        status=status,
        check=check,
        only=only,
    )


def write_articles(  # noqa: PLR0913  what a user may choose
    article_names: Sequence[str],
    article_contents: Iterable[Content],
    out_folder: Path,
    tick: Tick = ignore_tick,
    *,
    release: str = "R5",
    base: str = "",
    status: str = "draft",
    check: bool = False,
    only: Sequence[str] = (),
) -> list[Path]:
    """Write the same for articles that are read one after the other, each forgotten before the next.

    `article_contents` yields each article, of those named, with the shared terms; if it raises, nothing is
    written.  `tick` counts articles.
    """
    from bmkit.export.fhir.bundle import build_bundle, list_bundle_types, write_bulk_files

    options = FhirOptions(release=release, status=status, **({"base": parse_base_url(base)} if base else {}))
    target = out_folder / ("fhir" if release == "R5" else f"fhir-{release.lower()}")
    article_folders = frozenset(article_names)
    bundle_files: list[str] = []
    with replace_folder(
        target, lambda relative_path: _is_exported_path(relative_path, article_folders)
    ) as folder:

        def iter_article_resources() -> Iterator[Resources]:
            shared_resources: SharedResources = {}
            for done, article_content in enumerate(article_contents, 1):
                resources = build_resources(article_content, options, shared_resources)
                bundle_types = [
                    bundle_type
                    for bundle_type in list_bundle_types(resources)
                    if not only or bundle_type in only
                ]
                if check:
                    _refuse_invalid_bundles(resources, bundle_types)
                bundle_folder = folder if len(article_names) <= 1 else folder / resources.article.folder
                for bundle_type in bundle_types:
                    bundle_folder.mkdir(exist_ok=True)
                    bundle_file = bundle_folder / f"{bundle_type}.json"
                    text = format_json(build_bundle(resources, bundle_type), indent=1)
                    bundle_file.write_text(f"{text}\n", encoding="utf-8", newline="\n")
                    bundle_files.append(bundle_file.relative_to(folder).as_posix())
                tick(done, max(done, len(article_names)))
                yield resources

        if not only or BULK_PART in only:
            (folder / BULK_PART).mkdir()
            bulk_files = write_bulk_files(iter_article_resources(), folder / BULK_PART)
        else:
            bulk_files = []
            for _ in iter_article_resources():
                pass
        if not bundle_files and not bulk_files:
            raise ExportError("no article says when it was reviewed, and a document must bear a day")
    return [
        target / relative_path
        for relative_path in (
            *bundle_files,
            *(f"{BULK_PART}/{relative_path}" for relative_path in bulk_files),
        )
    ]


def _count_article_records(content: Content, article_name: str, *, is_only_article: bool) -> int:
    """How many records an article has; the only article counts those of the terms as well."""
    if is_only_article:
        return len(list(content.iter_records()))
    return sum(len(records) for records in content.folders[article_name].records_by_kind.values())


def _refuse_invalid_bundles(resources: Resources, bundle_types: Sequence[str]) -> None:
    from bmkit.export.fhir.bundle import build_bundle
    from bmkit.export.fhir.check import find_fhir_faults, refuse_faults

    # References are looked up in a Bundle, also where only bulk files are written.
    for index, bundle_type in enumerate(bundle_types or BUNDLE_TYPES[1:2]):
        # All Bundles have the same resources.
        refuse_faults(
            find_fhir_faults(
                build_bundle(resources, bundle_type), resources.options.release, with_resources=index == 0
            )
        )


def _is_exported_path(path: str, article_folders: Collection[str]) -> bool:
    """Whether an export of these articles can have written that file or folder."""
    from bmkit.export.fhir.bundle import BULK_SUFFIX

    folder, _, file_name = path.rpartition("/")
    if folder == BULK_PART:  # a file of the resources of one type
        return re.fullmatch(rf"[A-Z][A-Za-z]+{re.escape(BULK_SUFFIX)}", file_name) is not None
    if not folder and (file_name == BULK_PART or file_name in article_folders):
        return True
    return folder in ("", *article_folders) and file_name in _BUNDLE_FILES
