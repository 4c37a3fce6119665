"""Doses of one product by body weight or surface, and doses that are not."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.roles import (
    agree_on_role,
    find_role_amount,
    find_role_text,
    format_role_quantity,
    has_role_value,
    locate_role,
    make_role_fault,
    name_role_field,
)
from bmkit.rules.medication.body_sizes import find_body_surfaces, find_body_weights
from bmkit.rules.medication.dose_limits import (
    ADMINISTRATION,
    TIME,
    Cap,
    find_applicable_caps,
    name_amount_dimension,
)
from bmkit.rules.medication.dosing import find_amount_in, list_amounts
from bmkit.rules.medication.populations import are_weighed, find_patients, holds_for
from bmkit.rules.medication.regimens import (
    REGIMEN,
    USUAL_DOSE,
    find_dose_role,
    find_same_product_records,
    iter_regimens,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from bmkit.content import Content, Record

_PER_BODY = ("-per-body-weight", "-per-body-surface-area")
_BODIES_BY_SUFFIX = dict(zip(_PER_BODY, (find_body_weights, find_body_surfaces), strict=True))
# A dose that is no more than this part of its limit is another one than was meant.
_LEAST_PART = Fraction(1, 10)
# Doses that differ in one of these are not doses of the same.
_DISTINGUISHING_ROLES = ("option", "phase", "plan", "step", "manner", "given-with", "once")


@rule(Severity.WARNING, source=WHO_MEDICATION_WITHOUT_HARM)
def two_dimensions(content: Content) -> Faults:
    """A product is dosed by body weight in one fact, and not in another for the same patients.

    Most likely the "per kilogram" is lost in one of them.  Where patients are dosed either way, say with
    `option` that the one is given in place of the other.  A product with usual doses is compared with these.
    """
    for record in content.list_records_of_role(REGIMEN):
        role = find_dose_role(record)
        if not role or find_same_product_records(record, content, USUAL_DOSE):
            continue
        amounts = list_amounts(record)
        for other in _list_comparable(record, content):
            clash = next(
                (
                    (own_role, other_role)
                    for own_role, amount in amounts
                    for other_role, other_amount in list_amounts(other)
                    if _differ_by_body(amount, other_amount)
                ),
                None,
            )
            if clash is not None:
                own_role, other_role = clash
                text = format_role_quantity(record, own_role, keep_comparator=False)
                other_text = format_role_quantity(other, other_role, keep_comparator=False)
                message = (
                    f"{name_role_field(record, own_role)} {text} cannot be compared with the {other_text} "
                    f'of "{other.id}", for the same patients of "{find_role_text(record, "product")}"'
                )
                hint = "look the units up; add a usual dose, or an option if either may be given"
                yield locate_role(record, own_role, "unit"), message, hint, (other,)
                break


def _list_comparable(record: Record, content: Content) -> Iterator[Record]:
    """Yield earlier regimens of the same patients, the first of each sort."""
    same_product_records = find_same_product_records(record, content, REGIMEN)
    first_doses = _get_first_doses_cache(content)
    key = id(same_product_records)
    if key not in first_doses:
        firsts: dict[Hashable, Record] = {}
        for other in same_product_records:
            if find_dose_role(other):
                firsts.setdefault(_find_sort(other, content), other)
        first_doses[key] = list(firsts.values())
    for other in first_doses[key]:
        is_later = other.folder == record.folder and other.index >= record.index and other.kind is record.kind
        if not is_later and _are_of_same(record, other, content):
            yield other


@per_content
def _get_first_doses_cache(_: Content) -> dict[int, list[Record]]:
    """Return a place to keep the first regimen of each sort, by the list of those of the same product."""
    return {}


def _find_sort(record: Record, content: Content) -> Hashable:
    """Return what regimens of one product share that cannot be told apart by what they are compared in."""
    values = (repr(record.find_value(role)) for role in ("form", "route", *_DISTINGUISHING_ROLES))
    dimensions = (name_amount_dimension(amount) for _, amount in list_amounts(record))
    patients = find_patients(record, content)
    return patients, are_weighed(record, content), tuple(values), tuple(dimensions)


def _are_of_same(record: Record, other: Record, content: Content) -> bool:
    return (
        holds_for(other, record, content)
        and agree_on_role(record, other, "form")
        and are_weighed(record, content) == are_weighed(other, content)
        and not has_role_value(record, "option")
        and not has_role_value(other, "option")
        and all(
            (record.find_value(role) or None) == (other.find_value(role) or None)
            for role in _DISTINGUISHING_ROLES
        )
    )


@rule(Severity.WARNING, source=WHO_MEDICATION_WITHOUT_HARM)
def fits_no_body(content: Content) -> Faults:
    """A dose fits its limit for few patients or none: one is by body weight or surface, the other is not.

    "15 mg/kg, at most 1 g" is right.  But a dose that is above the limit of most patients, or no more than a
    tenth of that of the smallest, has lost its "per kilogram", or the limit has.
    """
    for record in iter_regimens(content):
        for cap in find_applicable_caps(record, content):
            amount = _find_counted_amount(record, cap)
            verdict = _judge_by_body(amount, cap, record, content) if amount is not None else ""
            if verdict:
                role = find_dose_role(record)
                message = f'{verdict} the maximum of {cap.format()} in "{cap.limit.id}"'
                yield make_role_fault(record, role, message, "look the units of both up", (cap.limit,))
                break


def _find_counted_amount(record: Record, cap: Cap) -> Amount | None:
    """Return how much a regimen gives in what a maximum counts; one dose if it does not say how often."""
    dose = find_role_amount(record, "dose")
    if cap.counts == TIME:
        return find_amount_in(record, cap.days) or dose
    return dose if cap.counts == ADMINISTRATION else None


def _judge_by_body(amount: Amount, cap: Cap, record: Record, content: Content) -> str:
    """Return how an amount stands to a maximum whatever the patients weigh, "" if it fits some of them."""
    dimension, limit_dimension = name_amount_dimension(amount), name_amount_dimension(cap.amount)
    for suffix, find_bodies in _BODIES_BY_SUFFIX.items():
        smallest, biggest = find_bodies(record, content)
        if dimension == limit_dimension + suffix:
            unit = amount.unit.rpartition("/")[0]
            least = amount._replace(
                low=amount.low * smallest, high=amount.low * smallest, unit=unit, dimension=""
            )
            return "is for the smallest patients above" if cap.is_exceeded_by(least) else ""
        if limit_dimension == dimension + suffix:
            maximum = convert_to(cap.amount, f"{amount.unit}/{cap.amount.unit.rpartition('/')[2]}")
            if maximum is None:
                return ""
            # As many times the smallest as the biggest is of it.
            if amount.low**2 > maximum.high**2 * smallest * biggest:
                return "is for most patients above"
            if amount.high <= maximum.high * smallest * _LEAST_PART:
                return "is for the smallest patients no more than a tenth of"
    return ""


def _differ_by_body(amount: Amount, other: Amount) -> bool:
    """Return whether two amounts measure the same of the medicine, but not both by the same of the body."""
    dimension, other_dimension = name_amount_dimension(amount), name_amount_dimension(other)
    return dimension != other_dimension and _strip_body(dimension) == _strip_body(other_dimension)


def _strip_body(dimension: str) -> str:
    for suffix in _PER_BODY:
        dimension = dimension.removesuffix(suffix)
    return dimension
