"""Radiotherapy: the dose and its fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, are_disjoint, convert_to, format_amount, to_amount
from bmkit.rules.derived.roles import find_role_amount, list_facts_with_roles, locate_role_end
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(
    Severity.ERROR,
    fix="correct the dose, the number of fractions, or the dose of one fraction",
    guards_dose=True,
)
def fractions_of_dose(content: Content) -> Faults:
    """The fractions of a radiotherapy do not add up to its dose.

    One of the three numbers is wrong, and the wrong dose of radiation cannot be taken back.
    """
    for record in list_facts_with_roles(
        content, "radiation-dose", "fractions", "radiation-dose-per-fraction"
    ):
        dose, fractions, fraction_dose = (
            record.find_value(role) for role in ("radiation-dose", "fractions", "radiation-dose-per-fraction")
        )
        product = to_amount(fraction_dose).multiply(Fraction(fractions))
        if are_disjoint(product, to_amount(dose)):
            message = (
                f"{fractions} fractions of {format_quantity(fraction_dose)} are {format_amount(product)}, "
                f"not {format_quantity(dose)}"
            )
            place = locate_role_end(record, "radiation-dose")
            yield place, message, "correct one of the three numbers"


@rule(Severity.WARNING, fix="correct the dose or the number of fractions", guards_dose=True)
def unusual_fraction(content: Content) -> Faults:
    """The dose of a radiotherapy and its fractions make a dose of one fraction that nobody gives.

    The field of one fraction states what is plausible; where only the dose in all is given, it is divided.
    """
    for record in list_facts_with_roles(content, "radiation-dose", "fractions"):
        field = record.kind.find_role_field("radiation-dose-per-fraction")
        if field is None or field.name in record.value:
            continue
        dose = find_role_amount(record, "radiation-dose")
        if dose is None:
            continue
        fraction_dose = dose.multiply(Fraction(1, record.find_value("fractions")))
        for plausible_range in field.plausible_ranges:
            converted = convert_to(fraction_dose, plausible_range.unit)
            if (
                converted is not None
                and not plausible_range.low <= converted.low <= converted.high <= plausible_range.high
            ):
                range_text = format_amount(
                    Amount(
                        Fraction(plausible_range.low), Fraction(plausible_range.high), plausible_range.unit
                    )
                )
                message = (
                    f"{format_amount(converted)} in a fraction is outside the plausible range {range_text}"
                )
                yield locate_role_end(record, "radiation-dose"), message
