"""Codes of others: standard terminologies as their owners name them, and HL7's own code systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.export.fhir.ids import Json


HL7_CODE_SYSTEM_URL = "http://terminology.hl7.org/CodeSystem"


def build_standard_coding(term_code: Json, terminology_urls: Mapping[str, str]) -> Json:
    """The Coding of a standard code that a term carries.

    A code of a terminology without a URI, which only a suppression lets pass, has no system.
    """
    url = terminology_urls.get(term_code["system"])
    return {
        **({"system": url} if url else {}),
        "code": term_code["code"],
        "display": term_code.get("display", term_code["code"]),
    }


def build_hl7_concept(system_name: str, code: str, display: str, text: str = "") -> Json:
    """A code of HL7's own code system as CodeableConcept; another system is named by its URL."""
    coding = {
        "system": system_name if "://" in system_name else f"{HL7_CODE_SYSTEM_URL}/{system_name}",
        "code": code,
        "display": display,
    }
    return {"coding": [coding], "text": text or display}
