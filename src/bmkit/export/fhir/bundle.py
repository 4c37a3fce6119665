"""Bundles: a document to read, a collection to look through, a transaction to load."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bmkit.export.fhir.ids import Json, identifier, resource_id
from bmkit.export.fhir.provenance import instant
from bmkit.export.fhir.version import of_all

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Making

# Types that have identifiers, but for which the release defines no search by them: a server answers a
# conditional update with an error, and with it the whole transaction.  From the resources SearchParameter of
# HL7's packages hl7.fhir.r5.core 5.0.0 and hl7.fhir.r4b.core 4.3.0.
_NOT_SEARCHED = {
    "R5": frozenset({"SubstancePolymer"}),
    "R4B": frozenset({"AdverseEvent", "BiologicallyDerivedProduct", "CatalogEntry", "ObservationDefinition"}),
}

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
        entries = [_loaded(entry, making.setting.release) for entry in entries]
    # A document is what it says: with other content it is another document, under another identifier.
    own = path if kind != "document" else (*path, of_all(making))
    return {
        "resourceType": "Bundle",
        "id": resource_id(making.base, "Bundle", path),
        "meta": {"source": f"{making.base}/{making.article.folder}"},
        "language": making.article.language,
        "identifier": identifier(making.base, own),
        "type": kind,
        **({"timestamp": instant(making.article.reviewed)} if making.article.reviewed else {}),
        "entry": entries,
    }


def _loaded(entry: Json, release: str) -> Json:
    """An entry with its request.

    A resource that is looked for has no id: the server knows the id of what it finds, and has to refuse an
    update that names another; of what it does not find, it makes one.
    """
    made = entry["resource"]
    asked = request(made, release)
    if "?" in asked["url"]:
        made = {name: part for name, part in made.items() if name != "id"}
    return {**entry, "resource": made, "request": asked}


def request(made: Json, release: str) -> Json:
    """The request that loads a resource, and leaves one resource however often it is made.

    It updates what has the same identifier; where the release cannot search the type for that, because it has
    no identifiers or because HL7 defined no such search, the resource is updated under its id.
    """
    kind = made["resourceType"]
    own = made.get("identifier")
    if isinstance(own, list):
        own = own[0]
    if own is None or kind in _NOT_SEARCHED[release]:
        return {"method": "PUT", "url": f"{kind}/{made['id']}"}
    return {
        "method": "PUT",
        "url": f"{kind}?identifier={quote(own['system'] + '|' + own['value'], safe=':/|')}",
    }
