"""Values against what their term can have: the usual range of an analyte or outcome, the ends of a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    Amount,
    are_disjoint,
    convert_by_mole,
    format_amount,
    name_upper_end,
    to_amount,
)
from bmkit.rules.derived.roles import find_role_amount, find_role_term, list_facts_with_roles, locate_role
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from bmkit.content import Content, Record
    from bmkit.schema import Field, Kind

# Of a difference or a ratio of two values neither need be usual.
_STATISTICS_OF_VALUES = ("", "mean", "median", "not named")
# A level may be in mg/L, mmol/L or units/L; but nothing is a time or a share and something else.
_MEASURES_OF_THEIR_OWN = frozenset({"time", "share"})
_QUANTITY_ENDS = ("value", "low", "high")
_REFERENCE_INTERVAL, _TARGET_LEVEL = "reference-interval", "target-level"
_ROLES_WITH_USUAL_RANGE = ("analyte", "outcome")


@rule(Severity.WARNING, fix="correct the number or the unit, or widen what is usual of the term")
def unusual_value(content: Content) -> Faults:
    """A value is outside what is usual of its analyte or outcome, or measures something else.

    The range is that of people healthy and ill: a value outside it mostly has a digit too many or the wrong
    unit.
    """
    for record, field, term, usual in _iter_values_with_usual_range(content):
        if str(record.find_value("statistic") or "") in _STATISTICS_OF_VALUES:
            yield from _find_outside_usual(record, field, term, usual)


def _find_outside_usual(record: Record, field: Field, term: Record, usual: Amount) -> Faults:
    value = record.value[field.name]
    converted = _convert_to_usual(value, field, term, usual)
    text, usual_text = _format_value(record, field), _format_usual(term, usual)
    if converted is None:
        if not _may_have_other_measure(value["unit"], usual.unit):
            message = f"{text} and {usual_text} do not measure the same"
            yield (
                record.locate_field(field.name, "unit"),
                message,
                "correct the unit, or the outcome or analyte",
                (term,),
            )
    elif record.kind.role == _REFERENCE_INTERVAL and are_disjoint(converted, usual):
        return  # an error of its own
    elif not converted.is_within(usual):
        end_name = "low" if "low" in value and converted.low < usual.low else name_upper_end(value)
        message = f"{text} is outside {usual_text}"
        yield record.locate_field(field.name, end_name), message, "correct the number or the unit", (term,)


def _format_value(record: Record, field: Field) -> str:
    return f"{field.name} {format_without_comparator(record.value[field.name])}"


def _format_usual(term: Record, usual: Amount) -> str:
    return f"the usual {format_amount(usual)} of {term.value.get('label', term.id)}"


def _convert_to_usual(value: dict[str, Any], field: Field, term: Record, usual: Amount) -> Amount | None:
    """Return a value in the unit of what is usual of the term, None if it cannot be converted."""
    mole = find_role_amount(term, "molar-mass")
    return convert_by_mole(to_amount(value, field.dimension), usual.unit, mole)


def _may_have_other_measure(*units: str) -> bool:
    """Return whether one thing can be measured in all of these units: in grams and in moles, not in days."""
    from bmkit.ucum.dimensions import name_dimension

    return _MEASURES_OF_THEIR_OWN.isdisjoint(name_dimension(unit) for unit in units)


@rule(Severity.ERROR, fix="correct the number or the unit, or widen what is usual of the analyte")
def reference_outside_usual(content: Content) -> Faults:
    """A reference interval lies wholly outside what is usual of its analyte.

    What is usual is of people healthy and ill, so the healthy cannot all lie outside it: the unit is wrong,
    or there is a digit too many.  Results that are held against it lead to treatment that nobody needs.
    """
    for record, field, term, usual in _iter_values_with_usual_range(content):
        converted = _convert_to_usual(record.value[field.name], field, term, usual)
        if (
            record.kind.role == _REFERENCE_INTERVAL
            and converted is not None
            and are_disjoint(converted, usual)
        ):
            message = (
                f"{_format_value(record, field)} has nothing in common with {_format_usual(term, usual)}"
            )
            place = record.locate_field(field.name, name_upper_end(record.value[field.name]))
            yield place, message, "correct the number or the unit", (term,)


def _iter_values_with_usual_range(content: Content) -> Iterator[tuple[Record, Field, Record, Amount]]:
    """Yield the values of facts with the term that has a usual range, and that range."""
    for kind, value_fields, term_fields in _find_kinds_with_usual_terms(content):
        for record in content.list_records(kind.name):
            for term, usual in _iter_usual_ranges(record, term_fields, content):
                for field in value_fields:
                    if isinstance(record.value.get(field.name), dict):
                        yield record, field, term, usual


@per_content
def _find_kinds_with_usual_terms(content: Content) -> list[tuple[Kind, list[Field], list[Field]]]:
    """Return the kinds about terms that can have a usual range, with the fields of both."""
    kinds = []
    for kind in content.list_kinds():
        value_fields = [
            field
            for field in kind.fields
            if field.type == "quantity"
            and not field.is_list
            and (field.part == "value" or (kind.role == _TARGET_LEVEL and field.role == "range"))
        ]
        term_fields = [
            term_field
            for role in _ROLES_WITH_USUAL_RANGE
            if (term_field := kind.find_role_field(role)) is not None and not term_field.is_list
        ]
        if (kind.group == "fact" or kind.role == _TARGET_LEVEL) and value_fields and term_fields:
            kinds.append((kind, value_fields, term_fields))
    return kinds


def _iter_usual_ranges(
    record: Record, term_fields: list[Field], content: Content
) -> Iterator[tuple[Record, Amount]]:
    for field in term_fields:
        term_id = record.value.get(field.name)
        term = content.find_record(field.target_kind, term_id, record) if isinstance(term_id, str) else None
        usual_range = term.find_value("usual-range") if term is not None else None
        if term is not None and isinstance(usual_range, dict):
            yield term, to_amount(usual_range)


@rule(Severity.ERROR, fix="correct the range, or the lowest and highest value of the score")
def outside_score(content: Content) -> Faults:
    """A range of a score holds values that the score cannot have.

    A digit too many, or the range of another score of the same name: whoever is graded by it is graded
    wrongly.
    """
    for record in list_facts_with_roles(content, "score", "range"):
        score = find_role_term(record, "score", content)
        if score is None:
            continue
        value = record.find_value("range")
        for end_name in (name for name in _QUANTITY_ENDS if name in value):
            role = _find_passed_limit(score, value[end_name])
            if role:
                side = "below" if role == "lowest" else "above"
                limit_text = (
                    f"{score.find_value(role)}, the {role} value of {score.value.get('label', score.id)}"
                )
                message = f"{value[end_name]} is {side} {limit_text}"
                yield locate_role(record, "range", end_name), message, "", (score,)


def _find_passed_limit(score: Record, value: int | Decimal) -> str:
    """Return the role of the limit of a score that a value passes, "" if it passes none."""
    lowest, highest = score.find_value("lowest"), score.find_value("highest")
    if lowest is not None and value < lowest:
        return "lowest"
    return "highest" if highest is not None and value > highest else ""
