"""Codes that others own: of UCUM, by its grammar, and of HL7, by its lists."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING

from bmkit.export.fhir.check.faults import Fault
from bmkit.export.fhir.codeable import HL7, SYSTEMS
from bmkit.export.fhir.datatypes import UCUM
from bmkit.ucum.units import is_valid_unit
from bmkit.wording import format_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.ids import Json

# The code systems of HL7's package hl7.terminology.r5 7.0.1 (CC0-1.0) that what we write may need.
_LISTS = os.path.join(os.path.dirname(__file__), "hl7-codes.json")


def of_quantity(name: str, path: str, part: Json) -> Iterator[Fault]:
    """A number without a code of UCUM, or with words for its unit that are not those of the code."""
    code, unit = part.get("code"), part.get("unit")
    if part.get("system") != UCUM or not code:
        yield Fault(name, path, "ucum", f"{part['value']} has no UCUM code")
    elif not is_valid_unit(code):
        yield Fault(name, path, "ucum", f"{code!r} is no code of UCUM")
    elif unit and (words := format_unit(code, is_singular=part["value"] == 1)) not in ("", unit):
        # What is only counted has no words of its own: there the unit says what it is.
        yield Fault(name, path, "unit", f"{code} is called {words!r}, not {unit!r}")
    if not unit:
        yield Fault(name, path, "unit", f"{part['value']} has no unit for people")


def of_coding(name: str, path: str, part: Json) -> Iterator[Fault]:
    """A code that its system does not have, or has under another name."""
    system, code = str(part.get("system", "")), part.get("code")
    if system == UCUM and not is_valid_unit(str(code)):
        yield Fault(name, path, "ucum", f"{code!r} is no code of UCUM")
    # Terminologies that HL7 only gives a URI belong to others; content has their codes from its lock.
    if not system.startswith(f"{HL7}/") or system in SYSTEMS.values():
        return
    known = _lists().get(system.removeprefix(f"{HL7}/"))
    if known is None:
        yield Fault(name, path, "hl7-code", f"{system} is not among the lists of HL7 that are known here")
    elif code not in known:
        yield Fault(name, path, "hl7-code", f"{code!r} is not in {system}")
    elif "display" in part and part["display"].lower() != known[code].lower():
        yield Fault(name, path, "hl7-code", f"{code} is called {known[code]!r}, not {part['display']!r}")


@cache
def _lists() -> dict[str, dict[str, str]]:
    """The codes of each system of HL7, with their displays."""
    with open(_LISTS, encoding="utf-8") as file:
        lists: dict[str, dict[str, str]] = json.load(file)
    return lists
