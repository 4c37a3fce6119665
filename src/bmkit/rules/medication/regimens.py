"""Regimens, and the records about the same product, by the same route, for the same patients."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.rules.derived.amounts import convert_to
from bmkit.rules.derived.roles import (
    are_role_terms_related,
    find_role_amount,
    find_role_text,
    format_role_quantity,
    has_role_value,
    list_role_texts,
)
from bmkit.rules.medication.forms import find_impossible_use
from bmkit.rules.medication.populations import are_alike, find_patients, holds_for

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from bmkit.content import Content, Record

REGIMEN, DOSE_LIMIT, USUAL_DOSE = "regimen", "dose-limit", "usual-dose"
DOSE_ROLES = ("dose", "total", "rate")
"""The roles of the fields that state how much is given, the plainest first."""
CHANGE_ROLES = ("change-dose", "change-rate")
"""The roles of the fields that state by how much the amount changes with each step, as in DOSE_ROLES."""
MAXIMUM_ROLES = ("maximum",)
"""The roles of the fields of a limit that state how much may be given."""
FREQUENCY_ROLES = ("times-per-day",)
"""The roles of the fields of a regimen that state how often a day it is given."""
PATIENT_ROLES = (REGIMEN, "population", "condition", "characteristic", "route")
"""The kinds that may state something for the same patients: nothing is missing unless all are there."""
# Regimens that differ in one of these are given at different times, or in place of each other.
_ORDER_ROLES = ("phase", "step", "option", "as-needed")
_PRODUCT_ROLES = (REGIMEN, DOSE_LIMIT, USUAL_DOSE, "dilution", "instruction", "presentation")


def iter_regimens(content: Content) -> Iterator[Record]:
    """Return every regimen that states how much is given."""
    return (record for record in content.list_records_of_role(REGIMEN) if find_dose_role(record))


def iter_dosed_records(content: Content) -> Iterator[tuple[Record, str]]:
    """Yield the records that state how much of a product is or may be given, with the role of the field.

    How much more or less it becomes counts, too.
    """
    for record in content.list_records_of_role(REGIMEN):
        for role in (*DOSE_ROLES, *CHANGE_ROLES):
            if find_role_amount(record, role) is not None:
                yield record, role
    for record in content.list_records_of_role(DOSE_LIMIT):
        for role in MAXIMUM_ROLES:
            if find_role_amount(record, role) is not None:
                yield record, role


def find_dose_role(record: Record) -> str:
    """Return the role of the field that states how much is given, "" if there is none."""
    return next((role for role in DOSE_ROLES if find_role_amount(record, role) is not None), "")


def describe_dose(record: Record) -> str:
    """Return the text of a dose with its product: 4 mg of "zometa"."""
    return f'{format_role_quantity(record, find_dose_role(record))} of "{find_role_text(record, "product")}"'


def find_same_product_records(record: Record, content: Content, role: str) -> list[Record]:
    """Return the records of the kinds of a role that are about the same product by the same route."""
    key = (role, *_identify_subject(record))
    found_records = _get_records_cache(content)
    if key not in found_records:
        found_records[key] = [
            other
            for other in list_product_records(record, content, role)
            if not has_role_value(record, "route")
            or not has_role_value(other, "route")
            or are_role_terms_related(record, other, "route", content)
        ]
    return found_records[key]


def list_product_records(record: Record, content: Content, role: str) -> list[Record]:
    """Return the records of the kinds of a role that are about the same product, by whatever route."""
    records_by_product = _group_by_product(content)
    product_id = find_role_text(record, "product")
    return [
        other
        for folder in content.list_reachable_folders(record.folder)
        for other in (records_by_product.get((folder, role, product_id), ()) if product_id else ())
    ]


def find_peer_records(record: Record, content: Content, role: str = REGIMEN) -> list[Record]:
    """Return the records of a role about the same product, by the same route, for the same patients.

    A record for all patients holds for these; a record for some of these holds at least for some.
    """
    key = ("peers", role, find_patients(record, content), *_identify_subject(record))
    found_records = _get_records_cache(content)
    if key not in found_records:
        found_records[key] = [
            other
            for other in find_same_product_records(record, content, role)
            if holds_for(other, record, content) or holds_for(record, other, content)
        ]
    return found_records[key]


def find_dosed_records(record: Record, content: Content, role: str = REGIMEN) -> list[Record]:
    """Return the records of a role about the same product and route that state how much is given."""
    key = ("dosed", role, *_identify_subject(record))
    found_records = _get_records_cache(content)
    if key not in found_records:
        found_records[key] = [
            other for other in find_same_product_records(record, content, role) if find_dose_role(other)
        ]
    return found_records[key]


def is_stated_for_patients(record: Record, content: Content, roles: Sequence[str]) -> bool:
    """Return whether a regimen, or another that may be for some of its patients, states one of the roles.

    The loading dose says nothing of the later doses, nor a dose as needed of the regular ones, nor one by
    body weight of others.
    """
    # "As needed: no" states nothing of that.
    if any(record.find_value(role) for role in roles):
        return True
    amount = find_role_amount(record, find_dose_role(record))
    order_key = (amount and amount.unit, *(repr(record.find_value(role) or None) for role in _ORDER_ROLES))
    key = ("stating", tuple(roles), order_key, find_patients(record, content), *_identify_subject(record))
    found_records = _get_records_cache(content)
    if key not in found_records:
        stating = (
            other
            for other in find_same_product_records(record, content, REGIMEN)
            if any(other.find_value(role) for role in roles)
            and are_alike(record, other, content)
            and not are_different_orders(record, other)
        )
        found_records[key] = list(islice(stating, 1))
    return bool(found_records[key])


def are_different_orders(record: Record, other: Record) -> bool:
    """Return whether what another regimen of the product states is said of other administrations.

    It is of another phase, step or option, or as needed, or its amount measures something else.  What states
    no amount of its own speaks of all of them.
    """
    amount, other_amount = (find_role_amount(each, find_dose_role(each)) for each in (record, other))
    if amount is not None and other_amount is not None and convert_to(amount, other_amount.unit) is None:
        return True
    return any(
        (record.find_value(role) or None) != (other.find_value(role) or None)
        for role in _ORDER_ROLES
        if other_amount is not None or has_role_value(other, role)
    )


def _identify_subject(record: Record) -> tuple[Hashable, ...]:
    """Return what a record is about, product and route: records about the same have the same others."""
    return record.folder, find_role_text(record, "product"), repr(record.find_value("route"))


@per_content
def _get_records_cache(_: Content) -> dict[tuple[Hashable, ...], list[Record]]:
    """Return a place to keep the records about the same product, by the subject that they were found for."""
    return {}


def format_patients(record: Record) -> str:
    """Return the patients of a regimen in brackets, "" if it names none."""
    patients = [text for role in ("population", "condition") for text in list_role_texts(record, role)]
    return f" ({', '.join(patients)})" if patients else ""


def find_misuse(record: Record, content: Content) -> str:
    """Return what the route of a record does to its form that the form does not allow, "" if it may be right.

    Of a record without a form every form counts in which its product exists.
    """
    if not has_role_value(record, "route"):
        return ""
    if has_role_value(record, "form"):
        return find_impossible_use(record, record, content)
    presentations = list_product_records(record, content, "presentation")
    if not presentations or not content.has_all_of_roles(record, "presentation", "form", "route"):
        return ""
    uses = [find_impossible_use(presentation, record, content) for presentation in presentations]
    return uses[0] if all(uses) else ""


def find_product_routes(record: Record, content: Content) -> list[Record]:
    """Return a presentation for each route for which the product of a record exists.

    It exists in the form of the record, or in any form if it has none.  The result is empty if the routes are
    not all known: if a presentation names no route, or if a usual dose by the record's own route shows that
    there are others than the presentations name.
    """
    if not content.has_all_of_roles(record, "presentation", USUAL_DOSE, "route"):
        return []
    presentations, form = (
        list_product_records(record, content, "presentation"),
        find_role_text(record, "form"),
    )
    if form:
        presentations = [
            presentation
            for presentation in presentations
            if find_role_text(presentation, "form") == form and has_role_value(presentation, "route")
        ]
    elif any(
        are_role_terms_related(usual_dose, record, "route", content)
        for usual_dose in list_product_records(record, content, USUAL_DOSE)
    ):
        return []
    presentations_by_route = {
        find_role_text(presentation, "route"): presentation for presentation in presentations
    }
    return list(presentations_by_route.values()) if "" not in presentations_by_route else []


@per_content
def _group_by_product(content: Content) -> dict[tuple[str, str, str], list[Record]]:
    """Return the valid records about a product, by folder, role and product."""
    records_by_product: dict[tuple[str, str, str], list[Record]] = {}
    for role in _PRODUCT_ROLES:
        for record in content.iter_reachable_records_of_role(role):
            product_id = find_role_text(record, "product")
            if record.is_valid and product_id:
                records_by_product.setdefault((record.folder, role, product_id), []).append(record)
    return records_by_product
