"""Rules of our own, for what the models do not look at: references, quantities, narratives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError, fromstring

from bmkit.export.fhir.check import codes
from bmkit.export.fhir.check.faults import Fault, called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.ids import Json

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Where the specification asks for a SimpleQuantity.
_SIMPLE = ("drugCharacteristic", "definitional.drugCharacteristic")
_XHTML = "{http://www.w3.org/1999/xhtml}"


def of_bundle(bundle: Json) -> Iterator[Fault]:
    """Names that are used twice, references that lead nowhere, codes of our own that no code system has."""
    entries = bundle["entry"]
    kinds: dict[str, str] = {}
    name = called(bundle)
    for number, entry in enumerate(entries):
        url, made = entry.get("fullUrl", ""), entry["resource"]
        path = f"entry[{number}].fullUrl"
        # What a transaction looks for has no id before the server has found it or made it.
        own = None if "?" in entry.get("request", {}).get("url", "") else url.removeprefix("urn:uuid:")
        if not _UUID.fullmatch(url) or made.get("id") != own:
            yield Fault(name, path, "full-url", f"the id at {url!r} is {made.get('id')!r}, not {own!r}")
        if url in kinds:
            yield Fault(name, path, "full-url", f"{url} is used twice")
        kinds[url] = made["resourceType"]
    if bundle["type"] == "document" and entries[0]["resource"]["resourceType"] != "Composition":
        yield Fault(name, "entry[0]", "bdl-11", "the first entry of a document must be a Composition")
    urls = {entry["resource"]["url"] for entry in entries if "url" in entry["resource"]}
    systems = {
        entry["resource"]["url"]: {one["code"]: one["display"] for one in entry["resource"]["concept"]}
        for entry in entries
        if entry["resource"]["resourceType"] == "CodeSystem"
    }
    for entry in entries:
        made = entry["resource"]
        for path, part in _objects(made, ""):
            yield from _reference(called(made), path, part, kinds)
            yield from _coding(called(made), path, part, systems)
            resource = part.get("resource")
            if isinstance(resource, str) and resource not in urls:
                yield Fault(called(made), f"{path}.resource", "canonical", f"{resource} is not in the Bundle")


def of_resource(made: Json) -> Iterator[Fault]:
    """Codes, quantities, ranges, concepts and narratives that do not say what they must."""
    name = called(made)
    if not _ID.fullmatch(str(made.get("id", ""))):
        yield Fault(name, "id", "id", f"{made.get('id')!r} is not an id")
    yield from _narrative(name, made)
    for path, part in _objects(made, ""):
        if "comparator" in part and path.rpartition(".")[0].startswith(_SIMPLE):
            yield Fault(name, path, "sqty-1", "a characteristic of a medicine has no comparator")
        if any(value in (None, "", [], {}) for value in part.values()):
            yield Fault(name, path, "empty", "an element has no value")
        if "low" in part or "high" in part:
            yield from _range(name, path, part)
        elif "value" in part and not isinstance(part["value"], str | dict | list):
            yield from codes.of_quantity(name, path, part)
        elif "system" in part:
            yield from codes.of_coding(name, path, part)
        if "coding" in part and not part.get("text"):
            yield Fault(name, path, "text", "a CodeableConcept has no text")


def _reference(name: str, path: str, part: Json, kinds: dict[str, str]) -> Iterator[Fault]:
    target = part.get("reference")
    if not isinstance(target, str) or target.startswith("#"):
        return
    if target not in kinds:
        yield Fault(name, path, "reference", f"{target} is not in the Bundle")
    elif part.get("type") != kinds[target]:
        yield Fault(name, path, "reference", f"type says {part.get('type')}, the target is a {kinds[target]}")


def _coding(name: str, path: str, part: Json, systems: dict[str, dict[str, str]]) -> Iterator[Fault]:
    known = systems.get(str(part.get("system")))
    if known is None or "code" not in part:
        return
    if part["code"] not in known:
        yield Fault(name, path, "code", f"{part['code']} is not in {part['system']}")
    elif "display" in part and part["display"] != known[part["code"]]:
        yield Fault(
            name, path, "code", f"{part['code']} is called {known[part['code']]!r}, not {part['display']!r}"
        )


def _range(name: str, path: str, part: Json) -> Iterator[Fault]:
    low, high = part.get("low"), part.get("high")
    for end, one in (("low", low), ("high", high)):
        if isinstance(one, dict) and "comparator" in one:
            yield Fault(name, f"{path}.{end}", "sqty-1", "an end of a Range has no comparator")
    if isinstance(low, dict) and isinstance(high, dict):
        if low.get("code") != high.get("code"):
            yield Fault(name, path, "rng-2", f"the ends have units {low.get('code')} and {high.get('code')}")
        elif low["value"] > high["value"]:
            yield Fault(name, path, "rng-2", f"low {low['value']} is above high {high['value']}")


def _narrative(name: str, made: Json) -> Iterator[Fault]:
    text = made.get("text") or {}
    try:
        root = fromstring(text.get("div", ""))  # noqa: S314  our own text, made a moment ago
    except ParseError as error:
        yield Fault(name, "text.div", "txt-1", f"is not XHTML: {error}")
        return
    if root.tag != f"{_XHTML}div" or not "".join(root.itertext()).strip():
        yield Fault(name, "text.div", "txt-2", "says nothing")
    if text.get("status") != "generated" or root.get("lang") != made.get("language"):
        yield Fault(name, "text", "language", "is not marked as generated, or not with its language")


def _objects(value: Any, path: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield path, value
        for key, part in value.items():
            yield from _objects(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _objects(part, f"{path}[{number}]")
