"""Codes that others own: of UCUM, by its grammar, and of HL7, by its lists."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING

from bmkit.export.fhir.check.faults import FhirFault
from bmkit.export.fhir.codeable import HL7_CODE_SYSTEM_URL, TERMINOLOGY_URLS
from bmkit.export.fhir.datatypes import UCUM
from bmkit.ucum.units import is_valid_unit
from bmkit.wording import format_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.ids import Json

# The code systems of HL7's package hl7.terminology.r5 7.0.1 (CC0-1.0) that what we write may need.
_HL7_CODES_FILE = os.path.join(os.path.dirname(__file__), "hl7-codes.json")


def find_quantity_faults(resource_name: str, path: str, element: Json) -> Iterator[FhirFault]:
    """A number without a code of UCUM, or with words for its unit that are not those of the code."""
    code, unit = element.get("code"), element.get("unit")
    if element.get("system") != UCUM or not code:
        yield FhirFault(resource_name, path, "ucum", f"{element['value']} has no UCUM code")
    elif not is_valid_unit(code):
        yield FhirFault(resource_name, path, "ucum", f"{code!r} is no code of UCUM")
    elif unit and (unit_text := format_unit(code, is_singular=element["value"] == 1)) not in ("", unit):
        # What is only counted has no words of its own: there the unit says what it is.
        yield FhirFault(resource_name, path, "unit", f"{code} is called {unit_text!r}, not {unit!r}")
    if not unit:
        yield FhirFault(resource_name, path, "unit", f"{element['value']} has no unit for people")


def find_coding_faults(resource_name: str, path: str, element: Json) -> Iterator[FhirFault]:
    """A code that its system does not have, or has under another name."""
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
