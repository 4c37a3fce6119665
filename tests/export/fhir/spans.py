"""Where each fact was read, and what the editors remarked on it, held against the content."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from .reading import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

    from .reading import Json, Reading


def wrong(content: Content, reading: Reading) -> Iterator[str]:
    """Every fact whose stretches of text are not those of its source, and every remark on something else."""
    [article] = content.list_records("article")
    entities: dict[str, list[tuple[str, str]]] = {}
    for made in reading.by_url.values():
        if made["resourceType"] == "Provenance":
            for one in made["entity"]:
                held = entities.setdefault(one["what"]["display"], [])
                held.append((one["what"]["identifier"]["value"], unescape(made["text"]["div"])))
            yield from _targets(reading, made)
    for fact in _facts(content):
        if f"{fact.folder}/{fact.kind.name}/{fact.id}" in reading.about:
            spans = fact["source"]["spans"]
            expected = [f"{article.id}:{one['start']}-{one['end']}:{one['digest']}" for one in spans]
            found = entities.get(f"{fact.kind.name} {fact.id}", [])
            section = content.find_record("section", fact["source"]["section"], fact)
            assert section is not None
            if [span for span, _ in found] != expected:
                yield f"{fact.kind.name} {fact.id}: was read at {found}, not {expected}"
            if not all(section["label"] in div for _, div in found):
                yield f"{fact.kind.name} {fact.id}: was not read in {section.id}"
    for note in content.list_records("editorial-note"):
        yield from _remark(content, reading, note)


def _facts(content: Content) -> Iterator[Record]:
    for kind in content.list_kinds():
        if kind.group == "fact":
            yield from content.list_records(kind.name)


def _targets(reading: Reading, made: Json) -> Iterator[str]:
    """The facts that were read, and the resources that state them, are the same facts."""
    read = {"/".join(text.split(" ", 1)) for text in ask(made, "entity.what.display")}
    told: set[str] = set()
    for one in reading.follow(made, "target"):
        if one in reading.unnamed:  # R4B has no place for what it is about
            continue
        about = {name.partition("/")[2] for name in reading.names_of(one)} & read
        if not about:
            yield f"Provenance {made['id']}: {one['resourceType']} {one['id']} is about no fact of it"
        told |= about
    known = {name.partition("/")[2] for name in reading.about}
    if missing := (read - told) & known:
        yield f"Provenance {made['id']}: no target for {sorted(missing)}"


def _remark(content: Content, reading: Reading, note: Record) -> Iterator[str]:
    """A remark on a resource must be one on a fact or a term that carries it, and be on all of them."""
    carrying = {
        f"{one.folder}/{one.kind.name}/{one.id}"
        for one in _facts(content)
        if note.id in one.value.get("notes", ())
    }
    for made in reading.of("ArtifactAssessment", f"{note.folder}/editorial-note/{note.id}"):
        told: set[str] = set()
        for one in ask(made, "content.relatedArtifact.where(type = 'comments-on')"):
            target = reading.by_url[one["resourceReference"]["reference"]]
            if target["resourceType"] == "CodeSystem":
                kind = str(target["url"]).rpartition("/")[2]
                term = content.find_record(kind, one["label"])
                if term is None or note.id not in term.value.get("notes", ()):
                    yield f"editorial-note {note.id}: is no remark on {kind} {one['label']}"
                continue
            about = set(reading.names_of(target)) & carrying
            if not about:
                yield f"editorial-note {note.id}: is no remark on {target['resourceType']} {target['id']}"
            told |= about
        missing = {name for name in carrying - told if name in reading.about}
        if missing:
            yield f"editorial-note {note.id}: does not point at {sorted(missing)}"
        words = ("category", "confidence", "check_before_use")
        expected = [note[name] for name in words if note[name] is not None]
        classified = reading.named(made, "content.classifier")
        if [text for text in expected if isinstance(text, str) and text not in classified]:
            yield f"editorial-note {note.id}: is classified as {classified}, not {expected}"
