"""Codes: standard terminologies as their owners name them, and the code systems of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.ids import slug

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.schema import Field

Json = dict[str, Any]

# The URI of each terminology, as HL7's registry of external code systems has it; where HL7 has none (of
# the OBO Foundry it lists HP and MONDO alone), the permanent URL under which the owner publishes it.
SYSTEMS = {
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
HL7 = "http://terminology.hl7.org/CodeSystem"
# The code systems of our own that are made from the schema rather than from terms.
FIELDS = "field"
WORDS = "word"


def system(base: str, kind: str) -> str:
    """The URL of the code system of our own for the terms of `kind`, or FIELDS or WORDS."""
    return f"{base}/CodeSystem/{kind}"


def standard(code: Json) -> Json:
    """The Coding of a standard code that a term carries."""
    name = code["system"]
    # A terminology that this table does not know is named so that nobody takes it for one that it does.
    url = SYSTEMS.get(name, f"urn:bmkit:{name}")
    return {"system": url, "code": code["code"], "display": code.get("display", code["code"])}


def concept(base: str, term: Record) -> Json:
    """A term as CodeableConcept: our code first, then the standard codes that mean the same.

    A standard code with a note ("broader", "parent", "anhydrous") does not mean the same and is left to the
    code system, which says how the two are related.
    """
    label = str(term.value.get("label", term.id))
    own = {"system": system(base, term.kind.name), "code": term.id, "display": label}
    same = [standard(code) for code in term.value.get("codes", ()) if "note" not in code]
    return {"coding": [own, *same], "text": label}


def word(base: str, text: str) -> Json:
    """A value of a closed list as CodeableConcept."""
    return {"coding": [{"system": system(base, WORDS), "code": slug(text), "display": text}], "text": text}


def named(base: str, code: str, display: str) -> Json:
    """The name of a field, or of a kind, as CodeableConcept."""
    return {"coding": [{"system": system(base, FIELDS), "code": code, "display": display}], "text": display}


def field_concept(base: str, kind: str, field: Field) -> Json:
    """A field of a kind as CodeableConcept."""
    return named(base, f"{kind}.{field.name}", field.title)


def hl7(name: str, code: str, display: str, text: str = "") -> Json:
    """A code of HL7's own code system `name` as CodeableConcept."""
    coding = {"system": name if "://" in name else f"{HL7}/{name}", "code": code, "display": display}
    return {"coding": [coding], "text": text or display}
