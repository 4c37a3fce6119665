"""Infusions: over what time, in what volume and how fast a dose goes into a vein."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.roles import (
    find_role_amount,
    find_role_text,
    format_role_quantity,
    has_role_value,
    locate_role,
    locate_role_end,
    make_role_fault,
    name_role_field,
)
from bmkit.rules.medication.dose_limits import CONCENTRATION, SPEED, find_applicable_caps
from bmkit.rules.medication.dosing import find_speed
from bmkit.rules.medication.forms import (
    BY_MOUTH,
    INFUSED_STATE,
    INJECTED_STATES,
    find_state,
    find_way,
    is_into_vein,
    is_ready_to_use,
    needs_dilution,
)
from bmkit.rules.medication.regimens import (
    PATIENT_ROLES,
    REGIMEN,
    find_dose_role,
    find_peer_records,
    find_same_product_records,
    format_patients,
    is_stated_for_patients,
    iter_regimens,
)
from bmkit.rules.medication.usual_doses import find_usual_ranges
from bmkit.rules.rule import Fault, Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_BOLUS, _INFUSION = "bolus", "infusion"
# What only an infusion has.
_INFUSION_ROLES = ("administration-time", "solution", "volume", "rate")
# What does not go with a dose by mouth: a volume may be drunk.
_DILUTION_ROLES = ("volume", "solution", "concentration")
_NEVER_BY_MOUTH_ROLES = ("administration-time", "rate")
_SIPPED_STATES = frozenset(("oral liquid", "lozenge", "melting or chewable tablet"))
# In minutes: some are given slowly.
_LONGEST_BOLUS = 10
# mL/h: the slowest rate of a syringe pump, and the fastest rate of an infusion pump.
_MIN_INFUSION_RATE, _MAX_INFUSION_RATE = Fraction(1), Fraction(1200)


@rule(Severity.WARNING)
def no_time(content: Content) -> Faults:
    """A dose is infused into a vein, but no fact states over what time.

    Given too fast, many medicines harm the kidneys or stop the heart.  A bolus, an injection and what is
    ready to use are not checked, nor a dose of which nothing says that it is infused.
    """
    for record in _iter_infusions_without(content, "administration-time"):
        yield _make_unstated_fault(record, "over what time", "add the infusion time")


@rule(Severity.WARNING)
def no_volume(content: Content) -> Faults:
    """A dose is infused into a vein, but no fact states in what volume.

    Undiluted, a concentrate burns the vein; diluted too much, it strains the heart.  A bolus, an injection
    and what is ready to use are not checked, nor a dose of which nothing says that it is infused.
    """
    for record in _iter_infusions_without(content, "volume"):
        dilutions = find_peer_records(record, content, "dilution")
        is_diluted = any(has_role_value(dilution, "volume") for dilution in dilutions)
        if (
            not is_diluted
            and not has_role_value(record, "concentration")
            and content.has_all_of_roles(record, "dilution")
        ):
            yield _make_unstated_fault(record, "in what volume", "add the volume or a dilution")


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def undiluted(content: Content) -> Faults:
    """A form that must be diluted is given into a vein, but nothing says that it is diluted.

    Concentrated potassium chloride given undiluted stops the heart.
    """
    for record in iter_regimens(content):
        if (
            not needs_dilution(record, content)
            or not is_into_vein(record, content)
            or any(has_role_value(record, role) for role in _DILUTION_ROLES)
        ):
            continue
        is_bolus = find_role_text(record, "manner") == _BOLUS
        if is_bolus or (
            not find_same_product_records(record, content, "dilution")
            and not is_stated_for_patients(record, content, _DILUTION_ROLES)
            and content.has_all_of_roles(record, "dilution", *PATIENT_ROLES)
        ):
            form = find_role_text(record, "form")
            manner = "as a bolus" if is_bolus else "into a vein"
            message = f'the form "{form}" must be diluted, and is given {manner} without a dilution'
            yield locate_role(record, "form"), message, "add the dilution, or correct the form"


@rule(Severity.ERROR)
def bolus_over_time(content: Content) -> Faults:
    """A bolus flows, or takes longer than a bolus does.

    One of the two is wrong: what is meant to run in over half an hour, and is given at once, can stop the
    heart.
    """
    for record in content.list_records_of_role(REGIMEN):
        if find_role_text(record, "manner") != _BOLUS:
            continue
        minutes = convert_to(find_role_amount(record, "administration-time"), "min")
        role = "rate" if has_role_value(record, "rate") else "administration-time"
        if role == "rate" or (minutes is not None and minutes.low > _LONGEST_BOLUS):
            yield make_role_fault(record, role, "is no bolus", "correct one of the two", keep_comparator=True)


@rule(Severity.ERROR)
def too_fast(content: Content) -> Faults:
    """A dose is given faster than the greatest speed that is stated for its patients.

    The dose may be right, but its speed is that of an overdose.
    """
    for record in iter_regimens(content):
        speed = find_speed(record)
        for cap in find_applicable_caps(record, content) if speed is not None else ():
            maximum = cap.convert(speed.unit) if cap.counts == SPEED and speed is not None else None
            if speed is not None and maximum is not None and speed.low > maximum.high:
                role = "rate" if has_role_value(record, "rate") else "administration-time"
                verdict = (
                    f"makes {format_amount(speed._replace(high=speed.low))}, "
                    f'above the maximum of {cap.format()} in "{cap.limit.id}"'
                )
                yield make_role_fault(
                    record, role, verdict, "correct one of the two", (cap.limit,), keep_comparator=True
                )
                break


@rule(Severity.ERROR)
def too_concentrated(content: Content) -> Faults:
    """What is given is more concentrated than the maximum that is stated for its patients.

    The dose may be right, but it burns the vein, or is too fast for every pump.
    """
    for record in iter_regimens(content):
        concentration = _find_concentration(record)
        for cap in find_applicable_caps(record, content) if concentration is not None else ():
            if (
                concentration is not None
                and cap.counts == CONCENTRATION
                and cap.is_exceeded_by(concentration)
            ):
                is_stated = has_role_value(record, "concentration")
                verdict = "" if is_stated else f"makes {format_amount(concentration)}, and "
                verdict = f'{verdict}is above the maximum of {cap.format()} in "{cap.limit.id}"'
                role = "concentration" if is_stated else "volume"
                yield make_role_fault(record, role, verdict, "correct one of the two", (cap.limit,))
                break


def _find_concentration(record: Record) -> Amount | None:
    """Return how concentrated a dose is given at least, None if that is not stated."""
    stated = find_role_amount(record, "concentration")
    dose, volume = find_role_amount(record, "dose"), find_role_amount(record, "volume")
    if stated is not None or dose is None or volume is None or volume.high <= 0 or dose.is_bounded():
        return stated
    least = dose.low / volume.high
    return Amount(least, least, f"{dose.unit}/{volume.unit}")


@rule(Severity.WARNING)
def bolus_of_limited_speed(content: Content) -> Faults:
    """A bolus of a medicine whose speed is limited does not say how long it takes.

    At once is faster than any limit: potassium as a bolus stops the heart.
    """
    for record in iter_regimens(content):
        if find_role_text(record, "manner") != _BOLUS or find_speed(record) is not None:
            continue
        cap = next((cap for cap in find_applicable_caps(record, content) if cap.counts == SPEED), None)
        if cap is not None:
            message = f'a bolus is faster than the maximum of {cap.format()} in "{cap.limit.id}"'
            hint = "add the administration time, or give an infusion"
            yield locate_role(record, "manner"), message, hint, (cap.limit,)


@rule(Severity.ERROR)
def no_minimum_time(content: Content) -> Faults:
    """The time of an infusion has only a maximum, which allows a faster infusion than is usual.

    "Within 15 minutes" allows an infusion in two.  The usual times are in the list of dose ranges; medicines
    that are given as fast as possible have "at most" there too.  Another fact may state the minimum, as "at
    least".
    """
    for record in content.list_records_of_role(REGIMEN):
        longest_time = find_role_amount(record, "administration-time")
        if (
            longest_time is None
            or not longest_time.is_capped()
            or not content.has_all_of_roles(record, *PATIENT_ROLES)
        ):
            continue
        usual_times = [
            usual_time
            for usual_time in find_usual_ranges(record, "administration-time", content)
            if not usual_time.bounds.is_capped()
        ]
        shortest_usual = min(usual_times, key=lambda usual_time: usual_time.bounds.low, default=None)
        if (
            shortest_usual is not None
            and shortest_usual.bounds.low > 0
            and not _has_usual_minimum_time(record, shortest_usual.bounds, content)
        ):
            verdict = f"allows a faster infusion than the usual {shortest_usual.text}"
            hint = f"state the minimum time, or correct the usual one in {shortest_usual.record.file}"
            against = (shortest_usual.record,)
            yield make_role_fault(record, "administration-time", verdict, hint, against, keep_comparator=True)


@rule(Severity.ERROR)
def oral_route(content: Content) -> Faults:
    """A dose is infused, but its route is by mouth.

    Only one of the two can be true, and the dose by mouth of many medicines is a hundred times the dose by
    vein.  A volume may be drunk in a time.
    """
    for record in content.list_records_of_role(REGIMEN):
        if find_way(record, content) != BY_MOUTH or _is_drunk(record, content):
            continue
        role = next((role for role in _NEVER_BY_MOUTH_ROLES if has_role_value(record, role)), "")
        if role or find_role_text(record, "manner") == _INFUSION:
            phrase = (
                f"{name_role_field(record, role)} {format_role_quantity(record, role)}" if role else _INFUSION
            )
            message = f'{phrase} does not fit the route "{find_role_text(record, "route")}"'
            yield locate_role(record, "route"), message, "correct the route, or remove the infusion"


@rule(Severity.ERROR)
def implausible_rate(content: Content) -> Faults:
    """A volume cannot be infused in the time that is stated for it.

    No infusion of a medicine runs above 1200 mL an hour or below 1 mL an hour: one of the two is wrong.
    """
    for record in content.list_records_of_role(REGIMEN):
        hours = convert_to(find_role_amount(record, "administration-time"), "h")
        if hours is None or hours.low <= 0 or find_role_text(record, "manner") == _BOLUS:
            continue
        # Without a volume of its own a regimen has that of a dilution; some may be for other patients.
        volume_records = (
            [record] if has_role_value(record, "volume") else find_peer_records(record, content, "dilution")
        )
        volumes = [
            (volume_record, volume)
            for volume_record in volume_records
            if (volume := convert_to(find_role_amount(volume_record, "volume"), "mL")) is not None
        ]
        rates = [
            (volume_record, volume.low / hours.high, volume.high / hours.low)
            for volume_record, volume in volumes
        ]
        if rates and all(
            max_rate > _MAX_INFUSION_RATE or min_rate < _MIN_INFUSION_RATE for _, min_rate, max_rate in rates
        ):
            volume_record, min_rate, max_rate = rates[0]
            rate_text = format_amount(Amount(min_rate, max_rate, "mL/h"))
            limit_phrase = (
                f"above {_MAX_INFUSION_RATE}"
                if max_rate > _MAX_INFUSION_RATE
                else f"below {_MIN_INFUSION_RATE}"
            )
            owner_phrase = "" if volume_record is record else f' of "{volume_record.id}"'
            infusion_phrase = (
                f"{format_role_quantity(volume_record, 'volume')}{owner_phrase} "
                f"over {format_role_quantity(record, 'administration-time')}"
            )
            place = locate_role_end(record, "administration-time")
            hint = "correct the volume or the time, or the unit of one"
            yield place, f"{infusion_phrase} is {rate_text}, {limit_phrase}", hint, (volume_record,)


def _iter_infusions_without(content: Content, role: str) -> Iterator[Record]:
    """Yield the regimens of infusions for whose patients no regimen states what the role is."""
    for record in iter_regimens(content):
        if (
            _is_infused(record, content)
            and not is_stated_for_patients(record, content, (role, "rate"))
            and content.has_all_of_roles(record, *PATIENT_ROLES)
        ):
            yield record


def _is_infused(record: Record, content: Content) -> bool:
    """Return whether a dose is infused into a vein out of something that is not ready to use."""
    manner = find_role_text(record, "manner")
    if not is_into_vein(record, content) or manner == _BOLUS or is_ready_to_use(record, content):
        return False
    state = find_state(record, content)
    if manner == _INFUSION or state == INFUSED_STATE or needs_dilution(record, content):
        return True
    return state not in INJECTED_STATES and is_stated_for_patients(record, content, _INFUSION_ROLES)


def _is_drunk(record: Record, content: Content) -> bool:
    """Return whether a liquid is drunk, or something is sucked, which takes its time."""
    from bmkit.ucum.dimensions import has_dimension

    dose = find_role_amount(record, "dose")
    return find_state(record, content) in _SIPPED_STATES or (
        dose is not None and has_dimension(dose.unit, "volume")
    )


def _make_unstated_fault(record: Record, question: str, remedy: str) -> Fault:
    dose_phrase = f'this dose of "{find_role_text(record, "product")}"'
    message = f"no fact states {question} {dose_phrase} is infused{format_patients(record)}"
    place = locate_role(record, find_dose_role(record))
    return Fault(place, message, f"{remedy}, or the form or manner if it is an injection")


def _has_usual_minimum_time(record: Record, usual_time: Amount, content: Content) -> bool:
    """Return whether a fact about the same patients states a minimum time that is usual."""
    times = [
        convert_to(find_role_amount(other, "administration-time"), usual_time.unit)
        for other in find_peer_records(record, content)
    ]
    return any(time.is_open() and time.low >= usual_time.low for time in times if time is not None)
