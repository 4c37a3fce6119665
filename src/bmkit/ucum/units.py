"""Units as exact numbers, by UCUM's algebra: base units, and conversion from one unit to another."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bmkit.ucum.essence import read_essence
from bmkit.ucum.parse import UnitError, parse_unit

if TYPE_CHECKING:
    from decimal import Context, Decimal
    from fractions import Fraction

    from bmkit.ucum.parse import UnitComponent

BaseUnits = tuple[tuple[str, int], ...]
"""Base units with their exponents, sorted, none with exponent 0; () for pure numbers.

Base units are m, s, g, rad, K, C, cd and each arbitrary unit, such as [iU].
"""


_WORKING_DIGITS, _RESULT_DIGITS = 40, 28

# Offsets to the absolute scale, in steps of the scale itself.
_OFFSET_BY_FUNCTION = {"Cel": "273.15", "degF": "459.67", "degRe": "218.52"}
# The base of the logarithm, and by how much a value on the scale is multiplied to give the exponent.
_LOGARITHM_BY_FUNCTION = {
    "lg": (10, "1"),
    "lgTimes2": (10, "1/2"),
    "ld": (2, "1"),
    "pH": (10, "-1"),
    "hpX": (10, "-1"),
    "hpC": (100, "-1"),
    "hpM": (1000, "-1"),
    "hpQ": (50_000, "-1"),
}
_TANGENT_FUNCTIONS = ("tanTimes100", "100tan")
_MAX_LOGARITHM = 10_000
_MAX_TANGENT_VALUE = 10**300


class Unit(NamedTuple):
    """What a code stands for: `factor` times the base units.

    A value on a special scale (`function`) is multiplied by `prefix_factor`, then put through the inverse of
    the function, then multiplied by `factor`.
    """

    factor: Fraction
    base_units: BaseUnits
    function: str
    prefix_factor: Fraction


@lru_cache(maxsize=1024)
def resolve_unit(code: str) -> Unit:
    """Return what a UCUM code stands for; raises UnitError if it is not one."""
    from fractions import Fraction

    components = parse_unit(code)
    if len(components) == 1 and (atom := components[0].atom) is not None and atom.function:
        if components[0].exponent != 1:
            raise UnitError(f"{code} cannot be divided by: {atom.code} is on a special scale")
        defining_unit = resolve_unit(atom.unit_code)
        factor = Fraction(atom.value) * defining_unit.factor
        return Unit(factor, defining_unit.base_units, atom.function, _find_prefix_factor(components[0]))
    factor = Fraction(1)
    exponent_by_base: dict[str, int] = {}
    for component in components:
        component_factor, component_base_units = _resolve_component(component)
        factor *= component_factor**component.exponent
        for base_code, exponent in component_base_units:
            exponent_by_base[base_code] = exponent_by_base.get(base_code, 0) + exponent * component.exponent
    base_units = tuple(sorted(item for item in exponent_by_base.items() if item[1]))
    return Unit(factor, base_units, "", Fraction(1))


def _find_prefix_factor(component: UnitComponent) -> Fraction:
    from fractions import Fraction

    return Fraction(read_essence().prefix_values[component.prefix]) if component.prefix else Fraction(1)


def _resolve_component(component: UnitComponent) -> tuple[Fraction, BaseUnits]:
    """Return factor and base units of one component of a product, without its exponent."""
    from fractions import Fraction

    atom = component.atom
    if atom is None:
        return Fraction(component.number), ()
    prefix_factor = _find_prefix_factor(component)
    # An arbitrary unit is a base unit of its own, whatever its value in the tables; [IU] is another name of
    # [iU].
    if not atom.unit_code or (atom.is_arbitrary and atom.unit_code == "1"):
        return prefix_factor, ((atom.code, 1),)
    defining_unit = resolve_unit(atom.unit_code)
    return prefix_factor * Fraction(atom.value) * defining_unit.factor, defining_unit.base_units


def is_valid_unit(code: str) -> bool:
    """Return whether `code` is a UCUM code, case-sensitive."""
    try:
        resolve_unit(code)
    except UnitError:
        return False
    return True


def find_base_units(code: str) -> BaseUnits:
    """Return the base units of a code; raises UnitError if it is not a unit.

    The mole is a number in UCUM, so mol/L has the base units of /L.
    """
    return resolve_unit(code).base_units


def are_commensurable(code: str, other_code: str) -> bool:
    """Return whether values can be converted between two units; raises UnitError if either is not one."""
    return resolve_unit(code).base_units == resolve_unit(other_code).base_units


def to_base_units(code: str) -> tuple[Fraction, str]:
    """Return a unit as a factor and a code in base units: "mg/dL" is 10 times "g.m-3".

    Raises UnitError if `code` is not a unit or is on a special scale, which has no factor.
    """
    resolved_unit = resolve_unit(code)
    if resolved_unit.function:
        raise UnitError(f"{code} is on a special scale and has no factor")
    return resolved_unit.factor, format_base_units(resolved_unit.base_units)


def format_base_units(base_units: BaseUnits) -> str:
    """Write base units as a UCUM code: (("g", 1), ("m", -3)) is "g.m-3", () is "1"."""
    return (
        ".".join(
            base_code if exponent == 1 else f"{base_code}{exponent}" for base_code, exponent in base_units
        )
        or "1"
    )


def convert_value(value: Decimal | Fraction | int, from_code: str, to_code: str) -> Fraction:
    """Return the value in the unit `to_code` that `value` is in the unit `from_code`.

    The result is exact, except for logarithms and roots (28 digits) and tangents (15 digits).  Raises
    UnitError if either code is not a unit or if they measure different things.
    """
    from fractions import Fraction

    from_unit, to_unit = resolve_unit(from_code), resolve_unit(to_code)
    if from_unit.base_units != to_unit.base_units:
        mismatch = f"{format_base_units(from_unit.base_units)} is not {format_base_units(to_unit.base_units)}"
        raise UnitError(f"{from_code} cannot be converted to {to_code}: {mismatch}")
    exact_value = Fraction(value)
    if from_code == to_code or not (from_unit.function or to_unit.function):
        return exact_value * from_unit.factor / to_unit.factor
    base_value = (
        _from_special_scale(from_unit.function, exact_value * from_unit.prefix_factor) * from_unit.factor
    )
    return _to_special_scale(to_unit.function, base_value / to_unit.factor) / to_unit.prefix_factor


def _from_special_scale(function: str, value: Fraction) -> Fraction:
    """Return a value of a special scale on the proportional one: 0 of "Cel" is 273.15."""
    from fractions import Fraction

    if not function:
        return value
    if function in _OFFSET_BY_FUNCTION:
        return value + Fraction(_OFFSET_BY_FUNCTION[function])
    if function == "sqrt":
        return value**2
    if function in _TANGENT_FUNCTIONS:
        _require_tangent_range(value)
        angle = math.atan(value / 100)
        return Fraction(repr(angle if function == "tanTimes100" else math.degrees(angle)))
    log_of_base, multiplier = _find_logarithm(function)
    exponent = value * multiplier
    if abs(exponent) > _MAX_LOGARITHM:
        raise UnitError(f"{_format_six_digits(value)} is outside the scale")
    context = _make_context(_WORKING_DIGITS)
    return _round_to_result(context.exp(context.multiply(_to_decimal(exponent), log_of_base)))


def _to_special_scale(function: str, value: Fraction) -> Fraction:
    """Return a value of the proportional scale on a special one: 273.15 is 0 of "Cel"."""
    from fractions import Fraction

    if not function:
        return value
    if function in _OFFSET_BY_FUNCTION:
        return value - Fraction(_OFFSET_BY_FUNCTION[function])
    context = _make_context(_WORKING_DIGITS)
    if function == "sqrt":
        if value < 0:
            raise UnitError(f"{_format_six_digits(value)} has no square root")
        return _round_to_result(context.sqrt(_to_decimal(value)))
    if function in _TANGENT_FUNCTIONS:
        _require_tangent_range(value)
        angle = float(value) if function == "tanTimes100" else math.radians(float(value))
        return Fraction(repr(100 * math.tan(angle)))
    if value <= 0:
        raise UnitError(f"{_format_six_digits(value)} has no logarithm")
    log_of_base, multiplier = _find_logarithm(function)
    return _round_to_result(context.divide(context.ln(_to_decimal(value)), log_of_base)) / multiplier


def _require_tangent_range(value: Fraction) -> None:
    if abs(value) > _MAX_TANGENT_VALUE:
        raise UnitError(f"{_format_six_digits(value)} is outside the scale")


def _find_logarithm(function: str) -> tuple[Decimal, Fraction]:
    """Return the natural logarithm of the base of a scale, and the multiplier of its values."""
    from decimal import Decimal
    from fractions import Fraction

    if function not in _LOGARITHM_BY_FUNCTION:
        return Decimal(1), Fraction(1)
    log_base, multiplier = _LOGARITHM_BY_FUNCTION[function]
    return _make_context(_WORKING_DIGITS).ln(Decimal(log_base)), Fraction(multiplier)


def _make_context(digits: int) -> Context:
    from decimal import Context

    return Context(prec=digits)


def _to_decimal(value: Fraction) -> Decimal:
    from decimal import Decimal

    return _make_context(_WORKING_DIGITS).divide(Decimal(value.numerator), Decimal(value.denominator))


def _format_six_digits(value: Fraction) -> str:
    return f"{_to_decimal(value):.6g}"


def _round_to_result(value: Decimal) -> Fraction:
    from fractions import Fraction

    return Fraction(_make_context(_RESULT_DIGITS).plus(value))
