"""Codes: standard terminologies as their owners name them, and the code systems of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.ids import make_slug

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.schema import Field


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
# The code systems of our own that are made from the schema rather than from terms.
FIELD_SYSTEM = "field"
WORD_SYSTEM = "word"


def make_system_url(base: str, system_name: str) -> str:
    """The URL of the code system of our own for the terms of `kind`, or FIELDS or WORDS."""
    return f"{base}/CodeSystem/{system_name}"


def build_standard_coding(term_code: Json) -> Json:
    """The Coding of a standard code that a term carries."""
    terminology = term_code["system"]
    # A terminology that this table does not know is named so that nobody takes it for one that it does.
    url = TERMINOLOGY_URLS.get(terminology, f"urn:bmkit:{terminology}")
    return {"system": url, "code": term_code["code"], "display": term_code.get("display", term_code["code"])}


def build_term_concept(base: str, term: Record) -> Json:
    """A term as CodeableConcept: our code first, then the standard codes that mean the same.

    A standard code with a note ("broader", "parent", "anhydrous") does not mean the same and is left to the
    code system, which says how the two are related.
    """
    label = str(term.value.get("label", term.id))
    project_coding = {"system": make_system_url(base, term.kind.name), "code": term.id, "display": label}
    standard_codings = [
        build_standard_coding(term_code)
        for term_code in term.value.get("codes", ())
        if "note" not in term_code
    ]
    return {"coding": [project_coding, *standard_codings], "text": label}


def build_word_concept(base: str, text: str) -> Json:
    """A value of a closed list as CodeableConcept."""
    return {
        "coding": [{"system": make_system_url(base, WORD_SYSTEM), "code": make_slug(text), "display": text}],
        "text": text,
    }


def build_name_concept(base: str, code: str, display: str) -> Json:
    """The name of a field, or of a kind, as CodeableConcept."""
    return {
        "coding": [{"system": make_system_url(base, FIELD_SYSTEM), "code": code, "display": display}],
        "text": display,
    }


def build_field_concept(base: str, kind_name: str, field: Field) -> Json:
    """A field of a kind as CodeableConcept."""
    return build_name_concept(base, f"{kind_name}.{field.name}", field.title)


def build_hl7_concept(system_name: str, code: str, display: str, text: str = "") -> Json:
    """A code of HL7's own code system `name` as CodeableConcept."""
    coding = {
        "system": system_name if "://" in system_name else f"{HL7_CODE_SYSTEM_URL}/{system_name}",
        "code": code,
        "display": display,
    }
    return {"coding": [coding], "text": text or display}
