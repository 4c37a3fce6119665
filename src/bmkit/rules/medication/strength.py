"""Strengths: what a tablet or vial contains, compared with the doses that are made of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount
from bmkit.rules.derived.dose_text import ISMP, WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.roles import (
    find_role_amount,
    format_role_quantity,
    has_role_value,
    make_role_fault,
)
from bmkit.rules.medication.body_sizes import scale_to_body
from bmkit.rules.medication.dosing import find_period_total
from bmkit.rules.medication.forms import (
    PIECE_STATES,
    find_impossible_use,
    find_state,
    needs_dilution,
)
from bmkit.rules.medication.regimens import REGIMEN, USUAL_DOSE, find_same_product_records
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_PRESENTATION = "presentation"
# Into how many doses a day's dose may be divided.
_MAX_DOSES_PER_DAY = 4
_MAX_PIECE_GRAMS = Fraction(5)  # g
# A dose may be made of many pieces, as of prednisolone tablets of 1 mg.
_MIN_DOSE_FRACTION = Fraction(1, 100)
# Nobody cuts a tablet into ten or discards nine tenths of a concentrate; a bottle has many doses.
_MAX_DOSES_PER_PIECE, _MAX_DOSES_PER_BOTTLE = 10, 1000
_WORDS_BY_SLIP_FACTOR = {
    Fraction(10) ** power: words
    for power, words in ((1, "ten times"), (2, "a hundred times"), (-1, "a tenth of"), (-2, "a hundredth of"))
}


class _StrengthComparison(NamedTuple):
    """The strength of one piece, and a usual dose of the product in the same unit."""

    piece: Amount
    dose: Amount
    usual_dose: Record
    dose_role: str

    def describe_usual_dose(self) -> str:
        """Return the usual dose and the product that it is of."""
        label = self.usual_dose.value.get("label", self.usual_dose.id)
        text = format_role_quantity(self.usual_dose, self.dose_role, keep_comparator=False)
        return f"the usual {text} of {label}"


@rule(
    Severity.ERROR,
    source=ISMP,
    fix="correct the strength or its unit, or give the usual strength in the list of dose ranges",
)
def implausible(content: Content) -> Faults:
    """A strength is out of all proportion to the usual doses of the product.

    Nobody takes a tenth of a tablet or a hundred tablets: a digit or the unit is wrong, and so is every dose
    that is made of such pieces.
    """
    for record, comparisons in _iter_strength_comparisons(content):
        is_out_of_proportion = all(
            _is_out_of_proportion(comparison, _select_max_doses(record, content))
            for comparison in comparisons
        )
        if is_out_of_proportion and not _is_too_heavy(record, content):
            verdict = f"is far from {comparisons[0].describe_usual_dose()}"
            against = (comparisons[0].usual_dose, find_state(record, content))
            yield make_role_fault(record, "strength", verdict, against=against)


@rule(
    Severity.WARNING,
    source=ISMP,
    fix="correct the strength, or give the usual strength in the list of dose ranges if it is right",
)
def tenfold(content: Content) -> Faults:
    """A strength is a tenth of the only usual dose of the product, or ten times it, with the same digits.

    A vial may contain many doses or a part of one, but where only the decimal point differs it may have been
    shifted.  Tablets are not checked, because ten of them may be a dose.
    """
    for record, comparisons in _iter_strength_comparisons(content):
        comparison = comparisons[0]
        has_single_dose = len(comparisons) == 1 and comparison.dose.low == comparison.dose.high > 0
        if (
            not has_single_dose
            or find_state(record, content) in PIECE_STATES
            or _is_out_of_proportion(comparison, _select_max_doses(record, content))
        ):
            continue
        slip_words = (
            _WORDS_BY_SLIP_FACTOR.get(comparison.piece.high / comparison.dose.high)
            if comparison.piece.low == comparison.piece.high
            else None
        )
        if slip_words:
            verdict = f"is {slip_words} {comparison.describe_usual_dose()}"
            yield make_role_fault(record, "strength", verdict, against=(comparison.usual_dose,))


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def too_heavy(content: Content) -> Faults:
    """A tablet or capsule contains more than it can weigh.

    The heaviest that are swallowed or dissolved weigh a few grams; above 5 g the unit or a digit is wrong.
    """
    for record in content.list_records_of_role(_PRESENTATION):
        if _is_too_heavy(record, content):
            verdict, hint = "is more than one piece can weigh", "correct the number or the unit"
            yield make_role_fault(record, "strength", verdict, hint, keep_comparator=True)


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def above_supplied(content: Content) -> Faults:
    """What is given is more concentrated than anything that the product is supplied as.

    A solution can be diluted, not concentrated: the decimal point of one of the two is shifted.  Powders and
    products whose forms do not all say how concentrated they are are let pass.
    """
    for record in content.list_records_of_role(REGIMEN):
        given = find_role_amount(record, "concentration")
        if given is None or not content.has_all_of_roles(record, _PRESENTATION):
            continue
        supplied = [
            (find_role_amount(presentation, "concentration"), presentation)
            for presentation in find_same_product_records(record, content, _PRESENTATION)
        ]
        concentrations = [
            converted
            for concentration, _ in supplied
            if concentration is not None and (converted := convert_to(concentration, given.unit)) is not None
        ]
        if concentrations and len(concentrations) == len(supplied):
            most = max(concentrations, key=lambda concentration: concentration.high)
            if given.low > most.high:
                verdict = f"is above the {format_amount(most)} that the product is supplied with"
                against = (format_amount(most),)
                yield make_role_fault(record, "concentration", verdict, "correct one of the two", against)


def _is_too_heavy(record: Record, content: Content) -> bool:
    piece_strength = _compute_piece_strength(record)
    grams = convert_to(piece_strength, "g")
    return grams is not None and grams.high > _MAX_PIECE_GRAMS and find_state(record, content) in PIECE_STATES


def _iter_strength_comparisons(content: Content) -> Iterator[tuple[Record, list[_StrengthComparison]]]:
    """Yield the presentations whose strength can only be compared with the usual doses of their product."""
    has_usual_doses = any(content.iter_reachable_records_of_role(USUAL_DOSE))
    for record in content.list_records_of_role(_PRESENTATION) if has_usual_doses else ():
        piece_strength = _compute_piece_strength(record)
        if piece_strength is None or not content.has_all_of_roles(record, USUAL_DOSE, "route", "form"):
            continue
        # The usual doses by vein do not apply to a tablet, even if it states no route.
        usual_doses = [
            usual_dose
            for usual_dose in find_same_product_records(record, content, USUAL_DOSE)
            if not find_impossible_use(record, usual_dose, content)
        ]
        if not any(has_role_value(usual_dose, "strength") for usual_dose in usual_doses):
            comparisons = [
                comparison
                for usual_dose in usual_doses
                for comparison in _compare_with_usual_dose(piece_strength, usual_dose, content)
            ]
            if comparisons:
                yield record, comparisons


def _compute_piece_strength(record: Record) -> Amount | None:
    """Return how much of the substance is in one piece or container, None if that is not stated."""
    strength = find_role_amount(record, "strength")
    piece_count = find_role_amount(record, "piece-count")
    if strength is None or strength.is_bounded() or strength.low <= 0:
        return None
    return (
        strength.multiply(1 / piece_count.high)
        if piece_count is not None and piece_count.high > 0
        else strength
    )


def _compare_with_usual_dose(
    piece: Amount, usual_dose: Record, content: Content
) -> Iterator[_StrengthComparison]:
    dose, total = find_role_amount(usual_dose, "dose"), find_period_total(usual_dose)
    doses = [("dose", dose, 1)] if dose is not None else []
    if total is not None:
        doses.append(
            (total.role, total.convert_to_daily()._replace(unit=total.amount.unit), _MAX_DOSES_PER_DAY)
        )
    for role, amount, divisor in doses:
        converted = convert_to(scale_to_body(amount, usual_dose, content) or amount, piece.unit)
        if converted is not None and 0 < converted.low <= converted.high:
            yield _StrengthComparison(
                piece, converted._replace(low=converted.low / divisor), usual_dose, role
            )


def _select_max_doses(record: Record, content: Content) -> int:
    """Return the number of greatest doses that one piece cannot contain."""
    is_single_piece = find_state(record, content) in PIECE_STATES or needs_dilution(record, content)
    return _MAX_DOSES_PER_PIECE if is_single_piece else _MAX_DOSES_PER_BOTTLE


def _is_out_of_proportion(comparison: _StrengthComparison, max_doses: int) -> bool:
    return (
        comparison.piece.high >= max_doses * comparison.dose.high
        or comparison.piece.low <= comparison.dose.low * _MIN_DOSE_FRACTION
    )
