"""Quantities of a product whose comparator leaves the dangerous end open: more than 4 mg."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.roles import (
    find_role_amount,
    has_role_value,
    make_role_fault,
)
from bmkit.rules.medication.dose_limits import TIME, find_applicable_caps
from bmkit.rules.medication.readings import iter_product_records
from bmkit.rules.medication.regimens import DOSE_LIMIT, DOSE_ROLES, FREQUENCY_ROLES, REGIMEN
from bmkit.rules.medication.usual_doses import index_usual_doses
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_INTERVAL_ROLES = ("interval", "least-interval")
_HOW_OFTEN_ROLES = (*FREQUENCY_ROLES, *_INTERVAL_ROLES)
_STRENGTH_ROLES = ("strength", "concentration")


@rule(Severity.ERROR)
def no_safe_end(content: Content) -> Faults:
    """A dose has no upper end, or an interval no lower one, although it is known what is usual or allowed.

    "More than 4 mg" is true of 40 mg, and "at most 3 weeks apart" of every day.  Where a usual dose has such
    a comparator, a dose may have it; so may the time of an infusion, of which more is safe.
    """
    for record in iter_product_records(content):
        if record.kind.role == DOSE_LIMIT:
            continue
        for role in _list_unsafe_roles(record):
            if _is_known_otherwise(record, role, content):
                end = "lower" if role in _INTERVAL_ROLES else "upper"
                yield make_role_fault(
                    record, role, f"has no {end} end", "write the number that is meant", keep_comparator=True
                )


def _list_unsafe_roles(record: Record) -> Iterator[str]:
    """Yield the roles of the quantities whose dangerous end is open; a condition on a total is no dose."""
    is_regimen = record.kind.role == REGIMEN
    for role in (*(DOSE_ROLES + _HOW_OFTEN_ROLES if is_regimen else ()), *_STRENGTH_ROLES):
        amount = find_role_amount(record, role)
        if amount is not None and (amount.is_capped() if role in _INTERVAL_ROLES else amount.is_open()):
            yield role


def _is_known_otherwise(record: Record, role: str, content: Content) -> bool:
    """Return whether a usual dose, or a limit of doses in a time, is known and has that end."""
    usual_role = "dose" if role in DOSE_ROLES else role
    usual_doses = index_usual_doses(content).select(record, usual_role)
    usual_amounts = [
        amount
        for usual_dose in usual_doses
        for known_role in (DOSE_ROLES if role in DOSE_ROLES else (role,))
        if (amount := find_role_amount(usual_dose, known_role)) is not None
    ]
    if usual_amounts:
        return not any(amount.is_bounded() for amount in usual_amounts)
    # Of an open dose beside a limit, the rule on maxima says so.
    return (
        role in _HOW_OFTEN_ROLES
        and has_role_value(record, "dose")
        and any(cap.counts == TIME for cap in find_applicable_caps(record, content))
    )
