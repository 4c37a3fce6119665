"""Editorial notes: they go where their facts go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bmkit.export.fhir.bundle import build_bundle

from .reading import Reading, ask
from .resources import of

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources

    from .resources import Json


def test_a_remark_goes_where_its_fact_goes(content: Content, either: Resources) -> None:
    carried = 0
    for kind in content.list_kinds():
        for record in content.list_records(kind.name) if kind.group == "fact" else ():
            notes = [
                either.terms.find_term("editorial-note", name, record)
                for name in record.value.get("notes", ())
            ]
            open_notes = [one for one in notes if one["check_before_use"] != "not needed"]
            for key in either.keys_by_fact.get((kind.name, record.id), ()) if open_notes else ():
                carried += 1
                _carries(either.by_key[key], [one["reason"] for one in open_notes])
    assert carried > 100


def _carries(made_of: Json, reasons: list[str]) -> None:
    kind = made_of["resourceType"]
    element = {"Evidence": "note.text", "ActivityDefinition": "usage", "PlanDefinition": "usage"}.get(kind)
    for reason in reasons:
        assert _shown(reason) in made_of["text"]["div"], (kind, made_of["identifier"])
        assert element is None or reason in " ".join(ask(made_of, element))


def _shown(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_dose_that_travels_alone_has_its_grave_remarks(either: Resources) -> None:
    dosage = of(either, "ActivityDefinition", "dosing", "zometa-4-mg")["dosage"][0]
    assert "a faster infusion of zoledronic acid harms the kidneys" in dosage["text"]
    assert "a creatinine clearance of 60 mL/min" in dosage["text"]


def test_the_document_says_why_each_remark_was_made(content: Content, either: Resources) -> None:
    document = json.dumps(build_bundle(either, "document")["entry"][0]["resource"], ensure_ascii=False)
    for note in content.list_records("editorial-note"):
        assert json.dumps(_shown(note["reason"]), ensure_ascii=False)[1:-1] in document
    assert document.count("Check before use: required: safety-relevant") == sum(
        note["check_before_use"] == "required: safety-relevant"
        for note in content.list_records("editorial-note")
    )


def test_a_fact_points_at_the_assessment_of_its_remark(r5: Resources, r4b: Resources) -> None:
    one = of(r5, "Evidence", "survival", "survival-kidney-cancer")
    found = Reading(build_bundle(r5, "collection")).follow(
        one, "relatedArtifact.where(type = 'comment-in').resourceReference"
    )
    assert found
    assert {made_of["resourceType"] for made_of in found} == {"ArtifactAssessment"}
    assert "comment-in" not in json.dumps(build_bundle(r4b, "collection"), default=str)
