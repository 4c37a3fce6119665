"""CodeSystem and ValueSet: our own terms, the words of closed lists, and the names of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable
from bmkit.export.fhir.about import LANGUAGE
from bmkit.export.fhir.ids import Json, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.resources import Making
    from bmkit.schema import Field, Kind

_PROPERTIES = [
    {
        "code": "parent",
        "uri": "http://hl7.org/fhir/concept-properties#parent",
        "description": "The broader term",
        "type": "code",
    },
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
        "code": "as-in-article",
        "description": "What an article calls it, misread and odd words included: no name to look it up by",
        "type": "string",
    },
]


def code_systems(making: Making) -> None:
    """Make the code systems of terms, words and fields, and a value set of all the codes of each."""
    content = making.content
    for kind in content.list_kinds():
        if kind.group == "term":
            about = {"title": kind.title, "description": kind.description}
            _system(making, kind.name, about, _terms(making, kind), _PROPERTIES)
    kinds = [kind for kind in content.schemas if kind.group in ("fact", "term", "article")]
    words = {"title": "Word", "description": "A word of a closed list."}
    _system(making, codeable.WORDS, words, _words(kinds), [])
    fields = {"title": "Field", "description": "What a value is: a kind, or a field of it."}
    _system(making, codeable.FIELDS, fields, _fields(kinds), [])


def _system(making: Making, name: str, about: Json, concepts: Iterable[Json], properties: list[Json]) -> None:
    listed = list(concepts)
    if not listed:
        return
    used = {one["code"] for concept in listed for one in concept.get("property", ())}
    path = ("terms", name)
    url = codeable.system(making.base, name)
    kept = [one for one in properties if one["code"] in used]
    body: Json = {
        "url": url,
        "description": about["description"],
        "caseSensitive": True,
        "valueSet": f"{making.base}/ValueSet/{name}",
        "content": "complete",
        "count": len(listed),
        # What a parent is differs from kind to kind (a part, a wider class), so no more than this is true of
        # all.
        **({"hierarchyMeaning": "grouped-by"} if "parent" in used else {}),
        **({"property": kept} if kept else {}),
        "concept": listed,
    }
    said = [about["title"], about["description"], f"Codes: {len(listed)}"]
    made = making.define("CodeSystem", path, about["title"], body, says=said)
    include = [{"system": url, "version": made["version"]}]
    making.define(
        "ValueSet",
        path,
        f"All of: {about['title']}",
        {
            "url": f"{making.base}/ValueSet/{name}",
            "description": about["description"],
            "compose": {"include": include},
        },
    )


def _terms(making: Making, kind: Kind) -> Iterator[Json]:
    for term in making.content.list_records(kind.name):
        made: Json = {"code": term.id, "display": making.say(term)}
        # HL7 has no use that says synonym: its value set names SNOMED CT's, which are not for other systems.
        if other := term.value.get("synonyms"):
            made["designation"] = [{"language": LANGUAGE, "value": one} for one in other]
        held = list(_properties(making, term))
        if held:
            made["property"] = held
        yield made


# Shown in other ways, or not properties of the concept.
_APART = frozenset({"id", "label", "synonyms", "as_in_article", "codes", "parent", "notes", "source"})


def _properties(making: Making, term: Record) -> Iterator[Json]:
    if "parent" in term.value:
        yield {"code": "parent", "valueCode": term["parent"]}
    for code in term.value.get("codes", ()):
        shown = codeable.standard(code)
        if "note" in code:
            # The display is the terminology's own, so our word for how the two are related stands beside it.
            yield {"code": "related", "valueCoding": shown}
            yield {"code": "relation", "valueString": f"{code['system']} {code['code']}: {code['note']}"}
        else:
            yield {"code": "same", "valueCoding": shown}
    # A server searches designations, and would find the thigh by the "hip" that it was misread as.
    for words in term.value.get("as_in_article", ()):
        yield {"code": "as-in-article", "valueString": words}
    for field in term.kind.fields:
        if field.name in _APART or field.type not in ("reference", "text"):
            continue
        for held in making.concepts(term, field.name):
            yield {
                "code": "reference" if field.type == "reference" else "word",
                "valueCoding": held["coding"][0],
            }


def _words(kinds: Iterable[Kind]) -> Iterator[Json]:
    found: dict[str, str] = {}
    for kind in kinds:
        for field in kind.fields:
            for text in _closed(field):
                if found.setdefault(slug(text), text) != text:
                    raise ValueError(f"{text!r} and {found[slug(text)]!r} would have the same code")
    for code in sorted(found):
        yield {"code": code, "display": found[code]}


def _closed(field: Field) -> Iterator[str]:
    if field.type == "text":
        yield from (text for text in field.values if isinstance(text, str))


def _fields(kinds: Iterable[Kind]) -> Iterator[Json]:
    for kind in kinds:
        yield {"code": kind.name, "display": kind.title, "definition": kind.description}
        for field in kind.fields:
            if field.name not in _FRAME:
                code = f"{kind.name}.{field.name}"
                yield {"code": code, "display": field.title, "definition": field.description}


_FRAME = frozenset({"id", "notes", "source", "codes"})
