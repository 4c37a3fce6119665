"""What is being made: the resources of one article so far, each under its type and what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import codeable
from bmkit.export.fhir.about import LANGUAGE
from bmkit.export.fhir.ids import (
    Json,
    Path,
    canonical,
    computable,
    full_url,
    identifier,
    reference,
    resource_id,
)
from bmkit.export.fhir.narrative import narrative
from bmkit.export.fhir.version import version
from bmkit.sentence import format_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.export.fhir.about import About
    from bmkit.export.fhir.options import Setting
    from bmkit.schema import Field

Key = tuple[str, Path]


class Making:
    """The resources of one article: `content` is its part of the content.

    Resources are kept in the order in which they were first added.  `stating` has, for each fact, those that
    state it, the one that was made for it first.
    """

    def __init__(self, content: Content, article: About, setting: Setting) -> None:
        self.content = content
        self.article = article
        self.setting = setting
        self.base = setting.base
        self.resources: dict[Key, Json] = {}
        self.stating: dict[tuple[str, str], list[Key]] = {}
        self._names: dict[Key, str] = {}
        self._said: dict[tuple[str, str], str] = {}
        self._concepts: dict[tuple[str, str], Json] = {}
        self._places: dict[str, str] = {
            record.id: self.say(record) for record in content.list_records("section")
        }

    def path(self, record: Record, *part: str) -> Path:
        """What a resource about `record` is about; `part` tells several about one record apart."""
        return (record.folder, record.kind.name, record.id, *part)

    def ref(self, kind: str, path: Path, display: str) -> Json:
        """A reference to a resource, whether it has been made or will be."""
        return reference(self.name(kind, path), kind, display)

    def name(self, kind: str, path: Path) -> str:
        """The id of a resource."""
        if (kind, path) not in self._names:
            self._names[kind, path] = resource_id(self.base, kind, path)
        return self._names[kind, path]

    def url(self, kind: str, path: Path) -> str:
        """The canonical URL of a resource."""
        return canonical(self.base, kind, path)

    def has(self, kind: str, path: Path) -> bool:
        """Whether that resource has been made."""
        return (kind, path) in self.resources

    def add(self, kind: str, path: Path, says: Iterable[str], body: Json, fact: Record | None = None) -> Json:
        """Make a resource that says `says` to people and `body` to machines; `fact` is what it states."""
        name = self.name(kind, path)
        # What articles share must be the same in each, or the one that is loaded last changes it.
        language = self.article.language if path[0] == self.article.folder else LANGUAGE
        made: Json = {
            "resourceType": kind,
            "id": name,
            "meta": {"source": f"{self.base}/{'/'.join(path[:1])}"},
            "language": language,
            "text": narrative(language, says),
            "identifier": [identifier(self.base, path)],
            **body,
        }
        self.resources[kind, path] = made
        if fact is not None:
            self.state(fact, kind, path)
        return made

    def define(  # noqa: PLR0913  as add, with a title
        self,
        kind: str,
        path: Path,
        title: str,
        body: Json,
        fact: Record | None = None,
        *,
        says: Iterable[str] = (),
    ) -> Json:
        """Make a resource under a canonical URL, with all that such a one says of itself.

        It says `says` to people, or only its title.
        """
        shared = path[0] != self.article.folder
        day = self.article.reviewed
        head: Json = {
            "url": self.url(kind, path),
            "version": "",
            "name": computable(*_unrepeated(path[1:])),
            "title": title,
            "status": self.setting.status,
            "experimental": False,
            **({"date": day} if day and not shared else {}),
            "publisher": self.setting.program,
        }
        if fact is not None and fact.value.get("source"):
            head["relatedArtifact"] = [self.origin(fact)]
        made = self.add(kind, path, [*says] or [title], {**head, **body}, fact)
        made["version"] = version(made, "" if shared else day)
        return made

    def state(self, fact: Record, kind: str, path: Path) -> None:
        """Note that a resource states a fact, and mark the resource with it."""
        self.stating.setdefault((fact.kind.name, fact.id), []).append((kind, path))
        own = identifier(self.base, self.path(fact))
        marks = self.resources[kind, path].get("identifier")
        if marks is not None and all(mark["value"] != own["value"] for mark in marks):
            marks.append({**own, "use": "secondary"})

    def origin(self, fact: Record) -> Json:
        """Where the article says a fact, as RelatedArtifact."""
        section = fact["source"]["section"]
        place = self._places.get(section, section)
        display = f"{self.article.publisher} {self.article.label}: {place}".strip()
        made: Json = {"type": "derived-from", "display": display}
        return {**made, "resourceReference": self.citation()} if self.article.record is not None else made

    def citation(self) -> Json:
        """A reference to the Citation of the article."""
        return self.ref("Citation", self.article.path(), self.article.label)

    def subject(self) -> Record | None:
        """The term that the article is about, None if it does not say."""
        record = self.article.record
        if record is None or "subject" not in record.value:
            return None
        return self.term(record.kind.get_field("subject").target_kind, record["subject"], record)

    def say(self, record: Record) -> str:
        """The sentence of a record, or its label where its kind has no sentence."""
        key = (record.kind.name, record.id)
        if key not in self._said:
            self._said[key] = format_sentence(record, self.content) or str(
                record.value.get("label", record.id)
            )
        return self._said[key]

    def term(self, kind: str, name: str, near: Record) -> Record:
        """The term of that kind and id; KeyError if there is none, which a checked content cannot have."""
        found = self.content.find_record(kind, name, near)
        if found is None:
            raise KeyError(f"{near.kind.name} {near.id} refers to a {kind} {name}, which does not exist")
        return found

    def concept(self, record: Record, name: str) -> Json | None:
        """The value of a field that holds one reference or one word of a list; None where there is none."""
        found = list(self.concepts(record, name))
        return found[0] if found else None

    def concepts(self, record: Record, name: str) -> Iterator[Json]:
        """The values of a field that holds references or words of a list."""
        field = record.kind.get_field(name)
        for value in _items(record, field):
            yield self.coded(record, field, value)

    def coded(self, record: Record, field: Field, value: Any) -> Json:
        """One value of such a field as CodeableConcept."""
        if field.type == "reference":
            if (field.target_kind, value) not in self._concepts:
                term = self.term(field.target_kind, value, record)
                self._concepts[field.target_kind, value] = codeable.concept(self.base, term)
            return self._concepts[field.target_kind, value]
        return codeable.word(self.base, str(value))

    def terms(self, record: Record, name: str) -> Iterator[Record]:
        """The terms that a field refers to."""
        field = record.kind.get_field(name)
        for value in _items(record, field):
            yield self.term(field.target_kind, value, record)

    def entries(self) -> Iterator[tuple[str, Json]]:
        """Every resource with its fullUrl."""
        for made in self.resources.values():
            yield full_url(made["id"]), made


def _unrepeated(words: Path) -> Path:
    """A kind and an id, without the kind where the id begins with it: incidence, incidence-melanoma."""
    [kind, *names] = words
    return (*names,) if names and names[0].startswith(f"{kind}-") else words


def _items(record: Record, field: Field) -> list[Any]:
    value = record[field.name]
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
