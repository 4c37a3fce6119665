"""What the editors remarked on a fact, where the fact itself is: no dose goes anywhere without its doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.narrative import extended

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Key, Making

# Of these nobody needs to look again (a misspelling, say), so they stand in the list of notes alone.
_SETTLED = "not needed"
_GRAVE = "required: safety-relevant"
# The types that have an element for how they are to be used.
_DEFINITIONS = ("ActivityDefinition", "PlanDefinition")


def notes(making: Making, record: Record) -> list[Record]:
    """The editorial notes that a record carries."""
    return [making.term("editorial-note", name, record) for name in record.value.get("notes", ())]


def words(making: Making, note: Record) -> str:
    """All of a note in words: reading, reason, how sure that is, and whether to check before use."""
    said = f"{making.say(note)}. Reason: {note['reason']}. Confidence: {note['confidence']}."
    return f"{said} Check before use: {note['check_before_use']}."


def open_notes(making: Making, record: Record) -> list[str]:
    """In words, the notes of a record that are to be looked at before use."""
    return [words(making, one) for one in notes(making, record) if one["check_before_use"] != _SETTLED]


def spoken(making: Making, record: Record) -> str:
    """The sentence of a record, and what is safety-relevant about it, for what travels by itself."""
    grave = [words(making, one) for one in notes(making, record) if one["check_before_use"] == _GRAVE]
    return with_notes(making.say(record), grave)


def with_notes(said: str, noted: Iterable[str]) -> str:
    """A sentence and the notes on it, each after a full stop."""
    return ". ".join([said, *(f"Note: {one.rstrip('.')}" for one in noted)])


def carry(making: Making, facts: Iterable[Record]) -> None:
    """Put the notes of each fact into the resources that state it, and links to their assessments."""
    carried: dict[Key, dict[str, Record]] = {}
    for fact in facts:
        for key in making.stating.get((fact.kind.name, fact.id), ()):
            carried.setdefault(key, {}).update((one.id, one) for one in notes(making, fact))
    for key, named in carried.items():
        if named:
            _put(making, making.resources[key], [*named.values()])


def _put(making: Making, made: Json, named: list[Record]) -> None:
    said = [words(making, one) for one in named if one["check_before_use"] != _SETTLED]
    kind = made["resourceType"]
    if said:
        made["text"] = extended(made["text"], [f"Note: {one}" for one in said])
    if said and kind == "Evidence":
        made["note"] = [{"text": one} for one in said]
    if said and kind in _DEFINITIONS:
        made["usage"] = "\n\n".join(said)
    if kind in ("Evidence", *_DEFINITIONS):
        links = [
            {
                "type": "comment-in",
                "display": one["label"],
                "resourceReference": making.ref("ArtifactAssessment", making.path(one), one["label"]),
            }
            for one in named
        ]
        made["relatedArtifact"] = [*made.get("relatedArtifact", ()), *links]
