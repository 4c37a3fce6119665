"""Substance, SubstanceDefinition and Medication: what is given to a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit import wording
from bmkit.export.fhir.characteristics import find_unplaced_fields
from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.datatypes import build_quantity_or_range
from bmkit.export.fhir.ids import get_label, make_record_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_CATEGORY = "category"
# Words for categories of substances, and the nearest of HL7's.
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
    path, label = make_record_path(term), get_label(term)
    category = term.find_value(_CATEGORY)
    name_element: Json = {"name": label, "preferred": True}
    if synonyms := term.value.get("synonyms"):
        name_element["synonym"] = [{"name": synonym} for synonym in synonyms]
    resources.add_resource(
        "SubstanceDefinition",
        path,
        [label],
        {
            "classification": list(resources.terms.iter_concepts(term, _CATEGORY)),
            "code": [{"code": resources.terms.build_term_concept(term)}],
            "name": [name_element],
        },
    )
    hl7_category = _SUBSTANCE_CATEGORIES.get(category or "")
    body = {
        "instance": False,
        "category": [build_hl7_concept("substance-category", *hl7_category)] if hl7_category else [],
        "code": {
            "concept": resources.terms.build_term_concept(term),
            "reference": resources.refer_to("SubstanceDefinition", path, label),
        },
    }
    resources.add_resource("Substance", path, [label], body)


def add_product_medication(resources: Resources, term: Record) -> None:
    """Add the Medication of a product, without form and strength."""
    body = _build_medication(resources, term, _list_product_ingredients(resources, term))
    resources.add_resource("Medication", make_record_path(term), [get_label(term)], body)


def add_solution_medication(resources: Resources, term: Record) -> None:
    """Add the Medication of a solution, with its strength."""
    concentration = term.find_value("concentration")
    solutes = list(resources.terms.iter_terms(term, "solute"))
    substances = [*solutes, *resources.terms.iter_terms(term, "substance")]
    ingredients = [
        {
            **build_ingredient(resources, substance),
            # Of several substances it is not known which has the concentration, unless one is the solute.
            **(
                _build_strength(concentration)
                if concentration is not None and (len(substances) == 1 or substance in solutes)
                else {}
            ),
        }
        for substance in substances
    ]
    resources.add_resource(
        "Medication",
        make_record_path(term),
        [resources.terms.describe_record(term)],
        _build_medication(resources, term, ingredients),
    )


def add_presentation_medication(resources: Resources, record: Record) -> None:
    """Add the Medication of a presentation: the product in one form and strength."""
    path, sentence = make_record_path(record), resources.terms.describe_record(record)
    term = find_presented_term(resources, record)
    form = resources.terms.build_concept(record, "form")
    body = _build_medication(resources, term, list(build_ingredients(resources, record)), form)
    body["definition"] = resources.refer_to("MedicationKnowledge", path, sentence)
    resources.add_resource("Medication", path, [sentence], body, record)


def _build_medication(
    resources: Resources, term: Record | None, ingredients: list[Json], form: Json | None = None
) -> Json:
    return {
        "code": resources.terms.build_term_concept(term) if term is not None else None,
        **resources.options.active_status,
        "doseForm": form,
        "ingredient": ingredients,
    }


def find_presented_term(resources: Resources, record: Record) -> Record | None:
    """The product of a presentation, or the substance of one that names no product."""
    return next(
        (term for role in ("product", "substance") for term in resources.terms.iter_terms(record, role)), None
    )


def refer_to_medication(resources: Resources, record: Record) -> Json | None:
    """A reference to the medicine of a fact: the presentation in its form, or else the product.

    A presentation with more fields than form and route (a strength, a container) does not stand for the form.
    A fact of a substance rather than a product is about that; one of neither is about no medicine.
    """
    for term in resources.terms.iter_terms(record, "product"):
        return _find_presentation_reference(resources, record) or resources.refer_to(
            "Medication", make_record_path(term), get_label(term)
        )
    for term in resources.terms.iter_terms(record, "substance"):
        return resources.refer_to("Substance", make_record_path(term), get_label(term))
    return None


def refer_to_medication_in_form(resources: Resources, record: Record) -> Json | None:
    """A reference to the medicine of a fact, always in the form that the fact names.

    Where no presentation stands for the form, a Medication of product and form is added: a fact about one
    form must not be read as one about all.  (An order has its route, and does without.)
    """
    products = list(resources.terms.iter_terms(record, "product"))
    forms = list(resources.terms.iter_terms(record, "form"))
    if not forms or not products or _find_presentation_reference(resources, record) is not None:
        return refer_to_medication(resources, record)
    term, form = products[0], forms[0]
    path, label = make_record_path(term, form.id), f"{get_label(term)} ({get_label(form)})"
    if not resources.has_resource("Medication", path):
        ingredients = _list_product_ingredients(resources, term)
        body = _build_medication(resources, term, ingredients, resources.terms.build_term_concept(form))
        resources.add_resource("Medication", path, [label], body)
    return resources.refer_to("Medication", path, label)


def _find_presentation_reference(resources: Resources, record: Record) -> Json | None:
    """A reference to the presentation with the product, form and route of a fact, and nothing more.

    A fact without a route has that of the presentations, if they have only one.
    """
    form = record.find_value("form")
    if form is None:
        return None
    presentations = [
        presentation
        for presentation in resources.terms.list_records("presentation")
        if (presentation.find_value("product"), presentation.find_value("form"))
        == (record.find_value("product"), form)
    ]
    route_ids = resources.terms.list_ids(record, "route")
    known_route_ids = {
        route_id
        for presentation in presentations
        for route_id in resources.terms.list_ids(presentation, "route")
    }
    if not route_ids and len(known_route_ids) == 1:
        route_ids = [*known_route_ids]
    for presentation in presentations:
        if not find_unplaced_fields(presentation, _FORM_ROLES) and (
            resources.terms.list_ids(presentation, "route") in ([], route_ids)
        ):
            return resources.refer_to(
                "Medication", make_record_path(presentation), resources.terms.describe_record(presentation)
            )
    return None


# What a presentation that stands for a form has, and nothing more.
_FORM_ROLES = frozenset({"product", "form", "route"})


def build_ingredients(resources: Resources, record: Record) -> Iterator[Json]:
    """The ingredients of a presentation; its strength is that of its substance, if there is only one."""
    substance_terms = [*resources.terms.iter_terms(record, "substance")] or [
        substance
        for product in resources.terms.iter_terms(record, "product")
        for substance in resources.terms.iter_terms(product, "substance")
    ]
    strength = record.find_value("strength") or record.find_value("concentration")
    for substance_term in substance_terms:
        ingredient_element = build_ingredient(resources, substance_term)
        if strength is not None and len(substance_terms) == 1:
            ingredient_element.update(_build_strength(strength))
        yield ingredient_element


def _build_strength(amount: Json) -> Json:
    """The strength of an ingredient; FHIR allows no Range, so a range is a text."""
    if "value" in amount:
        return build_quantity_or_range("strength", amount)
    return {"strengthCodeableConcept": {"text": wording.format_quantity(amount)}}


def _list_product_ingredients(resources: Resources, product: Record) -> list[Json]:
    return [
        build_ingredient(resources, substance)
        for substance in resources.terms.iter_terms(product, "substance")
    ]


def build_ingredient(resources: Resources, term: Record) -> Json:
    """A substance as ingredient."""
    item = {
        "concept": resources.terms.build_term_concept(term),
        "reference": resources.refer_to("Substance", make_record_path(term), get_label(term)),
    }
    return {"item": item}
