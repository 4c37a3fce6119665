"""Scales that are not proportional: temperatures exactly; logarithms, tangents and roots to many digits."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from fractions import Fraction

from bmkit.ucum.parse import UnitError

_WORKING_CONTEXT = Context(prec=40)
_RESULT_CONTEXT = Context(prec=28)

# Offsets to the absolute scale, in steps of the scale itself.
_OFFSET_BY_FUNCTION = {"Cel": Fraction("273.15"), "degF": Fraction("459.67"), "degRe": Fraction("218.52")}
# Values are the exponents, multiplied by the second number, of the first.
_LOGARITHM_BY_FUNCTION = {
    "lg": (Decimal(10), Fraction(1)),
    "lgTimes2": (Decimal(10), Fraction(1, 2)),
    "ld": (Decimal(2), Fraction(1)),
    "pH": (Decimal(10), Fraction(-1)),
    "hpX": (Decimal(10), Fraction(-1)),
    "hpC": (Decimal(100), Fraction(-1)),
    "hpM": (Decimal(1000), Fraction(-1)),
    "hpQ": (Decimal(50_000), Fraction(-1)),
}
_MAX_LOGARITHM = 10_000
_MAX_TANGENT_VALUE = 10**300


def from_special_scale(function: str, value: Fraction) -> Fraction:
    """Take a value off the scale of `function`: 0 of "Cel" is 273.15."""
    if not function:
        return value
    if function in _OFFSET_BY_FUNCTION:
        return value + _OFFSET_BY_FUNCTION[function]
    if function == "sqrt":
        return value**2
    if function in {"tanTimes100", "100tan"}:
        _require_tangent_range(value)
        angle = math.atan(value / 100)
        return Fraction(repr(angle if function == "tanTimes100" else math.degrees(angle)))
    log_base, multiplier = _find_logarithm(function)
    exponent = value * multiplier
    if abs(exponent) > _MAX_LOGARITHM:
        raise UnitError(f"{_format_six_digits(value)} is beyond the scale")
    return _round_to_result(
        _WORKING_CONTEXT.exp(
            _WORKING_CONTEXT.multiply(_to_working_decimal(exponent), _compute_natural_log(log_base))
        )
    )


def to_special_scale(function: str, value: Fraction) -> Fraction:
    """Put a value on the scale of `function`: 273.15 is 0 of "Cel"."""
    if not function:
        return value
    if function in _OFFSET_BY_FUNCTION:
        return value - _OFFSET_BY_FUNCTION[function]
    if function == "sqrt":
        if value < 0:
            raise UnitError(f"{_format_six_digits(value)} has no root")
        return _round_to_result(_WORKING_CONTEXT.sqrt(_to_working_decimal(value)))
    if function in {"tanTimes100", "100tan"}:
        _require_tangent_range(value)
        angle = float(value) if function == "tanTimes100" else math.radians(float(value))
        return Fraction(repr(100 * math.tan(angle)))
    if value <= 0:
        raise UnitError(f"{_format_six_digits(value)} has no logarithm")
    log_base, multiplier = _find_logarithm(function)
    return (
        _round_to_result(
            _WORKING_CONTEXT.divide(
                _WORKING_CONTEXT.ln(_to_working_decimal(value)), _compute_natural_log(log_base)
            )
        )
        / multiplier
    )


def _require_tangent_range(value: Fraction) -> None:
    if abs(value) > _MAX_TANGENT_VALUE:
        raise UnitError(f"{_format_six_digits(value)} is beyond the scale")


def _format_six_digits(value: Fraction) -> str:
    return f"{_to_working_decimal(value):.6g}"


def _find_logarithm(function: str) -> tuple[Decimal, Fraction]:
    return (
        _LOGARITHM_BY_FUNCTION[function]
        if function in _LOGARITHM_BY_FUNCTION
        else (_WORKING_CONTEXT.exp(Decimal(1)), Fraction(1))
    )


def _compute_natural_log(log_base: Decimal) -> Decimal:
    return _WORKING_CONTEXT.ln(log_base)


def _to_working_decimal(value: Fraction) -> Decimal:
    return _WORKING_CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _round_to_result(value: Decimal) -> Fraction:
    return Fraction(_RESULT_CONTEXT.plus(value))
