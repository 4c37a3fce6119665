"""Provenance and ArtifactAssessment: where each fact stands in the article, and what the editors remarked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable
from bmkit.export.fhir.article import author, display
from bmkit.export.fhir.notes import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

_CLASSED = ("category", "confidence", "check_before_use")
_ASSEMBLER = codeable.hl7("provenance-participant-type", "assembler", "Assembler")


def provenance(making: Making) -> None:
    """Make one Provenance a section: what its facts became, and the characters each was read from."""
    if not making.article.reviewed:
        return  # a Provenance must say when
    facts: dict[str, list[Record]] = {}
    for one in _facts(making):
        facts.setdefault((one.value.get("source") or {}).get("section", ""), []).append(one)
    for section in making.content.list_records("section"):
        stated = [(one, making.stating.get((one.kind.name, one.id), ())) for one in facts.get(section.id, ())]
        targets = dict.fromkeys(key for _, keys in stated for key in keys)
        if not targets:
            continue
        made = making.add(
            "Provenance",
            making.path(section),
            [f"Read from: {making.say(section)}"],
            {
                "target": [
                    making.ref(kind, path, display(making.resources[kind, path])) for kind, path in targets
                ],
                "recorded": instant(making.article.reviewed),
                "activity": {"text": "reading of facts from a text"},
                "agent": [{"type": _ASSEMBLER, "who": author(making)}],
                "entity": [entity for one, keys in stated if keys for entity in _entities(making, one)],
            },
        )
        del made["identifier"]  # the one type here that has none


def assessments(making: Making) -> None:
    """Make one ArtifactAssessment an editorial note, with the resources whose facts carry it."""
    carrying: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for fact in _facts(making):
        for name in fact.value.get("notes", ()):
            carrying.setdefault(name, []).extend(making.stating.get((fact.kind.name, fact.id), ()))
    terms: dict[str, list[Record]] = {}
    for kind in making.content.list_kinds():
        for term in making.content.list_records(kind.name) if kind.group == "term" else ():
            for name in term.value.get("notes", ()):
                terms.setdefault(name, []).append(term)
    artifact: Json = {"artifactUri": f"{making.base}/{making.article.folder}"}
    if making.article.record is not None:
        artifact = {"artifactReference": making.citation()}
    for note in making.content.list_records("editorial-note"):
        content: Json = {
            "informationType": "comment",
            "summary": words(making, note),
            "classifier": [one for name in _CLASSED for one in making.concepts(note, name)],
            "author": author(making),
        }
        related = [
            {
                "type": "comments-on",
                "resourceReference": making.ref(kind, path, display(making.resources[kind, path])),
            }
            for kind, path in dict.fromkeys(carrying.get(note.id, ()))
        ]
        related += [
            {
                "type": "comments-on",
                "label": term.id,
                "resourceReference": making.ref("CodeSystem", ("terms", term.kind.name), term["label"]),
            }
            for term in terms.get(note.id, ())
        ]
        if related:
            content["relatedArtifact"] = related
        making.add(
            "ArtifactAssessment",
            making.path(note),
            [words(making, note)],
            {
                "title": note["label"],
                **({"date": making.article.reviewed} if making.article.reviewed else {}),
                **artifact,
                "content": [content],
            },
        )


def instant(day: str) -> str:
    """The first second of a day, in the zone that all machines agree on."""
    return f"{day}T00:00:00Z"


def _facts(making: Making) -> Iterator[Record]:
    for kind in making.content.list_kinds():
        if kind.group == "fact":
            yield from making.content.list_records(kind.name)


def _entities(making: Making, fact: Record) -> Iterator[Json]:
    for number, span in enumerate(fact["source"]["spans"]):
        where = f"{span['start']}-{span['end']}"
        identifier = {
            "system": f"{making.base}/span",
            "value": f"{making.article.id}:{where}:{span['digest']}",
        }
        what = {**making.citation(), "identifier": identifier, "display": f"{fact.kind.name} {fact.id}"}
        # Several spans of one fact must not share an id.
        suffix = f".{number}" if number else ""
        yield {"id": f"{fact.kind.name}.{fact.id}{suffix}", "role": "quotation", "what": what}
