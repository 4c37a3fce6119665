"""How grave a change of a value is, by what the field is: its role, its part and what its schema says."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.rules.derived.amounts import Amount, convert_to, is_quantity, to_amount
from bmkit.schema.roles import FRAME_FIELDS, load_frame_gravities, load_roles

if TYPE_CHECKING:
    from bmkit.schema import Field, Kind

# What a fact of a kind that is grave to change says; whom it holds for is told by other kinds, too.
_STATING_PARTS = frozenset(("value", "exposure", "comparator"))
_SLIP_WORDS = {
    Fraction(10): "ten times as much",
    Fraction(100): "a hundred times as much",
    Fraction(1000): "a thousand times as much",
    Fraction(10**6): "a million times as much",
    Fraction(1, 10): "a tenth",
    Fraction(1, 100): "a hundredth",
    Fraction(1, 1000): "a thousandth",
    Fraction(1, 10**6): "a millionth",
}


class Gravity(IntEnum):
    """How grave a change is, from one that says the same to one that can hurt a patient."""

    NONE = 0
    MINOR = 1
    MAJOR = 2
    CRITICAL = 3

    @property
    def word(self) -> str:
        """Its word in reports and schemas."""
        return self.name.lower()


def rank_fact(kind: Kind) -> Gravity:
    """Return how grave it is that a record of a kind is added or removed."""
    if kind.gravity:
        return _read_gravity(kind.gravity)
    role = load_roles().of_kinds.get(kind.role)
    return _read_gravity(role.gravity) if role is not None and kind.group == "fact" else Gravity.MAJOR


def rank_field(field: Field, kind: Kind, holder_gravity: Gravity | None = None, *, is_lost: bool) -> Gravity:
    """Return how grave a change of a field is, whatever its values; `is_lost` says that the value is gone.

    A field of an object in a record is as grave as the object unless it says more itself.
    """
    if field.gravity:
        return _read_gravity(field.gravity)
    if len(field.path) == 1 and field.name in FRAME_FIELDS:
        gravities = load_frame_gravities().get(field.name)
        frame_gravity = _read_gravity(gravities[is_lost]) if gravities is not None else Gravity.MAJOR
        # Of records that hardly matter, such as notes of editors, their labels do not matter more.
        return min(frame_gravity, rank_fact(kind)) if kind.gravity else frame_gravity
    role = load_roles().of_fields.get(field.role)
    if role is not None and role.gravity:
        return _read_gravity(role.gravity)
    if holder_gravity is not None:
        return holder_gravity
    return rank_fact(kind) if kind.gravity or field.part in _STATING_PARTS else Gravity.MAJOR


def weigh_quantity(before: Any, after: Any, field: Field, gravity: Gravity) -> tuple[Gravity, str]:
    """Return how grave a change of a quantity is, and in a few words what makes it so, or "".

    `gravity` is that of the field.  Another unit of the same amount is a minor change; a comparator, a unit
    and a power of ten are critical wherever they stand, because they are slips that nobody sees.
    """
    if not (_is_whole_quantity(before) and _is_whole_quantity(after)):
        return (Gravity.CRITICAL, "another measure") if _has_other_measure(before, after) else (gravity, "")
    old, new = to_amount(before, field.dimension), to_amount(after, field.dimension)
    old_converted = convert_to(old, new.unit)
    if old.comparator != new.comparator:
        return Gravity.CRITICAL, "another comparator"
    if old_converted is None:
        return Gravity.CRITICAL, "another measure"
    if old_converted[:2] == new[:2]:
        return Gravity.MINOR, "the same in another unit"
    factor_words = _find_slip(old_converted, new)
    if old.unit != new.unit:
        return Gravity.CRITICAL, factor_words or "another unit"
    return (Gravity.CRITICAL, factor_words) if factor_words else (gravity, "")


def _find_slip(old: Amount, new: Amount) -> str:
    """Return in words by which power of ten an amount or one of its ends changed, "" for none.

    The units are the same.
    """
    changed_ends = [ends for ends in zip(old[:2], new[:2], strict=True) if ends[0] != ends[1]]
    factors = {new_end / old_end if old_end else Fraction(0) for old_end, new_end in changed_ends}
    words = _SLIP_WORDS.get(factors.pop(), "") if len(factors) == 1 else ""
    return f"one end {words}" if words and len(changed_ends) == 1 else words


def _has_other_measure(before: Any, after: Any) -> bool:
    """Return whether two quantities, one of them with errors, differ in their unit or comparator."""
    return (
        isinstance(before, dict)
        and isinstance(after, dict)
        and any(before.get(name) != after.get(name) for name in ("unit", "comparator"))
    )


def _is_whole_quantity(value: Any) -> bool:
    """Return whether a value is a quantity with numbers in it; content with errors is compared, too."""
    return (
        is_quantity(value)
        and isinstance(value["unit"], str)
        and all(isinstance(value.get(name, 0), int | Decimal) for name in ("value", "low", "high"))
        and isinstance(value.get("comparator", ""), str)
    )


def _read_gravity(word: str) -> Gravity:
    return Gravity[word.upper()] if word else Gravity.MAJOR
