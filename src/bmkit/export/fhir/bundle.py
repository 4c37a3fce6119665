"""Bundles: a document to read, a collection to look through, a transaction to load."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bmkit.export.fhir.identity import Json, identifier, resource_id
from bmkit.export.fhir.trace import instant

if TYPE_CHECKING:
    from bmkit.export.fhir.making import Making

TYPES = ("document", "collection", "transaction")


def types(making: Making) -> tuple[str, ...]:
    """The Bundles that can be made: a document needs a day."""
    return TYPES if making.article.reviewed else TYPES[1:]


def bundle(making: Making, kind: str) -> Json:
    """The Bundle of that type with all resources; a document has the Composition first."""
    path = making.article.path(kind)
    entries: list[Json] = [{"fullUrl": url, "resource": made} for url, made in making.entries()]
    if kind == "document":
        entries.sort(key=lambda entry: entry["resource"]["resourceType"] != "Composition")
    if kind == "transaction":
        entries = [{**entry, "request": request(entry["resource"])} for entry in entries]
    return {
        "resourceType": "Bundle",
        "id": resource_id(making.base, "Bundle", path),
        "meta": {"source": f"{making.base}/{making.article.folder}"},
        "language": making.article.language,
        "identifier": identifier(making.base, path),
        "type": kind,
        **({"timestamp": instant(making.article.reviewed)} if making.article.reviewed else {}),
        "entry": entries,
    }


def request(made: Json) -> Json:
    """The request that loads a resource, and leaves one resource however often it is made.

    It updates what has the same identifier; a type without identifiers is updated under its id.
    """
    kind = made["resourceType"]
    own = made.get("identifier")
    if isinstance(own, list):
        own = own[0]
    if own is None:
        return {"method": "PUT", "url": f"{kind}/{made['id']}"}
    return {
        "method": "PUT",
        "url": f"{kind}?identifier={quote(own['system'] + '|' + own['value'], safe=':/|')}",
    }
