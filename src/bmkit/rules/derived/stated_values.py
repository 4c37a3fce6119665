"""What facts state, and whether two of them can both be true."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.rules.derived.amounts import Amount, are_disjoint, convert_to
from bmkit.wording import format_number, format_quantity, format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from bmkit.rules.derived.subjects import Word

GROUP, UPPER_BOUND, LOWER_BOUND = "group", "upper-bound", "lower-bound"


class Agreement(Enum):
    """How two values stand to each other."""

    INCOMPARABLE = 0
    """They measure different things, or nothing says that they oppose each other."""
    AGREES = 1
    DIFFERS = 2
    """They have values in common, but not all: one is less precise."""
    CONTRADICTS = 3


class Companion(NamedTuple):
    """What must be the same for two values to be compared: a value or word, None where it is not stated.

    An `is_optional` one matters only where both facts state it.
    """

    value: Any
    is_optional: bool


class StatedValue(NamedTuple):
    """One value of a fact: of `field_path`, in words `value`, and what it is compared by.

    That is `amount` for a quantity or number, `pole` for a word of a closed list, and `term` for a term, with
    `wider_terms`, all that it also stands for; of the three it has one.  `companions` are by role.
    """

    field_path: tuple[str, ...]
    value: Any
    amount: Amount | None = None
    pole: str = ""
    term: Word | None = None
    wider_terms: frozenset[Word] = frozenset()
    companions: Mapping[str, Companion] = {}
    marks: frozenset[str] = frozenset()

    @property
    def is_upper_bound(self) -> bool:
        """Whether it is the most that may be."""
        return UPPER_BOUND in self.marks or (self.amount is not None and self.amount.is_capped())

    @property
    def is_lower_bound(self) -> bool:
        """Whether it is the least that must be."""
        return LOWER_BOUND in self.marks or (self.amount is not None and self.amount.is_open())

    def format(self, *, keep_comparator: bool = False) -> str:
        """Return it for a message: "4 mg", or the word in quotation marks."""
        if isinstance(self.value, dict):
            return (format_quantity if keep_comparator else format_without_comparator)(self.value)
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return f'"{self.value}"' if isinstance(self.value, str) else format_number(self.value)

    def list_numbers(self) -> list[int | Decimal]:
        """Return the numbers of a quantity, [] for other values."""
        if not isinstance(self.value, dict):
            return []
        return [self.value[name] for name in ("value", "low", "high") if name in self.value]


def compare_values(value: StatedValue, other: StatedValue) -> Agreement:
    """Return how two values of one subject stand to each other."""
    if not _have_same_companions(value, other):
        return Agreement.INCOMPARABLE
    if value.amount is not None and other.amount is not None:
        return _compare_amounts(value, other, value.amount, other.amount)
    if value.term is not None and other.term is not None:
        # A term agrees with what it belongs to.
        is_related = value.term in other.wider_terms or other.term in value.wider_terms
        return Agreement.AGREES if is_related else Agreement.CONTRADICTS
    if value.pole and other.pole:
        return Agreement.AGREES if value.pole == other.pole else Agreement.CONTRADICTS
    return Agreement.INCOMPARABLE


def compare_with_wider(value: StatedValue, wider: StatedValue) -> Agreement:
    """Return how a value stands to that of a wider subject.

    An upper bound of the wider subject binds the narrower one, which may have a lower one; a lower bound the
    other way round.
    """
    agreement = compare_values(value, wider)
    if agreement is not Agreement.CONTRADICTS or value.amount is None or wider.amount is None:
        return agreement
    converted = convert_to(value.amount, wider.amount.unit)
    if converted is None:
        return agreement
    is_tighter = (value.is_upper_bound and wider.is_upper_bound and converted.high <= wider.amount.high) or (
        value.is_lower_bound and wider.is_lower_bound and converted.low >= wider.amount.low
    )
    return Agreement.AGREES if is_tighter else agreement


def _have_same_companions(value: StatedValue, other: StatedValue) -> bool:
    for role, companion in value.companions.items():
        other_companion = other.companions.get(role)
        # The other kind has no such field.
        if other_companion is None:
            continue
        is_unstated = companion.value is None or other_companion.value is None
        if is_unstated and companion.is_optional and other_companion.is_optional:
            continue
        if companion.value != other_companion.value:
            return False
    return True


def _compare_amounts(
    value: StatedValue, other: StatedValue, amount: Amount, other_amount: Amount
) -> Agreement:
    converted = convert_to(amount, other_amount.unit)
    if converted is None:
        return Agreement.INCOMPARABLE
    are_same_bounds = (value.is_upper_bound and other.is_upper_bound) or (
        value.is_lower_bound and other.is_lower_bound
    )
    if are_same_bounds:
        # Two limits of the same are one number, whatever lies below both.
        converted, other_amount = converted._replace(comparator=""), other_amount._replace(comparator="")
    if are_disjoint(converted, other_amount):
        return Agreement.CONTRADICTS
    if (converted.low, converted.high) == (other_amount.low, other_amount.high):
        return Agreement.AGREES
    is_bound = converted.is_bounded() or other_amount.is_bounded()
    return Agreement.AGREES if is_bound else Agreement.DIFFERS
