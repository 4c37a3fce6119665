"""Routes: whether what is given can be given by the route that is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import HARM
from bmkit.rules.derived.facts import facts
from bmkit.rules.derived.forms import misused
from bmkit.rules.derived.value import has, text
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

_TERMS = {
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


def _presented(form: str, route: str, **fields: Any) -> dict[str, Any]:
    fact = {"id": "one", "product": "bonefos", "form": form, "route": route, **fields}
    return {**_TERMS, "product-presentation": [fact]}


def _dosed(form: str, route: str) -> dict[str, Any]:
    return {**_TERMS, "dosing": [{"id": "one", "product": "bonefos", "form": form, "route": route}]}


@rule(
    Severity.ERROR,
    good=[
        _presented("tablet", "oral"),
        _presented("tablet", "sublingual"),
        _presented("concentrate-for-infusion", "intravenous-drip"),
        _presented("oral-solution", "oral", container="ampoule"),
        _dosed("film-coated-tablet", "oral"),
    ],
    bad=[
        _presented("tablet", "intravenous"),
        _presented("concentrate-for-infusion", "oral", container="ampoule"),
        _dosed("film-coated-tablet", "intravenous-drip"),
        _dosed("infusion-solution", "oral"),
    ],
    source=HARM,
)
def impossible(content: Content) -> Faults:
    """A tablet or capsule goes into a vein, or what is made for infusion is swallowed.

    Of many medicines the dose by mouth is a hundred times the dose by vein; what is dissolved of a tablet
    blocks the vessels of the lung.
    """
    for record in facts(content):
        done = misused(record, content) if has(record, "form") else ""
        if done:
            message = (
                f'the form "{text(record, "form")}" cannot be {done}, by the route "{text(record, "route")}"'
            )
            yield record.at("route"), message, "correct the form or the route"
