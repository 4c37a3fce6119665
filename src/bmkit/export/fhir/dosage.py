"""Dosage of a regimen or a dose limit, which means no more than its fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import dose_limits
from bmkit.export.fhir.datatypes import (
    build_quantity,
    build_ratio,
    build_simple_value,
    has_no_upper_end,
    is_exact_number,
    split_flow,
)
from bmkit.export.fhir.dosage_words import (
    CODED_INSTRUCTION_ROLES,
    format_applicable_instructions,
    format_unstated_fields,
)
from bmkit.export.fhir.notes import describe_with_safety_notes
from bmkit.export.fhir.timing import build_repeat, is_once_a_day, read_daily_amount
from bmkit.ucum.units import is_valid_unit

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.terms import Terms


def build_regimen_dosage(terms: Terms, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a regimen, and the roles of the fields that it expresses without loss.

    It means no more than the fact: fields without an element become instructions in words.
    """
    dosage: Json = {}
    # The days are in words here and in the plan of the regimen.
    lossless_roles = {"product", "days"}
    step = record.find_value("step")
    if step is not None:
        dosage["sequence"] = step
        lossless_roles.add("step")
    dosage["text"] = describe_with_safety_notes(terms, record)
    instructions = [
        instruction_concept
        for role in CODED_INSTRUCTION_ROLES
        for instruction_concept in terms.iter_concepts(record, role)
    ]
    lossless_roles.update(role for role in CODED_INSTRUCTION_ROLES if record.find_value(role) is not None)
    repeat_element, part_roles = build_repeat(record)
    lossless_roles |= part_roles
    if repeat_element:
        dosage["timing"] = {"repeat": repeat_element}
    if record.find_value("as-needed"):
        dosage["asNeeded"] = True
        lossless_roles.add("as-needed")
    lossless_roles |= _add_places(terms, record, dosage)
    dose_and_rate, part_roles = _build_dose_and_rate(record, repeat_element)
    lossless_roles |= part_roles
    if (method := terms.build_concept(record, "manner")) is not None:
        dosage["method"] = method
        lossless_roles.add("manner")
    if dose_and_rate:
        dosage["doseAndRate"] = [dose_and_rate]
    total = record.find_value("total")
    daily_amount = read_daily_amount(record)
    if total is not None and daily_amount is not None and total.get("comparator") == "<=":
        day = build_quantity(1, "d")
        amount = build_quantity(daily_amount["value"], daily_amount["unit"])
        dose_limits.set_maximum(dosage, dose_limits.Maximum("maxDosePerPeriod", amount, day))
    stated_roles = lossless_roles | ({"time-of-day"} if "when" in repeat_element else set())
    instruction_texts = [
        *format_unstated_fields(terms, record, stated_roles),
        *dose_limits.apply_dose_limits(terms, record, dosage),
        *format_applicable_instructions(terms, record),
    ]
    instructions += [{"text": instruction_text} for instruction_text in instruction_texts]
    if instructions:
        dosage["additionalInstruction"] = instructions
    return dosage, lossless_roles


def build_limit_dosage(terms: Terms, record: Record) -> tuple[Json, set[str]]:
    """The Dosage of a dose limit: the maximum at one time, in a period or in a life."""
    dosage: Json = {"text": describe_with_safety_notes(terms, record)}
    lossless_roles = {"product", *_add_places(terms, record, dosage)}
    for maximum in dose_limits.list_maximums(record):
        dose_limits.set_maximum(dosage, maximum)
    if dose_limits.is_exactly_expressed(record):
        lossless_roles |= {"maximum", "window"}
    else:
        dosage["additionalInstruction"] = [{"text": terms.describe_record(record)}]
    return dosage, lossless_roles


def _add_places(terms: Terms, record: Record, dosage: Json) -> set[str]:
    """Set where it is given: the route, and the site with its side; returns the roles of both."""
    placed_roles: set[str] = set()
    if (route := terms.build_concept(record, "route")) is not None:
        dosage["route"] = route
        placed_roles.add("route")
    sites = list(terms.iter_concepts(record, "site"))
    if len(sites) == 1:
        side = terms.format_role_value(record, "side")
        dosage["site"] = {**sites[0], "text": f"{sites[0]['text']} ({side})"} if side else sites[0]
        placed_roles |= {"site", "side"}
    return placed_roles


def _build_dose_and_rate(record: Record, repeat_element: Json) -> tuple[Json, set[str]]:
    dose_and_rate: Json = {}
    lossless_roles: set[str] = set()
    # "Above 1600 mg a day" is a condition and no dose: a Range open above would allow any dose.
    dose, rate = (
        None if _is_open_ended(record.find_value(role)) else record.find_value(role)
        for role in ("dose", "rate")
    )
    if dose is not None:
        dose_and_rate.update(build_simple_value("dose", dose))
        lossless_roles |= _select_lossless_role("dose", dose)
    if rate is not None:
        dose_and_rate.update(build_simple_value("rate", rate))
        lossless_roles |= _select_lossless_role("rate", rate)
    total = record.find_value("total")
    # A daily dose without the interval of the fact would be given every day.
    if (
        total is not None
        and rate is None
        and not _is_open_ended(total)
        and (record.find_value("interval") is None or "period" in repeat_element)
    ):
        total_element = _build_total(record, repeat_element)
        dose_and_rate.update(total_element)
        if total_element:
            lossless_roles |= _select_lossless_role("total", total)
            lossless_roles.add("total-in")
    volume, administration_time = record.find_value("volume"), record.find_value("administration-time")
    has_rate = any(element_name.startswith("rate") for element_name in dose_and_rate)
    if (
        is_exact_number(volume)
        and is_exact_number(administration_time)
        and administration_time["value"] > 0
        and not has_rate
    ):
        dose_and_rate["rateRatio"] = build_ratio(
            build_quantity(volume["value"], volume["unit"]),
            build_quantity(administration_time["value"], administration_time["unit"]),
        )
        lossless_roles.add("volume")
    return dose_and_rate, lossless_roles


def _build_total(record: Record, repeat_element: Json) -> Json:
    """The amount of a period: as a dose if it is given at one time, or else as a rate.

    One that may be divided would, as a dose, be read as the amount of each time.
    """
    total, period = record.find_value("total"), record.find_value("total-in")
    daily_amount = read_daily_amount(record)
    if daily_amount is not None and record.find_value("dose") is None:
        if is_once_a_day(record, repeat_element):
            return build_simple_value("dose", daily_amount)
        return build_simple_value("rate", {**daily_amount, "unit": f"{daily_amount['unit']}/d"})
    if split_flow(total)[1]:
        return build_simple_value("rate", total)
    if period is None or not is_exact_number(period):
        return {}
    rate_unit = f"{total['unit']}/{period['unit']}"
    if period["value"] == 1 and is_valid_unit(rate_unit):
        return build_simple_value("rate", {**total, "unit": rate_unit})
    if is_exact_number(total):
        numerator = build_quantity(total["value"], total["unit"])
        return {"rateRatio": build_ratio(numerator, build_quantity(period["value"], period["unit"]))}
    return {}


def _is_open_ended(amount: Json | None) -> bool:
    return amount is not None and has_no_upper_end(amount)


def _select_lossless_role(role: str, amount: Json) -> set[str]:
    """The role, unless its comparator has no place in a dose (a strict one, or "about")."""
    return {role} if amount.get("comparator", "") in ("", "<=") else set()
