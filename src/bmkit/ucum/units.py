"""Units as exact numbers: their dimension, whether two go together, and conversion from one to another."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bmkit.ucum.essence import read_essence
from bmkit.ucum.parse import UnitError, parse_unit

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from bmkit.ucum.parse import UnitComponent

Dimension = tuple[tuple[str, int], ...]
"""Base units with their exponents, sorted, none with exponent 0; () for pure numbers.

Base units are m, s, g, rad, K, C, cd and each arbitrary unit, such as [iU].
"""


class Unit(NamedTuple):
    """What a code stands for: `factor` times the base units of `dimension`.

    On a special scale (`function`) a value is first scaled by `prefix`, then put through the inverse of the
    function, then multiplied by `factor`.
    """

    factor: Fraction
    dimension: Dimension
    function: str
    prefix_factor: Fraction


@lru_cache(maxsize=1024)
def resolve_unit(code: str) -> Unit:
    """Give what a UCUM code stands for; raises UnitError if it is none."""
    from fractions import Fraction

    components = parse_unit(code)
    if len(components) == 1 and (atom := components[0].atom) is not None and atom.function:
        defining_unit = resolve_unit(atom.unit_code)
        prefix_factor = _find_prefix_factor(components[0])
        if components[0].exponent != 1:
            raise UnitError(f"{code} cannot be divided by: {atom.code} has a scale of its own")
        return Unit(
            Fraction(atom.value) * defining_unit.factor, defining_unit.dimension, atom.function, prefix_factor
        )
    factor = Fraction(1)
    exponents: dict[str, int] = {}
    for component in components:
        component_factor, component_dimension = _resolve_component(component)
        factor *= component_factor**component.exponent
        for base_code, exponent in component_dimension:
            exponents[base_code] = exponents.get(base_code, 0) + exponent * component.exponent
    component_dimension = tuple(
        sorted((base_code, exponent) for base_code, exponent in exponents.items() if exponent)
    )
    return Unit(factor, component_dimension, "", Fraction(1))


def _find_prefix_factor(component: UnitComponent) -> Fraction:
    from fractions import Fraction

    return Fraction(read_essence().prefix_values[component.prefix]) if component.prefix else Fraction(1)


def _resolve_component(component: UnitComponent) -> tuple[Fraction, Dimension]:
    """Give what one factor of a product stands for, its exponent left aside."""
    from fractions import Fraction

    atom = component.atom
    if atom is None:
        return Fraction(component.number), ()
    prefix_factor = _find_prefix_factor(component)
    # An arbitrary unit is its own measure, whatever number stands for it in the tables; [IU] is another name
    # of [iU].
    if not atom.unit_code or (atom.is_arbitrary and atom.unit_code == "1"):
        return prefix_factor, ((atom.code, 1),)
    defining_unit = resolve_unit(atom.unit_code)
    return prefix_factor * Fraction(atom.value) * defining_unit.factor, defining_unit.dimension


def is_valid_unit(code: str) -> bool:
    """Tell whether `code` is a UCUM code, case-sensitive."""
    try:
        resolve_unit(code)
    except UnitError:
        return False
    return True


def find_dimension(code: str) -> Dimension:
    """Give the dimension of a code; raises UnitError if it is none.

    As in UCUM the mole is a number, so that mol/L has the dimension of /L.
    """
    return resolve_unit(code).dimension


def are_commensurable(code: str, other_code: str) -> bool:
    """Tell whether values in one unit can be said in the other; raises UnitError if either is no unit."""
    return resolve_unit(code).dimension == resolve_unit(other_code).dimension


def to_base_units(code: str) -> tuple[Fraction, str]:
    """Give factor and code of the same unit in base units: "mg/dL" is 10 times "g.m-3".

    Raises UnitError for what is no unit, and for special scales, which have no factor.
    """
    resolved_unit = resolve_unit(code)
    if resolved_unit.function:
        raise UnitError(f"{code} has a scale of its own, no factor")
    return resolved_unit.factor, format_dimension(resolved_unit.dimension)


def format_dimension(dimension: Dimension) -> str:
    """Write a dimension as a UCUM code: (("g", 1), ("m", -3)) is "g.m-3", () is "1"."""
    return (
        ".".join(
            base_code if exponent == 1 else f"{base_code}{exponent}" for base_code, exponent in dimension
        )
        or "1"
    )


def convert_value(value: Decimal | Fraction | int, from_code: str, to_code: str) -> Fraction:
    """Say `value` of the unit `source` in the unit `target`.

    Exact, but for logarithms, tangents and roots, which are right to 28 digits (tangents: 15).  Raises
    UnitError if either is no unit or if they measure different things.
    """
    from fractions import Fraction

    from_unit, to_unit = resolve_unit(from_code), resolve_unit(to_code)
    if from_unit.dimension != to_unit.dimension:
        mismatch = f"{format_dimension(from_unit.dimension)} is not {format_dimension(to_unit.dimension)}"
        raise UnitError(f"{from_code} cannot be said in {to_code}: {mismatch}")
    exact_value = Fraction(value)
    if from_code == to_code or not (from_unit.function or to_unit.function):
        return exact_value * from_unit.factor / to_unit.factor
    from bmkit.ucum.special import from_special_scale, to_special_scale

    base_value = (
        from_special_scale(from_unit.function, exact_value * from_unit.prefix_factor) * from_unit.factor
    )
    return to_special_scale(to_unit.function, base_value / to_unit.factor) / to_unit.prefix_factor
