"""Editorial notes: they go where their facts go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bmkit.export.fhir.bundle import build_bundle
from bmkit.rules.derived.facts import find_note_ids

from .reading import BundleReader, evaluate
from .resources import get_resource

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources

    from .resources import Json


def test_a_remark_goes_where_its_fact_goes(content: Content, either: Resources) -> None:
    carrying_count = 0
    for kind in content.list_kinds():
        for record in content.list_records(kind.name) if kind.group == "fact" else ():
            notes = [
                either.terms.find_term("editorial-note", note_id, record) for note_id in find_note_ids(record)
            ]
            open_notes = [note for note in notes if note["check_before_use"] != "not needed"]
            for key in either.keys_by_fact.get((kind.name, record.id), ()) if open_notes else ():
                carrying_count += 1
                _assert_shows(either.by_key[key], [note["reason"] for note in open_notes])
    assert carrying_count > 100


def _assert_shows(resource: Json, reasons: list[str]) -> None:
    kind = resource["resourceType"]
    element = {"Evidence": "note.text", "ActivityDefinition": "usage", "PlanDefinition": "usage"}.get(kind)
    for reason in reasons:
        assert _escape_xhtml(reason) in resource["text"]["div"], (kind, resource["identifier"])
        assert element is None or reason in " ".join(evaluate(resource, element))


def _escape_xhtml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_dose_that_travels_alone_has_its_grave_remarks(either: Resources) -> None:
    dosage = get_resource(either, "ActivityDefinition", "regimen", "zometa-4-mg")["dosage"][0]
    assert "a faster infusion of zoledronic acid harms the kidneys" in dosage["text"]
    assert "a creatinine clearance of 60 mL/min" in dosage["text"]


def test_the_document_says_why_each_remark_was_made(content: Content, either: Resources) -> None:
    document = json.dumps(build_bundle(either, "document")["entry"][0]["resource"], ensure_ascii=False)
    for note in content.list_records("editorial-note"):
        assert json.dumps(_escape_xhtml(note["reason"]), ensure_ascii=False)[1:-1] in document
    assert document.count("Check before use: required: safety-relevant") == sum(
        note["check_before_use"] == "required: safety-relevant"
        for note in content.list_records("editorial-note")
    )


def test_a_fact_points_at_the_assessment_of_its_remark(r5: Resources, r4b: Resources) -> None:
    evidence = get_resource(r5, "Evidence", "result", "survival-kidney-cancer")
    assessments = BundleReader(build_bundle(r5, "collection")).follow_references(
        evidence, "relatedArtifact.where(type = 'comment-in').resourceReference"
    )
    assert assessments
    assert {resource["resourceType"] for resource in assessments} == {"ArtifactAssessment"}
    assert "comment-in" not in json.dumps(build_bundle(r4b, "collection"), default=str)
