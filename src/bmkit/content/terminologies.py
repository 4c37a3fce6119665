"""The terminologies whose codes content may have, and the URI of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.config import Settings

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


def list_terminology_urls(settings: Settings) -> Mapping[str, str]:
    """Return the URI of every terminology by name: those that bmkit knows, and the project's own."""
    return {**TERMINOLOGY_URLS, **settings.terminologies} if settings.terminologies else TERMINOLOGY_URLS
