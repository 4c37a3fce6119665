"""Substance, SubstanceDefinition and Medication: what is given to a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.datatypes import build_quantity_or_range
from bmkit.export.fhir.ids import make_record_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

# Our categories of substances, and the nearest of HL7's.
_SUBSTANCE_CATEGORIES = {
    "active substance": ("drug", "Drug or Medicament"),
    "radionuclide": ("drug", "Drug or Medicament"),
    "mineral": ("chemical", "Chemical"),
    "ion": ("chemical", "Chemical"),
    "enzyme": ("body", "Body Substance"),
    "food": ("food", "Dietary Substance"),
    "drink": ("food", "Dietary Substance"),
}


def add_substance(resources: Resources, term: Record) -> None:
    """Add the Substance of a term, and its SubstanceDefinition with the synonyms."""
    path, label = make_record_path(term), term["label"]
    name_element: Json = {"name": label, "preferred": True}
    if term["synonyms"]:
        name_element["synonym"] = [{"name": synonym} for synonym in term["synonyms"]]
    resources.add_resource(
        "SubstanceDefinition",
        path,
        [label],
        {
            "classification": [resources.terms.build_word_concept(term["category"])],
            "code": [{"code": resources.terms.build_term_concept(term)}],
            "name": [name_element],
        },
    )
    body: Json = {"instance": False}
    if term["category"] in _SUBSTANCE_CATEGORIES:
        body["category"] = [build_hl7_concept("substance-category", *_SUBSTANCE_CATEGORIES[term["category"]])]
    definition_reference = resources.refer_to("SubstanceDefinition", path, label)
    body["code"] = {
        "concept": resources.terms.build_term_concept(term),
        "reference": definition_reference,
    }
    resources.add_resource("Substance", path, [label], body)


def add_product_medication(resources: Resources, term: Record) -> None:
    """Add the Medication of a product, without form and strength."""
    body = _build_medication(resources, term, _list_product_ingredients(resources, term))
    resources.add_resource("Medication", make_record_path(term), [term["label"]], body)


def add_solution_medication(resources: Resources, term: Record) -> None:
    """Add the Medication of a solution, with its strength."""
    [solute] = resources.terms.iter_terms(term, "solute")
    ingredient_element = {**build_ingredient(resources, solute), **_build_strength(term["concentration"])}
    resources.add_resource(
        "Medication",
        make_record_path(term),
        [resources.terms.describe_record(term)],
        _build_medication(resources, term, [ingredient_element]),
    )


def add_presentation_medication(resources: Resources, record: Record) -> None:
    """Add the Medication of a presentation: the product in one form and strength."""
    path, sentence = make_record_path(record), resources.terms.describe_record(record)
    [term] = resources.terms.iter_terms(record, "product")
    form = resources.terms.build_concept(record, "form")
    body = _build_medication(resources, term, list(build_ingredients(resources, record)), form)
    body["definition"] = resources.refer_to("MedicationKnowledge", path, sentence)
    resources.add_resource("Medication", path, [sentence], body, record)


def _build_medication(
    resources: Resources, term: Record, ingredients: list[Json], form: Json | None = None
) -> Json:
    return {
        "code": resources.terms.build_term_concept(term),
        **resources.options.active_status,
        **({"doseForm": form} if form is not None else {}),
        **({"ingredient": ingredients} if ingredients else {}),
    }


def refer_to_medication(resources: Resources, record: Record) -> Json:
    """A reference to the medicine of a fact: the presentation in its form, or else the product.

    A presentation with more fields than form and route (a strength, a container) does not stand for the form.
    """
    [term] = resources.terms.iter_terms(record, "product")
    return _find_presentation_reference(resources, record) or resources.refer_to(
        "Medication", make_record_path(term), term["label"]
    )


def refer_to_medication_in_form(resources: Resources, record: Record) -> Json:
    """A reference to the medicine of a fact, always in the form that the fact names.

    Where no presentation stands for the form, a Medication of product and form is added: a fact about one
    form must not be read as one about all.  (An order has its route, and does without.)
    """
    if _find_form(record) is None or _find_presentation_reference(resources, record) is not None:
        return refer_to_medication(resources, record)
    [term], [form] = resources.terms.iter_terms(record, "product"), resources.terms.iter_terms(record, "form")
    path, label = make_record_path(term, form.id), f"{term['label']} ({form['label']})"
    if not resources.has_resource("Medication", path):
        ingredients = _list_product_ingredients(resources, term)
        body = _build_medication(resources, term, ingredients, resources.terms.build_term_concept(form))
        resources.add_resource("Medication", path, [label], body)
    return resources.refer_to("Medication", path, label)


def _find_presentation_reference(resources: Resources, record: Record) -> Json | None:
    """A reference to the presentation with the product, form and route of a fact, and nothing more.

    A fact without a route has that of the presentations, if they have only one.
    """
    form = _find_form(record)
    if form is None:
        return None
    presentations = [
        presentation
        for presentation in resources.content.list_records("presentation")
        if _is_presentation_of(presentation, record["product"], form)
    ]
    route = record["route"] if "route" in record.kind else None
    routes = {presentation["route"] for presentation in presentations if presentation["route"] is not None}
    if route is None and len(routes) == 1:
        [route] = routes
    for presentation in presentations:
        stated_fields = {
            field_name for field_name in presentation.value if field_name not in _METADATA_FIELDS
        }
        if stated_fields <= {"product", "form", "route"} and presentation["route"] in (None, route):
            return resources.refer_to(
                "Medication", make_record_path(presentation), resources.terms.describe_record(presentation)
            )
    return None


def _is_presentation_of(presentation: Record, product: str, form: str) -> bool:
    return (presentation["product"], presentation["form"]) == (product, form)


def _find_form(record: Record) -> str | None:
    return record["form"] if "form" in record.kind else None


# Fields about the record, not about the medicine.
_METADATA_FIELDS = frozenset({"id", "notes", "source"})


def build_ingredients(resources: Resources, record: Record) -> Iterator[Json]:
    """The ingredients of a presentation; its strength is that of its substance, if there is only one."""
    [term] = resources.terms.iter_terms(record, "product")
    substance_terms = [*resources.terms.iter_terms(record, "substance")] or [
        *resources.terms.iter_terms(term, "substances")
    ]
    for substance_term in substance_terms:
        ingredient_element = build_ingredient(resources, substance_term)
        if record["strength"] is not None and len(substance_terms) == 1:
            ingredient_element.update(_build_strength(record["strength"]))
        yield ingredient_element


def _build_strength(amount: Json) -> Json:
    """The strength of an ingredient; FHIR allows no Range, so a range is a text."""
    if "value" in amount:
        return build_quantity_or_range("strength", amount)
    return {"strengthCodeableConcept": {"text": wording.format_quantity(amount)}}


def _list_product_ingredients(resources: Resources, product: Record) -> list[Json]:
    return [
        build_ingredient(resources, substance)
        for substance in resources.terms.iter_terms(product, "substances")
    ]


def build_ingredient(resources: Resources, term: Record) -> Json:
    """A substance as ingredient."""
    item = {
        "concept": resources.terms.build_term_concept(term),
        "reference": resources.refer_to("Substance", make_record_path(term), term["label"]),
    }
    return {"item": item}
