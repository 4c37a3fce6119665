"""Maxima of doses, compared with each other."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, are_disjoint, convert_to
from bmkit.rules.derived.facts import is_contradiction_explained, iter_explaining_notes
from bmkit.rules.derived.roles import (
    find_role_amount,
    find_role_text,
    format_role_quantity,
    locate_role,
    make_role_fault,
)
from bmkit.rules.medication.dose_limits import COURSE, Cap, name_amount_dimension, read_caps
from bmkit.rules.medication.populations import (
    Patients,
    are_among,
    find_patients,
    find_weak_organs,
    is_degree_of_weakness,
    list_patient_terms,
)
from bmkit.rules.medication.regimens import (
    DOSE_LIMIT,
    MAXIMUM_ROLES,
    REGIMEN,
    find_same_product_records,
)
from bmkit.rules.rule import Fault, Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

# Limits that agree in these fields, in their patients and in what they count must be the same.
_SUBJECT_ROLES = ("product", "route", "form", "phase")


@rule(Severity.ERROR)
def impairment_above_general(content: Content) -> Faults:
    """A maximum for renal or hepatic impairment is above the maximum for other patients.

    These patients clear the medicine more slowly and may be given less, not more: the two were mixed up, or
    one of them is mistyped.
    """
    for cap, other_caps in _iter_impaired_caps(content):
        if all(_compare(cap, other_cap) > 0 for other_cap in other_caps):
            yield _make_maximum_fault(cap, "is above", other_caps, content)


@rule(Severity.WARNING)
def impairment_equals_general(content: Content) -> Faults:
    """A maximum for renal or hepatic impairment is the same as for other patients.

    It adds nothing for these patients; most likely one of the two was copied.
    """
    for cap, other_caps in _iter_impaired_caps(content):
        greatest_other = _select_greatest(other_caps)
        if (
            _compare(cap, greatest_other) == 0
            and not is_degree_of_weakness(cap.limit, content)
            and not is_contradiction_explained(cap.limit, greatest_other.limit, content)
        ):
            yield _make_maximum_fault(cap, "is no less than", other_caps, content)


@rule(Severity.ERROR)
def maxima_differ(content: Content) -> Faults:
    """Two limits for the same patients differ.

    "At most 1600 mg" and "at most 2400 mg" can both be true, but a limit is the highest dose that may be
    given, and readers of the higher one follow it.  If the article states both, both facts refer to an
    editorial note on the contradiction with both numbers.
    """
    maxima_by_subject: dict[tuple[Any, ...], list[tuple[Record, str, Amount]]] = {}
    for record, role, maximum, sort in _iter_bounding_maxima(content):
        subject_texts = [find_role_text(record, subject_role) for subject_role in _SUBJECT_ROLES]
        subject = (record.folder, find_patients(record, content), *sort, *subject_texts)
        same_subject = maxima_by_subject.setdefault(subject, [])
        for other, other_role, other_maximum in same_subject:
            converted = convert_to(other_maximum, maximum.unit)
            # A contradiction of two numbers breaks the rule for all facts.
            if converted is None or converted[:2] == maximum[:2] or are_disjoint(converted, maximum):
                continue
            values = (record.find_value(role), other.find_value(other_role))
            if not _is_contradiction_noted(record, other, values, content):
                other_text = format_role_quantity(other, other_role, keep_comparator=False)
                verdict = f'differs from the {other_text} of "{other.id}"'
                hint = (
                    "correct one, or refer from both to a note on the contradiction that gives both numbers"
                )
                yield make_role_fault(record, role, verdict, hint, (other,))
                break
        same_subject.append((record, role, maximum))


@rule(Severity.ERROR)
def maximum_without_end(content: Content) -> Faults:
    """A maximum is stated as the least amount instead of the greatest.

    "At least 3600 mg" limits nothing: readers give any dose above it.
    """
    for record in content.list_records_of_role(DOSE_LIMIT):
        for role in MAXIMUM_ROLES:
            maximum = find_role_amount(record, role)
            if maximum is not None and maximum.is_open():
                message = f"a maximum cannot be {format_quantity(record.find_value(role))}"
                yield locate_role(record, role, "comparator"), message, "correct the comparator"


def _iter_bounding_maxima(content: Content) -> Iterator[tuple[Record, str, Amount, tuple[Any, ...]]]:
    """Yield what limits a dose or a course: record, role, maximum, and what it counts."""
    for record in content.list_records_of_role(DOSE_LIMIT):
        for cap in read_caps(record):
            if not cap.amount.is_open():
                yield record, cap.role, cap.amount, (cap.counts, cap.days)
    for record in content.list_records_of_role(REGIMEN):
        limit = find_role_amount(record, "course-limit")
        if limit is not None and not limit.is_open():
            yield record, "course-limit", limit, (COURSE, "course-limit")


def _is_contradiction_noted(
    record: Record, other: Record, values: tuple[dict[str, Any], ...], content: Content
) -> bool:
    """Return whether both limits refer to a note on a contradiction that has the numbers of both.

    A copy of a limit also has its notes, which may be about something else.
    """
    numbers = {value["value"] for value in values if "value" in value}
    for note in iter_explaining_notes(record, other, content):
        note_text = " ".join(value for value in note.value.values() if isinstance(value, str)) if note else ""
        noted_numbers = {
            Decimal(digits) for digits in re.findall(r"\d+(?:\.\d+)?", note_text.replace(",", ""))
        }
        if note is None or noted_numbers.issuperset(numbers):
            return True
    return False


def _iter_impaired_caps(content: Content) -> Iterator[tuple[Cap, list[Cap]]]:
    """Yield the maxima for weak kidneys or a weak liver, each with those for all or other patients."""
    for record in content.list_records_of_role(DOSE_LIMIT):
        if not find_weak_organs(record, content) or not content.has_all_of_roles(
            record, DOSE_LIMIT, "population", "condition", "characteristic"
        ):
            continue
        other_limits = [
            other
            for other in find_same_product_records(record, content, DOSE_LIMIT)
            if not find_weak_organs(other, content)
        ]
        own_traits = find_patients(record, content)
        general_limits = [
            other
            for other in other_limits
            if are_among(own_traits, find_patients(other, content), content, record)
        ]
        # Of children, or of heavier patients, another maximum may be right.
        comparable_limits = general_limits or [
            other for other in other_limits if not _have_sorts(find_patients(other, content))
        ]
        for cap in read_caps(record):
            other_caps = [
                other_cap
                for other in comparable_limits
                for other_cap in read_caps(other)
                if (other_cap.counts, other_cap.days) == (cap.counts, cap.days)
                and name_amount_dimension(other_cap.amount) == name_amount_dimension(cap.amount)
            ]
            if other_caps:
                yield cap, other_caps


def _have_sorts(patients: Patients) -> bool:
    return any(trait.sort for trait in patients)


def _compare(cap: Cap, other: Cap) -> int:
    """Return 1 if a maximum is above another one of its dimension, 0 if it is the same, else -1."""
    other_amount = other.convert(cap.amount.unit)
    if other_amount is None:
        return -1
    return (cap.amount.high > other_amount.high) - (cap.amount.high < other_amount.high)


def _select_greatest(caps: list[Cap]) -> Cap:
    greatest = caps[0]
    for cap in caps[1:]:
        greatest = cap if _compare(cap, greatest) > 0 else greatest
    return greatest


def _make_maximum_fault(cap: Cap, verdict: str, other_caps: list[Cap], content: Content) -> Fault:
    other = _select_greatest(other_caps)
    other_text = f'the {other.format()} for other patients ("{other.limit.id}")'
    verdict = f"{verdict} {other_text}"
    against = (other.limit, *list_patient_terms(content, cap.limit, other.limit))
    return make_role_fault(cap.limit, cap.role, verdict, "correct one of the two", against)
