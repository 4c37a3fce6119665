"""FHIR: every fact as resources that a hospital can load, in Bundles and as bulk NDJSON."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from bmkit.articles import iter_articles
from bmkit.export import ExportError
from bmkit.export.fhir.options import (
    BULK_PART,
    BUNDLE_TYPES,
    OPTIONS,
    VERSION_BY_RELEASE,
    FhirOptions,
    parse_base_url,
)
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bmkit.articles import ArticleContent
    from bmkit.content import Content
    from bmkit.export import Tick
    from bmkit.export.exported_files import FileList
    from bmkit.export.fhir.bundle import BulkFiles
    from bmkit.export.fhir.mapping import SharedResources
    from bmkit.export.fhir.resources import Resources

__all__ = [
    "OPTIONS",
    "VERSION_BY_RELEASE",
    "FhirOptions",
    "FhirWriter",
    "build_article",
    "build_resources",
    "name_folder",
    "open_writer",
]


def build_resources(
    content: Content, options: FhirOptions | None = None, shared_resources: SharedResources | None = None
) -> Resources:
    """The resources of the article of a content, or of its first article."""
    return build_article(next(iter_articles(content)), options, shared_resources)


def build_article(
    article: ArticleContent,
    options: FhirOptions | None = None,
    shared_resources: SharedResources | None = None,
) -> Resources:
    """The resources of an article; see `build_article_resources`."""
    from bmkit.export.fhir.mapping import build_article_resources
    from bmkit.export.fhir.stamp import describe_article

    return build_article_resources(
        article.content,
        describe_article(article.content, article.name),
        options or FhirOptions(),
        shared_resources,
        article.vocabulary,
    )


def name_folder(release: str = "R5", **_: Any) -> str:
    """Return the folder of a release, which has a folder with the Bundles of each article, and bulk/."""
    return "fhir" if release == "R5" else f"fhir-{release.lower()}"


def needs_signatures(status: str = "draft", **_: Any) -> bool:
    """Return whether somebody must answer for each fact: what is active is ready for use."""
    return status == "active"


@contextmanager
def open_writer(  # noqa: PLR0913  what a user may choose
    folder: Path,
    files: FileList,
    *,
    release: str = "R5",
    base: str = "",
    status: str = "draft",
    check: bool = False,
    only: Sequence[str] = (),
) -> Iterator[FhirWriter]:
    """Yield what writes <article>/<type of Bundle>.json, and in bulk/ one NDJSON file a resource type.

    An article that does not say when it was reviewed has no document; bulk/ holds the resources of all
    articles.  `base` is the start of every canonical URL, `status` that of definitions, "draft" or "active".
    With `check` InvalidExportError is raised where anything is not valid FHIR.  `only` names some of
    EXPORT_PARTS: nothing else is written then, and since the folder is replaced, nothing else of an earlier
    export stays.
    """
    from bmkit.export.fhir.bundle import BulkFiles

    options = FhirOptions(release=release, status=status, **({"base": parse_base_url(base)} if base else {}))
    with ExitStack() as stack:
        bulk_files = None
        if not only or BULK_PART in only:
            bulk_files = stack.enter_context(BulkFiles(folder / BULK_PART))
        yield FhirWriter(folder, files, options, bulk_files, check=check, only=only)
    for file_name in bulk_files.file_names if bulk_files is not None else ():
        files.add_file(f"{BULK_PART}/{file_name}")
    if not files.first_path:
        raise ExportError("no article says when it was reviewed, and a document must bear a day")


class FhirWriter:
    """Writes articles as FHIR resources; in memory are those of one article, and those that all share."""

    def __init__(  # noqa: PLR0913  what a user may choose
        self,
        folder: Path,
        files: FileList,
        options: FhirOptions,
        bulk_files: BulkFiles | None,
        *,
        check: bool,
        only: Sequence[str],
    ) -> None:
        self._folder = folder
        self._files = files
        self._options = options
        self._bulk_files = bulk_files
        self._is_checked = check
        self._only = only
        self._shared_resources: SharedResources = {}

    def add_article(self, article: ArticleContent, tick: Tick) -> None:
        """Write the Bundles of an article, and its resources into the bulk files."""
        from bmkit.export.fhir.bundle import build_bundle, list_bundle_types

        resources = build_article(article, self._options, self._shared_resources)
        bundle_types = [
            bundle_type
            for bundle_type in list_bundle_types(resources)
            if not self._only or bundle_type in self._only
        ]
        if self._is_checked:
            _refuse_invalid_bundles(resources, bundle_types)
        for bundle_type in bundle_types:
            bundle_file = self._folder / article.name / f"{bundle_type}.json"
            bundle_file.parent.mkdir(exist_ok=True)
            text = format_json(build_bundle(resources, bundle_type), indent=1)
            bundle_file.write_text(f"{text}\n", encoding="utf-8", newline="\n")
            self._files.add_file(f"{article.name}/{bundle_file.name}")
        if self._bulk_files is not None:
            self._bulk_files.add_resources(resources)
        tick(1, 1)


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
