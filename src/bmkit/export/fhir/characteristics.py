"""Group and EvidenceVariable: the people that have some traits, and what is measured or given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable
from bmkit.export.fhir.trait import of_term, told, traits
from bmkit.wording import join_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json, Path
    from bmkit.export.fhir.resources import Making
    from bmkit.export.fhir.trait import Trait


def group(making: Making, found: Sequence[Trait], path: Path) -> Json:
    """A reference to the Group of people with these traits; one trait alone is a Group for all facts."""
    alone = _alone(found)
    if alone is not None and alone.kind.name == "population":
        return population(making, alone)
    if alone is not None:
        path, found = making.path(alone), [_itself(making, alone)]
    elif (known := _known(making, found)) is not None:
        return population(making, known)
    name = _people(found)
    if not making.has("Group", path):
        _group(making, path, name, found)
    return making.ref("Group", path, name)


def _known(making: Making, found: Sequence[Trait]) -> Record | None:
    """The population of the reference list that has these traits and no others."""
    wanted = _terms(found)
    for term in making.content.list_records("population") if wanted else ():
        if _terms(traits(making, term, rest(term, PLAIN))) == wanted:
            return term
    return None


def _terms(found: Sequence[Trait]) -> set[tuple[str, str]]:
    """The terms that all must hold; none where anything else is told."""
    terms = {(one.term.kind.name, one.term.id) for one in found if one.term is not None and not one.exclude}
    return terms if len(terms) == len(found) else set()


# What people have; all else that is known of them (a site, an age) is said by its name.
_HAD = frozenset({"condition", "tumour", "lesion-type"})


def _people(found: Sequence[Trait]) -> str:
    had = [one.said for one in found if one.term is not None and one.term.kind.name in _HAD]
    others = [one for one in found if one.term is None or one.term.kind.name not in _HAD]
    who = f"people with {join_phrases(had)}" if had else "people"
    return "; ".join([who, *(one.text for one in others)])


def population(making: Making, term: Record) -> Json:
    """A reference to the Group that a population of the reference list is."""
    path = making.path(term)
    if not making.has("Group", path):
        names = [field.name for field in term.kind.fields if field.name not in PLAIN]
        own = of_term(making, term, "population", codeable.named(making.base, "population", term.kind.title))
        _group(making, path, term["label"], [own, *traits(making, term, names)])
    return making.ref("Group", path, term["label"])


def variable(making: Making, found: Sequence[Trait], path: Path, title: str = "") -> Json:
    """A reference to the EvidenceVariable of these traits; that of one term alone serves all facts."""
    alone = _alone(found)
    if alone is not None:
        path, title = making.path(alone), making.say(alone)
        found = [_itself(making, alone)]
    title = title or told(found)
    if not making.has("EvidenceVariable", path):
        making.define(
            "EvidenceVariable",
            path,
            title,
            {"characteristic": list(_characteristics(found))},
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


def _itself(making: Making, term: Record) -> Trait:
    """A term as what it is: what articles share is the same, whatever field of theirs it comes from."""
    return of_term(making, term, term.kind.name, codeable.named(making.base, term.kind.name, term.kind.title))


# What every term has and no trait is made of.
PLAIN = frozenset({"id", "label", "synonyms", "as_in_article", "codes", "parent", "notes", "source"})


def _group(making: Making, path: Path, name: str, found: Sequence[Trait]) -> None:
    characteristics: list[Json] = []
    for trait in found:
        value = trait.value
        if trait.either:
            # All characteristics of a Group must hold, so "one of these" is a variable of its own.
            value = {"valueReference": variable(making, [trait], (*path, trait.name))}
        characteristics.append({"code": trait.code, **value, "exclude": trait.exclude})
    body: Json = {"type": "person", "membership": "definitional", "name": name}
    making.add("Group", path, [name], {**body, "characteristic": characteristics})


def _characteristics(found: Sequence[Trait]) -> Iterator[Json]:
    count: dict[str, int] = {}
    for number, trait in enumerate(found, 1):
        nth = count[trait.name] = count.get(trait.name, 0) + 1
        yield _characteristic(trait, trait.name if nth == 1 else f"{trait.name}.{nth}", f"c{number}")


def _characteristic(trait: Trait, name: str, link: str) -> Json:
    made: Json = {"id": name, "linkId": link, "description": trait.text, "exclude": trait.exclude}
    if trait.either:
        parts = [
            _characteristic(part, f"{name}.or-{number}", f"{link}.{number}")
            for number, part in enumerate(trait.either, 1)
        ]
        return {**made, "definitionByCombination": {"code": "any-of", "characteristic": parts}}
    if not trait.value:
        return {**made, "definitionCodeableConcept": trait.code}
    return {**made, "definitionByTypeAndValue": {"type": trait.code, **trait.value}}


# Every record has these; they say nothing of the world.
_FRAME = frozenset({"id", "notes", "source"})


def rest(record: Record, held: Iterable[str]) -> list[str]:
    """The fields that have a value and no place yet, in the order of the schema."""
    placed = _FRAME.union(held)
    names = (field.name for field in record.kind.fields)
    return [name for name in names if name not in placed and record[name] is not None]
