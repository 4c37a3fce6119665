"""Nothing is dropped: every kind is mapped, every fact is in the Bundle, most are computable."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bmkit.export.fhir.activity_definition import ACTIVITY_MAPPINGS
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.mapping import RESOURCE_MAKERS, is_evidence
from bmkit.rules.derived.facts import find_facts
from bmkit.schema.roles import load_roles

from .coded import find_uncoded_fields
from .reading import BundleReader

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources


# Words, and numbers of a list of references.
UNCODED_KINDS = frozenset({"statement", "literature"})


def test_a_kind_that_is_no_evidence_is_something_else(content: Content) -> None:
    """Each role that keeps facts from being Evidence is one that another resource says."""
    roles = {kind.role for kind in content.schemas if kind.group == "fact" and not is_evidence(kind)}
    assert "" not in roles
    assert roles == {
        *("advice", "combination", "dilution", "dose-limit", "drug-classification", "eligibility"),
        "instruction",
        *("presentation", "procedure-step", "radiotherapy", "recommendation", "regimen", "storage"),
    }


def test_every_role_of_the_mapping_is_in_the_list() -> None:
    roles = load_roles().of_kinds
    assert {*ACTIVITY_MAPPINGS, *RESOURCE_MAKERS} - roles.keys() == set()


def test_every_fact_is_in_the_document(content: Content, r5: Resources) -> None:
    document = build_bundle(r5, "document")
    composition = document["entry"][0]["resource"]
    reader = BundleReader(document)
    narratives = _join_sections(composition)
    for record in find_facts(content):
        if record.kind.name != "literature":
            assert f"{record.folder}/{record.kind.name}/{record.id}" in reader.resources_by_name
        assert f'<li id="{record.kind.name}.{record.id}">' in narratives


def test_every_editorial_note_is_in_the_document(content: Content, r5: Resources) -> None:
    document = build_bundle(r5, "document")
    reader = BundleReader(document)
    for note in content.list_records("editorial-note"):
        assert reader.list_resources("ArtifactAssessment", f"{note.folder}/editorial-note/{note.id}")


def test_more_than_85_of_100_facts_are_computable_field_by_field(content: Content, r5: Resources) -> None:
    reader = BundleReader(build_bundle(r5, "collection"))
    facts = list(find_facts(content))
    computable = [
        fact
        for fact in facts
        if fact.kind.name not in UNCODED_KINDS and not find_uncoded_fields(reader, fact)
    ]
    others = [
        (fact.kind.name, fact.id)
        for fact in facts
        if fact not in computable and fact.kind.name not in UNCODED_KINDS
    ]
    assert others == []
    assert len(computable) / len(facts) > 0.85


def test_sections_say_their_facts_in_the_order_of_the_text(content: Content, r5: Resources) -> None:
    starts = {
        f"{fact.kind.name}.{fact.id}": fact["source"]["spans"][0]["start"] for fact in find_facts(content)
    }
    for section in r5.by_key["Composition", r5.article.make_path()]["section"]:
        ids = [part.split('"')[1] for part in section.get("text", {}).get("div", "").split("<li ")[1:]]
        section_starts = [starts[name] for name in ids if name in starts]
        assert all(first <= second for first, second in pairwise(section_starts))


def _join_sections(composition: dict[str, object]) -> str:
    return str(composition["section"])
