"""Dose limits as maxDosePerAdministration and maxDosePerPeriod of a Dosage, or in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import notes
from bmkit.export.fhir.datatypes import build_quantity, build_ratio, can_be_maximum, to_daily_amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.terms import Terms

_MAXIMUM_FIELDS = ("maximum", "maximum_daily")
_MAX_PER_ADMINISTRATION = "maxDosePerAdministration"
_MAX_PER_PERIOD = "maxDosePerPeriod"


def build_max_dose_elements(limit: Record) -> Json:
    """The maximum elements of a Dosage from a dose limit: none for "at least" or a range."""
    elements: Json = {}
    maximum, daily_maximum = limit["maximum"], limit["maximum_daily"]
    if maximum is not None and can_be_maximum(maximum):
        elements[_MAX_PER_ADMINISTRATION] = build_quantity(maximum["value"], maximum["unit"])
    if daily_maximum is not None and can_be_maximum(daily_maximum):
        elements[_MAX_PER_PERIOD] = [build_daily_ratio(daily_maximum)]
    return elements


def find_exact_maximum_fields(limit: Record) -> set[str]:
    """The fields of a dose limit that those elements express without loss; "below" is not among them."""
    amounts = {
        field_name: limit[field_name] for field_name in _MAXIMUM_FIELDS if limit[field_name] is not None
    }
    return {
        field_name
        for field_name, amount in amounts.items()
        if can_be_maximum(amount) and amount.get("comparator") != "<"
    }


def build_daily_ratio(daily_amount: Json) -> Json:
    """An amount of a day as Ratio of an amount and one day."""
    amount = to_daily_amount(daily_amount)
    return build_ratio(build_quantity(amount["value"], amount["unit"]), build_quantity(1, "d"))


def apply_dose_limits(terms: Terms, regimen: Record, dosage: Json) -> Iterator[str]:
    """Set the maxima of the Dosage of a regimen; yields the limits that need words.

    The lowest of several limits is set.  A limit for fewer people is no maximum of the regimen, but whoever
    gives it must know it.
    """
    for limit in terms.content.list_records("dose-limit"):
        is_applicable = is_limit_applicable(limit, regimen)
        if is_applicable:
            _lower_maximums(dosage, build_max_dose_elements(limit))
        inexact_fields = {
            field_name for field_name in _MAXIMUM_FIELDS if limit[field_name] is not None
        } - find_exact_maximum_fields(limit)
        texts = notes.format_notes_to_check(terms, limit)
        if (is_applicable and (inexact_fields or texts)) or (
            not is_applicable and _is_subgroup_limit(limit, regimen)
        ):
            yield notes.append_notes(terms.describe_record(limit), texts)


def is_limit_applicable(limit: Record, regimen: Record) -> bool:
    """Whether a dose limit holds for a regimen: same product and route, and nothing narrower."""
    if not _has_same_product_and_route(limit, regimen):
        return False
    return all(limit[field_name] in (None, regimen[field_name]) for field_name in ("population", "condition"))


def _is_subgroup_limit(limit: Record, regimen: Record) -> bool:
    """Whether a dose limit holds for some of those who get a regimen; not one for another condition."""
    return _has_same_product_and_route(limit, regimen) and (
        limit["condition"] in (None, regimen["condition"]) or regimen["condition"] is None
    )


def _has_same_product_and_route(limit: Record, regimen: Record) -> bool:
    return bool((limit["product"], limit["route"]) == (regimen["product"], regimen["route"]))


def _lower_maximums(dosage: Json, max_dose_elements: Json) -> None:
    for element_name, maximum in max_dose_elements.items():
        if element_name not in dosage or _is_lower_quantity(
            _extract_maximum_quantity(maximum), _extract_maximum_quantity(dosage[element_name])
        ):
            dosage[element_name] = maximum


def _extract_maximum_quantity(maximum: Json | list[Json]) -> Json:
    amount: Json = maximum[0]["numerator"] if isinstance(maximum, list) else maximum
    return amount


def _is_lower_quantity(candidate: Json, current: Json) -> bool:
    from bmkit.ucum.dimensions import convert_between, share_dimension

    if not share_dimension(candidate["code"], current["code"]):
        return False
    return bool(convert_between(candidate["value"], candidate["code"], current["code"]) < current["value"])
