"""A Bundle as it is read: by FHIRPath alone, with nothing of the code that made it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import fhirpathpy
from fhirpathpy.models import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


Json = dict[str, Any]

# An amount as content has it: value and comparator, or low and high, with the unit.
Amount = tuple[Any, ...]


@cache
def _compile_path(path: str) -> Callable[[Json], list[Any]]:
    compiled = fhirpathpy.compile(path, models["r5"])
    return lambda element: list(compiled(element, None))


def evaluate(element: Json, path: str) -> list[Any]:
    """What FHIRPath finds in a resource."""
    return _compile_path(path)(element)


class BundleReader:
    """A Bundle, with its resources by their fullUrl and by the facts and terms that they are about."""

    def __init__(self, bundle: Json) -> None:
        self.resource_by_url: dict[str, Json] = {}
        self.resource_by_canonical: dict[str, Json] = {}
        self.resources_by_name: dict[str, list[Json]] = {}
        self._names: dict[str, list[str]] = {}
        self.main_resources: dict[tuple[str, str], Json] = {}
        for entry in bundle["entry"]:
            resource = entry["resource"]
            self.resource_by_url[entry["fullUrl"]] = resource
            self.resource_by_canonical[resource.get("url", "")] = resource
            names = self._names[resource["id"]] = evaluate(resource, "identifier.value")
            for name in names:
                self.resources_by_name.setdefault(name, []).append(resource)
            if names:
                self.main_resources[resource["resourceType"], names[0]] = resource
        self.systems = {
            url
            for url, resource in self.resource_by_canonical.items()
            if resource["resourceType"] == "CodeSystem"
        }
        # MedicationKnowledge has no identifier in R4B: it is about what its medication is about.
        knowledge = [
            resource
            for resource in self.resource_by_url.values()
            if resource["resourceType"] == "MedicationKnowledge"
        ]
        self.unidentified = [resource for resource in knowledge if "identifier" not in resource]
        for resource in self.unidentified:
            for medication in self.follow_references(resource, "associatedMedication"):
                names = evaluate(medication, "identifier.value")
                for name in names:
                    self.resources_by_name[name].append(resource)
                self._names[resource["id"]] = names
                self.main_resources["MedicationKnowledge", names[0]] = resource

    def list_resources(self, kind: str, name: str) -> list[Json]:
        return [
            resource for resource in self.resources_by_name.get(name, []) if resource["resourceType"] == kind
        ]

    def follow_references(self, resource: Json, path: str) -> list[Json]:
        """The resources that the references at a path lead to."""
        return [self.resource_by_url[url] for url in evaluate(resource, f"{path}.reference")]

    def list_names(self, resource: Json) -> list[str]:
        """All facts and terms that a resource is about."""
        return self._names.get(resource["id"], [])

    def list_terms(self, resource: Json, path: str) -> list[str]:
        """The terms and words at a path, as content has them; of a reference those of its target."""
        return [name for element in evaluate(resource, path) for name in self.iter_terms(element)]

    def iter_terms(self, element: Json) -> Iterator[str]:
        """The terms and words that a concept, or the target of a reference, has as our own codes."""
        if "reference" in element and isinstance(element["reference"], str):
            target = self.resource_by_url[element["reference"]]
            if target["resourceType"] == "Group":
                yield find_record_id(target)
                return
            element = target["code"]
        element = element.get("concept", element)
        for coding in element.get("coding", ()):
            if coding["system"] in self.systems:
                yield coding["display"] if coding["system"].endswith("/word") else coding["code"]

    def list_dependencies(self, resource: Json) -> list[Json]:
        """The resources that one depends on: R5 refers to them, R4B names them by their canonical URL."""
        path = "relatedArtifact.where(type = 'depends-on')"
        list_terms = [self.resource_by_canonical[url] for url in evaluate(resource, f"{path}.resource")]
        return [*self.follow_references(resource, f"{path}.resourceReference"), *list_terms]


def find_record_id(resource: Json) -> str:
    """The id of the fact or term that a resource was made for."""
    identifiers = resource["identifier"]
    identifier = identifiers[0] if isinstance(identifiers, list) else identifiers
    return str(identifier["value"]).rpartition("/")[2]


def parse_amount(element: Json) -> Amount:
    """The amount of a Quantity or a Range."""
    if "low" in element and "high" in element:
        assert element["low"]["system"] == element["high"]["system"] == "http://unitsofmeasure.org"
        assert element["low"]["code"] == element["high"]["code"]
        return (
            "range",
            Decimal(element["low"]["value"]),
            Decimal(element["high"]["value"]),
            element["low"]["code"],
        )
    if "low" in element or "high" in element:
        end, sign = ("low", ">=") if "low" in element else ("high", "<=")
        quantity = element[end]
    else:
        quantity, sign = element, element.get("comparator", "")
    assert quantity["system"] == "http://unitsofmeasure.org"
    assert quantity["unit"]
    return ("value", Decimal(quantity["value"]), sign, quantity["code"])


def iter_codes(resource: Any) -> Iterator[str]:
    """Every code in a resource, and the words of a closed list as they are shown."""
    if isinstance(resource, dict):
        if isinstance(resource.get("code"), str) and "system" in resource:
            yield resource["code"]
            yield str(resource.get("display"))
        for part in resource.values():
            yield from iter_codes(part)
    elif isinstance(resource, list):
        for part in resource:
            yield from iter_codes(part)


def iter_concepts(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if value.get("coding"):
            yield value
        for part in value.values():
            yield from iter_concepts(part)
    elif isinstance(value, list):
        for part in value:
            yield from iter_concepts(part)
