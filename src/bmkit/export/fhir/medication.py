"""Substance, SubstanceDefinition and Medication: the things that are given."""

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

# The nearest category of HL7's list for each of ours.
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
    """Make a substance, and its definition with its names."""
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
    """Make the Medication that a product is, of whatever form and strength."""
    path = make_record_path(term)
    body: Json = {
        "code": resources.terms.build_term_concept(term),
        **resources.options.active_status,
    }
    ingredients = [
        build_ingredient(resources, substance_term)
        for substance_term in resources.terms.iter_terms(term, "substances")
    ]
    if ingredients:
        body["ingredient"] = ingredients
    resources.add_resource("Medication", path, [term["label"]], body)


def add_solution_medication(resources: Resources, term: Record) -> None:
    """Make the Medication that a solution is, with its strength."""
    [solute] = resources.terms.iter_terms(term, "solute")
    ingredient_element = {**build_ingredient(resources, solute), **_build_strength(term["concentration"])}
    body: Json = {
        "code": resources.terms.build_term_concept(term),
        **resources.options.active_status,
        "ingredient": [ingredient_element],
    }
    resources.add_resource(
        "Medication", make_record_path(term), [resources.terms.describe_record(term)], body
    )


def add_presentation_medication(resources: Resources, record: Record) -> None:
    """Make the Medication that a fact describes: the product in one form and strength."""
    [term] = resources.terms.iter_terms(record, "product")
    body: Json = {
        "code": resources.terms.build_term_concept(term),
        **resources.options.active_status,
    }
    if (form := resources.terms.build_concept(record, "form")) is not None:
        body["doseForm"] = form
    ingredients = list(build_ingredients(resources, record))
    if ingredients:
        body["ingredient"] = ingredients
    body["definition"] = resources.refer_to(
        "MedicationKnowledge", make_record_path(record), resources.terms.describe_record(record)
    )
    resources.add_resource(
        "Medication", make_record_path(record), [resources.terms.describe_record(record)], body, record
    )


def refer_to_medication(resources: Resources, record: Record) -> Json:
    """A reference to what a fact says is given: the product in its form where that is known.

    A presentation that says more than form and route (a strength, a container) is not meant by the form.
    """
    [term] = resources.terms.iter_terms(record, "product")
    return _find_presentation_reference(resources, record) or resources.refer_to(
        "Medication", make_record_path(term), term["label"]
    )


def refer_to_medication_in_form(resources: Resources, record: Record) -> Json:
    """The same, and where no presentation is just that, the product in the form that the fact names.

    What is said of a form must not be read of every form; an order, which says its route, needs no more.
    """
    if _find_form(record) is None or _find_presentation_reference(resources, record) is not None:
        return refer_to_medication(resources, record)
    [term], [form] = resources.terms.iter_terms(record, "product"), resources.terms.iter_terms(record, "form")
    path, label = make_record_path(term, form.id), f"{term['label']} ({form['label']})"
    if not resources.has_resource("Medication", path):
        body: Json = {
            "code": resources.terms.build_term_concept(term),
            **resources.options.active_status,
        }
        body["doseForm"] = resources.terms.build_term_concept(form)
        ingredients = [
            build_ingredient(resources, substance_term)
            for substance_term in resources.terms.iter_terms(term, "substances")
        ]
        resources.add_resource(
            "Medication", path, [label], {**body, **({"ingredient": ingredients} if ingredients else {})}
        )
    return resources.refer_to("Medication", path, label)


def _find_presentation_reference(resources: Resources, record: Record) -> Json | None:
    """A reference to the presentation that is the product in the form of a fact, by its route if it has one.

    Of a fact that names no route it is meant only if the form is given by one alone.
    """
    form = _find_form(record)
    if form is None:
        return None
    presentations = [
        presentation
        for presentation in resources.content.list_records("product-presentation")
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


# What a fact says of itself rather than of the medicine.
_METADATA_FIELDS = frozenset({"id", "notes", "source"})


def build_ingredients(resources: Resources, record: Record) -> Iterator[Json]:
    """The ingredients of a presentation; its strength is that of the substance named, or of the only one."""
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
    """The strength of an ingredient, which may be no Range: one is said in words."""
    if "value" in amount:
        return build_quantity_or_range("strength", amount)
    return {"strengthCodeableConcept": {"text": wording.format_quantity(amount)}}


def build_ingredient(resources: Resources, term: Record) -> Json:
    """A substance as ingredient."""
    item = {
        "concept": resources.terms.build_term_concept(term),
        "reference": resources.refer_to("Substance", make_record_path(term), term["label"]),
    }
    return {"item": item}
