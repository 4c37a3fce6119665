"""Group and EvidenceVariable: made of traits, and each trait of one value of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.fhir import coding
from bmkit.export.fhir.quantity import quantity, value
from bmkit.wording import human, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.identity import Json, Path
    from bmkit.export.fhir.making import Making


class Trait(NamedTuple):
    """One thing that is known: `code` says what, `value` is its valueCodeableConcept, valueQuantity ….

    `text` says both, `said` the value.  `term` is the term that the value is, None for anything but a term.
    """

    name: str
    code: Json
    value: Json
    text: str
    said: str
    term: Record | None = None
    exclude: bool = False


# Fields of a population that say what its members have not.
_WITHOUT = frozenset({"without"})


def traits(making: Making, record: Record, names: Iterable[str]) -> list[Trait]:
    """The traits that the fields `names` of a record tell, one for each value."""
    return [trait for name in names for trait in _traits(making, record, name)]


def itself(making: Making, record: Record) -> Trait:
    """What a kind of fact is about, where its name says it: survival, say."""
    title = record.kind.title
    return Trait("kind", coding.named(making.base, record.kind.name, title), {}, title, title)


def subject(making: Making) -> Trait:
    """What the article is about, as a trait of those it speaks of; if it does not say, the article."""
    term = making.subject()
    if term is None:
        code = coding.named(making.base, "article", "Article")
        return Trait(
            "article",
            code,
            {"valueCodeableConcept": {"text": making.article.label}},
            making.article.label,
            making.article.label,
        )
    return _of_term(making, term, "condition", coding.named(making.base, "condition", term.kind.title))


def group(making: Making, found: Sequence[Trait], path: Path) -> Json:
    """A reference to the Group of people with these traits; one trait alone is a Group for all facts."""
    alone = _alone(found)
    if alone is not None and alone.kind.name == "population":
        return population(making, alone)
    if alone is not None:
        path = making.path(alone)
    said = joined([trait.said for trait in found])
    if not making.has("Group", path):
        _group(making, path, f"people with {said}", found)
    return making.ref("Group", path, f"people with {said}")


def population(making: Making, term: Record) -> Json:
    """A reference to the Group that a population of the reference list is."""
    path = making.path(term)
    if not making.has("Group", path):
        names = [field.name for field in term.kind.fields if field.name not in PLAIN]
        own = _of_term(making, term, "population", coding.named(making.base, "population", term.kind.title))
        _group(making, path, term["label"], [own, *traits(making, term, names)])
    return making.ref("Group", path, term["label"])


def variable(making: Making, found: Sequence[Trait], path: Path, title: str = "") -> Json:
    """A reference to the EvidenceVariable of these traits; that of one term alone serves all facts."""
    alone = _alone(found)
    if alone is not None:
        path, title = making.path(alone), making.say(alone)
        found = [
            _of_term(
                making, alone, alone.kind.name, coding.named(making.base, alone.kind.name, alone.kind.title)
            )
        ]
    title = title or "; ".join(trait.text for trait in found)
    if not making.has("EvidenceVariable", path):
        making.define(
            "EvidenceVariable",
            path,
            title,
            {"characteristic": [_characteristic(number, trait) for number, trait in enumerate(found, 1)]},
        )
    return making.ref("EvidenceVariable", path, title)


def _alone(found: Sequence[Trait]) -> Record | None:
    """The term that is the only trait, if the field says no more of it than its kind; else None.

    That a site is the one to be spared, say, must not be lost in a variable that is only about the site.
    """
    [first, *others] = found
    if others or first.term is None or first.exclude:
        return None
    kind = first.term.kind.name.replace("-", "_")
    return first.term if first.name in (kind, f"{kind}s") else None


# What every term has and no trait is made of.
PLAIN = frozenset({"id", "label", "synonyms", "as_in_article", "codes", "parent", "notes", "source"})


def _group(making: Making, path: Path, name: str, found: Sequence[Trait]) -> None:
    making.add(
        "Group",
        path,
        [name],
        {
            "type": "person",
            "membership": "definitional",
            "name": name,
            "characteristic": [
                {"code": trait.code, **trait.value, "exclude": trait.exclude} for trait in found
            ],
        },
    )


def _characteristic(number: int, trait: Trait) -> Json:
    made: Json = {
        "id": trait.name,
        "linkId": f"c{number}",
        "description": trait.text,
        "exclude": trait.exclude,
    }
    if not trait.value:
        return {**made, "definitionCodeableConcept": trait.code}
    return {**made, "definitionByTypeAndValue": {"type": trait.code, **trait.value}}


def _traits(making: Making, record: Record, name: str) -> Iterator[Trait]:
    field = record.kind.field(name)
    held = record[name]
    if held is None:
        return
    code = coding.field_concept(making.base, record.kind.name, field)
    for item in held if isinstance(held, list) else [held]:
        said = human(item, field._replace(many=False), making.content, record)
        text = f"{field.title}: {said}"
        term = making.term(field.ref, item, record) if field.type == "reference" else None
        yield Trait(name, code, _value(making, record, field, item, said), text, said, term, name in _WITHOUT)


def _value(making: Making, record: Record, field: Any, item: Any, said: str) -> Json:
    if field.type == "quantity":
        return value("value", item, field.title.lower())
    if field.type in ("integer", "number"):
        return {"valueQuantity": quantity(item, "1", name=field.title.lower())}
    if field.type == "boolean":
        return {"valueBoolean": item}
    if field.type == "object":
        return {"valueCodeableConcept": {"text": said}}
    if field.type == "text" and not field.values:
        return {"valueCodeableConcept": {"text": item}}
    return {"valueCodeableConcept": making.coded(record, field, item)}


def _of_term(making: Making, term: Record, name: str, code: Json) -> Trait:
    held = {"valueCodeableConcept": coding.concept(making.base, term)}
    said = making.say(term)
    return Trait(name, code, held, f"{term.kind.title}: {said}", said, term)


# Every record has these; they say nothing of the world.
_FRAME = frozenset({"id", "notes", "source"})


def rest(record: Record, held: Iterable[str]) -> list[str]:
    """The fields that have a value and no place yet, in the order of the schema."""
    placed = _FRAME.union(held)
    names = (field.name for field in record.kind.fields)
    return [name for name in names if name not in placed and record[name] is not None]
