"""Every concept has exactly the standard codes that its term has, each as the lock and its owner name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import evaluate, iter_concepts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

    from .reading import BundleReader, Json

# The URI of each terminology as HL7's registry or its owner has it.  A second copy of what the export uses,
# on purpose: no other test catches a wrong URI there (another_uri in meanings.py plants one).
URL_BY_TERMINOLOGY = {
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


def find_wrong_codings(content: Content, reader: BundleReader) -> Iterator[str]:
    """Every concept and every term of a code system whose standard codes are not those of its term."""
    expected = {
        (kind.name, term.id): sorted(_iter_expected_codes(content, term, same=True))
        for kind in content.list_kinds()
        if kind.group == "term"
        for term in content.list_records(kind.name)
    }
    for resource in reader.resource_by_url.values():
        for concept in iter_concepts(resource):
            first, *others = concept["coding"]
            name = (first["system"].rpartition("/")[2], first["code"])
            if first["system"] in reader.systems and name in expected:
                codes = sorted((coding["system"], coding["code"], coding["display"]) for coding in others)
                if codes != expected[name]:
                    place = f"{resource['resourceType']} {resource['id']}"
                    yield f"{place}: {name[1]} is {codes}, not {expected[name]}"
    for url in sorted(reader.systems):
        resource = reader.resource_by_canonical[url]
        if resource["content"] == "supplement":
            yield from _compare_words(content, resource, url.split("/")[-2])
        else:
            yield from _compare_code_system(content, resource, url.rpartition("/")[2])
    supplemented = {url.split("/")[-2] for url in reader.systems if url.endswith("/as-in-article")}
    worded = {kind for kind, term_id in expected if _list_words(content, kind, term_id)}
    if supplemented != worded:
        yield f"words of the article are of {sorted(supplemented)}, not of {sorted(worded)}"


def _iter_expected_codes(content: Content, term: Record, *, same: bool) -> Iterator[Code]:
    for code in term.value.get("codes", ()):
        if ("note" not in code) == same:
            locked = content.code_lock.find_code(code["system"], code["code"])
            assert locked is not None
            yield URL_BY_TERMINOLOGY[code["system"]], code["code"], locked.display


def _compare_code_system(content: Content, resource: Json, kind: str) -> Iterator[str]:
    for concept in resource["concept"]:
        term = content.find_record(kind, concept["code"])
        if term is None or kind not in {
            term_kind.name for term_kind in content.list_kinds() if term_kind.group == "term"
        }:
            continue
        for name, same in (("same", True), ("related", False)):
            codings = evaluate(concept, f"property.where(code = '{name}').valueCoding")
            codes = sorted((coding["system"], coding["code"]) for coding in codings)
            expected = sorted(_iter_expected_codes(content, term, same=same))
            if codes != [code[:2] for code in expected]:
                yield f"CodeSystem {kind} {term.id}: {name} is {codes}, not {expected}"
        # A designation without a use may be shown as the display.  What articles share has no words of any.
        for path, expected_words in (
            ("designation.value", []),
            ("property.where(code = 'other-name').valueString", term.value.get("synonyms", [])),
            ("property.where(code = 'as-in-article').valueString", []),
        ):
            words = evaluate(concept, path)
            if words != expected_words:
                yield f"CodeSystem {kind} {term.id}: {path} is {words}, not {expected_words}"


def _compare_words(content: Content, resource: Json, kind: str) -> Iterator[str]:
    """What the article calls the terms of a kind, which is a supplement of their code system."""
    if not resource["supplements"].partition("|")[0].endswith(f"/CodeSystem/{kind}"):
        yield f"CodeSystem {resource['url']} supplements {resource['supplements']}"
    words_by_term = {
        concept["code"]: evaluate(concept, "property.where(code = 'as-in-article').valueString")
        for concept in resource["concept"]
    }
    expected = {
        term.id: words
        for term in content.list_records(kind)
        if (words := _list_words(content, kind, term.id))
    }
    if words_by_term != expected:
        yield f"the article calls {kind} {words_by_term}, not {expected}"
    if evaluate(resource, "concept.designation"):
        yield f"CodeSystem {resource['url']} has designations"


def _list_words(content: Content, kind: str, term_id: str) -> list[str]:
    term = content.find_record(kind, term_id)
    assert term is not None
    words: list[str] = term.value.get("as_in_article", [])
    return words
