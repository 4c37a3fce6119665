"""The resources of one article, by their type and the path of what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.datatypes import build_narrative, escape_markdown
from bmkit.export.fhir.ids import (
    Json,
    ResourcePath,
    build_identifier,
    build_reference,
    drop_empty,
    make_canonical_url,
    make_computable_name,
    make_full_url,
    make_record_path,
    make_resource_id,
)
from bmkit.export.fhir.stamp import TERM_LANGUAGE, make_version
from bmkit.export.fhir.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.export.fhir.options import FhirOptions
    from bmkit.export.fhir.stamp import ArticleMetadata

ResourceKey = tuple[str, ResourcePath]
_UNSTAMPED = "unstamped"


class Resources:
    """The resources of one article: `content` is its facts and the terms that they use.

    `vocabulary` has all terms, those of the code systems.  Resources are kept in the order in which they were
    first added.  `keys_by_fact` has, for each fact, the keys of the resources that state it, first the one
    that was added for it.
    """

    def __init__(
        self,
        content: Content,
        article: ArticleMetadata,
        options: FhirOptions,
        vocabulary: Content | None = None,
    ) -> None:
        self.content = content
        self.vocabulary = vocabulary if vocabulary is not None else content
        self.article = article
        self.options = options
        self.base = options.base
        self.terms = Terms(content, options.base)
        self.by_key: dict[ResourceKey, Json] = {}
        self.keys_by_fact: dict[tuple[str, str], list[ResourceKey]] = {}
        self._id_by_key: dict[ResourceKey, str] = {}
        self._section_labels: dict[str, str] = {
            record.id: self.terms.describe_record(record) for record in content.list_records("section")
        }

    def refer_to(self, resource_type: str, path: ResourcePath, display: str) -> Json:
        """A reference to a resource, which may not have been added yet."""
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
        """Whether that resource has been added."""
        return (resource_type, path) in self.by_key

    def add_resource(
        self,
        resource_type: str,
        path: ResourcePath,
        paragraphs: Iterable[str],
        body: Json,
        fact: Record | None = None,
    ) -> Json:
        """Add a resource: `paragraphs` is its narrative, `body` its elements, `fact` what it states.

        Empty elements of the body are left out.
        """
        resource_id = self.find_resource_id(resource_type, path)
        # A shared resource must be the same in all articles, or the article that is loaded last changes it.
        language = self.article.language if path[0] == self.article.folder else TERM_LANGUAGE
        resource: Json = {
            "resourceType": resource_type,
            "id": resource_id,
            "meta": {"source": f"{self.base}/{'/'.join(path[:1])}"},
            "language": language,
            "text": build_narrative(language, paragraphs),
            "identifier": [build_identifier(self.base, path)],
            **escape_markdown(drop_empty(body)),
        }
        self.by_key[resource_type, path] = resource
        if fact is not None:
            self.link_fact(fact, resource_type, path)
        return resource

    def add_definition(  # noqa: PLR0913  as add_resource, with a title
        self,
        resource_type: str,
        path: ResourcePath,
        title: str,
        body: Json,
        fact: Record | None = None,
        *,
        paragraphs: Iterable[str] = (),
    ) -> Json:
        """Add a resource with a canonical URL, and the elements that go with one: version, name, status ….

        Its narrative is `paragraphs`, or its title.
        """
        is_shared = path[0] != self.article.folder
        review_date = self.article.review_date
        definition_elements: Json = {
            "url": self.make_url(resource_type, path),
            "version": _UNSTAMPED,
            "name": make_computable_name(*drop_repeated_kind(path[1:])),
            "title": title,
            "status": self.options.status,
            "experimental": False,
            "date": "" if is_shared else review_date,
            **self._build_publisher(is_shared=is_shared),
            "relatedArtifact": self.list_source_artifacts([fact] if fact is not None else ()),
        }
        definition = self.add_resource(
            resource_type, path, [*paragraphs] or [title], {**definition_elements, **body}, fact
        )
        definition["version"] = make_version(definition, "" if is_shared else review_date)
        return definition

    def _build_publisher(self, *, is_shared: bool) -> Json:
        """The publisher of a definition: that of the settings, else of the article, else the program.

        What articles share is of no article's publisher: without settings nobody is named.
        """
        publisher = self.content.settings.publisher
        name = publisher.name or ("" if is_shared else self.article.publisher or self.options.program)
        contact = [{"telecom": [{"system": "url", "value": publisher.url}]}] if publisher.url else []
        return {"publisher": name, "contact": contact}

    def link_fact(self, fact: Record, resource_type: str, path: ResourcePath) -> None:
        """Record that a resource states a fact, and add the identifier of the fact to the resource."""
        self.keys_by_fact.setdefault((fact.kind.name, fact.id), []).append((resource_type, path))
        fact_identifier = build_identifier(self.base, make_record_path(fact))
        identifiers = self.by_key[resource_type, path].get("identifier")
        if identifiers is not None and all(
            known_identifier["value"] != fact_identifier["value"] for known_identifier in identifiers
        ):
            identifiers.append({**fact_identifier, "use": "secondary"})

    def list_source_artifacts(self, facts: Iterable[Record]) -> list[Json]:
        """The sources of facts in the article, each once, as RelatedArtifact."""
        citation = self.refer_to_citation() if self.article.record is not None else {}
        displays = dict.fromkeys(
            f"{self.article.publisher} {self.article.label}: {self.describe_source(fact)}".strip()
            for fact in facts
            if fact.value.get("source")
        )
        return [
            drop_empty({"type": "derived-from", "display": display, "resourceReference": citation})
            for display in displays
        ]

    def describe_source(self, fact: Record) -> str:
        """Where a fact stands, in words: its section, page, table or publication."""
        source = fact["source"]
        section_id = source.get("section", "")
        places = [self._section_labels.get(section_id, section_id)]
        places += [f"{name} {source[name]}" for name in ("page", "table") if name in source]
        if "publication" in source:
            publication_kind = fact.kind.get_field("source.publication").target_kind
            publication = self.content.find_record(publication_kind, source["publication"], fact)
            places.append(
                self.terms.describe_record(publication) if publication is not None else source["publication"]
            )
        return ", ".join(filter(None, places))

    def refer_to_citation(self) -> Json:
        """A reference to the Citation of the article."""
        return self.refer_to("Citation", self.article.make_path(), self.article.label)

    def find_subject(self) -> Record | None:
        """The term that the article is about, None if it names none."""
        record = self.article.record
        if record is None or "subject" not in record.value:
            return None
        return self.terms.find_term(record.kind.get_field("subject").target_kind, record["subject"], record)

    def iter_entries(self) -> Iterator[tuple[str, Json]]:
        """Every resource with its fullUrl."""
        for resource in self.by_key.values():
            yield make_full_url(resource["id"]), resource

    def stamp_versions(self) -> None:
        """Set the version of each resource of the article that has one, now that they are complete.

        Shared resources keep the version that they were added with: they are complete from the beginning, and
        have no day, because each article was reviewed on its own.
        """
        for (_, path), resource in self.by_key.items():
            if path[0] == self.article.folder and isinstance(resource.get("version"), str):
                resource["version"] = make_version(resource, self.article.review_date)


def drop_repeated_kind(path: ResourcePath) -> ResourcePath:
    """A kind and an id, without the kind where the id begins with it: regimen, regimen-of-children."""
    [kind_name, *id_parts] = path
    return (*id_parts,) if id_parts and id_parts[0].startswith(f"{kind_name}-") else path
