"""Doses that are raised or lowered by steps: by how much, how often and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.roles import (
    find_role_amount,
    find_role_text,
    format_role_quantity,
    has_role_value,
    locate_role,
    make_role_fault,
    name_role_field,
)
from bmkit.rules.medication.dose_limits import find_applicable_caps
from bmkit.rules.medication.dosing import count_per_day, find_days
from bmkit.rules.medication.regimens import CHANGE_ROLES, REGIMEN, find_dose_role, find_same_product_records
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.rules.rule import Fault

_MORE, _LESS = "more", "less"
_CHANGED_ROLES = ("dose", "rate")
# What ends the steps of a dose that is raised.
_END_ROLES = ("until", "course", "course-limit", "administration-count")


class _Change(NamedTuple):
    """A step: the `role` of a record says by how much, `changed_role` of it or another what is changed."""

    record: Record
    role: str
    amount: Amount
    changed_record: Record
    changed_role: str
    changed: Amount

    def make_fault(self, comparison: str) -> Fault:
        """Return the fault that it is "more" or "no less" than what is changed."""
        changed_text = format_role_quantity(self.changed_record, self.changed_role, keep_comparator=False)
        owner = "itself" if self.changed_record is self.record else f'of "{self.changed_record.id}"'
        changed_name = name_role_field(self.changed_record, self.changed_role)
        verdict = f"is {comparison} than the {changed_name} {changed_text} {owner}"
        against = () if self.changed_record is self.record else (self.changed_record,)
        return make_role_fault(self.record, self.role, verdict, "correct the step or the dose", against)


@rule(Severity.WARNING)
def change_above_dose(content: Content) -> Faults:
    """A dose is raised by more than it is with a single step.

    10 units that become 30 in three days are mistyped, most likely.  The dose is that of the regimen, or of
    the step before in its plan.
    """
    for change in _iter_changes(content, _MORE):
        if change.amount.high > change.changed.high:
            yield change.make_fault("more")


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def change_to_nothing(content: Content) -> Faults:
    """A dose is lowered by all that it is, or by more, with a single step.

    10 units less of 10 are none, and 50 mg less of 40 mg cannot be given.  The dose is that of the regimen,
    or of the step before in its plan.
    """
    for change in _iter_changes(content, _LESS):
        if change.amount.high >= change.changed.low:
            yield change.make_fault("no less")


@rule(Severity.ERROR)
def change_before_next(content: Content) -> Faults:
    """A dose changes more often than it is given.

    5 mg less every hour of what is taken once a day is a slip of the unit: nobody can follow it.
    """
    for record in content.list_records_of_role(REGIMEN):
        every, counts = find_days(record, "change-every"), count_per_day(record)
        if every is not None and counts is not None and every.high * counts.most < 1:
            verdict = "is shorter than the time from one administration to the next"
            yield make_role_fault(record, "change-every", verdict, "correct one of the two")


@rule(Severity.WARNING)
def change_without_end(content: Content) -> Faults:
    """A dose is raised by steps, and nothing says until when.

    Who follows it raises the dose without end: what must be reached, how long it is given or a maximum is
    missing, or "more" is written for "less".
    """
    for record in content.list_records_of_role(REGIMEN):
        if (
            record.find_value("change") == _MORE
            and any(has_role_value(record, role) for role in CHANGE_ROLES)
            and not any(has_role_value(record, role) for role in _END_ROLES)
            and not find_applicable_caps(record, content)
        ):
            message = "the dose is raised by steps, and nothing says until when"
            yield locate_role(record, "change"), message, "add what must be reached, or a limit of the dose"


def _iter_changes(content: Content, direction: str) -> Iterator[_Change]:
    """Yield the steps up or down whose dose is known."""
    for record in content.list_records_of_role(REGIMEN):
        if record.find_value("change") != direction:
            continue
        for role, changed_role in zip(CHANGE_ROLES, _CHANGED_ROLES, strict=True):
            if not has_role_value(record, role):
                continue
            changed_record = record if find_dose_role(record) else _find_step_before(record, content)
            changed = find_role_amount(changed_record, changed_role) if changed_record is not None else None
            amount = convert_to(find_role_amount(record, role), changed.unit) if changed is not None else None
            if changed_record is not None and changed is not None and amount is not None:
                yield _Change(record, role, amount, changed_record, changed_role, changed)


def _find_step_before(record: Record, content: Content) -> Record | None:
    """Return the last earlier step of the plan of a record that states an amount, None if there is none."""
    plan, step = find_role_text(record, "plan"), record.find_value("step")
    if not plan or not isinstance(step, int):
        return None
    numbered_steps = [
        (other_step, other)
        for other in find_same_product_records(record, content, REGIMEN)
        if other.folder == record.folder
        and find_role_text(other, "plan") == plan
        and isinstance(other_step := other.find_value("step"), int)
        and other_step < step
        and find_dose_role(other)
    ]
    return max(numbered_steps, key=lambda numbered_step: numbered_step[0], default=(0, None))[1]
