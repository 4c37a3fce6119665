"""Routes: whether a form can be given by the stated route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.facts import find_facts
from bmkit.rules.derived.roles import find_role_text, locate_role
from bmkit.rules.medication.regimens import find_misuse
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

_FORM_AND_ROUTE_TERMS = {
    "form": [
        {"id": "tablet", "label": "tablet", "state": "tablet"},
        {"id": "concentrate", "label": "concentrate for infusion", "state": "solution for infusion"},
        {"id": "oral-solution", "label": "oral solution", "state": "oral liquid"},
        {"id": "eye-drops", "label": "eye drops", "state": "eye drops"},
        {"id": "patch", "label": "patch", "state": "patch"},
    ],
    "route": [
        {"id": "intravenous", "label": "intravenous", "way": "into a vein"},
        {"id": "drip", "label": "intravenous drip", "parent": "intravenous"},
        {"id": "oral", "label": "oral", "way": "by mouth"},
        {"id": "sublingual", "label": "sublingual", "way": "in the mouth"},
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
        _make_presentation_example("concentrate", "drip"),
        _make_presentation_example("oral-solution", "oral", container="ampoule"),
        {
            **_make_presentation_example("tablet", "oral"),
            "regimen": [{"id": "one", "product": "bonefos", "route": "oral"}],
        },
    ],
    bad=[
        _make_presentation_example("tablet", "intravenous"),
        _make_presentation_example("concentrate", "oral", container="ampoule"),
        _make_dosing_by_route_example("tablet", "drip"),
        _make_dosing_by_route_example("eye-drops", "intravenous"),
        _make_dosing_by_route_example("patch", "oral"),
        {
            **_FORM_AND_ROUTE_TERMS,
            "presentation": [{"id": "one", "product": "bonefos", "form": "eye-drops"}],
            "regimen": [{"id": "one", "product": "bonefos", "route": "drip"}],
        },
    ],
    source=WHO_MEDICATION_WITHOUT_HARM,
)
def impossible(content: Content) -> Faults:
    """A form is given by a route that it cannot be given by: a tablet into a vein, a patch by mouth.

    The dose by mouth of many medicines is a hundred times the dose by vein, and the insoluble parts of a
    tablet block the vessels of the lung.  Of a fact without a form all forms of the product are looked at.
    """
    for record in find_facts(content):
        misuse = find_misuse(record, content)
        if misuse:
            form, product = find_role_text(record, "form"), find_role_text(record, "product")
            form_phrase = f'the form "{form}" cannot' if form else f'no form of "{product}" can'
            message = f'{form_phrase} be {misuse}, by the route "{find_role_text(record, "route")}"'
            yield locate_role(record, "route"), message, "correct the form or the route"
