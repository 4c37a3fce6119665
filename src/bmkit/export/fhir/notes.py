"""Editorial notes in the resources of their facts: no dose is exported without the doubts about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.datatypes import append_paragraphs, escape_markdown
from bmkit.export.fhir.ids import get_label, make_record_path
from bmkit.rules.derived.facts import find_note_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import ResourceKey, Resources
    from bmkit.export.fhir.terms import Terms

# Notes that need no check (a misspelling, for example) are in the list of notes alone.
_CHECK_NOT_NEEDED = "not needed"
_SAFETY_RELEVANT = "required: safety-relevant"
# The types with the element `usage`.
_TYPES_WITH_USAGE = ("ActivityDefinition", "PlanDefinition")


def list_notes(terms: Terms, record: Record) -> list[Record]:
    """The editorial notes that a record carries."""
    return [terms.find_term("editorial-note", note_id, record) for note_id in find_note_ids(record)]


def format_note(terms: Terms, note: Record) -> str:
    """A note in words: reading, reason, confidence, and whether to check before use."""
    note_text = f"{terms.describe_record(note)}. Reason: {note['reason']}. Confidence: {note['confidence']}."
    return f"{note_text} Check before use: {note['check_before_use']}."


def format_notes_to_check(terms: Terms, record: Record) -> list[str]:
    """The notes of a record that need a check before use, in words."""
    return [
        format_note(terms, note)
        for note in list_notes(terms, record)
        if note["check_before_use"] != _CHECK_NOT_NEEDED
    ]


def describe_with_safety_notes(terms: Terms, record: Record) -> str:
    """The sentence of a record with its safety-relevant notes, for elements that are read alone."""
    safety_notes = [
        format_note(terms, note)
        for note in list_notes(terms, record)
        if note["check_before_use"] == _SAFETY_RELEVANT
    ]
    return append_notes(terms.describe_record(record), safety_notes)


def append_notes(sentence: str, note_texts: Iterable[str]) -> str:
    """A sentence and the notes on it, each after a full stop."""
    return ". ".join([sentence, *(f"Note: {note_text.rstrip('.')}" for note_text in note_texts)])


def attach_notes(resources: Resources, facts: Iterable[Record]) -> None:
    """Add the notes of each fact, and links to their assessments, to the resources that state it."""
    notes_by_key: dict[ResourceKey, dict[str, Record]] = {}
    for fact in facts:
        for resource_key in resources.keys_by_fact.get((fact.kind.name, fact.id), ()):
            notes_by_key.setdefault(resource_key, {}).update(
                (note.id, note) for note in list_notes(resources.terms, fact)
            )
    for resource_key, notes_by_id in notes_by_key.items():
        if notes_by_id:
            _attach_notes_to_resource(resources, resources.by_key[resource_key], [*notes_by_id.values()])


def _attach_notes_to_resource(resources: Resources, resource: Json, notes: list[Record]) -> None:
    note_texts = [
        format_note(resources.terms, note) for note in notes if note["check_before_use"] != _CHECK_NOT_NEEDED
    ]
    resource_type = resource["resourceType"]
    if note_texts:
        resource["text"] = append_paragraphs(
            resource["text"], [f"Note: {note_text}" for note_text in note_texts]
        )
    if note_texts and resource_type == "Evidence":
        resource["note"] = escape_markdown([{"text": note_text} for note_text in note_texts], "note")
    if note_texts and resource_type in _TYPES_WITH_USAGE:
        resource["usage"] = escape_markdown("\n\n".join(note_texts), "usage")
    if resource_type in ("Evidence", *_TYPES_WITH_USAGE):
        note_artifacts = [
            {
                "type": "comment-in",
                "display": get_label(note),
                "resourceReference": resources.refer_to(
                    "ArtifactAssessment", make_record_path(note), get_label(note)
                ),
            }
            for note in notes
        ]
        resource["relatedArtifact"] = [*resource.get("relatedArtifact", ()), *note_artifacts]
