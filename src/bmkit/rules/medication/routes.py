"""Routes: whether a form can be given by the stated route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import find_text, has_value
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.facts import find_facts
from bmkit.rules.medication.regimens import find_impossible_use
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

_FORM_AND_ROUTE_TERMS = {
    "form": [
        {"id": "tablet", "label": "tablet"},
        {"id": "film-coated-tablet", "label": "film-coated tablet"},
        {"id": "concentrate-for-infusion", "label": "concentrate for solution for infusion"},
        {"id": "oral-solution", "label": "oral solution"},
    ],
    "route": [
        {"id": "intravenous", "label": "intravenous"},
        {"id": "intravenous-drip", "label": "intravenous drip", "parent": "intravenous"},
        {"id": "oral", "label": "oral"},
        {"id": "sublingual", "label": "sublingual"},
    ],
}


def _make_presentation_example(form: str, route: str, **fields: Any) -> dict[str, Any]:
    presentation = {"id": "one", "product": "bonefos", "form": form, "route": route, **fields}
    return {**_FORM_AND_ROUTE_TERMS, "presentation": [presentation]}


def _make_dosing_by_route_example(form: str, route: str) -> dict[str, Any]:
    return {
        **_FORM_AND_ROUTE_TERMS,
        "regimen": [{"id": "one", "product": "bonefos", "form": form, "route": route}],
    }


@rule(
    Severity.ERROR,
    good=[
        _make_presentation_example("tablet", "oral"),
        _make_presentation_example("tablet", "sublingual"),
        _make_presentation_example("concentrate-for-infusion", "intravenous-drip"),
        _make_presentation_example("oral-solution", "oral", container="ampoule"),
        _make_dosing_by_route_example("film-coated-tablet", "oral"),
    ],
    bad=[
        _make_presentation_example("tablet", "intravenous"),
        _make_presentation_example("concentrate-for-infusion", "oral", container="ampoule"),
        _make_dosing_by_route_example("film-coated-tablet", "intravenous-drip"),
        _make_dosing_by_route_example("infusion-solution", "oral"),
    ],
    source=WHO_MEDICATION_WITHOUT_HARM,
)
def impossible(content: Content) -> Faults:
    """A tablet or capsule goes into a vein, or a product for infusion is swallowed.

    The dose by mouth of many medicines is a hundred times the dose by vein, and the insoluble parts of a
    tablet block the vessels of the lung.
    """
    for record in find_facts(content):
        misuse = find_impossible_use(record, content) if has_value(record, "form") else ""
        if misuse:
            message = (
                f'the form "{find_text(record, "form")}" cannot be '
                f'{misuse}, by the route "{find_text(record, "route")}"'
            )
            yield record.locate_field("route"), message, "correct the form or the route"
