"""Regimens: dose, frequency, form and route, and the records about them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.rules.derived.amounts import Amount, convert_to, find_quantity, find_text, has_value
from bmkit.rules.derived.hierarchy import are_related, belongs_to, find_lineage
from bmkit.rules.medication.populations import holds_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

DOSE_FIELDS = ("dose", "daily_dose")
"""The fields of a regimen that state how much is given."""
PATIENT_KINDS = ("regimen", "population", "condition", "route")
"""The kinds that may state something for the same patients: nothing is missing unless all are complete."""
FREQUENCY_FIELDS = ("times_per_day", "infusions_per_day")
"""The fields of a regimen that state how often a day it is given."""
_PRODUCT_KINDS = (
    *("course", "dilution", "dose-limit", "usual-dose", "regimen", "instruction"),
    "presentation",
)
DAY_UNIT = "d"

SOLID_FORMS = ("tablet", "capsule")
"""The forms of which whole pieces are swallowed."""
CONCENTRATE_FORM = "concentrate-for-infusion"
_INFUSED_FORMS = (CONCENTRATE_FORM, "infusion-solution")
_PARENTERAL_ROUTES = ("intravenous", "intra-arterial", "intramuscular", "intrathecal", "epidural")
# Subcutaneous is not among them, because tablets for implantation exist, and ampoules and vials
# are not among the forms, because some are drunk.
_IMPOSSIBLE_USES = (
    (SOLID_FORMS, _PARENTERAL_ROUTES, "injected or infused"),
    (_INFUSED_FORMS, ("oral",), "swallowed"),
)


def iter_regimens(content: Content) -> Iterator[Record]:
    """Return every regimen that states how much is given."""
    return (
        record
        for record in content.list_records("regimen")
        if any(find_quantity(record, name) for name in DOSE_FIELDS)
    )


def iter_dosed_records(content: Content) -> Iterator[tuple[Record, str]]:
    """Yield the records that state how much of a product is or may be given, with the name of the field."""
    for record in iter_regimens(content):
        yield record, find_dose_field(record)
    for record in content.list_records("dose-limit"):
        for name in ("maximum", "maximum_daily"):
            if find_quantity(record, name):
                yield record, name


def find_doses_per_day(record: Record) -> tuple[Fraction, Fraction] | None:
    """Return the least and the greatest number of doses a day, None if the regimen does not state it."""
    for name in FREQUENCY_FIELDS:
        count = find_quantity(record, name)
        if count is not None:
            return Fraction(0) if count.is_capped() else count.low, count.high
    interval = find_quantity(record, "interval")
    days = convert_to(interval, DAY_UNIT) if interval is not None else None
    if days is None or not 0 < days.low <= 1 or days.high <= 0:
        return None
    # "At least 6 hours apart" states the greatest number only.
    return Fraction(0) if days.is_open() else 1 / days.high, 1 / days.low


def find_daily_amount(record: Record) -> Amount | None:
    """Return the daily total of a regimen, None if it does not state it.

    Every 4 to 6 hours means four to six doses.
    """
    dose, times_per_day = find_quantity(record, "dose"), find_doses_per_day(record)
    if dose is None or times_per_day is None:
        return None
    low = Fraction(0) if dose.is_capped() else dose.low * times_per_day[0]
    comparator = "" if dose.is_capped() else dose.comparator
    return Amount(low, dose.high * times_per_day[1], f"{dose.unit}/{DAY_UNIT}", comparator)


def find_same_product_records(record: Record, content: Content, kind: str) -> list[Record]:
    """Return the records of a kind that are about the same product by the same route."""
    records_by_product = _group_by_product(content)
    return [
        other
        for folder in content.list_reachable_folders(record.folder)
        for other in records_by_product.get((folder, kind, find_text(record, "product")), ())
        if not has_value(record, "route")
        or not has_value(other, "route")
        or _has_same_route(record, other, content)
    ]


def find_peer_records(record: Record, content: Content, kind: str = "regimen") -> list[Record]:
    """Return the records of a kind about the same product, by the same route, for the same patients.

    A record for all patients holds for these; a record for some of these holds at least for some.
    """
    return [
        other
        for other in find_same_product_records(record, content, kind)
        if holds_for(other, record, content) or holds_for(record, other, content)
    ]


def is_stated_for_patients(record: Record, content: Content, field_names: tuple[str, ...]) -> bool:
    """Return whether a regimen, or another for the same patients, has one of the fields."""
    if any(has_value(record, field_name) for field_name in field_names):
        return True
    return any(
        has_value(other, field_name)
        for other in find_peer_records(record, content)
        for field_name in field_names
    )


def find_dose_field(record: Record) -> str:
    """Return the name of the field that states how much is given."""
    return next(name for name in DOSE_FIELDS if find_quantity(record, name))


def format_patients(record: Record) -> str:
    """Return the patients of a regimen in brackets, "" if it names none."""
    patients = [record[name] for name in ("population", "condition") if has_value(record, name)]
    return f" ({', '.join(patients)})" if patients else ""


def is_intravenous(record: Record, content: Content) -> bool:
    """Return whether a regimen is given into a vein."""
    return has_value(record, "route") and belongs_to(
        content, "route", find_text(record, "route"), "intravenous", record
    )


def find_product_routes(record: Record, content: Content) -> list[str]:
    """Return the routes for which the product of a record exists in its form, or in any form if it has none.

    The result is empty if they are not all known: if a presentation names no route, or if a usual dose by the
    record's own route shows that there are others than the presentations name.
    """
    kinds = ("presentation", "usual-dose", "route")
    if not content.is_complete(record, *kinds):
        return []
    records_by_product = _group_by_product(content)
    records_by_kind = {
        kind: [
            other
            for folder in content.list_reachable_folders(record.folder)
            for other in records_by_product.get((folder, kind, find_text(record, "product")), ())
        ]
        for kind in kinds[:2]
    }
    presentations, form = records_by_kind["presentation"], find_text(record, "form")
    if form:
        presentations = [
            presentation
            for presentation in presentations
            if find_text(presentation, "form") == form and has_value(presentation, "route")
        ]
    elif any(
        _has_same_route(range_record, record, content) for range_record in records_by_kind["usual-dose"]
    ):
        return []
    routes = {find_text(presentation, "route") for presentation in presentations}
    return sorted(routes) if "" not in routes else []


@per_content
def _group_by_product(content: Content) -> dict[tuple[str, str, str], list[Record]]:
    """Return the valid records about a product, by folder, kind and product."""
    records_by_product: dict[tuple[str, str, str], list[Record]] = {}
    for kind in _PRODUCT_KINDS:
        for record in content.iter_reachable_records(kind):
            if record.is_valid and has_value(record, "product"):
                records_by_product.setdefault((record.folder, kind, find_text(record, "product")), []).append(
                    record
                )
    return records_by_product


def _has_same_route(record: Record, other: Record, content: Content) -> bool:
    route, other_route = find_text(record, "route"), find_text(other, "route")
    return route == other_route or are_related(content, "route", route, other_route, record)


def has_form(record: Record, content: Content, *form_ids: str) -> bool:
    """Return whether the form of a record is one of these, belongs to one, or is named after one.

    A film-coated-tablet is a tablet, even if the list of forms does not say so.
    """
    form = find_text(record, "form")
    lineage = find_lineage(content, "form", form, record) if form else ()
    return any(
        ancestor_id == form_id or ancestor_id.endswith(f"-{form_id}")
        for ancestor_id in lineage
        for form_id in form_ids
    )


def find_impossible_use(record: Record, content: Content, route: str = "") -> str:
    """Return what the route would do to a form that does not allow it ("swallowed"), "" if it is allowed."""
    route = route or find_text(record, "route")
    lineage = find_lineage(content, "route", route, record) if route else ()
    for forms, routes, use in _IMPOSSIBLE_USES if lineage else ():
        if not set(routes).isdisjoint(lineage) and has_form(record, content, *forms):
            return use
    return ""
