"""Doses of one product by body weight or surface, and doses that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.roles import (
    agree_on_role,
    find_role_text,
    format_role_quantity,
    has_role_value,
    locate_role,
    name_role_field,
)
from bmkit.rules.medication.dose_limits import name_amount_dimension
from bmkit.rules.medication.populations import are_weighed, holds_for
from bmkit.rules.medication.regimens import (
    DOSE_LIMIT,
    REGIMEN,
    USUAL_DOSE,
    find_dose_role,
    find_same_product_records,
)
from bmkit.rules.medication.usual_doses import list_amounts
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.rules.derived.amounts import Amount

_PER_BODY = ("-per-body-weight", "-per-body-surface-area")
# Doses that differ in one of these are not doses of the same.
_DISTINGUISHING_ROLES = ("option", "phase", "plan", "step", "manner", "given-with", "once")


def _make_dose(record_id: str, unit: str, **fields: Any) -> dict[str, Any]:
    return {"id": record_id, "product": "paracetamol", "dose": {"value": 15, "unit": unit}, **fields}


@rule(
    Severity.WARNING,
    good=[
        {"regimen": [_make_dose("one", "mg/kg"), _make_dose("two", "mg/kg")]},
        {"regimen": [_make_dose("one", "mg/kg", option="a"), _make_dose("two", "mg", option="b")]},
        {
            "regimen": [_make_dose("one", "mg/kg"), _make_dose("two", "mg", population="heavy")],
            "characteristic": [{"id": "weight", "sort": "body weight"}],
            "population": [
                {
                    "id": "heavy",
                    "bands": [
                        {
                            "characteristic": "weight",
                            "range": {"value": 50, "comparator": ">=", "unit": "kg"},
                        }
                    ],
                }
            ],
        },
    ],
    bad=[
        {"regimen": [_make_dose("one", "mg/kg"), _make_dose("two", "mg")]},
        {
            "regimen": [_make_dose("one", "mg")],
            "dose-limit": [
                {
                    "id": "most",
                    "product": "paracetamol",
                    "per": "administration",
                    "maximum": {"value": 15, "comparator": "<=", "unit": "mg/kg"},
                }
            ],
        },
    ],
    source=WHO_MEDICATION_WITHOUT_HARM,
)
def two_dimensions(content: Content) -> Faults:
    """A product is dosed or limited by body weight in one fact, and not in another for the same patients.

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
                yield locate_role(record, own_role, "unit"), message, hint
                break


def _list_comparable(record: Record, content: Content) -> Iterator[Record]:
    """Yield the earlier regimens of the same patients, and the limits that bind them."""
    for other in find_same_product_records(record, content, REGIMEN):
        if other is record:
            break
        if find_dose_role(other) and _are_of_same(record, other, content):
            yield other
    for other in find_same_product_records(record, content, DOSE_LIMIT):
        if _are_of_same(record, other, content):
            yield other


def _are_of_same(record: Record, other: Record, content: Content) -> bool:
    return (
        holds_for(other, record, content)
        and agree_on_role(record, other, "form")
        and are_weighed(record, content) == are_weighed(other, content)
        and not has_role_value(record, "option")
        and not has_role_value(other, "option")
        and (
            other.kind.role == DOSE_LIMIT
            or all(
                (record.find_value(role) or None) == (other.find_value(role) or None)
                for role in _DISTINGUISHING_ROLES
            )
        )
    )


def _differ_by_body(amount: Amount, other: Amount) -> bool:
    """Return whether two amounts measure the same of the medicine, but not both by the same of the body."""
    dimension, other_dimension = name_amount_dimension(amount), name_amount_dimension(other)
    return dimension != other_dimension and _strip_body(dimension) == _strip_body(other_dimension)


def _strip_body(dimension: str) -> str:
    for suffix in _PER_BODY:
        dimension = dimension.removesuffix(suffix)
    return dimension
