"""CodeSystem and ValueSet of our terms, of the words of closed lists, and of the names of fields."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from bmkit.content import TERMS_FOLDER
from bmkit.content.terminologies import list_terminology_urls
from bmkit.export.fhir.characteristics import find_unplaced_fields
from bmkit.export.fhir.codeable import build_standard_coding
from bmkit.export.fhir.ids import Json, make_computable_name
from bmkit.export.fhir.terms import (
    CONCEPT_SYSTEM,
    FIELD_SYSTEM,
    WORD_SYSTEM,
    Terms,
    name_system,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.resources import Resources
    from bmkit.schema import Kind

_WORD_PROPERTY_DEFINITION = {
    "code": "as-in-article",
    "description": "What an article calls it, misread and odd words included: no name to look it up by",
    "type": "string",
}
_PROPERTY_DEFINITIONS = [
    {
        "code": "parent",
        "uri": "http://hl7.org/fhir/concept-properties#parent",
        "description": "The broader term",
        "type": "code",
    },
    {
        "code": "inactive",
        "uri": "http://hl7.org/fhir/concept-properties#inactive",
        "description": "Whether the term is no longer to be used",
        "type": "boolean",
    },
    {"code": "replaced-by", "description": "The term to be used in its place", "type": "code"},
    {"code": "same", "description": "A standard code that means the same", "type": "Coding"},
    {
        "code": "related",
        "description": "A standard code that is near; a property relation says how",
        "type": "Coding",
    },
    {"code": "relation", "description": "A related code, and how it is related", "type": "string"},
    {"code": "reference", "description": "A field that refers to another term", "type": "Coding"},
    {"code": "word", "description": "A field that holds a word of a closed list", "type": "Coding"},
    {
        "code": "in-words",
        "description": "What else is said of it: a number, a name, yes or no",
        "type": "string",
    },
    {"code": "other-name", "description": "Another name that means the same", "type": "string"},
    _WORD_PROPERTY_DEFINITION,
]


def add_code_systems(resources: Resources) -> None:
    """Add the code systems of shared terms, words and fields, and a value set of all the codes of each."""
    _add_term_systems(resources, TERMS_FOLDER)
    kinds = [kind for kind in resources.vocabulary.schemas if kind.group in ("fact", "term", "article")]
    word_texts = {"title": "Word", "description": "A word of a closed list."}
    _add_code_system(resources, WORD_SYSTEM, word_texts, _iter_word_concepts(resources.terms), [])
    field_texts = {"title": "Field", "description": "What a value is: a kind, or a field of it."}
    _add_code_system(resources, FIELD_SYSTEM, field_texts, _iter_field_concepts(kinds), [])
    concept_texts = {
        "title": "Property of a concept",
        "description": "What our code systems say of a concept beside its name.",
    }
    _add_code_system(resources, CONCEPT_SYSTEM, concept_texts, _iter_property_concepts(), [])


def add_article_code_systems(resources: Resources) -> None:
    """Add the code systems of the terms that the article has for itself, and its words for shared ones."""
    if resources.article.folder != TERMS_FOLDER:
        _add_term_systems(resources, resources.article.folder)
    _add_word_supplements(resources)


def _add_term_systems(resources: Resources, folder: str) -> None:
    """Add the code system of each kind of the terms in a folder, with all of them."""
    vocabulary = resources.vocabulary
    terms = Terms(vocabulary, resources.base)
    for kind in vocabulary.list_kinds():
        records = vocabulary.list_records(kind.name) if kind.group == "term" else ()
        concepts = [_build_term_concept(terms, record) for record in records if record.folder == folder]
        kind_texts = {"title": kind.title, "description": kind.description}
        _add_code_system(resources, kind.name, kind_texts, concepts, _PROPERTY_DEFINITIONS, folder)


def _add_word_supplements(resources: Resources) -> None:
    """Add what the article calls shared terms, as supplements: the code systems are those of all articles."""
    for kind in resources.content.list_kinds():
        concepts = [
            {
                "code": term.id,
                "display": resources.terms.describe_record(term),
                "property": list(_iter_word_properties(term)),
            }
            for term in (resources.content.list_records(kind.name) if kind.group == "term" else ())
            if term.folder == TERMS_FOLDER and "as_in_article" in term.value
        ]
        if concepts:
            supplemented = resources.by_key["CodeSystem", (TERMS_FOLDER, kind.name)]
            path = (resources.article.folder, kind.name, "as-in-article")
            title = f"{kind.title}: as in {resources.article.label}"
            body: Json = {
                "name": make_computable_name(*path),
                "description": f"What the article calls it: {kind.description}",
                # Case and count are those of the code system, and not said again.
                "content": "supplement",
                "supplements": f"{supplemented['url']}|{supplemented['version']}",
                "property": _define_properties(resources.terms, [_WORD_PROPERTY_DEFINITION]),
                "concept": concepts,
            }
            resources.add_definition("CodeSystem", path, title, body)


def _add_code_system(  # noqa: PLR0913, PLR0917  what a code system consists of
    resources: Resources,
    system_name: str,
    system_texts: Json,
    concepts: Iterable[Json],
    property_definitions: list[Json],
    folder: str = TERMS_FOLDER,
) -> None:
    concept_list = list(concepts)
    if not concept_list:
        return
    used_codes = {
        concept_property["code"]
        for concept in concept_list
        for concept_property in concept.get("property", ())
    }
    path, title = (folder, system_name), system_texts["title"]
    url = resources.terms.make_system_url(system_name, folder)
    value_set_url = f"{resources.base}/ValueSet/{name_system(system_name, folder)}"
    if folder != TERMS_FOLDER:
        title = f"{title}: {resources.article.label}"
    name = {"name": make_computable_name(*path)} if folder != TERMS_FOLDER else {}
    used_definitions = [definition for definition in property_definitions if definition["code"] in used_codes]
    body: Json = {
        "url": url,
        **name,
        "description": system_texts["description"],
        "caseSensitive": True,
        "valueSet": value_set_url,
        "content": "complete",
        "count": len(concept_list),
        # A parent is a part of it in one kind, a wider class in another; this holds for all.
        "hierarchyMeaning": "grouped-by" if "parent" in used_codes else "",
        "property": _define_properties(resources.terms, used_definitions),
        "concept": concept_list,
    }
    paragraphs = [title, system_texts["description"], f"Codes: {len(concept_list)}"]
    code_system = resources.add_definition("CodeSystem", path, title, body, paragraphs=paragraphs)
    include = [{"system": url, "version": code_system["version"]}]
    resources.add_definition(
        "ValueSet",
        path,
        f"All of: {title}",
        {
            "url": value_set_url,
            **name,
            "description": system_texts["description"],
            "compose": {"include": include},
        },
    )


def _build_term_concept(terms: Terms, term: Record) -> Json:
    concept: Json = {"code": term.id, "display": terms.describe_record(term)}
    concept_properties = list(_iter_concept_properties(terms, term))
    if concept_properties:
        concept["property"] = concept_properties
    return concept


def _iter_word_properties(term: Record) -> Iterator[Json]:
    # Not a designation: a server would find the thigh by the "hip" that it was misread as.
    for article_wording in term.value.get("as_in_article", ()):
        yield {"code": "as-in-article", "valueString": article_wording}


def _iter_concept_properties(terms: Terms, term: Record) -> Iterator[Json]:
    parents = terms.iter_field_terms(term, term.kind.get_field("parent")) if "parent" in term.kind else ()
    for parent in parents:
        if (parent.kind.name, parent.folder) == (term.kind.name, term.folder):
            yield {"code": "parent", "valueCode": parent.id}
        elif (
            parent.kind.group == "term"
        ):  # a code of another system, which a property of the type code cannot name
            parent_coding = terms.build_term_concept(parent)["coding"][0]
            yield {"code": "reference", "valueCoding": parent_coding}
    # A designation in the language of the display wants a use, and HL7's only one for it is SNOMED CT's.
    for synonym in term.value.get("synonyms", ()):
        yield {"code": "other-name", "valueString": synonym}
    if term.value.get("retired"):
        yield {"code": "inactive", "valueBoolean": True}
    terminology_urls = list_terminology_urls(terms.content.settings)
    for term_code in term.value.get("codes", ()):
        standard_coding = build_standard_coding(term_code, terminology_urls)
        if "note" in term_code:
            # The display is the terminology's own, so our word for how the two are related is a property.
            yield {"code": "related", "valueCoding": standard_coding}
            yield {
                "code": "relation",
                "valueString": f"{term_code['system']} {term_code['code']}: {term_code['note']}",
            }
        else:
            yield {"code": "same", "valueCoding": standard_coding}
    if term.folder != TERMS_FOLDER:
        yield from _iter_word_properties(term)
    if "replaced_by" in term.value:
        yield {"code": "replaced-by", "valueCode": term["replaced_by"]}
    yield from _iter_field_properties(terms, term)


def _iter_field_properties(terms: Terms, term: Record) -> Iterator[Json]:
    # The frame is shown in other ways, or says nothing of the concept.
    for field in find_unplaced_fields(term):
        # A word of no list has no code, and a number is no concept.
        if not (field.type == "reference" or (field.type == "text" and field.values)):
            text = terms.format_field_value(term, field)
            yield {"code": "in-words", "valueString": f"{field.title}: {text}"}
            continue
        # What a term says of an article's records is not the same in every article.
        if field.type == "reference" and terms.content.schemas.get_kind(field.target_kind).group != "term":
            continue
        for concept in terms.iter_field_concepts(term, field):
            if "coding" in concept:  # an empty word has no code
                yield {
                    "code": "reference" if field.type == "reference" else "word",
                    "valueCoding": concept["coding"][0],
                }


def _define_properties(terms: Terms, definitions: list[Json]) -> list[Json]:
    """The definitions of properties, each with a URI: HL7's, or that of its code in our own code system."""
    url = terms.make_system_url(CONCEPT_SYSTEM)
    return [
        {"code": definition["code"], "uri": f"{url}#{definition['code']}", **definition}
        for definition in definitions
    ]


def _iter_property_concepts() -> Iterator[Json]:
    for definition in _PROPERTY_DEFINITIONS:
        if "uri" not in definition:
            display = definition["code"].replace("-", " ")
            yield {"code": definition["code"], "display": display, "definition": definition["description"]}


def _iter_word_concepts(terms: Terms) -> Iterator[Json]:
    for text, code in sorted(terms.code_by_word.items(), key=itemgetter(1)):
        yield {"code": code, "display": text}


def _iter_field_concepts(kinds: Iterable[Kind]) -> Iterator[Json]:
    for kind in kinds:
        yield {"code": kind.name, "display": kind.title, "definition": kind.description}
        for field in kind.fields:
            if field.name not in _UNCODED_FIELDS:
                code = f"{kind.name}.{field.name}"
                yield {"code": code, "display": field.title, "definition": field.description}


_UNCODED_FIELDS = frozenset({"id", "notes", "source", "codes"})
