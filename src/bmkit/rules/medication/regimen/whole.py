"""Whether a dose says all that whoever gives it must know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import PRESCRIBING
from bmkit.rules.derived.forms import misused
from bmkit.rules.derived.hierarchy import related
from bmkit.rules.derived.value import has, text
from bmkit.rules.medication.populations import traits
from bmkit.rules.medication.regimens import (
    PEERS,
    dose_of,
    is_told,
    of_same,
    regimens,
    routes_of,
    to_whom,
)
from bmkit.rules.rule import Faults, rule
from bmkit.wording import quantity

if TYPE_CHECKING:
    from bmkit.content import Content

_REPEATS = ("interval", "doses_per_day", "infusions_per_day", "daily_dose")


def _dosing(**fields: Any) -> dict[str, Any]:
    made = {
        "id": "zometa-4-mg",
        "product": "zometa",
        "population": "bone-metastasis",
        "route": "intravenous",
        "dose": {"value": 4, "unit": "mg"},
        "volume": {"value": 100, "unit": "mL"},
        "infusion_time": {"value": 15, "unit": "min"},
        "interval": {"low": 3, "high": 4, "unit": "wk"},
        **fields,
    }
    return {name: value for name, value in made.items() if value is not None}


_GOOD = {"dosing": [_dosing()]}
_SWALLOWED = {"id": "one", "product": "zometa", "form": "tablet", "route": "oral"}
_DRIPPED = {"id": "two", "product": "zometa", "form": "concentrate-for-infusion", "route": "intravenous"}
_USUAL = {"id": "usual", "label": "Zometa, intravenous", "product": "zometa", "route": "intravenous"}
_LIMIT = {"id": "most", "product": "zometa", "route": "intravenous", "maximum": {"value": 4, "unit": "mg"}}


@rule(Severity.ERROR, good=_GOOD, bad={"dosing": [_dosing(route=None)]}, source=PRESCRIBING)
def no_route(content: Content) -> Faults:
    """A dose does not say by which route it is given.

    Some medicines are deadly by another route than theirs, and doses by mouth are many times those by vein.
    """
    for record in regimens(content):
        if not has(record, "route"):
            yield record.at("id"), f'the dose of "{text(record, "product")}" has no route', "give the route"


@rule(
    Severity.WARNING,
    good=[
        _GOOD,
        {"dosing": [_dosing(interval=None), _dosing(id="more", dose=None)]},
    ],
    bad=[
        {"dosing": [_dosing(interval=None)]},
        {"dosing": [_dosing(interval=None), _dosing(id="others", population="renal-failure")]},
    ],
    source=PRESCRIBING,
)
def no_interval(content: Content) -> Faults:
    """A dose does not say how often it is given, nor does another fact about it.

    Once, once a day and once a month are all possible readings.
    """
    for record in regimens(content):
        if not is_told(record, content, _REPEATS) and content.whole(record, *PEERS):
            given = f'{quantity(record["dose"])} of "{text(record, "product")}"'
            message = f"nothing says how often {given} is given{to_whom(record)}"
            yield record.at("dose"), message, "give the interval"


@rule(
    Severity.WARNING,
    good=[_GOOD, {"dosing": [_dosing(population=None), _dosing(id="more")]}],
    bad={"dosing": [_dosing(population=None)]},
)
def no_population(content: Content) -> Faults:
    """A dose does not say which patients it is for, nor does another fact about it.

    The dose for one disease or age is not the dose for another.
    """
    for record in regimens(content):
        told = any(traits(other, content) for other in of_same(record, content, "dosing"))
        if not told and content.whole(record, *PEERS):
            message = f'nothing says which patients are given this dose of "{text(record, "product")}"'
            yield record.at(dose_of(record)), message, "give the population or the condition"


@rule(
    Severity.ERROR,
    good=[
        {"dosing": [_dosing(form="tablet", route="oral")], "product-presentation": [_SWALLOWED]},
        {"dosing": [_dosing()], "product-presentation": [_SWALLOWED, _DRIPPED]},
        # Of what the vial holds nobody says that it is not infused.
        {"dosing": [_dosing()], "product-presentation": [_SWALLOWED, {"id": "vial", "product": "zometa"}]},
        # The editors know of another route than those that the article has products for.
        {"dosing": [_dosing()], "product-presentation": [_SWALLOWED], "dose-range": [_USUAL]},
    ],
    bad=[
        {"dosing": [_dosing(form="powder")], "product-presentation": [{**_SWALLOWED, "form": "powder"}]},
        {"dosing": [_dosing()], "product-presentation": [_SWALLOWED]},
        {"dose-limit": [_LIMIT], "product-presentation": [_SWALLOWED]},
    ],
)
def wrong_route(content: Content) -> Faults:
    """A form is given by a route that it does not exist for, or a product by another than all of its forms.

    The presentations of the product name other routes only.
    """
    for kind in ("dosing", "dose-limit"):
        for record in content.of(kind):
            # A form that no such route can be of is told of by a rule of its own.
            routes = routes_of(record, content) if has(record, "route") else ()
            if not routes or misused(record, content):
                continue
            form, route = text(record, "form"), text(record, "route")
            if not any(related(content, "route", route, one, record) for one in routes):
                what = (
                    f'the form "{form}" of "{text(record, "product")}"'
                    if form
                    else f'"{text(record, "product")}"'
                )
                exists = f"exists for the route {' and '.join(routes)}, not for {route}"
                hint = f"correct the {'form or the ' if form else ''}route, or add the presentation"
                yield record.at("route"), f"{what} {exists}", hint
