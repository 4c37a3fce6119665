"""Conversion by UCUM's algebra, the yardstick of the table of dimensions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.ucum.units import resolve_unit

if TYPE_CHECKING:
    from decimal import Decimal


def are_commensurable(code: str, other_code: str) -> bool:
    return resolve_unit(code).base_units == resolve_unit(other_code).base_units


def convert_by_algebra(value: Decimal | Fraction | int, from_code: str, to_code: str) -> Fraction:
    """Return the value in another unit; both must be commensurable and not on special scales."""
    assert are_commensurable(from_code, to_code), (from_code, to_code)
    return Fraction(value) * resolve_unit(from_code).factor / resolve_unit(to_code).factor
