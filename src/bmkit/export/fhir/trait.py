"""Traits: what a field tells of people or things, each of one value or of several of which one is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.fhir import codeable
from bmkit.export.fhir.datatypes import quantity, value
from bmkit.wording import format_value, join_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making


class Trait(NamedTuple):
    """One thing that is known: `code` says what, `value` is its valueCodeableConcept, valueQuantity ….

    `text` says both, `said` the value.  `term` is the term that the value is, None for anything but a term.
    `either` are the traits of which one is enough; then there is no value.
    """

    name: str
    code: Json
    value: Json
    text: str
    said: str
    term: Record | None = None
    exclude: bool = False
    either: tuple[Trait, ...] = ()


# Fields of which one value is enough: one solution or the other, a metastasis here or there.  All
# else that is listed holds together.
EITHER = frozenset(
    {
        "clinical-feature.sites",
        "clinical-feature.tumours",
        "dosing.solutions",
        "population.sites",
        "population.tumours",
        "procedure-use.sites",
    }
)
# Fields of a population that say what its members have not.
_WITHOUT = frozenset({"without"})


def traits(making: Making, record: Record, names: Iterable[str]) -> list[Trait]:
    """The traits that the fields `names` of a record tell: one for each value, or for all alternatives."""
    return [trait for name in names for trait in _told(making, record, name)]


def itself(making: Making, record: Record) -> Trait:
    """What a kind of fact is about, where its name says it: survival, say."""
    title = record.kind.title
    return Trait("kind", codeable.named(making.base, record.kind.name, title), {}, title, title)


def subject(making: Making) -> Trait:
    """What the article is about, as a trait of those it speaks of; if it does not say, the article."""
    term = making.subject()
    if term is None:
        code = codeable.named(making.base, "article", "Article")
        return Trait(
            "article",
            code,
            {"valueCodeableConcept": {"text": making.article.label}},
            making.article.label,
            making.article.label,
        )
    return of_term(making, term, "condition", codeable.named(making.base, "condition", term.kind.title))


def told(found: Sequence[Trait]) -> str:
    """All traits in words; the direction of a change stands with what is changed."""
    of = {trait.name.removesuffix(_EFFECT): trait for trait in found if trait.name.endswith(_EFFECT)}
    names = {trait.name for trait in found}
    parts: list[str] = []
    for trait in found:
        if trait.name.endswith(_EFFECT) and trait.name.removesuffix(_EFFECT) in names:
            continue
        effect = of.get(trait.name)
        words = trait.text if effect is None else trait.text.replace(": ", f": {effect.said} ", 1)
        parts.append(words)
    return "; ".join(parts)


_EFFECT = "_effect"


def _told(making: Making, record: Record, name: str) -> Iterator[Trait]:
    found = list(_traits(making, record, name))
    if len(found) < 2 or f"{record.kind.name}.{name}" not in EITHER:  # noqa: PLR2004  one has no other
        yield from found
        return
    said = join_phrases([one.said for one in found], "or")
    text = f"{record.kind.get_field(name).title}: {said}"
    yield Trait(name, found[0].code, {}, text, said, either=tuple(found))


def _traits(making: Making, record: Record, name: str) -> Iterator[Trait]:
    field = record.kind.get_field(name)
    held = record[name]
    if held is None:
        return
    code = codeable.field_concept(making.base, record.kind.name, field)
    for item in held if isinstance(held, list) else [held]:
        said = format_value(item, field._replace(is_list=False), making.content, record)
        # A word that is its own title ("also") is said once.
        text = said if said.lower() == field.title.lower() else f"{field.title}: {said}"
        term = making.term(field.target_kind, item, record) if field.type == "reference" else None
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


def of_term(making: Making, term: Record, name: str, code: Json) -> Trait:
    """A term as trait; `code` says as what."""
    held = {"valueCodeableConcept": codeable.concept(making.base, term)}
    said = making.say(term)
    return Trait(name, code, held, f"{term.kind.title}: {said}", said, term)
