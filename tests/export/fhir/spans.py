"""The spans of each fact and the editorial notes on it, compared with the content."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from bmkit.rules.derived.facts import find_note_ids

from .reading import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

    from .reading import BundleReader, Json


def find_wrong_spans(content: Content, reader: BundleReader) -> Iterator[str]:
    """Every fact whose stretches of text are not those of its source, and every remark on something else."""
    [article] = content.list_records("article")
    entities: dict[str, list[tuple[str, str]]] = {}
    for resource in reader.resource_by_url.values():
        if resource["resourceType"] == "Provenance":
            for entity in resource["entity"]:
                readings = entities.setdefault(entity["what"]["display"], [])
                readings.append((entity["what"]["identifier"]["value"], unescape(resource["text"]["div"])))
            yield from _compare_targets(reader, resource)
    for fact in _iter_facts(content):
        if f"{fact.folder}/{fact.kind.name}/{fact.id}" in reader.resources_by_name:
            spans = fact["source"]["spans"]
            expected = [f"{article.id}:{span['start']}-{span['end']}:{span['digest']}" for span in spans]
            readings = entities.get(f"{fact.kind.name} {fact.id}", [])
            section = content.find_record("section", fact["source"]["section"], fact)
            assert section is not None
            if [span for span, _ in readings] != expected:
                yield f"{fact.kind.name} {fact.id}: was read at {readings}, not {expected}"
            if not all(section["label"] in div for _, div in readings):
                yield f"{fact.kind.name} {fact.id}: was not read in {section.id}"
    for note in content.list_records("editorial-note"):
        yield from _compare_remark(content, reader, note)


def _iter_facts(content: Content) -> Iterator[Record]:
    for kind in content.list_kinds():
        if kind.group == "fact":
            yield from content.list_records(kind.name)


def _compare_targets(reader: BundleReader, provenance: Json) -> Iterator[str]:
    """The facts that were read, and the resources that state them, are the same facts."""
    read_facts = {"/".join(text.split(" ", 1)) for text in evaluate(provenance, "entity.what.display")}
    stated_facts: set[str] = set()
    for target in reader.follow_references(provenance, "target"):
        if target in reader.unidentified:  # R4B has no place for what it is about
            continue
        target_facts = {name.partition("/")[2] for name in reader.list_names(target)} & read_facts
        if not target_facts:
            target_name = f"{target['resourceType']} {target['id']}"
            yield f"Provenance {provenance['id']}: {target_name} is about no fact of it"
        stated_facts |= target_facts
    known_facts = {name.partition("/")[2] for name in reader.resources_by_name}
    if missing_facts := (read_facts - stated_facts) & known_facts:
        yield f"Provenance {provenance['id']}: no target for {sorted(missing_facts)}"


def _compare_remark(content: Content, reader: BundleReader, note: Record) -> Iterator[str]:
    """A remark on a resource must be one on a fact or a term that carries it, and be on all of them."""
    carrying_facts = {
        f"{fact.folder}/{fact.kind.name}/{fact.id}"
        for fact in _iter_facts(content)
        if note.id in find_note_ids(fact)
    }
    for assessment in reader.list_resources("ArtifactAssessment", f"{note.folder}/editorial-note/{note.id}"):
        remarked_facts: set[str] = set()
        for artifact in evaluate(assessment, "content.relatedArtifact.where(type = 'comments-on')"):
            target = reader.resource_by_url[artifact["resourceReference"]["reference"]]
            if target["resourceType"] == "CodeSystem":
                kind = str(target["url"]).rpartition("/")[2]
                term = content.find_record(kind, artifact["label"])
                if term is None or note.id not in find_note_ids(term):
                    yield f"editorial-note {note.id}: is no remark on {kind} {artifact['label']}"
                continue
            target_facts = set(reader.list_names(target)) & carrying_facts
            if not target_facts:
                yield f"editorial-note {note.id}: is no remark on {target['resourceType']} {target['id']}"
            remarked_facts |= target_facts
        missing_facts = {name for name in carrying_facts - remarked_facts if name in reader.resources_by_name}
        if missing_facts:
            yield f"editorial-note {note.id}: does not point at {sorted(missing_facts)}"
        classifying_fields = ("category", "confidence", "check_before_use")
        expected = [note[name] for name in classifying_fields if note[name] is not None]
        classifier_terms = reader.list_terms(assessment, "content.classifier")
        if [text for text in expected if isinstance(text, str) and text not in classifier_terms]:
            yield f"editorial-note {note.id}: is classified as {classifier_terms}, not {expected}"
