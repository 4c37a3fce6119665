"""Doses for patients who tolerate less, compared with the doses of those who tolerate more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount
from bmkit.rules.derived.roles import agree_on_role, find_role_amount, locate_role_end, name_role_field
from bmkit.rules.medication.dose_limits import name_amount_dimension
from bmkit.rules.medication.dosing import count_per_day, find_exposure, find_period_total
from bmkit.rules.medication.populations import (
    Patients,
    are_among,
    find_patients,
    find_size_traits,
    find_weak_organs,
    is_of_children,
    list_patient_terms,
)
from bmkit.rules.medication.regimens import REGIMEN, USUAL_DOSE, find_same_product_records, iter_regimens
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from bmkit.content import Content, Record

# Doses that differ in one of these cannot be compared.
_DISTINGUISHING_ROLES = ("phase", "plan", "step", "option", "manner", "given-with", "until", "change")


@rule(Severity.ERROR)
def weak_above_general(content: Content) -> Faults:
    """A dose for patients whose kidneys or liver are weak is above that for other patients.

    These patients clear the medicine more slowly and are given less, not more: the two were mixed up, or one
    of them is mistyped.
    """
    for record in iter_regimens(content):
        if not find_weak_organs(record, content):
            continue
        others = _list_doses_of(record, _are_stronger, content)
        # Of a table of bands each counts; of other doses one may be for something else.
        bands = [pair for pair in others if find_weak_organs(pair[0], content)]
        yield from _find_greater_dose(record, min(bands, key=_get_upper_end) if bands else None, content)
        if not bands:
            yield from _find_greater_dose(record, max(others, key=_get_upper_end, default=None), content)


@rule(Severity.ERROR)
def smaller_above_bigger(content: Content) -> Faults:
    """A dose for younger or lighter patients is above that for older or heavier ones.

    Children are given less, the smaller they are: the two were mixed up, or one of them is mistyped.  Doses
    by body weight or surface are not compared, which may be greater for children.
    """
    for record in iter_regimens(content):
        sizes = find_size_traits(record, content)
        if not sizes or not all(is_of_children(trait) for trait in sizes) or _is_by_body(record):
            continue
        others = _list_doses_of(record, _are_bigger, content)
        yield from _find_greater_dose(record, min(others, key=_get_upper_end, default=None), content)


_Dose = tuple["Record", Amount]


def _get_upper_end(dose: _Dose) -> Fraction:
    return dose[1].high


def _list_doses_of(
    record: Record, are_comparable: Callable[[Record, Record, Content], bool], content: Content
) -> list[_Dose]:
    """Return the regimens and usual doses that a dose is compared with, with their amounts in its unit."""
    amount = _find_amount(record)[1]
    if amount is None or not content.has_all_of_roles(
        record, REGIMEN, USUAL_DOSE, "population", "condition", "characteristic"
    ):
        return []
    candidates = [
        *find_same_product_records(record, content, REGIMEN),
        *find_same_product_records(record, content, USUAL_DOSE),
    ]
    return [
        (other, other_amount)
        for other in candidates
        if other is not record
        and agree_on_role(record, other, "form")
        and all(record.find_value(role) == other.find_value(role) for role in _DISTINGUISHING_ROLES)
        and are_comparable(record, other, content)
        and (other_amount := _convert(_find_amount(other)[1], amount)) is not None
    ]


def _find_greater_dose(record: Record, other_dose: _Dose | None, content: Content) -> Faults:
    """Yield a fault if the dose of a record is above the other one, and not given more seldom instead."""
    role, amount = _find_amount(record)
    if amount is None or other_dose is None:
        return
    other, other_amount = other_dose
    if amount.low > other_amount.high and not _is_less_in_time(record, other):
        other_text = f'the {format_amount(other_amount)} of other patients ("{other.id}")'
        message = f"{name_role_field(record, role)} {format_amount(amount)} is above {other_text}"
        against = (other, *list_patient_terms(content, record, other))
        yield locate_role_end(record, role), message, "correct one of the two", against


def _are_stronger(record: Record, other: Record, content: Content) -> bool:
    """Return whether others are like the patients of a record but for organs that are not so weak."""
    own_patients, other_patients = find_patients(record, content), find_patients(other, content)
    own_organs = frozenset(trait for trait in own_patients if trait.organ)
    other_organs = frozenset(trait for trait in other_patients if trait.organ)
    own_names = {trait.name for trait in own_organs}
    # What a band of good function adds to the others is no difference here.
    other_rest = frozenset(trait for trait in other_patients - other_organs if trait.name not in own_names)
    return are_among(own_patients - own_organs, other_rest, content, record) and (
        not other_organs or _are_below(own_organs, other_organs)
    )


def _are_bigger(record: Record, other: Record, content: Content) -> bool:
    """Return whether others are like the patients of a record, but older or heavier."""
    own_sizes, other_sizes = find_size_traits(record, content), find_size_traits(other, content)
    return (
        bool(other_sizes)
        and _are_below(own_sizes, other_sizes)
        and are_among(
            find_patients(record, content) - own_sizes,
            find_patients(other, content) - other_sizes,
            content,
            record,
        )
    )


def _are_below(traits: Patients, others: Patients) -> bool:
    """Return whether there is one band on either side, of one characteristic, and the first is lower."""
    if len(traits) != 1 or len(others) != 1:
        return False
    (trait,), (other,) = traits, others
    return (
        trait.name == other.name
        and trait.band is not None
        and other.band is not None
        and trait.band.is_below(other.band)
    )


def _is_by_body(record: Record) -> bool:
    amount = _find_amount(record)[1]
    dimension = name_amount_dimension(amount) if amount is not None else ""
    return "-per-body-" in dimension


def _find_amount(record: Record) -> tuple[str, Amount | None]:
    """Return the amount of one administration or of a day, with the role of its field."""
    dose, total = find_role_amount(record, "dose"), find_period_total(record)
    if dose is None and total is not None:
        return total.role, total.convert_to_daily()
    if dose is None:
        return "rate", find_role_amount(record, "rate")
    return "dose", dose if not dose.is_bounded() else None


def _convert(amount: Amount | None, other: Amount | None) -> Amount | None:
    return convert_to(amount, other.unit) if amount is not None and other is not None else None


def _is_less_in_time(record: Record, other: Record) -> bool:
    """Return whether a greater dose is given so much more seldom that it is less on average."""
    counts, other_counts = count_per_day(record), count_per_day(other)
    exposure, other_exposure = find_exposure(record), find_exposure(other)
    converted = _convert(exposure, other_exposure)
    return (
        counts is not None
        and other_counts is not None
        and counts.most < other_counts.least
        and converted is not None
        and other_exposure is not None
        and converted.low <= other_exposure.high
    )
