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
def _compiled(path: str) -> Callable[[Json], list[Any]]:
    compiled = fhirpathpy.compile(path, models["r5"])
    return lambda held: list(compiled(held, None))


def ask(held: Json, path: str) -> list[Any]:
    """What FHIRPath finds in a resource."""
    return _compiled(path)(held)


class Reading:
    """A Bundle, with its resources by their fullUrl and by the facts and terms that they are about."""

    def __init__(self, bundle: Json) -> None:
        self.by_url: dict[str, Json] = {}
        self.by_canonical: dict[str, Json] = {}
        self.about: dict[str, list[Json]] = {}
        self._names: dict[str, list[str]] = {}
        self.made_for: dict[tuple[str, str], Json] = {}
        for entry in bundle["entry"]:
            made = entry["resource"]
            self.by_url[entry["fullUrl"]] = made
            self.by_canonical[made.get("url", "")] = made
            names = self._names[made["id"]] = ask(made, "identifier.value")
            for name in names:
                self.about.setdefault(name, []).append(made)
            if names:
                self.made_for[made["resourceType"], names[0]] = made
        self.systems = {
            url for url, made in self.by_canonical.items() if made["resourceType"] == "CodeSystem"
        }
        # MedicationKnowledge has no identifier in R4B: it is about what its medication is about.
        every = [made for made in self.by_url.values() if made["resourceType"] == "MedicationKnowledge"]
        self.unnamed = [made for made in every if "identifier" not in made]
        for made in self.unnamed:
            for medication in self.follow(made, "associatedMedication"):
                names = ask(medication, "identifier.value")
                for name in names:
                    self.about[name].append(made)
                self._names[made["id"]] = names
                self.made_for["MedicationKnowledge", names[0]] = made

    def of(self, kind: str, name: str) -> list[Json]:
        return [made for made in self.about.get(name, []) if made["resourceType"] == kind]

    def follow(self, made: Json, path: str) -> list[Json]:
        """The resources that the references at a path lead to."""
        return [self.by_url[url] for url in ask(made, f"{path}.reference")]

    def names_of(self, made: Json) -> list[str]:
        """All facts and terms that a resource is about."""
        return self._names.get(made["id"], [])

    def named(self, made: Json, path: str) -> list[str]:
        """The terms and words at a path, as content writes them: of a reference, what it leads to is."""
        return [name for held in ask(made, path) for name in self.names(held)]

    def names(self, held: Json) -> Iterator[str]:
        """The terms and words that a concept, or what a reference leads to, has as codes of our own."""
        if "reference" in held and isinstance(held["reference"], str):
            target = self.by_url[held["reference"]]
            if target["resourceType"] == "Group":
                yield last(target)
                return
            held = target["code"]
        held = held.get("concept", held)
        for one in held.get("coding", ()):
            if one["system"] in self.systems:
                yield one["display"] if one["system"].endswith("/word") else one["code"]

    def needed(self, made: Json) -> list[Json]:
        """The resources that one depends on: R5 refers to them, R4B names them by their canonical URL."""
        path = "relatedArtifact.where(type = 'depends-on')"
        named = [self.by_canonical[url] for url in ask(made, f"{path}.resource")]
        return [*self.follow(made, f"{path}.resourceReference"), *named]


def last(made: Json) -> str:
    """The id of the fact or term that a resource was made for."""
    marks = made["identifier"]
    mark = marks[0] if isinstance(marks, list) else marks
    return str(mark["value"]).rpartition("/")[2]


def amount(held: Json) -> Amount:
    """The amount of a Quantity or a Range."""
    if "low" in held and "high" in held:
        assert held["low"]["system"] == held["high"]["system"] == "http://unitsofmeasure.org"
        assert held["low"]["code"] == held["high"]["code"]
        return ("range", Decimal(held["low"]["value"]), Decimal(held["high"]["value"]), held["low"]["code"])
    if "low" in held or "high" in held:
        end, sign = ("low", ">=") if "low" in held else ("high", "<=")
        one = held[end]
    else:
        one, sign = held, held.get("comparator", "")
    assert one["system"] == "http://unitsofmeasure.org"
    assert one["unit"]
    return ("value", Decimal(one["value"]), sign, one["code"])


def codes_in(made: Any) -> Iterator[str]:
    """Every code in a resource, and the words of a closed list as they are shown."""
    if isinstance(made, dict):
        if isinstance(made.get("code"), str) and "system" in made:
            yield made["code"]
            yield str(made.get("display"))
        for part in made.values():
            yield from codes_in(part)
    elif isinstance(made, list):
        for part in made:
            yield from codes_in(part)
