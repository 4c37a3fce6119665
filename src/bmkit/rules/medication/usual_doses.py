"""The shared list of usual doses, and the quantities of a product outside it."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.amounts import (
    Amount,
    format_amount,
)
from bmkit.rules.derived.roles import (
    are_role_terms_related,
    find_role_amount,
    find_role_text,
    format_role_quantity,
    has_role_value,
)
from bmkit.rules.medication.dosing import (
    DAY_UNIT,
    ONE_DAY,
    Counts,
    PeriodTotal,
    find_days,
    find_doses_per_day,
    find_period_total,
)
from bmkit.rules.medication.populations import (
    drop_overridden,
    find_patients,
    holds_for,
    may_share_patients,
)
from bmkit.rules.medication.regimens import (
    DOSE_LIMIT,
    DOSE_ROLES,
    FREQUENCY_ROLES,
    USUAL_DOSE,
    list_product_records,
)

if TYPE_CHECKING:
    from bmkit.content import Content, Record

LONGER_IS_SAFER_ROLES = ("administration-time", "interval")
"""Measures of which more is the safe side."""
MAX_DOSES_PER_DAY = 4
"""Into how many doses a day's total may be divided if nothing states how many."""
# So many usual doses for the same patients are held against a dose.
_MAX_USUAL_DOSES = 32
USUAL_DOSE_ROLES = (USUAL_DOSE, "route", "population", "condition", "characteristic")
"""The kinds that tell which usual doses count for a record: none counts unless all are there."""


class Leeway(NamedTuple):
    """The factors by which the ends of a usual range are multiplied."""

    low_factor: Fraction
    high_factor: Fraction


_NO_LEEWAY = Leeway(Fraction(1), Fraction(1))


class UsualRange(NamedTuple):
    """A usual range, the record of the list that states it, and its text there.

    `is_range` is whether that text has two numbers; the bounds may be wider than the text.
    """

    record: Record
    bounds: Amount
    text: str
    is_range: bool


class Scope(Enum):
    """Which usual doses of its product a record is compared with."""

    OWN = 0
    """Those by its route, for its patients."""
    OTHER_ROUTE = 1
    OTHER_PATIENTS = 2


class UsualDoses:
    """The usual doses of the products of content, of one scope of each record."""

    def __init__(self, content: Content, scope: Scope = Scope.OWN) -> None:
        self._content = content
        self._scope = scope
        self._records_by_subject: dict[tuple[object, ...], list[Record]] = {}

    def find_ranges(self, record: Record, role: str, leeway: Leeway = _NO_LEEWAY) -> list[UsualRange]:
        """Return the usual ranges of a measure of a record's product; of a "total" those of a day."""
        ranges = []
        for usual_dose in self.select(record, role):
            usual_range = (
                make_total_range(usual_dose) if role == "total" else _make_plain_range(usual_dose, role)
            )
            # An inverted range breaks another rule; nothing lies in it.
            if usual_range is not None and usual_range.bounds.low <= usual_range.bounds.high:
                ranges.append(widen_range(usual_range, leeway))
        return ranges

    def find_daily_ranges(self, record: Record, leeway: Leeway = _NO_LEEWAY) -> list[UsualRange]:
        """Return what is usual of a day by the usual doses of a record's product, at the usual frequency."""
        return [
            widen_range(daily_range, leeway)
            for usual_dose in self.select(record, "dose")
            if (daily_range := make_daily_range(usual_dose)) is not None
        ]

    def select(self, record: Record, role: str) -> list[Record]:
        """Return the usual doses that count for a measure of a record: the closest that state it.

        Any amount of a dose, total or rate is one measure here: a closer usual dose of another sort counts.
        """
        measure_roles = DOSE_ROLES if role in DOSE_ROLES else (role,)
        subject = (
            record.folder,
            *(find_role_text(record, subject_role) for subject_role in ("product", "route", "form", "phase")),
            find_patients(record, self._content),
            measure_roles[0],
        )
        if subject not in self._records_by_subject:
            # Each range that is left out makes a dose rather unusual than usual.
            usual_doses = self._select_of_subject(record, measure_roles)[:_MAX_USUAL_DOSES]
            self._records_by_subject[subject] = usual_doses
        return self._records_by_subject[subject]

    def _select_of_subject(self, record: Record, roles: tuple[str, ...]) -> list[Record]:
        if not self._content.has_all_of_roles(record, *USUAL_DOSE_ROLES):
            return []
        usual_doses = [
            usual_dose
            for usual_dose in list_product_records(record, self._content, USUAL_DOSE)
            if any(find_role_amount(usual_dose, role) is not None for role in roles)
            and self._is_of_scope(usual_dose, record)
        ]
        closest = _select_closest(usual_doses, record, self._content)
        if self._scope is Scope.OTHER_PATIENTS:
            closest_ids = set(map(id, closest))
            return [usual_dose for usual_dose in usual_doses if id(usual_dose) not in closest_ids]
        return closest

    def _is_of_scope(self, usual_dose: Record, record: Record) -> bool:
        """Return whether a usual dose is, if both have one, of the record's route, form and phase."""
        if any(
            has_role_value(usual_dose, role)
            and has_role_value(record, role)
            and usual_dose.find_value(role) != record.find_value(role)
            for role in ("form", "phase")
        ):
            return False
        if not has_role_value(record, "route") or not has_role_value(usual_dose, "route"):
            return self._scope is not Scope.OTHER_ROUTE
        is_same_route = are_role_terms_related(usual_dose, record, "route", self._content)
        return is_same_route is not (self._scope is Scope.OTHER_ROUTE)


def _select_closest(usual_doses: list[Record], record: Record, content: Content) -> list[Record]:
    """Return the closest usual doses for all patients of a record; else those for some of them."""
    containing = [usual_dose for usual_dose in usual_doses if holds_for(usual_dose, record, content)]
    if not containing:
        return [usual_dose for usual_dose in usual_doses if may_share_patients(usual_dose, record, content)]
    closest = drop_overridden(containing, content)
    of_form = [usual_dose for usual_dose in closest if has_role_value(usual_dose, "form")]
    return of_form if of_form and has_role_value(record, "form") else closest


def _make_plain_range(usual_dose: Record, role: str) -> UsualRange | None:
    amount = find_role_amount(usual_dose, role)
    if amount is None:
        return None
    text = format_role_quantity(usual_dose, role, keep_comparator=False)
    return UsualRange(usual_dose, amount, text, "low" in usual_dose.find_value(role))


def make_total_range(usual_dose: Record) -> UsualRange | None:
    """Return what a usual dose gives of a day on average, by the total that it states."""
    total = find_period_total(usual_dose)
    if total is None:
        return None
    is_range = "low" in usual_dose.find_value(total.role)
    return UsualRange(usual_dose, total.convert_to_daily(), _format_total(usual_dose, total), is_range)


def make_daily_range(usual_dose: Record) -> UsualRange | None:
    """Return the usual doses of a day, of one to four doses if the usual dose does not say how often."""
    dose, interval = find_role_amount(usual_dose, "dose"), find_days(usual_dose, "interval")
    if dose is None:
        return None
    counts = find_doses_per_day(usual_dose)
    if counts is None and interval is not None:
        counts = Counts(1 / interval.high, 1 / interval.low) if interval.low > 0 else None
        if counts is None:
            return None
    per_day = counts or Counts(ONE_DAY, Fraction(MAX_DOSES_PER_DAY))
    bounds = Amount(dose.low * per_day.least, dose.high * per_day.most, f"{dose.unit}/{DAY_UNIT}")
    if counts is None:
        return UsualRange(usual_dose, bounds, format_amount(bounds), bounds.low != bounds.high)
    dose_text = format_role_quantity(usual_dose, "dose", keep_comparator=False)
    how_often = (
        f"every {format_role_quantity(usual_dose, 'interval', keep_comparator=False)}"
        if has_role_value(usual_dose, "interval")
        else _format_times_per_day(usual_dose)
    )
    return UsualRange(usual_dose, bounds, f"{dose_text} {how_often}", "low" in usual_dose.find_value("dose"))


def _format_times_per_day(record: Record) -> str:
    role = next(role for role in FREQUENCY_ROLES if has_role_value(record, role))
    return f"{format_role_quantity(record, role, keep_comparator=False)} times a day"


def _format_total(record: Record, total: PeriodTotal) -> str:
    amount_text = format_role_quantity(record, total.role, keep_comparator=False)
    if not has_role_value(record, "total-in") or total.role != "total":
        return amount_text
    return f"{amount_text} in {format_role_quantity(record, 'total-in', keep_comparator=False)}"


def find_leeway(record: Record, role: str, amount: Amount) -> Leeway:
    """Return how far a quantity may lie outside a usual range.

    A limit may lie on either side of what is usual.  "At most 3 mg" may be less and "at least 30 minutes"
    more than is usual, but not the other way round: "at most 8 mg" is unsafe where 4 mg is usual.
    """
    is_limit = record.kind.role == DOSE_LIMIT
    can_be_lower = is_limit or (amount.is_capped() and role in DOSE_ROLES)
    can_be_higher = is_limit or (amount.is_open() and role in LONGER_IS_SAFER_ROLES)
    return Leeway(
        Fraction(1, 2) if can_be_lower else Fraction(1), Fraction(2) if can_be_higher else Fraction(1)
    )


def widen_range(usual_range: UsualRange, leeway: Leeway) -> UsualRange:
    """Return a usual range, widened for a bound or a limit."""
    bounds = usual_range.bounds
    return usual_range._replace(
        bounds=bounds._replace(low=bounds.low * leeway.low_factor, high=bounds.high * leeway.high_factor)
    )


@per_content
def index_usual_doses(content: Content) -> UsualDoses:
    """Return the usual doses of the content, each record compared with those of its route and patients."""
    return UsualDoses(content)


def find_usual_ranges(record: Record, role: str, content: Content) -> list[UsualRange]:
    """Return the usual ranges of a measure of a record's product by its route, for its patients."""
    return index_usual_doses(content).find_ranges(record, role)
