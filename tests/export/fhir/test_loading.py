"""The transaction, loaded into a server that is as strict as a conforming one may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from bmkit.export.fhir.bundle import build_bundle

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]
# The types of each release that HL7 defined a search by identifier for.
SEARCHABLE_TYPES = json.loads((Path(__file__).parent / "searched_by_identifier.json").read_text("utf-8"))


class Server:
    """As much of a FHIR server as a transaction of conditional updates needs.

    It assigns ids itself, and refuses what a conforming server refuses: a search that its release does not
    define, and a conditional update whose resource has another id than what was found.
    """

    def __init__(self, release: str) -> None:
        self.resources: dict[str, Json] = {}
        self.searchable_types = frozenset(SEARCHABLE_TYPES[release].split())

    def load(self, transaction: Json) -> None:
        names = {entry["fullUrl"]: self.name_resource(entry) for entry in transaction["entry"]}
        for entry in transaction["entry"]:
            self.resources[names[entry["fullUrl"]]] = self.resolve_references(entry["resource"], names)

    def name_resource(self, entry: Json) -> str:
        """The type and id under which the resource of an entry will be held."""
        kind, _, query = entry["request"]["url"].partition("?identifier=")
        resource = entry["resource"]
        if not query:
            assert kind == f"{resource['resourceType']}/{resource['id']}"
            return str(kind)
        assert kind in self.searchable_types, f"{kind} has no search parameter identifier"
        names = [
            name
            for name, resource_found in self.resources.items()
            if name.startswith(f"{kind}/") and has_identifier(resource_found, query)
        ]
        assert len(names) < 2, f"{query} matches several"
        assert "id" not in resource, "names another id than what is found"
        return names[0] if names else f"{kind}/{uuid4()}"

    def resolve_references(self, value: Any, names: dict[str, str]) -> Any:
        """A resource with its references turned to what the server calls their targets."""
        if isinstance(value, dict):
            resolve_references = {key: self.resolve_references(part, names) for key, part in value.items()}
            if isinstance(name := value.get("reference"), str):
                resolve_references["reference"] = names.get(name, name)
            return resolve_references
        return [self.resolve_references(part, names) for part in value] if isinstance(value, list) else value


def has_identifier(resource: Json, token: str) -> bool:
    identifier_element = resource.get("identifier", [])
    identifiers = [identifier_element] if isinstance(identifier_element, dict) else identifier_element
    return any(f"{identifier['system']}|{identifier['value']}" == token for identifier in identifiers)


@pytest.mark.slow
def test_a_transaction_loaded_twice_leaves_no_duplicate(either: Resources) -> None:
    release = either.options.release
    transaction = build_bundle(either, "transaction")
    server = Server(release)
    server.load(transaction)
    loaded_once = dict(server.resources)
    server.load(transaction)
    assert server.resources == loaded_once
    assert len(loaded_once) == len(transaction["entry"])
    assert "urn:uuid:" not in json.dumps(list(loaded_once.values()), default=str)


def test_what_cannot_be_searched_for_is_put_under_its_id(either: Resources) -> None:
    transaction = build_bundle(either, "transaction")
    urls = {entry["request"]["url"] for entry in transaction["entry"]}
    under_ids = {url.partition("/")[0] for url in urls if "?" not in url}
    more_types = (
        {"MedicationKnowledge", "NamingSystem", "ObservationDefinition"}
        if either.options.release == "R4B"
        else set()
    )
    assert under_ids == {"Provenance", *more_types}
