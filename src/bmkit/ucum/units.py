"""Units as exact numbers, by UCUM's algebra: what a code stands for in base units."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bmkit.ucum.essence import read_essence
from bmkit.ucum.parse import UnitError, parse_unit

if TYPE_CHECKING:
    from fractions import Fraction

BaseUnits = tuple[tuple[str, int], ...]
"""Base units with their exponents, sorted, none with exponent 0; () for pure numbers.

Base units are m, s, g, rad, K, C, cd and each arbitrary unit, such as [iU].
"""


class Unit(NamedTuple):
    """What a code stands for: `factor` times the base units, on a special scale (Cel, pH) one step of it."""

    factor: Fraction
    base_units: BaseUnits


@lru_cache(maxsize=1024)
def resolve_unit(code: str) -> Unit:
    """Return what a UCUM code stands for; raises UnitError if it is not one.

    The mole is a number in UCUM, so mol/L has the base units of /L.
    """
    from fractions import Fraction

    factor = Fraction(1)
    exponent_by_base: dict[str, int] = {}
    for component in parse_unit(code):
        atom = component.atom
        if atom is None:
            unit = Unit(Fraction(component.number), ())
        elif not atom.unit_code or (atom.is_arbitrary and atom.unit_code == "1"):
            # An arbitrary unit is a base unit of its own, whatever its value in the tables; [IU] is another
            # name of [iU].
            unit = Unit(Fraction(1), ((atom.code, 1),))
        else:
            unit = resolve_unit(atom.unit_code)
            unit = unit._replace(factor=unit.factor * Fraction(atom.value))
            if atom.function and component.exponent != 1:
                raise UnitError(f"{code} cannot be divided by: {atom.code} is on a special scale")
        prefix_factor = Fraction(read_essence().prefix_values[component.prefix]) if component.prefix else 1
        factor *= (unit.factor * prefix_factor) ** component.exponent
        for base_code, exponent in unit.base_units:
            exponent_by_base[base_code] = exponent_by_base.get(base_code, 0) + exponent * component.exponent
    return Unit(factor, tuple(sorted(item for item in exponent_by_base.items() if item[1])))


def is_valid_unit(code: str) -> bool:
    """Return whether `code` is a UCUM code, case-sensitive."""
    try:
        resolve_unit(code)
    except UnitError:
        return False
    return True
