"""Citation, Device and Composition: the article, the program that read it, and the document made of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import __version__
from bmkit.export.fhir.narrative import narrative
from bmkit.export.fhir.notes import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.about import About
    from bmkit.export.fhir.ids import Json, Path
    from bmkit.export.fhir.resources import Making

DEVICE: Path = ("terms", "program", "bmkit")
# Sections of the document that the article has not, with the types of resource that each lists.
_APPENDIX = (
    ("Disease", ("ConditionDefinition",)),
    ("Medicines and substances", ("Medication", "MedicationKnowledge", "Substance", "SubstanceDefinition")),
    ("Populations", ("Group",)),
    ("Variables", ("EvidenceVariable",)),
    ("Editorial notes", ("ArtifactAssessment",)),
    ("Sources", ("Citation", "Provenance", "Device")),
    ("Terms", ("CodeSystem", "ValueSet")),
)


def citation(making: Making) -> None:
    """Make the Citation of the article, with the day of its last review."""
    article = making.article
    cited: Json = {"title": [{"text": article.label}]}
    if article.publisher:
        cited["publicationForm"] = [{"publishedIn": {"title": article.publisher}}]
    if article.reviewed:
        cited["note"] = [{"text": f"Last reviewed: {article.reviewed}"}]
    title = ": ".join(part for part in (article.publisher, article.label) if part)
    making.define("Citation", article.path(), title, {"citedArtifact": cited})


def device(making: Making) -> None:
    """Make the Device that the program is; resources are its work, so it is their author."""
    name = making.setting.program
    making.add(
        "Device",
        DEVICE,
        [f"{name} {__version__}"],
        {
            "name": [{"value": name, "type": "user-friendly-name", "display": True}],
            "type": [{"text": "software"}],
            "version": [{"value": __version__}],
        },
    )


def author(making: Making) -> Json:
    """A reference to the program."""
    return making.ref("Device", DEVICE, making.setting.program)


def composition(making: Making) -> None:
    """Make the Composition: by section, the sentences of all facts and the resources that state them."""
    article = making.article
    content = making.content
    facts: dict[str, list[Record]] = {}
    for kind in content.list_kinds():
        if kind.group == "fact":
            for record in content.list_records(kind.name):
                facts.setdefault((record.value.get("source") or {}).get("section", ""), []).append(record)
    sections = sorted(content.list_records("section"), key=lambda one: one.value.get("order", 0))
    body: Json = {
        "status": making.setting.document,
        "type": {"text": "article"},
        "date": article.reviewed,
        "author": [author(making)],
        "title": article.label,
        "version": article.reviewed,
        "section": [
            *_sections(making, sections, facts, parent=None),
            *_elsewhere(making, facts.get("", [])),
            *_notes(making),
            *_appendix(making),
        ],
    }
    path = article.path()
    making.add("Composition", path, [article.label, _reviewed(article)], body)


def _reviewed(article: About) -> str:
    publisher = f"{article.publisher}, " if article.publisher else ""
    return f"{publisher}last reviewed {article.reviewed}"


def _sections(
    making: Making, sections: Sequence[Record], facts: dict[str, list[Record]], parent: str | None
) -> Iterator[Json]:
    for section in sections:
        if section.value.get("parent") != parent:
            continue
        held = sorted(facts.get(section.id, ()), key=_start)
        inner = list(_sections(making, sections, facts, section.id))
        made: Json = {"title": making.say(section)}
        if held:
            made["text"] = _sentences(making, held)
            entries = _entries(making, held)
            if entries:
                made["entry"] = entries
        if inner:
            made["section"] = inner
        if held or inner:
            yield made


def _start(record: Record) -> int:
    """The character at which a fact begins in the article."""
    spans = record["source"]["spans"]
    return spans[0]["start"] if spans else 0


def _elsewhere(making: Making, held: Sequence[Record]) -> Iterator[Json]:
    """Facts that do not say where they stand."""
    if held:
        made: Json = {"title": "Facts of no section", "text": _sentences(making, held)}
        entries = _entries(making, held)
        yield {**made, **({"entry": entries} if entries else {})}


def _sentences(making: Making, held: Iterable[Record]) -> Json:
    items = ((f"{one.kind.name}.{one.id}", making.say(one)) for one in held)
    return narrative(making.article.language, (), items)


def _entries(making: Making, held: Iterable[Record]) -> list[Json]:
    keys = dict.fromkeys(key for one in held for key in making.stating.get((one.kind.name, one.id), ()))
    return [making.ref(kind, path, display(making.resources[kind, path])) for kind, path in keys]


def _notes(making: Making) -> Iterator[Json]:
    notes = list(making.content.list_records("editorial-note"))
    if notes:
        items = ((f"{one.kind.name}.{one.id}", words(making, one)) for one in notes)
        text = narrative(making.article.language, (), items)
        yield {"title": "Where the article was read otherwise than it stands", "text": text}


def _appendix(making: Making) -> Iterator[Json]:
    for title, kinds in _APPENDIX:
        listed = [
            making.ref(kind, path, display(made))
            for (kind, path), made in making.resources.items()
            if kind in kinds
        ]
        if listed:
            text = narrative(making.article.language, [f"{title}: {len(listed)}"])
            yield {"title": title, "text": text, "entry": listed}


def display(made: Json) -> str:
    """What a resource is called, from the elements that name it."""
    for name in ("title", "name", "code"):
        held = made.get(name)
        if isinstance(held, str):
            return held
        if isinstance(held, dict) and "text" in held:
            return str(held["text"])
        if isinstance(held, list) and held and isinstance(held[0], str):
            return held[0]
    if "subject" in made and isinstance(made.get("type"), str):
        return f"{made['type']}: {made['subject'][0]['display']}"
    return str(made["resourceType"])
