"""Substance, SubstanceDefinition and Medication: the things that are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir import codeable
from bmkit.export.fhir.datatypes import value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

# The nearest category of HL7's list for each of ours.
_CATEGORIES = {
    "active substance": ("drug", "Drug or Medicament"),
    "radionuclide": ("drug", "Drug or Medicament"),
    "mineral": ("chemical", "Chemical"),
    "ion": ("chemical", "Chemical"),
    "enzyme": ("body", "Body Substance"),
    "food": ("food", "Dietary Substance"),
    "drink": ("food", "Dietary Substance"),
}


def substance(making: Making, term: Record) -> None:
    """Make a substance, and its definition with its names."""
    path, label = making.path(term), term["label"]
    name: Json = {"name": label, "preferred": True}
    if term["synonyms"]:
        name["synonym"] = [{"name": one} for one in term["synonyms"]]
    making.add(
        "SubstanceDefinition",
        path,
        [label],
        {
            "classification": [codeable.word(making.base, term["category"])],
            "code": [{"code": codeable.concept(making.base, term)}],
            "name": [name],
        },
    )
    body: Json = {"instance": False}
    if term["category"] in _CATEGORIES:
        body["category"] = [codeable.hl7("substance-category", *_CATEGORIES[term["category"]])]
    definition = making.ref("SubstanceDefinition", path, label)
    body["code"] = {"concept": codeable.concept(making.base, term), "reference": definition}
    making.add("Substance", path, [label], body)


def product(making: Making, term: Record) -> None:
    """Make the Medication that a product is, of whatever form and strength."""
    path = making.path(term)
    body: Json = {"code": codeable.concept(making.base, term), **making.setting.in_use}
    parts = [ingredient(making, one) for one in making.terms(term, "substances")]
    if parts:
        body["ingredient"] = parts
    making.add("Medication", path, [term["label"]], body)


def solution(making: Making, term: Record) -> None:
    """Make the Medication that a solution is, with its strength."""
    [solute] = making.terms(term, "solute")
    part = {**ingredient(making, solute), **_strength(term["concentration"])}
    body: Json = {"code": codeable.concept(making.base, term), **making.setting.in_use, "ingredient": [part]}
    making.add("Medication", making.path(term), [making.say(term)], body)


def presentation(making: Making, record: Record) -> None:
    """Make the Medication that a fact describes: the product in one form and strength."""
    [term] = making.terms(record, "product")
    body: Json = {"code": codeable.concept(making.base, term), **making.setting.in_use}
    if (form := making.concept(record, "form")) is not None:
        body["doseForm"] = form
    parts = list(contents(making, record))
    if parts:
        body["ingredient"] = parts
    body["definition"] = making.ref("MedicationKnowledge", making.path(record), making.say(record))
    making.add("Medication", making.path(record), [making.say(record)], body, record)


def medication(making: Making, record: Record) -> Json:
    """A reference to what a fact says is given: the product in its form where that is known.

    A presentation that says more than form and route (a strength, a container) is not meant by the form.
    """
    [term] = making.terms(record, "product")
    return _presented(making, record) or making.ref("Medication", making.path(term), term["label"])


def formed(making: Making, record: Record) -> Json:
    """The same, and where no presentation is just that, the product in the form that the fact names.

    What is said of a form must not be read of every form; an order, which says its route, needs no more.
    """
    if _form(record) is None or _presented(making, record) is not None:
        return medication(making, record)
    [term], [form] = making.terms(record, "product"), making.terms(record, "form")
    path, label = making.path(term, form.id), f"{term['label']} ({form['label']})"
    if not making.has("Medication", path):
        body: Json = {"code": codeable.concept(making.base, term), **making.setting.in_use}
        body["doseForm"] = codeable.concept(making.base, form)
        parts = [ingredient(making, one) for one in making.terms(term, "substances")]
        making.add("Medication", path, [label], {**body, **({"ingredient": parts} if parts else {})})
    return making.ref("Medication", path, label)


def _presented(making: Making, record: Record) -> Json | None:
    """A reference to the presentation that is the product in the form of a fact, by its route if it has one.

    Of a fact that names no route it is meant only if the form is given by one alone.
    """
    form = _form(record)
    if form is None:
        return None
    known = [
        one
        for one in making.content.list_records("product-presentation")
        if _of(one, record["product"], form)
    ]
    route = record["route"] if "route" in record.kind else None
    routes = {one["route"] for one in known if one["route"] is not None}
    if route is None and len(routes) == 1:
        [route] = routes
    for one in known:
        said = {name for name in one.value if name not in _ASIDE}
        if said <= {"product", "form", "route"} and one["route"] in (None, route):
            return making.ref("Medication", making.path(one), making.say(one))
    return None


def _of(one: Record, product: str, form: str) -> bool:
    return (one["product"], one["form"]) == (product, form)


def _form(record: Record) -> str | None:
    return record["form"] if "form" in record.kind else None


# What a fact says of itself rather than of the medicine.
_ASIDE = frozenset({"id", "notes", "source"})


def contents(making: Making, record: Record) -> Iterator[Json]:
    """The ingredients of a presentation; its strength is that of the substance named, or of the only one."""
    [term] = making.terms(record, "product")
    named = [*making.terms(record, "substance")] or [*making.terms(term, "substances")]
    for one in named:
        part = ingredient(making, one)
        if record["strength"] is not None and len(named) == 1:
            part.update(_strength(record["strength"]))
        yield part


def _strength(amount: Json) -> Json:
    """The strength of an ingredient, which may be no Range: one is said in words."""
    if "value" in amount:
        return value("strength", amount)
    return {"strengthCodeableConcept": {"text": wording.format_quantity(amount)}}


def ingredient(making: Making, term: Record) -> Json:
    """A substance as ingredient."""
    item = {
        "concept": codeable.concept(making.base, term),
        "reference": making.ref("Substance", making.path(term), term["label"]),
    }
    return {"item": item}
