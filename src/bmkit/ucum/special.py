"""Scales that are not proportional: temperatures exactly; logarithms, tangents and roots to many digits."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from fractions import Fraction

from bmkit.ucum.parse import UnitError

_PRECISE = Context(prec=40)
_DIGITS = Context(prec=28)

# Offsets to the absolute scale, in steps of the scale itself.
_OFFSETS = {"Cel": Fraction("273.15"), "degF": Fraction("459.67"), "degRe": Fraction("218.52")}
# Values are the exponents, multiplied by the second number, of the first.
_POWERS = {
    "lg": (Decimal(10), Fraction(1)),
    "lgTimes2": (Decimal(10), Fraction(1, 2)),
    "ld": (Decimal(2), Fraction(1)),
    "pH": (Decimal(10), Fraction(-1)),
    "hpX": (Decimal(10), Fraction(-1)),
    "hpC": (Decimal(100), Fraction(-1)),
    "hpM": (Decimal(1000), Fraction(-1)),
    "hpQ": (Decimal(50_000), Fraction(-1)),
}
_LARGEST = 10_000
_LARGEST_ANGLE = 10**300


def from_scale(function: str, value: Fraction) -> Fraction:
    """Take a value off the scale of `function`: 0 of "Cel" is 273.15."""
    if not function:
        return value
    if function in _OFFSETS:
        return value + _OFFSETS[function]
    if function == "sqrt":
        return value**2
    if function in {"tanTimes100", "100tan"}:
        _fits(value)
        angle = math.atan(value / 100)
        return Fraction(repr(angle if function == "tanTimes100" else math.degrees(angle)))
    base, times = _power(function)
    exponent = value * times
    if abs(exponent) > _LARGEST:
        raise UnitError(f"{_shown(value)} is beyond the scale")
    return _rounded(_PRECISE.exp(_PRECISE.multiply(_decimal(exponent), _log(base))))


def to_scale(function: str, value: Fraction) -> Fraction:
    """Put a value on the scale of `function`: 273.15 is 0 of "Cel"."""
    if not function:
        return value
    if function in _OFFSETS:
        return value - _OFFSETS[function]
    if function == "sqrt":
        if value < 0:
            raise UnitError(f"{_shown(value)} has no root")
        return _rounded(_PRECISE.sqrt(_decimal(value)))
    if function in {"tanTimes100", "100tan"}:
        _fits(value)
        angle = float(value) if function == "tanTimes100" else math.radians(float(value))
        return Fraction(repr(100 * math.tan(angle)))
    if value <= 0:
        raise UnitError(f"{_shown(value)} has no logarithm")
    base, times = _power(function)
    return _rounded(_PRECISE.divide(_PRECISE.ln(_decimal(value)), _log(base))) / times


def _fits(value: Fraction) -> None:
    if abs(value) > _LARGEST_ANGLE:
        raise UnitError(f"{_shown(value)} is beyond the scale")


def _shown(value: Fraction) -> str:
    return f"{_decimal(value):.6g}"


def _power(function: str) -> tuple[Decimal, Fraction]:
    return _POWERS[function] if function in _POWERS else (_PRECISE.exp(Decimal(1)), Fraction(1))


def _log(base: Decimal) -> Decimal:
    return _PRECISE.ln(base)


def _decimal(value: Fraction) -> Decimal:
    return _PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator))


def _rounded(value: Decimal) -> Fraction:
    return Fraction(_DIGITS.plus(value))
