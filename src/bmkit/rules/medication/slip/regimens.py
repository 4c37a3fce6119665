"""Doses that are usual of other patients, given too often, or measured otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, format_amount
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.roles import (
    find_role_amount,
    format_role_quantity,
    locate_role,
    locate_role_end,
    make_role_fault,
    name_role_field,
)
from bmkit.rules.medication.exposures import (
    find_dimension_mismatches,
    find_too_frequent,
    find_too_rare,
)
from bmkit.rules.medication.regimens import DOSE_ROLES, FREQUENCY_ROLES
from bmkit.rules.medication.slips import (
    Deviation,
    format_usual_range,
    list_unusual,
    make_otherwise_usual_fault,
)
from bmkit.rules.medication.usual_doses import make_daily_range
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def other_patients(content: Content) -> Faults:
    """A dose is not usual for its patients, but is for others: an adult's dose for children.

    Children, and patients whose kidneys or liver are weak, are given too much of it.  A dose that a slip of a
    digit or unit explains, or another route, breaks the rule for that.
    """
    for reading in list_unusual(content, Deviation.OTHER_PATIENTS):
        yield make_otherwise_usual_fault(
            reading, reading.other_patients_range, "correct the patients or the number", content
        )


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def too_frequent(content: Content) -> Faults:
    """A usual dose is given at least twice as often as is usual: a weekly dose every day.

    No number is wrong, and the patient gets seven times the dose.  The usual dose must say how often it is
    given.
    """
    for excess in find_too_frequent(content):
        role = next(
            role
            for role in ("interval", *FREQUENCY_ROLES, "total-in", *DOSE_ROLES)
            if find_role_amount(excess.record, role) is not None
        )
        amount_text = f"{format_amount(excess.daily)} on average"
        message = f"{name_role_field(excess.record, role)} makes {amount_text}, far above"
        message = f"{message} {format_usual_range(excess.usual_range)}"
        hint = f"correct how often it is given, or the usual dose in {excess.usual_range.record.file}"
        yield locate_role_end(excess.record, role), message, hint, (excess.usual_range.record,)


@rule(Severity.WARNING)
def too_rare(content: Content) -> Faults:
    """A usual dose is given a third as often as is usual, or less often: a daily dose every week.

    No number is wrong, and the patient gets next to nothing.
    """
    for record, usual_dose in find_too_rare(content):
        role = next(
            role for role in ("interval", *FREQUENCY_ROLES) if find_role_amount(record, role) is not None
        )
        usual_range = make_daily_range(usual_dose)
        if usual_range is not None:
            verdict = f"is far less often than {format_usual_range(usual_range)}"
            hint = f"correct how often it is given, or the usual dose in {usual_dose.file}"
            yield make_role_fault(record, role, verdict, hint, (usual_dose,))


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def other_dimension(content: Content) -> Faults:
    """A dose, limit or strength measures something else than what is usual: the "per kilogram" is lost.

    15 mg instead of 15 mg for each kilogram is nearly nothing, 15 mg for each kilogram instead of 15 mg a
    lethal dose.  Another number of tablets, puffs or drops, or a volume, breaks a milder rule.
    """
    yield from _find_mismatches(content, are_counted=False)


@rule(Severity.WARNING)
def other_measure(content: Content) -> Faults:
    """A dose is a number of pieces or a volume, and no usual dose is.

    Nothing is compared with what is usual of the product, so a slip is not noticed.
    """
    yield from _find_mismatches(content, are_counted=True)


def _find_mismatches(content: Content, *, are_counted: bool) -> Faults:
    for mismatch in find_dimension_mismatches(content):
        # The same number in another unit is no other way to say it.
        is_counted = _is_counted(mismatch.amount) and not mismatch.is_same_number
        if is_counted is are_counted:
            record, role = mismatch.record, mismatch.role
            text = format_role_quantity(record, role, keep_comparator=False)
            usual_text = format_role_quantity(mismatch.usual_dose, mismatch.usual_role, keep_comparator=False)
            label = mismatch.usual_dose.value.get("label", mismatch.usual_dose.id)
            message = (
                f"{name_role_field(record, role)} {text} "
                f"cannot be compared with the usual {usual_text} of {label}"
            )
            hint = "look number and unit up, or add a usual dose"
            yield locate_role(record, role, "unit"), message, hint, (mismatch.usual_dose,)


def _is_counted(amount: Amount) -> bool:
    """Return whether an amount is a volume or a number of pieces, which do not mean another dose."""
    from bmkit.ucum.dimensions import has_dimension

    return amount.unit.startswith(("{", "[drp]")) or has_dimension(amount.unit, "volume")
