"""Whether a regimen states its route, interval and patients, and a route that the product exists for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import find_text, has_value
from bmkit.rules.derived.dose_text import WHO_GOOD_PRESCRIBING
from bmkit.rules.derived.hierarchy import are_related
from bmkit.rules.medication.populations import find_patient_traits
from bmkit.rules.medication.regimens import (
    PATIENT_KINDS,
    find_dose_field,
    find_impossible_use,
    find_product_routes,
    find_same_product_records,
    format_patients,
    is_stated_for_patients,
    iter_regimens,
)
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from bmkit.content import Content

_FREQUENCY_FIELDS = ("interval", "times_per_day", "infusions_per_day", "daily_dose")


def _make_complete_regimen(**fields: Any) -> dict[str, Any]:
    regimen = {
        "id": "zometa-4-mg",
        "product": "zometa",
        "population": "bone-metastasis",
        "route": "intravenous",
        "dose": {"value": 4, "unit": "mg"},
        "volume": {"value": 100, "unit": "mL"},
        "administration_time": {"value": 15, "unit": "min"},
        "interval": {"low": 3, "high": 4, "unit": "wk"},
        **fields,
    }
    return {field_name: value for field_name, value in regimen.items() if value is not None}


_COMPLETE_REGIMEN = {"regimen": [_make_complete_regimen()]}
_SWALLOWED_TABLET = {"id": "one", "product": "zometa", "form": "tablet", "route": "oral"}
_INFUSED_CONCENTRATE = {
    "id": "two",
    "product": "zometa",
    "form": "concentrate-for-infusion",
    "route": "intravenous",
}
_INTRAVENOUS_RANGE = {
    "id": "usual",
    "label": "Zometa, intravenous",
    "product": "zometa",
    "route": "intravenous",
}
_INTRAVENOUS_LIMIT = {
    "id": "most",
    "product": "zometa",
    "route": "intravenous",
    "maximum": {"value": 4, "unit": "mg"},
}


@rule(
    Severity.ERROR,
    good=_COMPLETE_REGIMEN,
    bad={"regimen": [_make_complete_regimen(route=None)]},
    source=WHO_GOOD_PRESCRIBING,
)
def no_route(content: Content) -> Faults:
    """A dose has no route.

    Some medicines are deadly by another route than their own, and doses by mouth are many times those by
    vein.
    """
    for record in iter_regimens(content):
        if not has_value(record, "route"):
            yield (
                record.locate_field("id"),
                f'the dose of "{find_text(record, "product")}" has no route',
                "add the route",
            )


@rule(
    Severity.WARNING,
    good=[
        _COMPLETE_REGIMEN,
        {"regimen": [_make_complete_regimen(interval=None), _make_complete_regimen(id="more", dose=None)]},
    ],
    bad=[
        {"regimen": [_make_complete_regimen(interval=None)]},
        {
            "regimen": [
                _make_complete_regimen(interval=None),
                _make_complete_regimen(id="others", population="renal-failure"),
            ]
        },
    ],
    source=WHO_GOOD_PRESCRIBING,
)
def no_interval(content: Content) -> Faults:
    """Neither a dose nor another fact about it states how often it is given.

    Once, once a day and once a month are all possible readings.
    """
    for record in iter_regimens(content):
        if not is_stated_for_patients(record, content, _FREQUENCY_FIELDS) and content.is_complete(
            record, *PATIENT_KINDS
        ):
            dose_phrase = f'{format_quantity(record["dose"])} of "{find_text(record, "product")}"'
            message = f"no fact states how often {dose_phrase} is given{format_patients(record)}"
            yield record.locate_field("dose"), message, "add the interval"


@rule(
    Severity.WARNING,
    good=[
        _COMPLETE_REGIMEN,
        {"regimen": [_make_complete_regimen(population=None), _make_complete_regimen(id="more")]},
    ],
    bad={"regimen": [_make_complete_regimen(population=None)]},
)
def no_population(content: Content) -> Faults:
    """Neither a dose nor another fact about it states which patients it is for.

    The dose for one disease or age is not the dose for another.
    """
    for record in iter_regimens(content):
        has_population = any(
            find_patient_traits(other, content)
            for other in find_same_product_records(record, content, "regimen")
        )
        if not has_population and content.is_complete(record, *PATIENT_KINDS):
            message = f'no fact states which patients get this dose of "{find_text(record, "product")}"'
            yield (
                record.locate_field(find_dose_field(record)),
                message,
                "add the population or the condition",
            )


@rule(
    Severity.ERROR,
    good=[
        {
            "regimen": [_make_complete_regimen(form="tablet", route="oral")],
            "presentation": [_SWALLOWED_TABLET],
        },
        {
            "regimen": [_make_complete_regimen()],
            "presentation": [_SWALLOWED_TABLET, _INFUSED_CONCENTRATE],
        },
        # Without a route of the vial it may be infused.
        {
            "regimen": [_make_complete_regimen()],
            "presentation": [_SWALLOWED_TABLET, {"id": "vial", "product": "zometa"}],
        },
        # The dose ranges show another route than those of the presentations.
        {
            "regimen": [_make_complete_regimen()],
            "presentation": [_SWALLOWED_TABLET],
            "usual-dose": [_INTRAVENOUS_RANGE],
        },
    ],
    bad=[
        {
            "regimen": [_make_complete_regimen(form="powder")],
            "presentation": [{**_SWALLOWED_TABLET, "form": "powder"}],
        },
        {"regimen": [_make_complete_regimen()], "presentation": [_SWALLOWED_TABLET]},
        {"dose-limit": [_INTRAVENOUS_LIMIT], "presentation": [_SWALLOWED_TABLET]},
    ],
)
def wrong_route(content: Content) -> Faults:
    """A form or product is given by a route for which it does not exist.

    The presentations of the product name other routes only.
    """
    for kind in ("regimen", "dose-limit"):
        for record in content.list_records(kind):
            # A form that the route does not allow breaks a rule of its own.
            presented_routes = find_product_routes(record, content) if has_value(record, "route") else ()
            if not presented_routes or find_impossible_use(record, content):
                continue
            form, route = find_text(record, "form"), find_text(record, "route")
            if not any(
                are_related(content, "route", route, presented_route, record)
                for presented_route in presented_routes
            ):
                product_phrase = (
                    f'the form "{form}" of "{find_text(record, "product")}"'
                    if form
                    else f'"{find_text(record, "product")}"'
                )
                availability = f"exists for the route {' and '.join(presented_routes)}, not for {route}"
                hint = f"correct the {'form or the ' if form else ''}route, or add the presentation"
                yield record.locate_field("route"), f"{product_phrase} {availability}", hint
