"""Our own rules about ids, references, codes, quantities and narratives."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError, fromstring

from bmkit.content.terminologies import TERMINOLOGY_URLS
from bmkit.export.fhir.check.faults import FhirFault, describe_resource
from bmkit.export.fhir.codeable import HL7_CODE_SYSTEM_URL
from bmkit.export.fhir.datatypes import UCUM
from bmkit.ucum.units import is_valid_unit
from bmkit.wording import format_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.ids import Json


_ID_PATTERN = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_UUID_URL_PATTERN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Where the specification asks for a SimpleQuantity.
_SIMPLE_QUANTITY_PATHS = ("drugCharacteristic", "definitional.drugCharacteristic")
_XHTML_NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def find_bundle_faults(bundle: Json) -> Iterator[FhirFault]:
    """Repeated or wrong fullUrls, references to nothing, and our codes that no code system has."""
    entries = bundle["entry"]
    type_by_url: dict[str, str] = {}
    bundle_name = describe_resource(bundle)
    for index, entry in enumerate(entries):
        full_url, entry_resource = entry.get("fullUrl", ""), entry["resource"]
        path = f"entry[{index}].fullUrl"
        # The resource of a conditional update has no id; the server assigns it.
        expected_id = (
            None if "?" in entry.get("request", {}).get("url", "") else full_url.removeprefix("urn:uuid:")
        )
        if not _UUID_URL_PATTERN.fullmatch(full_url) or entry_resource.get("id") != expected_id:
            yield FhirFault(
                bundle_name,
                path,
                "full-url",
                f"the id at {full_url!r} is {entry_resource.get('id')!r}, not {expected_id!r}",
            )
        if full_url in type_by_url:
            yield FhirFault(bundle_name, path, "full-url", f"{full_url} is used twice")
        type_by_url[full_url] = entry_resource["resourceType"]
    if bundle["type"] == "document" and entries[0]["resource"]["resourceType"] != "Composition":
        yield FhirFault(
            bundle_name, "entry[0]", "bdl-11", "the first entry of a document must be a Composition"
        )
    canonical_urls = {entry["resource"]["url"] for entry in entries if "url" in entry["resource"]}
    displays_by_system = {
        entry["resource"]["url"]: {
            concept["code"]: concept["display"] for concept in entry["resource"]["concept"]
        }
        for entry in entries
        if entry["resource"]["resourceType"] == "CodeSystem"
    }
    for entry in entries:
        resource_name = describe_resource(entry["resource"])
        for path, element in _walk_elements(entry["resource"], ""):
            yield from _find_reference_faults(resource_name, path, element, type_by_url)
            yield from _find_project_code_faults(resource_name, path, element, displays_by_system)
            canonical_url = element.get("resource")
            if isinstance(canonical_url, str) and canonical_url not in canonical_urls:
                yield FhirFault(
                    resource_name,
                    f"{path}.resource",
                    "canonical",
                    f"{canonical_url} is not in the Bundle",
                )


def find_resource_faults(resource: Json) -> Iterator[FhirFault]:
    """Wrong codes, quantities, ranges, concepts and narratives."""
    resource_name = describe_resource(resource)
    if not _ID_PATTERN.fullmatch(str(resource.get("id", ""))):
        yield FhirFault(resource_name, "id", "id", f"{resource.get('id')!r} is not an id")
    yield from _find_narrative_faults(resource_name, resource)
    for path, element in _walk_elements(resource, ""):
        if "comparator" in element and path.rpartition(".")[0].startswith(_SIMPLE_QUANTITY_PATHS):
            yield FhirFault(resource_name, path, "sqty-1", "a characteristic of a medicine has no comparator")
        if any(value in (None, "", [], {}) for value in element.values()):
            yield FhirFault(resource_name, path, "empty", "an element has no value")
        if "low" in element or "high" in element:
            yield from _find_range_faults(resource_name, path, element)
        elif "value" in element and not isinstance(element["value"], str | dict | list):
            yield from find_quantity_faults(resource_name, path, element)
        elif "system" in element:
            yield from find_coding_faults(resource_name, path, element)
        if "coding" in element and not element.get("text"):
            yield FhirFault(resource_name, path, "text", "a CodeableConcept has no text")


def _find_reference_faults(
    resource_name: str, path: str, element: Json, type_by_url: dict[str, str]
) -> Iterator[FhirFault]:
    target_url = element.get("reference")
    if not isinstance(target_url, str) or target_url.startswith("#"):
        return
    if target_url not in type_by_url:
        yield FhirFault(resource_name, path, "reference", f"{target_url} is not in the Bundle")
    elif element.get("type") != type_by_url[target_url]:
        yield FhirFault(
            resource_name,
            path,
            "reference",
            f"type says {element.get('type')}, the target is a {type_by_url[target_url]}",
        )


def _find_project_code_faults(
    resource_name: str, path: str, element: Json, displays_by_system: dict[str, dict[str, str]]
) -> Iterator[FhirFault]:
    display_by_code = displays_by_system.get(str(element.get("system")))
    if display_by_code is None or "code" not in element:
        return
    if element["code"] not in display_by_code:
        yield FhirFault(resource_name, path, "code", f"{element['code']} is not in {element['system']}")
    elif "display" in element and element["display"] != display_by_code[element["code"]]:
        yield FhirFault(
            resource_name,
            path,
            "code",
            f"{element['code']} is called {display_by_code[element['code']]!r}, not {element['display']!r}",
        )


def _find_range_faults(resource_name: str, path: str, element: Json) -> Iterator[FhirFault]:
    low, high = element.get("low"), element.get("high")
    for end, quantity in (("low", low), ("high", high)):
        if isinstance(quantity, dict) and "comparator" in quantity:
            yield FhirFault(resource_name, f"{path}.{end}", "sqty-1", "an end of a Range has no comparator")
    if isinstance(low, dict) and isinstance(high, dict):
        if low.get("code") != high.get("code"):
            yield FhirFault(
                resource_name, path, "rng-2", f"the ends have units {low.get('code')} and {high.get('code')}"
            )
        elif low.get("unit") != high.get("unit"):
            # A server compares the words too, and refuses "day" beside "days".
            message = f"the ends are called {low.get('unit')!r} and {high.get('unit')!r}"
            yield FhirFault(resource_name, path, "rng-2", message)
        elif low["value"] > high["value"]:
            yield FhirFault(resource_name, path, "rng-2", f"low {low['value']} is above high {high['value']}")


def _find_narrative_faults(resource_name: str, resource: Json) -> Iterator[FhirFault]:
    narrative = resource.get("text") or {}
    try:
        root = fromstring(narrative.get("div", ""))  # noqa: S314  our own text, made a moment ago
    except ParseError as error:
        yield FhirFault(resource_name, "text.div", "txt-1", f"is not XHTML: {error}")
        return
    if root.tag != f"{_XHTML_NAMESPACE}div" or not "".join(root.itertext()).strip():
        yield FhirFault(resource_name, "text.div", "txt-2", "says nothing")
    if narrative.get("status") != "generated" or root.get("lang") != resource.get("language"):
        yield FhirFault(
            resource_name, "text", "language", "is not marked as generated, or not with its language"
        )


def _walk_elements(value: Any, path: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield path, value
        for element_name, element in value.items():
            yield from _walk_elements(element, f"{path}.{element_name}" if path else element_name)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _walk_elements(element, f"{path}[{index}]")


def find_repeated_ids(resource: Json) -> Iterator[FhirFault]:
    """Ids that several elements of a resource have; the id of the resource itself does not count."""
    for element_id, count in Counter(_walk_element_ids(resource)).items():
        if count > 1:
            yield FhirFault(
                describe_resource(resource), "", "element-id", f"{count} elements have the id {element_id!r}"
            )


def _walk_element_ids(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for element in value:
            yield from _walk_element_ids(element)
    elif isinstance(value, dict):
        if "resourceType" not in value and isinstance(value.get("id"), str):
            yield value["id"]
        for element in value.values():
            yield from _walk_element_ids(element)


# The code systems of HL7's package hl7.terminology.r5 7.0.1 (CC0-1.0) that what we write may need.
_HL7_CODES_FILE = os.path.join(os.path.dirname(__file__), "hl7-codes.json")


def find_quantity_faults(resource_name: str, path: str, element: Json) -> Iterator[FhirFault]:
    """A number without a UCUM code, or with another unit text than that of its code."""
    code, unit = element.get("code"), element.get("unit")
    if element.get("system") != UCUM or not code:
        yield FhirFault(resource_name, path, "ucum", f"{element['value']} has no UCUM code")
    elif not is_valid_unit(code):
        yield FhirFault(resource_name, path, "ucum", f"{code!r} is no code of UCUM")
    elif unit and (unit_text := _name_unit(path, element)) not in ("", unit):
        # What is only counted has no words of its own: there the unit says what it is, "puffs per day".
        if code.startswith("/") and unit.endswith(f" {unit_text}"):
            return
        yield FhirFault(resource_name, path, "unit", f"{code} is called {unit_text!r}, not {unit!r}")
    if not unit:
        yield FhirFault(resource_name, path, "unit", f"{element['value']} has no unit for people")


def _name_unit(path: str, element: Json) -> str:
    """The words for the unit of a Quantity; the lower end of a Range has those of the upper."""
    plural = format_unit(element["code"])
    if path.endswith(".low") and element["unit"] == plural:
        return plural
    return format_unit(element["code"], is_singular=element["value"] == 1)


def find_coding_faults(resource_name: str, path: str, element: Json) -> Iterator[FhirFault]:
    """A code that its system does not have, or has with another display."""
    system, code = str(element.get("system", "")), element.get("code")
    if system == UCUM and not is_valid_unit(str(code)):
        yield FhirFault(resource_name, path, "ucum", f"{code!r} is no code of UCUM")
    # Terminologies that HL7 only gives a URI belong to others; content has their codes from its lock.
    if not system.startswith(f"{HL7_CODE_SYSTEM_URL}/") or system in TERMINOLOGY_URLS.values():
        return
    display_by_code = _read_hl7_displays().get(system.removeprefix(f"{HL7_CODE_SYSTEM_URL}/"))
    if display_by_code is None:
        yield FhirFault(
            resource_name, path, "hl7-code", f"{system} is not among the lists of HL7 that are known here"
        )
    elif code not in display_by_code:
        yield FhirFault(resource_name, path, "hl7-code", f"{code!r} is not in {system}")
    elif "display" in element and element["display"].lower() != display_by_code[code].lower():
        yield FhirFault(
            resource_name,
            path,
            "hl7-code",
            f"{code} is called {display_by_code[code]!r}, not {element['display']!r}",
        )


@cache
def _read_hl7_displays() -> dict[str, dict[str, str]]:
    """The codes of each system of HL7, with their displays."""
    with open(_HL7_CODES_FILE, encoding="utf-8") as file:
        displays_by_system: dict[str, dict[str, str]] = json.load(file)
    return displays_by_system
