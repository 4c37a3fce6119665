"""Whether a regimen states its route, interval and patients, and a route that the product exists for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import WHO_GOOD_PRESCRIBING
from bmkit.rules.derived.roles import (
    are_role_terms_related,
    find_role_amount,
    find_role_text,
    has_role_value,
    locate_role,
)
from bmkit.rules.medication.forms import is_near_nerve
from bmkit.rules.medication.populations import find_patients, holds_for
from bmkit.rules.medication.regimens import (
    DOSE_LIMIT,
    DOSE_ROLES,
    FREQUENCY_ROLES,
    PATIENT_ROLES,
    REGIMEN,
    are_different_orders,
    describe_dose,
    find_dose_role,
    find_dosed_records,
    find_misuse,
    find_product_routes,
    find_same_product_records,
    format_patients,
    is_stated_for_patients,
    iter_regimens,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# Without an amount these say how it is found.
_CHOICE_ROLES = ("titration", "change")
_HOW_OFTEN_ROLES = (
    *("interval", *FREQUENCY_ROLES, "total", "rate", "once", "as-needed"),
    *("least-interval", "days"),
)


@rule(Severity.ERROR, source=WHO_GOOD_PRESCRIBING)
def no_route(content: Content) -> Faults:
    """A dose has no route.

    Some medicines are deadly by another route than their own, and doses by mouth are many times those by
    vein.
    """
    for record in iter_regimens(content):
        if not has_role_value(record, "route"):
            product_id = find_role_text(record, "product")
            yield record.locate_field("id"), f'the dose of "{product_id}" has no route', "add the route"


@rule(Severity.WARNING, source=WHO_GOOD_PRESCRIBING)
def no_dose(content: Content) -> Faults:
    """Neither a regimen nor another one for its patients states how much is given.

    How often and how fast is nothing without the amount.  A dose that is chosen or changed for each patient
    needs none.
    """
    for record in content.list_records_of_role(REGIMEN):
        can_have_dose = any(record.kind.find_role_field(role) for role in DOSE_ROLES)
        if not can_have_dose or any(has_role_value(record, role) for role in (*DOSE_ROLES, *_CHOICE_ROLES)):
            continue
        has_dose = any(
            holds_for(other, record, content) and not are_different_orders(record, other)
            for other in find_dosed_records(record, content)
        )
        if not has_dose and content.has_all_of_roles(record, *PATIENT_ROLES):
            product_id = find_role_text(record, "product")
            message = f'no fact states how much of "{product_id}" is given{format_patients(record)}'
            yield record.locate_field("id"), message, "add the dose, or say how it is chosen"


@rule(Severity.WARNING, source=WHO_GOOD_PRESCRIBING)
def no_interval(content: Content) -> Faults:
    """Neither a dose nor another fact about it states how often it is given.

    Once, once a day and once a month are all possible readings.  A bolus, a block and a single administration
    are given once.
    """
    for record in iter_regimens(content):
        if (
            not _is_single(record, content)
            and not is_stated_for_patients(record, content, _HOW_OFTEN_ROLES)
            and content.has_all_of_roles(record, *PATIENT_ROLES)
        ):
            message = f"no fact states how often {describe_dose(record)} is given{format_patients(record)}"
            yield locate_role(record, find_dose_role(record)), message, "add the interval"


def _is_single(record: Record, content: Content) -> bool:
    """Return whether a dose is given once, as a bolus or a block is unless something else is said."""
    count = find_role_amount(record, "administration-count")
    if count is not None:
        return count.high == 1
    is_at_once = find_role_text(record, "manner") == "bolus" or is_near_nerve(record, content)
    return is_at_once and record.find_value("once") is not False


@rule(Severity.WARNING)
def no_population(content: Content) -> Faults:
    """Neither a dose nor another fact about it states which patients it is for.

    The dose for one disease or age is not the dose for another.
    """
    have_patients: dict[int, bool] = {}
    for record in iter_regimens(content):
        others = find_same_product_records(record, content, REGIMEN)
        if id(others) not in have_patients:
            have_patients[id(others)] = any(find_patients(other, content) for other in others)
        if not have_patients[id(others)] and content.has_all_of_roles(record, *PATIENT_ROLES):
            message = f'no fact states which patients get this dose of "{find_role_text(record, "product")}"'
            yield (
                locate_role(record, find_dose_role(record)),
                message,
                "add the population or the condition",
            )


@rule(Severity.ERROR)
def wrong_route(content: Content) -> Faults:
    """A form or product is given by a route for which it does not exist.

    The presentations of the product name other routes only.
    """
    for role in (REGIMEN, DOSE_LIMIT):
        for record in content.list_records_of_role(role):
            # A form that the route does not allow breaks a rule of its own.
            presentations = find_product_routes(record, content) if has_role_value(record, "route") else ()
            if not presentations or find_misuse(record, content):
                continue
            form, route = find_role_text(record, "form"), find_role_text(record, "route")
            if not any(
                are_role_terms_related(record, presentation, "route", content)
                for presentation in presentations
            ):
                product_phrase = f'"{find_role_text(record, "product")}"'
                if form:
                    product_phrase = f'the form "{form}" of {product_phrase}'
                presented_routes = [find_role_text(presentation, "route") for presentation in presentations]
                availability = f"exists for the route {' and '.join(presented_routes)}, not for {route}"
                hint = f"correct the {'form or the ' if form else ''}route, or add the presentation"
                against = tuple(locate_role(presentation, "route") for presentation in presentations)
                yield locate_role(record, "route"), f"{product_phrase} {availability}", hint, against
