"""The files of an export: document, collection and transaction Bundles, and bulk NDJSON."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from bmkit.export.fhir.ids import Json, build_identifier, make_resource_id
from bmkit.export.fhir.options import BUNDLE_TYPES
from bmkit.export.fhir.provenance import to_instant
from bmkit.export.fhir.stamp import format_json_line, make_version

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from bmkit.export.fhir.resources import Resources


# Types that have identifiers, but for which the release defines no search by them: a server answers a
# conditional update with an error, and with it the whole transaction.  From the resources SearchParameter of
# HL7's packages hl7.fhir.r5.core 5.0.0 and hl7.fhir.r4b.core 4.3.0.
_UNSEARCHABLE_TYPES = {
    "R5": frozenset({"SubstancePolymer"}),
    "R4B": frozenset({"AdverseEvent", "BiologicallyDerivedProduct", "CatalogEntry", "ObservationDefinition"}),
}


def list_bundle_types(resources: Resources) -> tuple[str, ...]:
    """The types of Bundle that the article can have: a document needs the day of a review."""
    return BUNDLE_TYPES if resources.article.review_date else BUNDLE_TYPES[1:]


def build_bundle(resources: Resources, bundle_type: str) -> Json:
    """A Bundle of all resources; a document has the Composition first."""
    path = resources.article.make_path(bundle_type)
    entries: list[Json] = [
        {"fullUrl": url, "resource": resource} for url, resource in resources.iter_entries()
    ]
    if bundle_type == "document":
        entries.sort(key=lambda entry: entry["resource"]["resourceType"] != "Composition")
    if bundle_type == "transaction":
        entries = [_add_entry_request(entry, resources.options.release) for entry in entries]
    # With other content it is another document, under another identifier.
    identifier_path = path if bundle_type != "document" else (*path, _make_article_version(resources))
    return {
        "resourceType": "Bundle",
        "id": make_resource_id(resources.base, "Bundle", path),
        "meta": {"source": f"{resources.base}/{resources.article.folder}"},
        "language": resources.article.language,
        "identifier": build_identifier(resources.base, identifier_path),
        "type": bundle_type,
        **({"timestamp": to_instant(resources.article.review_date)} if resources.article.review_date else {}),
        "entry": entries,
    }


def _make_article_version(resources: Resources) -> str:
    """The version of all resources of an article together."""
    version_by_id = {resource["id"]: make_version(resource) for _, resource in resources.iter_entries()}
    return make_version(version_by_id, resources.article.review_date)


def _add_entry_request(entry: Json, release: str) -> Json:
    """An entry with its request.

    The resource of a conditional update has no id: the server keeps the id of what it finds, must refuse an
    update with another one, and assigns an id to what it does not find.
    """
    resource = entry["resource"]
    entry_request = build_entry_request(resource, release)
    if "?" in entry_request["url"]:
        resource = {
            element_name: element for element_name, element in resource.items() if element_name != "id"
        }
    return {**entry, "resource": resource, "request": entry_request}


def build_entry_request(resource: Json, release: str) -> Json:
    """The request that loads a resource, and makes no duplicate when it is sent again.

    It updates the resource with the same identifier, or under its id where the release has no search by
    identifier for the type.
    """
    resource_type = resource["resourceType"]
    identifier_element = resource.get("identifier")
    if isinstance(identifier_element, list):
        identifier_element = identifier_element[0]
    if identifier_element is None or resource_type in _UNSEARCHABLE_TYPES[release]:
        return {"method": "PUT", "url": f"{resource_type}/{resource['id']}"}
    token = quote(f"{identifier_element['system']}|{identifier_element['value']}", safe=":/|")
    return {"method": "PUT", "url": f"{resource_type}?identifier={token}"}


BULK_SUFFIX = ".ndjson"
# A reference as it stands in JSON text.  Inside a string the quotes would have backslashes.
_REFERENCE_PATTERN = re.compile(r'"reference": "urn:uuid:([0-9a-f-]{36})", "type": "([A-Za-z]+)"')


class BulkFiles:
    """The bulk files of all articles below `folder`, one a resource type, while they are written.

    A resource that several articles share is written once, from the first of them.  In memory are the ids of
    shared resources.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._file_by_type: dict[str, IO[str]] = {}
        self._shared_ids: set[str] = set()

    def __enter__(self) -> Self:
        self._folder.mkdir(exist_ok=True)
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def file_names(self) -> list[str]:
        """The names of the files, by resource type."""
        return [f"{resource_type}{BULK_SUFFIX}" for resource_type in sorted(self._file_by_type)]

    def add_resources(self, resources: Resources) -> None:
        """Write the resources of an article."""
        article_folder = resources.article.folder
        for (resource_type, path), resource in resources.by_key.items():
            if path[0] != article_folder:
                if resource["id"] in self._shared_ids:
                    continue
                self._shared_ids.add(resource["id"])
            if resource_type not in self._file_by_type:
                file = (self._folder / f"{resource_type}{BULK_SUFFIX}").open(
                    "w", encoding="utf-8", newline="\n"
                )
                self._file_by_type[resource_type] = self._stack.enter_context(file)
            self._file_by_type[resource_type].write(format_bulk_line(resource))


def format_bulk_line(resource: Json) -> str:
    """A resource as one line; its references name type and id, because there is no Bundle around it."""
    return _REFERENCE_PATTERN.sub(r'"reference": "\2/\1", "type": "\2"', format_json_line(resource)) + "\n"
