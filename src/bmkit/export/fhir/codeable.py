"""Codes of others: standard terminologies as their owners name them, and HL7's own code systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmkit.export.fhir.ids import Json


# The URI of each terminology, as HL7's registry of external code systems has it; where HL7 has none (of
# the OBO Foundry it lists HP and MONDO alone), the permanent URL under which the owner publishes it.
TERMINOLOGY_URLS = {
    "ATC": "http://www.whocc.no/atc",
    "CHEBI": "http://purl.obolibrary.org/obo/chebi.owl",
    "CL": "http://purl.obolibrary.org/obo/cl.owl",
    "GO": "http://purl.obolibrary.org/obo/go.owl",
    "HP": "http://human-phenotype-ontology.org",
    "ICD-10": "http://hl7.org/fhir/sid/icd-10",
    "ICD-10-CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "ICD-O-3": "http://terminology.hl7.org/CodeSystem/icd-o-3",
    "LOINC": "http://loinc.org",
    "MAXO": "http://purl.obolibrary.org/obo/maxo.owl",
    "MESH": "https://www.nlm.nih.gov/mesh",
    "MONDO": "http://purl.obolibrary.org/obo/mondo.owl",
    "NCIT": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "UBERON": "http://purl.obolibrary.org/obo/uberon.owl",
    "UCUM": "http://unitsofmeasure.org",
    "UNII": "http://fdasis.nlm.nih.gov",
}
HL7_CODE_SYSTEM_URL = "http://terminology.hl7.org/CodeSystem"


def build_standard_coding(term_code: Json) -> Json:
    """The Coding of a standard code that a term carries."""
    terminology = term_code["system"]
    # An unknown terminology gets a URN that no other has.
    url = TERMINOLOGY_URLS.get(terminology, f"urn:bmkit:{terminology}")
    return {"system": url, "code": term_code["code"], "display": term_code.get("display", term_code["code"])}


def build_hl7_concept(system_name: str, code: str, display: str, text: str = "") -> Json:
    """A code of HL7's own code system as CodeableConcept; another system is named by its URL."""
    coding = {
        "system": system_name if "://" in system_name else f"{HL7_CODE_SYSTEM_URL}/{system_name}",
        "code": code,
        "display": display,
    }
    return {"coding": [coding], "text": text or display}
