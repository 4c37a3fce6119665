"""Citation, Device and Composition: the article, the program that read it, and the document made of both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit import __version__
from bmkit.export.fhir.datatypes import build_narrative
from bmkit.export.fhir.ids import drop_empty, make_record_path
from bmkit.export.fhir.notes import format_note
from bmkit.rules.derived.facts import find_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json, ResourcePath
    from bmkit.export.fhir.resources import Resources
    from bmkit.export.fhir.stamp import ArticleMetadata

DEVICE_PATH: ResourcePath = ("terms", "program", "bmkit")
_IDENTIFIER_SYSTEMS = {"doi": "https://doi.org", "pmid": "https://pubmed.ncbi.nlm.nih.gov"}
# Sections of the document beside those of the article, with the types of resource that each lists.
_APPENDIX_SECTIONS = (
    ("Disease", ("ConditionDefinition",)),
    ("Medicines and substances", ("Medication", "MedicationKnowledge", "Substance", "SubstanceDefinition")),
    ("Populations", ("Group",)),
    ("Variables", ("EvidenceVariable",)),
    ("Editorial notes", ("ArtifactAssessment",)),
    ("Sources", ("Citation", "Provenance", "Device")),
    ("Terms", ("CodeSystem", "ValueSet", "NamingSystem")),
)


def add_citation(resources: Resources) -> None:
    """Add the Citation of the article, with the day of its last review."""
    article = resources.article
    fields = article.record.value if article.record is not None else {}
    publication_form = drop_empty(
        {
            "publishedIn": {"title": article.publisher} if article.publisher else {},
            "articleDate": fields.get("published"),
        }
    )
    cited_artifact = {
        "identifier": _build_identifiers(fields),
        "version": {"value": fields["version"]} if "version" in fields else {},
        "title": [{"text": article.label}],
        "publicationForm": [publication_form] if publication_form else [],
        "webLocation": [{"url": fields["url"]}] if "url" in fields else [],
        "note": [{"text": f"Last reviewed: {fields['reviewed']}"}] if "reviewed" in fields else [],
    }
    title = ": ".join(title_part for title_part in (article.publisher, article.label) if title_part)
    body = {"citedArtifact": drop_empty(cited_artifact)}
    resources.add_definition("Citation", article.make_path(), title, body)


def add_publication_citation(resources: Resources, term: Record) -> None:
    """Add the Citation of a publication that facts or terms name."""
    sentence, url = resources.terms.describe_record(term), term.find_value("url")
    cited_artifact = {
        "identifier": _build_identifiers({role: term.find_value(role) for role in _IDENTIFIER_SYSTEMS}),
        "title": [{"text": sentence}],
        # The schema of a kind of one's own may let any text pass for an address.
        **({"webLocation": [{"url": url}]} if _is_url(url) else {"note": [{"text": url}] if url else []}),
    }
    body = {"citedArtifact": drop_empty(cited_artifact)}
    resources.add_definition("Citation", make_record_path(term), sentence, body)


def _is_url(text: str | None) -> bool:
    return text is not None and re.fullmatch(r"https?://[!-~]+", text) is not None


def _build_identifiers(values: Json) -> list[Json]:
    return [
        {"system": system, "value": values[name]}
        for name, system in _IDENTIFIER_SYSTEMS.items()
        if values.get(name)
    ]


def add_device(resources: Resources) -> None:
    """Add the Device of the program, which is the author of the resources."""
    program_name = resources.options.program
    resources.add_resource(
        "Device",
        DEVICE_PATH,
        [f"{program_name} {__version__}"],
        {
            "name": [{"value": program_name, "type": "user-friendly-name", "display": True}],
            "type": [{"text": "software"}],
            "version": [{"value": __version__}],
        },
    )


def refer_to_author(resources: Resources) -> Json:
    """A reference to the program."""
    return resources.refer_to("Device", DEVICE_PATH, resources.options.program)


def add_composition(resources: Resources) -> None:
    """Add the Composition: by section, the sentences of all facts and the resources that state them."""
    article = resources.article
    content = resources.content
    facts_by_section: dict[str, list[Record]] = {}
    for record in find_facts(content):
        section_id = (record.value.get("source") or {}).get("section", "")
        facts_by_section.setdefault(section_id, []).append(record)
    sections = sorted(content.list_records("section"), key=lambda section: section.value.get("order", 0))
    body: Json = {
        "status": resources.options.document_status,
        "type": {"text": article.document},
        "date": article.review_date,
        "author": [refer_to_author(resources)],
        "title": article.label,
        "version": article.review_date,
        "section": [
            *_iter_article_sections(resources, sections, facts_by_section, parent_id=None),
            *_iter_unplaced_section(resources, facts_by_section.get("", [])),
            *_iter_notes_section(resources),
            *_iter_appendix_sections(resources),
        ],
    }
    path = article.make_path()
    resources.add_resource("Composition", path, [article.label, _format_review_line(article)], body)


def _format_review_line(article: ArticleMetadata) -> str:
    publisher = f"{article.publisher}, " if article.publisher else ""
    is_reviewed = article.record is not None and "reviewed" in article.record.value
    return f"{publisher}{'last reviewed' if is_reviewed else 'of'} {article.review_date}"


def _iter_article_sections(
    resources: Resources,
    sections: Sequence[Record],
    facts_by_section: dict[str, list[Record]],
    parent_id: str | None,
) -> Iterator[Json]:
    for section in sections:
        if section.value.get("parent") != parent_id:
            continue
        section_facts = sorted(facts_by_section.get(section.id, ()), key=_find_span_start)
        subsections = list(_iter_article_sections(resources, sections, facts_by_section, section.id))
        section_element: Json = {"title": resources.terms.describe_record(section)}
        if section_facts:
            section_element["text"] = _build_facts_narrative(resources, section_facts)
            entry_references = _refer_to_stating_resources(resources, section_facts)
            if entry_references:
                section_element["entry"] = entry_references
        if subsections:
            section_element["section"] = subsections
        if section_facts or subsections:
            yield section_element


def _find_span_start(record: Record) -> int:
    """The position in the article where a fact begins, 0 where its source names no span."""
    spans = record["source"].get("spans")
    return spans[0]["start"] if spans else 0


def _iter_unplaced_section(resources: Resources, unplaced_facts: Sequence[Record]) -> Iterator[Json]:
    """A section for facts without a source."""
    if unplaced_facts:
        section_element = {
            "title": "Facts of no section",
            "text": _build_facts_narrative(resources, unplaced_facts),
            "entry": _refer_to_stating_resources(resources, unplaced_facts),
        }
        yield drop_empty(section_element)


def _build_facts_narrative(resources: Resources, facts: Iterable[Record]) -> Json:
    items = ((f"{fact.kind.name}.{fact.id}", resources.terms.describe_record(fact)) for fact in facts)
    return build_narrative(resources.article.language, (), items)


def _refer_to_stating_resources(resources: Resources, facts: Iterable[Record]) -> list[Json]:
    resource_keys = dict.fromkeys(
        resource_key
        for fact in facts
        for resource_key in resources.keys_by_fact.get((fact.kind.name, fact.id), ())
    )
    return [
        resources.refer_to(resource_type, path, format_display(resources.by_key[resource_type, path]))
        for resource_type, path in resource_keys
    ]


def _iter_notes_section(resources: Resources) -> Iterator[Json]:
    notes = list(resources.content.list_records("editorial-note"))
    if notes:
        items = ((f"{note.kind.name}.{note.id}", format_note(resources.terms, note)) for note in notes)
        text = build_narrative(resources.article.language, (), items)
        yield {"title": "Where the article was read otherwise than it stands", "text": text}


def _iter_appendix_sections(resources: Resources) -> Iterator[Json]:
    for title, resource_types in _APPENDIX_SECTIONS:
        entry_references = [
            resources.refer_to(resource_type, path, format_display(resource))
            for (resource_type, path), resource in resources.by_key.items()
            if resource_type in resource_types
        ]
        if entry_references:
            text = build_narrative(resources.article.language, [f"{title}: {len(entry_references)}"])
            yield {"title": title, "text": text, "entry": entry_references}


def format_display(resource: Json) -> str:
    """The display of a reference to a resource, from its own name, title or code."""
    for element_name in ("title", "name", "code"):
        element = resource.get(element_name)
        if isinstance(element, str):
            return element
        if isinstance(element, dict) and "text" in element:
            return str(element["text"])
        if isinstance(element, list) and element and isinstance(element[0], str):
            return element[0]
    if "subject" in resource and isinstance(resource.get("type"), str):
        return f"{resource['type']}: {resource['subject'][0]['display']}"
    return str(resource["resourceType"])
