"""Doses and usual doses of which the wrong end is stated, or only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.roles import find_role_amount, locate_role, make_role_fault
from bmkit.rules.medication.dose_limits import find_applicable_caps
from bmkit.rules.medication.regimens import DOSE_ROLES, USUAL_DOSE, iter_regimens
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from bmkit.content import Content

# What a usual dose has to have both ends of: times have "at most" where nothing is too fast.
_RANGE_ROLES = (*DOSE_ROLES, "strength", "concentration")


@rule(Severity.WARNING)
def without_end(content: Content) -> Faults:
    """A dose has a least amount only, or is given at least so often, and no maximum binds it.

    "More than 4 mg" allows any dose above it, and "at most 4 hours apart" any number of doses.
    """
    for record in iter_regimens(content):
        for role in (*DOSE_ROLES, "times-per-day", "interval"):
            amount = find_role_amount(record, role)
            is_endless = amount is not None and (
                amount.is_capped() if role == "interval" else amount.is_open()
            )
            if is_endless and not find_applicable_caps(record, content):
                verdict = "sets no end to the dose, and no maximum binds it"
                yield make_role_fault(
                    record, role, verdict, "correct the comparator, or add the maximum", keep_comparator=True
                )


@rule(Severity.WARNING)
def usual_without_end(content: Content) -> Faults:
    """A usual dose states one end of its range only.

    Doses are held against both: a tenfold dose passes where only the least is stated, a tenth of one where
    only the most is.
    """
    for record in content.list_records_of_role(USUAL_DOSE):
        for role in _RANGE_ROLES:
            amount = find_role_amount(record, role)
            if amount is not None and amount.is_bounded():
                message = f"a usual dose of {format_quantity(record.find_value(role))} has no other end"
                yield locate_role(record, role), message, "state the range: low and high, or one value"
