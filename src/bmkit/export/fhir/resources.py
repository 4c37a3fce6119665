"""What is being made: the resources of one article so far, each under its type and what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import codeable
from bmkit.export.fhir.about import TERM_LANGUAGE
from bmkit.export.fhir.ids import (
    Json,
    ResourcePath,
    build_identifier,
    build_reference,
    make_canonical_url,
    make_computable_name,
    make_full_url,
    make_resource_id,
)
from bmkit.export.fhir.narrative import build_narrative
from bmkit.export.fhir.version import make_version
from bmkit.sentence import format_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.export.fhir.about import ArticleMetadata
    from bmkit.export.fhir.options import FhirOptions
    from bmkit.schema import Field

ResourceKey = tuple[str, ResourcePath]


class Resources:
    """The resources of one article: `content` is its part of the content.

    Resources are kept in the order in which they were first added.  `stating` has, for each fact, those that
    state it, the one that was made for it first.
    """

    def __init__(self, content: Content, article: ArticleMetadata, options: FhirOptions) -> None:
        self.content = content
        self.article = article
        self.options = options
        self.base = options.base
        self.by_key: dict[ResourceKey, Json] = {}
        self.keys_by_fact: dict[tuple[str, str], list[ResourceKey]] = {}
        self._id_by_key: dict[ResourceKey, str] = {}
        self._sentence_by_record: dict[tuple[str, str], str] = {}
        self._concept_by_term: dict[tuple[str, str], Json] = {}
        self._section_labels: dict[str, str] = {
            record.id: self.describe_record(record) for record in content.list_records("section")
        }

    def make_path(self, record: Record, *path_parts: str) -> ResourcePath:
        """What a resource about `record` is about; `part` tells several about one record apart."""
        return (record.folder, record.kind.name, record.id, *path_parts)

    def refer_to(self, resource_type: str, path: ResourcePath, display: str) -> Json:
        """A reference to a resource, whether it has been made or will be."""
        return build_reference(self.find_resource_id(resource_type, path), resource_type, display)

    def find_resource_id(self, resource_type: str, path: ResourcePath) -> str:
        """The id of a resource."""
        if (resource_type, path) not in self._id_by_key:
            self._id_by_key[resource_type, path] = make_resource_id(self.base, resource_type, path)
        return self._id_by_key[resource_type, path]

    def make_url(self, resource_type: str, path: ResourcePath) -> str:
        """The canonical URL of a resource."""
        return make_canonical_url(self.base, resource_type, path)

    def has_resource(self, resource_type: str, path: ResourcePath) -> bool:
        """Whether that resource has been made."""
        return (resource_type, path) in self.by_key

    def add_resource(
        self,
        resource_type: str,
        path: ResourcePath,
        paragraphs: Iterable[str],
        body: Json,
        fact: Record | None = None,
    ) -> Json:
        """Make a resource that says `says` to people and `body` to machines; `fact` is what it states."""
        resource_id = self.find_resource_id(resource_type, path)
        # What articles share must be the same in each, or the one that is loaded last changes it.
        language = self.article.language if path[0] == self.article.folder else TERM_LANGUAGE
        resource: Json = {
            "resourceType": resource_type,
            "id": resource_id,
            "meta": {"source": f"{self.base}/{'/'.join(path[:1])}"},
            "language": language,
            "text": build_narrative(language, paragraphs),
            "identifier": [build_identifier(self.base, path)],
            **body,
        }
        self.by_key[resource_type, path] = resource
        if fact is not None:
            self.link_fact(fact, resource_type, path)
        return resource

    def add_definition(  # noqa: PLR0913  as add, with a title
        self,
        resource_type: str,
        path: ResourcePath,
        title: str,
        body: Json,
        fact: Record | None = None,
        *,
        paragraphs: Iterable[str] = (),
    ) -> Json:
        """Make a resource under a canonical URL, with all that such a one says of itself.

        It says `says` to people, or only its title.
        """
        is_shared = path[0] != self.article.folder
        review_date = self.article.review_date
        definition_elements: Json = {
            "url": self.make_url(resource_type, path),
            "version": "",
            "name": make_computable_name(*_drop_repeated_kind(path[1:])),
            "title": title,
            "status": self.options.status,
            "experimental": False,
            **({"date": review_date} if review_date and not is_shared else {}),
            "publisher": self.options.program,
        }
        if fact is not None and fact.value.get("source"):
            definition_elements["relatedArtifact"] = [self.build_source_artifact(fact)]
        definition = self.add_resource(
            resource_type, path, [*paragraphs] or [title], {**definition_elements, **body}, fact
        )
        definition["version"] = make_version(definition, "" if is_shared else review_date)
        return definition

    def link_fact(self, fact: Record, resource_type: str, path: ResourcePath) -> None:
        """Note that a resource states a fact, and mark the resource with it."""
        self.keys_by_fact.setdefault((fact.kind.name, fact.id), []).append((resource_type, path))
        fact_identifier = build_identifier(self.base, self.make_path(fact))
        identifiers = self.by_key[resource_type, path].get("identifier")
        if identifiers is not None and all(
            known_identifier["value"] != fact_identifier["value"] for known_identifier in identifiers
        ):
            identifiers.append({**fact_identifier, "use": "secondary"})

    def build_source_artifact(self, fact: Record) -> Json:
        """Where the article says a fact, as RelatedArtifact."""
        section_id = fact["source"]["section"]
        section_label = self._section_labels.get(section_id, section_id)
        display = f"{self.article.publisher} {self.article.label}: {section_label}".strip()
        artifact: Json = {"type": "derived-from", "display": display}
        return (
            {**artifact, "resourceReference": self.refer_to_citation()}
            if self.article.record is not None
            else artifact
        )

    def refer_to_citation(self) -> Json:
        """A reference to the Citation of the article."""
        return self.refer_to("Citation", self.article.make_path(), self.article.label)

    def find_subject(self) -> Record | None:
        """The term that the article is about, None if it does not say."""
        record = self.article.record
        if record is None or "subject" not in record.value:
            return None
        return self.find_term(record.kind.get_field("subject").target_kind, record["subject"], record)

    def describe_record(self, record: Record) -> str:
        """The sentence of a record, or its label where its kind has no sentence."""
        record_key = (record.kind.name, record.id)
        if record_key not in self._sentence_by_record:
            self._sentence_by_record[record_key] = format_sentence(record, self.content) or str(
                record.value.get("label", record.id)
            )
        return self._sentence_by_record[record_key]

    def find_term(self, kind_name: str, term_id: str, near_record: Record) -> Record:
        """The term of that kind and id; KeyError if there is none, which a checked content cannot have."""
        term = self.content.find_record(kind_name, term_id, near_record)
        if term is None:
            raise KeyError(
                f"{near_record.kind.name} {near_record.id} refers to a {kind_name} {term_id}, which does not exist"
            )
        return term

    def build_concept(self, record: Record, field_name: str) -> Json | None:
        """The value of a field that holds one reference or one word of a list; None where there is none."""
        field_concepts = list(self.iter_concepts(record, field_name))
        return field_concepts[0] if field_concepts else None

    def iter_concepts(self, record: Record, field_name: str) -> Iterator[Json]:
        """The values of a field that holds references or words of a list."""
        field = record.kind.get_field(field_name)
        for value in _list_field_values(record, field):
            yield self.build_value_concept(record, field, value)

    def build_value_concept(self, record: Record, field: Field, value: Any) -> Json:
        """One value of such a field as CodeableConcept."""
        if field.type == "reference":
            if (field.target_kind, value) not in self._concept_by_term:
                term = self.find_term(field.target_kind, value, record)
                self._concept_by_term[field.target_kind, value] = codeable.build_term_concept(self.base, term)
            return self._concept_by_term[field.target_kind, value]
        return codeable.build_word_concept(self.base, str(value))

    def iter_terms(self, record: Record, field_name: str) -> Iterator[Record]:
        """The terms that a field refers to."""
        field = record.kind.get_field(field_name)
        for value in _list_field_values(record, field):
            yield self.find_term(field.target_kind, value, record)

    def iter_entries(self) -> Iterator[tuple[str, Json]]:
        """Every resource with its fullUrl."""
        for resource in self.by_key.values():
            yield make_full_url(resource["id"]), resource


def _drop_repeated_kind(path: ResourcePath) -> ResourcePath:
    """A kind and an id, without the kind where the id begins with it: incidence, incidence-melanoma."""
    [kind_name, *id_parts] = path
    return (*id_parts,) if id_parts and id_parts[0].startswith(f"{kind_name}-") else path


def _list_field_values(record: Record, field: Field) -> list[Any]:
    value = record[field.name]
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
