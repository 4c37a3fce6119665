"""Evidence: estimates, events and schedules of radiotherapy that cannot be as they are stated."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    Amount,
    are_disjoint,
    convert_by_mole,
    convert_to,
    format_amount,
    name_upper_end,
    to_amount,
    to_rounded_amount,
)
from bmkit.rules.derived.roles import find_role_amount, find_role_term, locate_role
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity, format_without_comparator

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
_ROLES_WITH_USUAL_RANGE = ("analyte", "outcome")


def _make_quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit}


def _make_survival_result(value: int, statistic: str = "median", unit: str = "mo") -> dict[str, Any]:
    usual = {"low": 1, "high": 120, "unit": "mo"}
    estimate = _make_quantity(value, unit)
    return {
        "outcome": [{"id": "survival", "label": "survival", "usual": usual}],
        "result": [{"id": "one", "outcome": "survival", "statistic": statistic, "estimate": estimate}],
    }


def _make_calcium_interval(value: int, unit: str) -> dict[str, Any]:
    usual = {"low": 4, "high": 20, "unit": "mg/dL"}
    molar_mass = _make_quantity(40, "g/mol")
    return {
        "analyte": [{"id": "calcium", "label": "calcium", "usual": usual, "molar_mass": molar_mass}],
        "reference-interval": [{"id": "one", "analyte": "calcium", "range": _make_quantity(value, unit)}],
    }


@rule(
    Severity.WARNING,
    good=[
        _make_survival_result(48),
        _make_survival_result(400, "mean difference"),
        _make_calcium_interval(9, "mg/dL"),
        _make_calcium_interval(90, "mg/L"),
        _make_calcium_interval(9, "[iU]/L"),
        _make_calcium_interval(2, "mmol/L"),
    ],
    bad=[
        _make_survival_result(480),
        _make_survival_result(48, unit="%"),
        _make_calcium_interval(9, "mmol/L"),
        _make_calcium_interval(90, "mg/dL"),
        _make_calcium_interval(9, "mg/L"),
    ],
    fix="correct the number or the unit, or widen what is usual of the term",
)
def unusual_value(content: Content) -> Faults:
    """A value is outside what is usual of its analyte or outcome, or measures something else.

    The range is that of people healthy and ill: a value outside it mostly has a digit too many or the wrong
    unit.
    """
    for kind, value_fields, term_fields in _find_kinds_with_usual_terms(content):
        for record in content.list_records(kind.name):
            if str(record.find_value("statistic") or "") not in _STATISTICS_OF_VALUES:
                continue
            for term, usual in _iter_usual_ranges(record, term_fields, content):
                for field in value_fields:
                    value = record.value.get(field.name)
                    if isinstance(value, dict):
                        yield from _find_outside_usual(record, field, term, usual)


def _find_outside_usual(record: Record, field: Field, term: Record, usual: Amount) -> Faults:
    value = record.value[field.name]
    mole = find_role_amount(term, "molar-mass")
    converted = convert_by_mole(to_amount(value, field.dimension), usual.unit, mole)
    if converted is not None and converted.is_within(usual):
        return
    text = f"{field.name} {format_without_comparator(value)}"
    usual_text = f"the usual {format_amount(usual)} of {term.value.get('label', term.id)}"
    if converted is not None:
        end_name = "low" if "low" in value and converted.low < usual.low else name_upper_end(value)
        message = f"{text} is outside {usual_text}"
        yield record.locate_field(field.name, end_name), message, "correct the number or the unit"
    elif not _may_have_other_measure(value["unit"], usual.unit):
        message = f"{text} and {usual_text} do not measure the same"
        yield record.locate_field(field.name, "unit"), message, "correct the unit, or the outcome or analyte"


def _may_have_other_measure(*units: str) -> bool:
    """Return whether one thing can be measured in all of these units: in grams and in moles, not in days."""
    from bmkit.ucum.dimensions import name_dimension

    return _MEASURES_OF_THEIR_OWN.isdisjoint(name_dimension(unit) for unit in units)


@per_content
def _find_kinds_with_usual_terms(content: Content) -> list[tuple[Kind, list[Field], list[Field]]]:
    """Return the kinds of facts about terms that can have a usual range, with the fields of both."""
    kinds = []
    for kind in content.list_kinds():
        value_fields = [
            field
            for field in kind.fields
            if field.type == "quantity" and field.part == "value" and not field.is_list
        ]
        term_fields = [
            term_field
            for role in _ROLES_WITH_USUAL_RANGE
            if (term_field := kind.find_role_field(role)) is not None and not term_field.is_list
        ]
        if kind.group == "fact" and value_fields and term_fields:
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


def _make_score_band(score: dict[str, Any], **score_range: Any) -> dict[str, Any]:
    return {
        "score": [{"id": "nrs", "label": "the numeric rating scale", **score}],
        "score-band": [{"id": "one", "score": "nrs", "range": {**score_range, "unit": "{score}"}}],
    }


@rule(
    Severity.ERROR,
    good=[
        _make_score_band({"lowest": 0, "highest": 10}, value=4, comparator=">="),
        _make_score_band({"lowest": 0, "highest": 10}, low=0, high=10),
        _make_score_band({"lowest": 0}, value=40),
    ],
    bad=[
        _make_score_band({"lowest": 0, "highest": 10}, value=40, comparator=">="),
        _make_score_band({"lowest": 0, "highest": 10}, low=4, high=11),
        _make_score_band({"lowest": 1}, value=0),
    ],
    fix="correct the range, or the lowest and highest value of the score",
)
def outside_score(content: Content) -> Faults:
    """A range of a score holds values that the score cannot have.

    A digit too many, or the range of another score of the same name: whoever is graded by it is graded wrongly.
    """
    for record in _list_records_with(content, "score", "range"):
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
                yield locate_role(record, "range", end_name), f"{value[end_name]} is {side} {limit_text}"


def _find_passed_limit(score: Record, value: int | Decimal) -> str:
    """Return the role of the limit of a score that a value passes, "" if it passes none."""
    lowest, highest = score.find_value("lowest"), score.find_value("highest")
    if lowest is not None and value < lowest:
        return "lowest"
    return "highest" if highest is not None and value > highest else ""


def _make_share_result(events: int, sample_size: int, percent: float) -> dict[str, Any]:
    estimate = _make_quantity(percent, "%")
    fields = {"events": events, "sample_size": sample_size, "statistic": "share", "estimate": estimate}
    return {"result": [{"id": "one", **fields}]}


@rule(
    Severity.ERROR,
    good=[_make_share_result(318, 1026, 31), {"result": [{"id": "one", "events": 1, "sample_size": 2}]}],
    bad=[_make_share_result(318, 1026, 13), _make_share_result(381, 1026, 31)],
    fix="correct the share, the events or the sample size",
)
def share_of_events(content: Content) -> Faults:
    """A share is not that of the events in the sample that stand beside it.

    One of the three numbers is wrong.  What rounding explains is let pass.
    """
    for record in _list_records_with(content, "events", "sample-size", "estimate"):
        events, sample_size, estimate = (
            record.find_value(role) for role in ("events", "sample-size", "estimate")
        )
        if record.find_value("statistic") != "share" or "value" not in estimate or "comparator" in estimate:
            continue
        percent = Fraction(events, sample_size) * 100
        stated = convert_to(to_rounded_amount(estimate, "value"), "%")
        if stated is not None and not stated.low <= percent <= stated.high:
            share_text = format_amount(Amount(percent, percent, "%"))
            message = f"{events} of {sample_size} are {share_text}, not {format_quantity(estimate)}"
            field = record.kind.find_role_field("estimate")
            place = record.locate_field(field.name if field is not None else "id", "value")
            yield place, message, "correct one of the three numbers"


def _make_radiotherapy(dose: int, fractions: int, dose_per_fraction: int) -> dict[str, Any]:
    fields = {
        "radiation_dose": _make_quantity(dose, "Gy"),
        "fractions": fractions,
        "radiation_dose_per_fraction": _make_quantity(dose_per_fraction, "Gy"),
    }
    return {"radiotherapy": [{"id": "one", **fields}]}


@rule(
    Severity.ERROR,
    good=_make_radiotherapy(30, 10, 3),
    bad=[_make_radiotherapy(30, 10, 8), _make_radiotherapy(30, 1, 3)],
    fix="correct the dose, the number of fractions, or the dose of one fraction",
    guards_dose=True,
)
def fractions_of_dose(content: Content) -> Faults:
    """The fractions of a radiotherapy do not add up to its dose.

    One of the three numbers is wrong, and the wrong dose of radiation cannot be taken back.
    """
    for record in _list_records_with(content, "radiation-dose", "fractions", "radiation-dose-per-fraction"):
        dose, fractions, fraction_dose = (
            record.find_value(role) for role in ("radiation-dose", "fractions", "radiation-dose-per-fraction")
        )
        product = to_amount(fraction_dose).multiply(Fraction(fractions))
        if are_disjoint(product, to_amount(dose)):
            message = (
                f"{fractions} fractions of {format_quantity(fraction_dose)} are {format_amount(product)}, "
                f"not {format_quantity(dose)}"
            )
            field = record.kind.find_role_field("radiation-dose")
            place = record.locate_field(field.name if field is not None else "id", name_upper_end(dose))
            yield place, message, "correct one of the three numbers"


def _list_records_with(content: Content, *roles: str) -> Iterator[Record]:
    """Yield the facts that have a value for each of the roles."""
    for kind in content.list_kinds():
        if kind.group == "fact" and all(kind.find_role_field(role) is not None for role in roles):
            for record in content.list_records(kind.name):
                if all(record.find_value(role) is not None for role in roles):
                    yield record
