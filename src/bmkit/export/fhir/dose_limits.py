"""Dose limits as the maxima of a Dosage, or in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.fhir import notes
from bmkit.export.fhir.characteristics import find_unplaced_fields
from bmkit.export.fhir.datatypes import (
    build_quantity,
    build_ratio,
    can_be_maximum,
    is_exact_number,
    is_lower_quantity,
    split_flow,
)
from bmkit.rules.medication.populations import holds_for, may_share_patients
from bmkit.ucum.dimensions import share_dimension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.terms import Terms

_MAX_PER_ADMINISTRATION = "maxDosePerAdministration"
_MAX_PER_LIFETIME = "maxDosePerLifetime"
_MAX_PER_PERIOD = "maxDosePerPeriod"
# The element for what a maximum counts, by the word for that; for a course or a speed there is none.
_ELEMENTS_BY_WORD = {
    "administration": _MAX_PER_ADMINISTRATION,
    "lifetime": _MAX_PER_LIFETIME,
    "time": _MAX_PER_PERIOD,
}
# What a limit counts, rather than for whom and when it holds.
_LIMIT_ROLES = frozenset({"maximum", "per", "window", "product", "substance", "population"})
_HOLDING_PARTS = ("population", "exposure", "comparator", "time")


class Maximum(NamedTuple):
    """A maximum of a Dosage: its element, its amount and, of one in a period, the period."""

    element_name: str
    amount: Json
    period: Json | None = None

    @property
    def element(self) -> Json:
        """The Quantity, or the Ratio of amount and period."""
        return self.amount if self.period is None else build_ratio(self.amount, self.period)


def list_maximums(limit: Record) -> list[Maximum]:
    """The maxima that FHIR has elements for: none for "at least", a range, a course or a speed."""
    amount = limit.find_value("maximum")
    maximum = _make_maximum(limit, amount) if amount is not None and can_be_maximum(amount) else None
    return [maximum] if maximum is not None else []


def _make_maximum(limit: Record, amount: Json) -> Maximum | None:
    window = limit.find_value("window")
    word = str(limit.find_value("per") or "")
    element_name = _ELEMENTS_BY_WORD.get(word, _MAX_PER_PERIOD if not word else "")
    if window is not None and element_name == _MAX_PER_PERIOD and is_exact_number(window):
        return Maximum(element_name, _build_number(amount), build_quantity(window["value"], window["unit"]))
    flow_amount, time_unit = split_flow(amount)
    if window is None and time_unit and element_name == _MAX_PER_PERIOD:
        return Maximum(element_name, _build_number(flow_amount), build_quantity(1, time_unit))
    if window is None and not time_unit and element_name not in ("", _MAX_PER_PERIOD):
        return Maximum(element_name, _build_number(amount))
    return None


def _build_number(amount: Json) -> Json:
    return build_quantity(amount["value"], amount["unit"])


def is_exactly_expressed(limit: Record) -> bool:
    """Whether the maximum of a Dosage says all of a limit: "below" has no comparator there."""
    amount = limit.find_value("maximum")
    return amount is None or (bool(list_maximums(limit)) and amount.get("comparator") != "<")


def set_maximum(dosage: Json, maximum: Maximum) -> bool:
    """Set a maximum of a Dosage where it is lower than what stands there; False if both must be said.

    Two maxima that cannot be compared (mg and mg/kg, a day and a week) both hold.
    """
    if maximum.period is not None:
        ratios = dosage.setdefault(_MAX_PER_PERIOD, [])
        for index, ratio in enumerate(ratios):
            if ratio["denominator"] == maximum.period and _is_comparable(ratio["numerator"], maximum.amount):
                if is_lower_quantity(maximum.amount, ratio["numerator"]):
                    ratios[index] = maximum.element
                return True
        ratios.append(maximum.element)
        return True
    current = dosage.get(maximum.element_name)
    if current is not None and not _is_comparable(current, maximum.amount):
        return False
    if current is None or is_lower_quantity(maximum.amount, current):
        dosage[maximum.element_name] = maximum.element
    return True


def _is_comparable(first: Json, second: Json) -> bool:
    # Pieces are counted in 1, whatever they are: the words say which.
    if "1" in (first["code"], second["code"]):
        return bool(first["unit"].rstrip("s") == second["unit"].rstrip("s"))
    return share_dimension(first["code"], second["code"], "dose")


def apply_dose_limits(terms: Terms, regimen: Record, dosage: Json) -> Iterator[str]:
    """Set the maxima of the Dosage of a regimen; yields the limits that need words.

    The lowest of several limits is set.  A limit for fewer people is no maximum of the regimen, but whoever
    gives it must know it.
    """
    for limit in terms.list_records("dose-limit"):
        is_applicable = is_limit_applicable(terms, limit, regimen)
        is_said = is_applicable and is_exactly_expressed(limit)
        if is_applicable:
            for maximum in list_maximums(limit):
                is_said = set_maximum(dosage, maximum) and is_said
        texts = notes.format_notes_to_check(terms, limit)
        if (is_applicable and (not is_said or texts)) or (
            not is_applicable and _is_subgroup_limit(terms, limit, regimen)
        ):
            yield notes.append_notes(terms.describe_record(limit), texts)


def is_limit_applicable(terms: Terms, limit: Record, regimen: Record) -> bool:
    """Whether a dose limit holds for a regimen: same product, all its patients, and for nothing narrower."""
    return (
        has_same_medicine(limit, regimen)
        and holds_for(limit, regimen, terms.content)
        and all(
            field.role and limit[field.name] == regimen.find_value(field.role)
            for field in find_unplaced_fields(limit, _LIMIT_ROLES)
            if field.part in _HOLDING_PARTS
        )
    )


def _is_subgroup_limit(terms: Terms, limit: Record, regimen: Record) -> bool:
    """Whether a dose limit holds for some of those who get a regimen.

    One for another condition, route or form, or for patients none of whom gets it, does not.
    """
    if not may_share_patients(limit, regimen, terms.content):
        return False
    return has_same_medicine(limit, regimen) and all(
        None in (limit.find_value(role), regimen.find_value(role))
        or limit.find_value(role) == regimen.find_value(role)
        for role in ("condition", "route", "form")
    )


def has_same_medicine(record: Record, other: Record) -> bool:
    """Whether two facts are about one product or, where neither names one, one substance."""
    for role in ("product", "substance"):
        medicines = (record.find_value(role), other.find_value(role))
        if medicines != (None, None):
            return bool(medicines[0] == medicines[1])
    return False
