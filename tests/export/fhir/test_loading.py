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
SEARCHED = json.loads((Path(__file__).parent / "searched_by_identifier.json").read_text("utf-8"))


class Server:
    """As much of a FHIR server as a transaction of conditional updates needs.

    It assigns ids itself, and refuses what a conforming server refuses: a search that its release does not
    define, and a conditional update whose resource has another id than what was found.
    """

    def __init__(self, release: str) -> None:
        self.held: dict[str, Json] = {}
        self.searched = frozenset(SEARCHED[release].split())

    def load(self, transaction: Json) -> None:
        names = {entry["fullUrl"]: self.name(entry) for entry in transaction["entry"]}
        for entry in transaction["entry"]:
            self.held[names[entry["fullUrl"]]] = self.turned(entry["resource"], names)

    def name(self, entry: Json) -> str:
        """The type and id under which the resource of an entry will be held."""
        kind, _, query = entry["request"]["url"].partition("?identifier=")
        made_of = entry["resource"]
        if not query:
            assert kind == f"{made_of['resourceType']}/{made_of['id']}"
            return str(kind)
        assert kind in self.searched, f"{kind} has no search parameter identifier"
        found = [
            name for name, held in self.held.items() if name.startswith(f"{kind}/") and marked(held, query)
        ]
        assert len(found) < 2, f"{query} matches several"
        assert "id" not in made_of, "names another id than what is found"
        return found[0] if found else f"{kind}/{uuid4()}"

    def turned(self, value: Any, names: dict[str, str]) -> Any:
        """A resource with its references turned to what the server calls their targets."""
        if isinstance(value, dict):
            turned = {key: self.turned(part, names) for key, part in value.items()}
            if isinstance(name := value.get("reference"), str):
                turned["reference"] = names.get(name, name)
            return turned
        return [self.turned(part, names) for part in value] if isinstance(value, list) else value


def marked(held: Json, mark: str) -> bool:
    marks = held.get("identifier", [])
    every = [marks] if isinstance(marks, dict) else marks
    return any(f"{one['system']}|{one['value']}" == mark for one in every)


@pytest.mark.slow
def test_a_transaction_loaded_twice_leaves_no_duplicate(either: Resources) -> None:
    release = either.options.release
    transaction = build_bundle(either, "transaction")
    server = Server(release)
    server.load(transaction)
    once = dict(server.held)
    server.load(transaction)
    assert server.held == once
    assert len(once) == len(transaction["entry"])
    assert "urn:uuid:" not in json.dumps(list(once.values()), default=str)


def test_what_cannot_be_searched_for_is_put_under_its_id(either: Resources) -> None:
    transaction = build_bundle(either, "transaction")
    urls = {entry["request"]["url"] for entry in transaction["entry"]}
    under_ids = {url.partition("/")[0] for url in urls if "?" not in url}
    older = {"MedicationKnowledge", "ObservationDefinition"} if either.options.release == "R4B" else set()
    assert under_ids == {"Provenance", *older}
