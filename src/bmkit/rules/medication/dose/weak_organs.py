"""Doses for patients whose kidneys or liver are weak, compared with the doses of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount
from bmkit.rules.derived.roles import agree_on_role, find_role_amount, locate_role_end, name_role_field
from bmkit.rules.medication.dosing import find_exposure, find_period_total
from bmkit.rules.medication.populations import (
    Trait,
    are_among,
    find_patients,
    find_weak_organs,
    list_traits_without_organ,
)
from bmkit.rules.medication.regimens import REGIMEN, USUAL_DOSE, find_same_product_records, iter_regimens
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# Doses that differ in one of these cannot be compared.
_DISTINGUISHING_ROLES = ("phase", "plan", "step", "option", "manner", "given-with", "until", "change")


def _make_clearance_example(*doses: tuple[str, float], **records: Any) -> dict[str, Any]:
    return {
        "characteristic": [{"id": "clearance", "sort": "kidney function"}],
        "population": [
            _make_clearance_population("above-60", value=60, comparator=">"),
            _make_clearance_population("50-to-60", low=50, high=60),
            _make_clearance_population("40-to-49", low=40, high=49),
        ],
        "regimen": [
            {
                "id": f"{patients or 'all'}-{dose}",
                "product": "zometa",
                "dose": {"value": dose, "unit": "mg"},
                **({"population": patients} if patients else {}),
            }
            for patients, dose in doses
        ],
        **records,
    }


def _make_clearance_population(population_id: str, **clearance: Any) -> dict[str, Any]:
    band = {"characteristic": "clearance", "range": {**clearance, "unit": "mL/min"}}
    return {"id": population_id, "bands": [band]}


@rule(
    Severity.ERROR,
    good=[
        _make_clearance_example(("", 4), ("50-to-60", 3.5), ("40-to-49", 3.3)),
        _make_clearance_example(("50-to-60", 4), ("", 4)),
    ],
    bad=[
        _make_clearance_example(("", 4), ("50-to-60", 35)),
        _make_clearance_example(("above-60", 4), ("50-to-60", 3.3), ("40-to-49", 3.5)),
        _make_clearance_example(
            ("50-to-60", 5),
            **{"usual-dose": [{"id": "usual", "product": "zometa", "dose": {"value": 4, "unit": "mg"}}]},
        ),
    ],
)
def weak_above_general(content: Content) -> Faults:
    """A dose for patients whose kidneys or liver are weak is above that for other patients.

    These patients clear the medicine more slowly and are given less, not more: the two were mixed up, or one
    of them is mistyped.
    """
    for record in iter_regimens(content):
        if not find_weak_organs(record, content) or not content.has_all_of_roles(
            record, REGIMEN, USUAL_DOSE, "population", "condition", "characteristic"
        ):
            continue
        role, amount = _find_amount(record)
        others = [
            (other, other_amount)
            for other in _list_stronger(record, content)
            if (other_amount := _convert(_find_amount(other)[1], amount)) is not None
        ]
        if amount is None or not others:
            continue
        # Of a table of bands each counts; of other doses one may be for something else.
        bands = [pair for pair in others if find_weak_organs(pair[0], content)]
        greatest, greatest_amount = (
            min(bands, key=lambda pair: pair[1].high)
            if bands
            else max(others, key=lambda pair: pair[1].high)
        )
        if amount.low > greatest_amount.high and not _is_less_in_time(record, greatest):
            other_text = f'the {format_amount(greatest_amount)} of other patients ("{greatest.id}")'
            message = f"{name_role_field(record, role)} {format_amount(amount)} is above {other_text}"
            yield locate_role_end(record, role), message, "correct one of the two"


def _list_stronger(record: Record, content: Content) -> list[Record]:
    """Return the regimens and usual doses for these patients if their organs were stronger."""
    candidates = [
        *find_same_product_records(record, content, REGIMEN),
        *find_same_product_records(record, content, USUAL_DOSE),
    ]
    return [
        other
        for other in candidates
        if other is not record
        and agree_on_role(record, other, "form")
        and all((record.find_value(role) == other.find_value(role)) for role in _DISTINGUISHING_ROLES)
        and _are_stronger(record, other, content)
    ]


def _are_stronger(record: Record, other: Record, content: Content) -> bool:
    own_rest = list_traits_without_organ(record, content)
    other_rest = list_traits_without_organ(other, content)
    own_organs = find_patients(record, content) - own_rest
    other_organs = find_patients(other, content) - other_rest
    own_names = {trait.name for trait in own_organs}
    # What a band of good function adds to the others is no difference here.
    other_rest = frozenset(trait for trait in other_rest if trait.name not in own_names)
    if not are_among(own_rest, other_rest, content, record):
        return False
    return not other_organs or (
        len(own_organs) == len(other_organs) == 1 and _is_lower(*own_organs, *other_organs)
    )


def _is_lower(trait: Trait, other: Trait) -> bool:
    """Return whether a band of function lies below another one of the same characteristic."""
    return (
        trait.name == other.name
        and trait.band is not None
        and other.band is not None
        and trait.band.high is not None
        and trait.band.unit == other.band.unit
        and other.band.low is not None
        and trait.band.high <= other.band.low
    )


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
    exposure, other_exposure = find_exposure(record), find_exposure(other)
    converted = _convert(exposure, other_exposure)
    return converted is not None and other_exposure is not None and converted.low <= other_exposure.high
