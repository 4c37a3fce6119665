"""Provenance and ArtifactAssessment: the place of each fact in the article, and the editorial notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.article import format_display, refer_to_author
from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.ids import SPAN_SYSTEM, get_label, make_identifier_system, make_record_path
from bmkit.export.fhir.notes import format_note
from bmkit.rules.derived.facts import find_facts, find_note_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_CLASSIFIER_FIELDS = ("category", "confidence", "check_before_use")
_ASSEMBLER_CONCEPT = build_hl7_concept("provenance-participant-type", "assembler", "Assembler")
_READING_CONCEPT = build_hl7_concept("v3-DataOperation", "CREATE", "create", "reading of facts from a text")


def add_provenances(resources: Resources) -> None:
    """Add a Provenance for each section: the resources of its facts, and the span of text of each fact."""
    if not resources.article.review_date:
        return  # a Provenance needs a date
    facts_by_section: dict[str, list[Record]] = {}
    for fact in find_facts(resources.content):
        facts_by_section.setdefault((fact.value.get("source") or {}).get("section", ""), []).append(fact)
    places: list[tuple[str, tuple[str, ...], str]] = [
        (section.id, make_record_path(section), resources.terms.describe_record(section))
        for section in resources.content.list_records("section")
    ]
    # A page, a table or another publication may be of no section.
    places.append(("", resources.article.make_path(), resources.article.label))
    for section_id, path, label in places:
        facts_with_keys = [
            (fact, resources.keys_by_fact.get((fact.kind.name, fact.id), ()))
            for fact in facts_by_section.get(section_id, ())
            if fact.value.get("source")
        ]
        target_keys = dict.fromkeys(
            resource_key for _, resource_keys in facts_with_keys for resource_key in resource_keys
        )
        if not target_keys:
            continue
        resource = resources.add_resource(
            "Provenance",
            path,
            [f"Read from: {label}"],
            {
                "target": [
                    resources.refer_to(
                        resource_type,
                        target_path,
                        format_display(resources.by_key[resource_type, target_path]),
                    )
                    for resource_type, target_path in target_keys
                ],
                "recorded": to_instant(resources.article.review_date),
                "activity": _READING_CONCEPT,
                "agent": [{"type": _ASSEMBLER_CONCEPT, "who": refer_to_author(resources)}],
                "entity": [
                    entity
                    for fact, resource_keys in facts_with_keys
                    if resource_keys
                    for entity in _iter_source_entities(resources, fact)
                ],
            },
        )
        del resource["identifier"]  # the one type here that has none


def add_assessments(resources: Resources) -> None:
    """Add an ArtifactAssessment for each editorial note, with the resources whose facts carry it."""
    keys_by_note: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for fact in find_facts(resources.content):
        for note_id in find_note_ids(fact):
            keys_by_note.setdefault(note_id, []).extend(
                resources.keys_by_fact.get((fact.kind.name, fact.id), ())
            )
    terms_by_note: dict[str, list[Record]] = {}
    for kind in resources.content.list_kinds():
        for term in resources.content.list_records(kind.name) if kind.group == "term" else ():
            for note_id in find_note_ids(term):
                terms_by_note.setdefault(note_id, []).append(term)
    artifact_element: Json = {"artifactUri": f"{resources.base}/{resources.article.folder}"}
    if resources.article.record is not None:
        artifact_element = {"artifactReference": resources.refer_to_citation()}
    for note in resources.content.list_records("editorial-note"):
        assessment_content: Json = {
            "informationType": "comment",
            "summary": format_note(resources.terms, note),
            "classifier": [
                classifier
                for field_name in _CLASSIFIER_FIELDS
                for classifier in resources.terms.iter_field_concepts(note, note.kind.get_field(field_name))
            ],
            "author": refer_to_author(resources),
        }
        related_artifacts = [
            {
                "type": "comments-on",
                "resourceReference": resources.refer_to(
                    resource_type, path, format_display(resources.by_key[resource_type, path])
                ),
            }
            for resource_type, path in dict.fromkeys(keys_by_note.get(note.id, ()))
        ]
        related_artifacts += [
            {
                "type": "comments-on",
                "label": term.id,
                "resourceReference": resources.refer_to(
                    "CodeSystem", (term.folder, term.kind.name), get_label(term)
                ),
            }
            for term in terms_by_note.get(note.id, ())
        ]
        if related_artifacts:
            assessment_content["relatedArtifact"] = related_artifacts
        resources.add_resource(
            "ArtifactAssessment",
            make_record_path(note),
            [format_note(resources.terms, note)],
            {
                "title": get_label(note),
                "date": resources.article.review_date,
                **artifact_element,
                "content": [assessment_content],
            },
        )


def to_instant(day: str) -> str:
    """The first second of a day in UTC, the same on every machine."""
    return f"{day}T00:00:00Z"


def _iter_source_entities(resources: Resources, fact: Record) -> Iterator[Json]:
    spans = fact["source"].get("spans", ())
    if not spans:
        display = f"{fact.kind.name} {fact.id}: {resources.describe_source(fact)}"
        source_reference = {**resources.refer_to_citation(), "display": display}
        yield {"id": f"{fact.kind.name}.{fact.id}", "role": "source", "what": source_reference}
    for index, span in enumerate(spans):
        span_text = f"{span['start']}-{span['end']}"
        identifier = {
            "system": make_identifier_system(resources.base, SPAN_SYSTEM),
            "value": f"{resources.article.id}:{span_text}:{span['digest']}",
        }
        source_reference = {
            **resources.refer_to_citation(),
            "identifier": identifier,
            "display": f"{fact.kind.name} {fact.id}",
        }
        # Several spans of one fact must not share an id.
        suffix = f".{index}" if index else ""
        yield {"id": f"{fact.kind.name}.{fact.id}{suffix}", "role": "quotation", "what": source_reference}
