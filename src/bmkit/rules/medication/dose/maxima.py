"""Maxima of doses, compared with each other."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    Amount,
    are_disjoint,
    convert_to,
    find_quantity,
    find_text,
    format_amount,
    make_quantity_fault,
)
from bmkit.rules.derived.facts import is_contradiction_explained, iter_explaining_notes
from bmkit.rules.derived.hierarchy import find_lineage
from bmkit.rules.medication.dose_limits import MAXIMUM_FIELDS
from bmkit.rules.medication.populations import find_patient_traits
from bmkit.rules.medication.regimens import find_same_product_records
from bmkit.rules.rule import Fault, Faults, rule
from bmkit.wording import format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

# Words for patients whose kidneys or liver clear the medicine more slowly, and for those of them
# who may often be given as much as others.
_IMPAIRMENT_WORDS = ("renal", "kidney", "hepatic", "liver")
_MILD_IMPAIRMENT_WORDS = ("mild", "moderate")
_LIMIT_FIELDS_BY_KIND = (("dose-limit", MAXIMUM_FIELDS), ("regimen", ("course_limit",)))
# Limits that agree in these fields and in their patients must be the same.
_SUBJECT_FIELDS = ("product", "route", "per", "form", "phase")


def _make_maximum(limit_id: str, milligrams: int, population: str = "", **fields: Any) -> dict[str, Any]:
    limit = {"id": limit_id, "product": "bonefos", "route": "oral", "per": "per day"}
    maximum = {"value": milligrams, "comparator": "<=", "unit": "mg/d"}
    return {**limit, "maximum_daily": maximum, **({"population": population} if population else {}), **fields}


def _make_limits_example(*limits: dict[str, Any]) -> dict[str, Any]:
    return {**_PATIENT_TERMS, "dose-limit": list(limits)}


def _make_course_limit(record_id: str, days: int) -> dict[str, Any]:
    course_limit = {"value": days, "comparator": "<=", "unit": "d"}
    return {"id": record_id, "product": "bonefos", "route": "intravenous", "course_limit": course_limit}


_PATIENT_TERMS = {
    "population": [
        {"id": "renal-failure", "label": "patients with renal failure", "conditions": ["renal-failure"]},
        {"id": "osteolysis", "label": "patients with osteolysis", "conditions": ["osteolysis"]},
        {"id": "mild", "label": "patients with mild failure", "conditions": ["mild-renal-failure"]},
    ],
    "condition": [
        {"id": "renal-failure", "label": "renal failure"},
        {"id": "mild-renal-failure", "label": "mild renal failure", "parent": "renal-failure"},
        {"id": "osteolysis", "label": "osteolysis"},
    ],
    "editorial-note": [
        {"id": "two-maxima", "category": "contradiction", "article_says": "3,600 mg, then 2,400 mg"},
        {"id": "other-words", "category": "contradiction", "article_says": "seldom, then often"},
    ],
}
_SOUND_LIMITS_EXAMPLE = _make_limits_example(
    _make_maximum("all", 3600), _make_maximum("renal", 1600, "renal-failure")
)
_NOTED_FIELDS: dict[str, Any] = {"notes": ["two-maxima"]}
_OTHER_NOTE_FIELDS: dict[str, Any] = {"notes": ["other-words"]}


@rule(
    Severity.ERROR,
    good=_SOUND_LIMITS_EXAMPLE,
    bad=[
        _make_limits_example(_make_maximum("all", 3600), _make_maximum("renal", 16000, "renal-failure")),
        _make_limits_example(
            _make_maximum("some", 1600, "osteolysis"), _make_maximum("renal", 3600, "renal-failure")
        ),
    ],
)
def impairment_above_general(content: Content) -> Faults:
    """A maximum for renal or hepatic impairment is above the maximum for other patients.

    These patients clear the medicine more slowly and may be given less, not more: the two were mixed up, or
    one of them is mistyped.
    """
    for record, field_name, maximum, other_maxima in _iter_impaired_maxima(content):
        if all(maximum.high > other_maximum.high for _, other_maximum in other_maxima):
            yield _make_maximum_fault(record, field_name, "is above", other_maxima)


@rule(
    Severity.WARNING,
    good=[
        _SOUND_LIMITS_EXAMPLE,
        _make_limits_example(_make_maximum("all", 3600), _make_maximum("renal", 3600, "mild")),
        _make_limits_example(
            _make_maximum("all", 3600, **_OTHER_NOTE_FIELDS),
            _make_maximum("renal", 3600, "renal-failure", **_OTHER_NOTE_FIELDS),
        ),
    ],
    bad=_make_limits_example(_make_maximum("all", 3600), _make_maximum("renal", 3600, "renal-failure")),
)
def impairment_equals_general(content: Content) -> Faults:
    """A maximum for renal or hepatic impairment is the same as for other patients.

    It adds nothing for these patients; most likely one of the two was copied.
    """
    for record, field_name, maximum, other_maxima in _iter_impaired_maxima(content):
        greatest_other = max(other_maxima, key=lambda pair: pair[1].high)
        is_mild = any(
            word in condition_id
            for condition_id in _list_patient_conditions(record, content)
            for word in _MILD_IMPAIRMENT_WORDS
        )
        if (
            maximum.high == greatest_other[1].high
            and not is_mild
            and not is_contradiction_explained(record, greatest_other[0], content)
        ):
            yield _make_maximum_fault(record, field_name, "is no less than", other_maxima)


@rule(
    Severity.ERROR,
    good=[
        _SOUND_LIMITS_EXAMPLE,
        _make_limits_example(_make_maximum("all", 3600), _make_maximum("again", 3600)),
        _make_limits_example(_make_maximum("all", 3600), _make_maximum("infused", 300, route="intravenous")),
        _make_limits_example(
            _make_maximum("all", 3600, **_NOTED_FIELDS), _make_maximum("other", 2400, **_NOTED_FIELDS)
        ),
        {"regimen": [_make_course_limit("one", 7), _make_course_limit("two", 7)]},
    ],
    bad=[
        _make_limits_example(_make_maximum("all", 3600), _make_maximum("other", 2400)),
        _make_limits_example(
            _make_maximum("all", 3600, **_OTHER_NOTE_FIELDS),
            _make_maximum("other", 2400, **_OTHER_NOTE_FIELDS),
        ),
        {"regimen": [_make_course_limit("one", 7), _make_course_limit("two", 70)]},
    ],
)
def maxima_differ(content: Content) -> Faults:
    """Two limits for the same patients differ.

    "At most 1600 mg" and "at most 2400 mg" can both be true, but a limit is the highest dose that may be
    given, and readers of the higher one follow it.  If the article states both, both facts refer to an
    editorial note on the contradiction with both numbers.
    """
    for kind, field_names in _LIMIT_FIELDS_BY_KIND:
        for field_name in field_names:
            maxima_by_subject: dict[tuple[Any, ...], list[tuple[Record, Amount]]] = {}
            for record in content.list_records(kind):
                maximum = find_quantity(record, field_name)
                if maximum is None or maximum.is_open():
                    continue
                subject_texts = [find_text(record, name) for name in _SUBJECT_FIELDS]
                subject = (record.folder, find_patient_traits(record, content), *subject_texts)
                same_subject = maxima_by_subject.setdefault(subject, [])
                for other, other_maximum in same_subject:
                    converted = convert_to(other_maximum, maximum.unit)
                    # A contradiction of two numbers breaks the rule for all facts.
                    if converted is None or converted[:2] == maximum[:2] or are_disjoint(converted, maximum):
                        continue
                    if not _is_contradiction_noted(record, other, field_name, content):
                        other_text = format_without_comparator(other[field_name])
                        verdict = f'differs from the {other_text} of "{other.id}"'
                        hint = (
                            "correct one, or refer from both to a note "
                            "on the contradiction that gives both numbers"
                        )
                        yield make_quantity_fault(record, field_name, verdict, hint)
                        break
                same_subject.append((record, maximum))


def _is_contradiction_noted(record: Record, other: Record, field_name: str, content: Content) -> bool:
    """Return whether both limits refer to a note on a contradiction that has the numbers of both.

    A copy of a limit also has its notes, which may be about something else.
    """
    numbers = [record.value[field_name].get("value"), other.value[field_name].get("value")]
    for note in iter_explaining_notes(record, other, content):
        note_text = " ".join(value for value in note.value.values() if isinstance(value, str)) if note else ""
        noted_numbers = {
            Decimal(digits) for digits in re.findall(r"\d+(?:\.\d+)?", note_text.replace(",", ""))
        }
        if note is None or noted_numbers.issuperset(number for number in numbers if number is not None):
            return True
    return False


def _iter_impaired_maxima(
    content: Content,
) -> Iterator[tuple[Record, str, Amount, list[tuple[Record, Amount]]]]:
    """Yield the maxima for renal or hepatic impairment, each with those for all or other patients."""
    for record in content.list_records("dose-limit"):
        has_all_kinds = content.is_complete(record, "dose-limit", "population", "condition")
        if not has_all_kinds or not _is_for_impaired(record, content):
            continue
        other_limits = [
            other
            for other in find_same_product_records(record, content, "dose-limit")
            if not _is_for_impaired(other, content)
        ]
        general_limits = [other for other in other_limits if not find_patient_traits(other, content)]
        for field_name in MAXIMUM_FIELDS:
            maximum = find_quantity(record, field_name)
            other_bounds = [
                (other, find_quantity(other, field_name)) for other in general_limits or other_limits
            ]
            other_maxima = [
                (other, converted)
                for other, bound in other_bounds
                if maximum and bound and (converted := convert_to(bound, maximum.unit))
            ]
            if maximum is not None and other_maxima:
                yield record, field_name, maximum, other_maxima


def _make_maximum_fault(
    record: Record, field_name: str, verdict: str, other_maxima: list[tuple[Record, Amount]]
) -> Fault:
    other, other_maximum = max(other_maxima, key=lambda pair: pair[1].high)
    other_text = f'the {format_amount(other_maximum)} for other patients ("{other.id}")'
    return make_quantity_fault(record, field_name, f"{verdict} {other_text}", "correct one of the two")


def _list_patient_conditions(limit: Record, content: Content) -> list[str]:
    """Return the conditions of a limit's patients, and the conditions above them."""
    condition_ids = [
        condition_id
        for characteristic, condition_id in find_patient_traits(limit, content)
        if characteristic == "conditions"
    ]
    return [
        ancestor_id
        for condition_id in condition_ids
        for ancestor_id in find_lineage(content, "condition", condition_id, limit)
    ]


def _is_for_impaired(limit: Record, content: Content) -> bool:
    """Return whether a limit is for patients with renal or hepatic impairment."""
    return any(
        word in condition_id
        for condition_id in _list_patient_conditions(limit, content)
        for word in _IMPAIRMENT_WORDS
    )
