"""Nothing is dropped: every kind is mapped, every fact is in the Bundle, most are computable."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bmkit.export.fhir.activity_definition import ACTIVITY_ROLES_BY_KIND
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.evidence_roles import EVIDENCE_ROLES_BY_KIND
from bmkit.export.fhir.mapping import GATHERED_KINDS, NARRATED_KINDS, RESOURCE_MAKERS, is_mapped, iter_facts

from .coded import find_uncoded_fields
from .reading import BundleReader

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources


def test_every_kind_of_fact_is_mapped(content: Content) -> None:
    kinds = {kind.name for kind in content.schemas if kind.group == "fact"}
    assert {kind for kind in kinds if not is_mapped(kind) and kind not in NARRATED_KINDS} == set()


def test_no_mapping_is_left_of_a_kind_that_is_gone(content: Content) -> None:
    known_kinds = set(content.schemas.kind_names)
    assert {
        *EVIDENCE_ROLES_BY_KIND,
        *ACTIVITY_ROLES_BY_KIND,
        *RESOURCE_MAKERS,
        *GATHERED_KINDS,
        *NARRATED_KINDS,
    } - known_kinds == set()


@pytest.mark.parametrize("kind", sorted(EVIDENCE_ROLES_BY_KIND))
def test_a_finding_names_only_fields_of_its_kind_and_each_once(content: Content, kind: str) -> None:
    named = list(EVIDENCE_ROLES_BY_KIND[kind].iter_fields())
    assert len(named) == len(set(named))
    assert [name for name in named if name not in content.schemas.get_kind(kind)] == []


def test_every_fact_is_in_the_document(content: Content, r5: Resources) -> None:
    document = build_bundle(r5, "document")
    composition = document["entry"][0]["resource"]
    reader = BundleReader(document)
    narratives = _join_sections(composition)
    for record in iter_facts(content):
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
    facts = list(iter_facts(content))
    computable = [
        fact
        for fact in facts
        if fact.kind.name not in NARRATED_KINDS and not find_uncoded_fields(reader, fact)
    ]
    others = [
        (fact.kind.name, fact.id)
        for fact in facts
        if fact not in computable and fact.kind.name not in NARRATED_KINDS
    ]
    assert others == []
    assert len(computable) / len(facts) > 0.85


def test_sections_say_their_facts_in_the_order_of_the_text(content: Content, r5: Resources) -> None:
    starts = {
        f"{fact.kind.name}.{fact.id}": fact["source"]["spans"][0]["start"] for fact in iter_facts(content)
    }
    for section in r5.by_key["Composition", r5.article.make_path()]["section"]:
        ids = [part.split('"')[1] for part in section.get("text", {}).get("div", "").split("<li ")[1:]]
        section_starts = [starts[name] for name in ids if name in starts]
        assert all(first <= second for first, second in pairwise(section_starts))


def _join_sections(composition: dict[str, object]) -> str:
    return str(composition["section"])
