"""Every concept has exactly the standard codes that its term has, each as the lock and its owner name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .reading import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

    from .reading import Json, Reading

# The URI of each terminology as HL7's registry or its owner has it, written down a second time.
URIS = {
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
    "UNII": "http://fdasis.nlm.nih.gov",
}
Code = tuple[str, str, str]


def wrong(content: Content, reading: Reading) -> Iterator[str]:
    """Every concept and every term of a code system whose standard codes are not those of its term."""
    expected = {
        (kind.name, term.id): sorted(_codes(content, term, same=True))
        for kind in content.list_kinds()
        if kind.group == "term"
        for term in content.list_records(kind.name)
    }
    for made in reading.by_url.values():
        for held in _concepts(made):
            first, *others = held["coding"]
            name = (first["system"].rpartition("/")[2], first["code"])
            if first["system"] in reading.systems and name in expected:
                found = sorted((one["system"], one["code"], one["display"]) for one in others)
                if found != expected[name]:
                    yield f"{made['resourceType']} {made['id']}: {name[1]} is {found}, not {expected[name]}"
    for url in sorted(reading.systems):
        yield from _system(content, reading.by_canonical[url], url.rpartition("/")[2])


def _codes(content: Content, term: Record, *, same: bool) -> Iterator[Code]:
    for code in term.value.get("codes", ()):
        if ("note" not in code) == same:
            locked = content.code_lock.find_code(code["system"], code["code"])
            assert locked is not None
            yield URIS[code["system"]], code["code"], locked.display


def _system(content: Content, made: Json, kind: str) -> Iterator[str]:
    for concept in made["concept"]:
        term = content.find_record(kind, concept["code"])
        if term is None or kind not in {one.name for one in content.list_kinds() if one.group == "term"}:
            continue
        for name, same in (("same", True), ("related", False)):
            found = ask(concept, f"property.where(code = '{name}').valueCoding")
            codes = sorted((one["system"], one["code"]) for one in found)
            expected = sorted(_codes(content, term, same=same))
            if codes != [code[:2] for code in expected]:
                yield f"CodeSystem {kind} {term.id}: {name} is {codes}, not {expected}"
        # A server looks a concept up by its designations: what an article misread must not be one.
        for path, name in (
            ("designation.value", "synonyms"),
            ("property.where(code = 'as-in-article').valueString", "as_in_article"),
        ):
            words = ask(concept, path)
            if words != term.value.get(name, []):
                yield f"CodeSystem {kind} {term.id}: {path} is {words}, not its {name}"


def _concepts(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if value.get("coding"):
            yield value
        for part in value.values():
            yield from _concepts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _concepts(part)
