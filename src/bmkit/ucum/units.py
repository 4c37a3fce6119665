"""Units as exact numbers: their dimension, whether two go together, and conversion from one to another."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bmkit.ucum.essence import essence
from bmkit.ucum.parse import UnitError, parse

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from bmkit.ucum.parse import Part

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
    prefix: Fraction


@lru_cache(maxsize=1024)
def unit(code: str) -> Unit:
    """Give what a UCUM code stands for; raises UnitError if it is none."""
    from fractions import Fraction

    parts = parse(code)
    if len(parts) == 1 and (atom := parts[0].atom) is not None and atom.function:
        base = unit(atom.unit)
        prefix = _prefix(parts[0])
        if parts[0].exponent != 1:
            raise UnitError(f"{code} cannot be divided by: {atom.code} has a scale of its own")
        return Unit(Fraction(atom.value) * base.factor, base.dimension, atom.function, prefix)
    factor = Fraction(1)
    powers: dict[str, int] = {}
    for part in parts:
        scale, dimension = _value(part)
        factor *= scale**part.exponent
        for base_code, power in dimension:
            powers[base_code] = powers.get(base_code, 0) + power * part.exponent
    dimension = tuple(sorted((name, power) for name, power in powers.items() if power))
    return Unit(factor, dimension, "", Fraction(1))


def _prefix(part: Part) -> Fraction:
    from fractions import Fraction

    return Fraction(essence().prefixes[part.prefix]) if part.prefix else Fraction(1)


def _value(part: Part) -> tuple[Fraction, Dimension]:
    """Give what one factor of a product stands for, its exponent left aside."""
    from fractions import Fraction

    atom = part.atom
    if atom is None:
        return Fraction(part.number), ()
    prefix = _prefix(part)
    # An arbitrary unit is its own measure, whatever number stands for it in the tables; [IU] is another name
    # of [iU].
    if not atom.unit or (atom.arbitrary and atom.unit == "1"):
        return prefix, ((atom.code, 1),)
    base = unit(atom.unit)
    return prefix * Fraction(atom.value) * base.factor, base.dimension


def is_valid(code: str) -> bool:
    """Tell whether `code` is a UCUM code, case-sensitive."""
    try:
        unit(code)
    except UnitError:
        return False
    return True


def dimension(code: str) -> Dimension:
    """Give the dimension of a code; raises UnitError if it is none.

    As in UCUM the mole is a number, so that mol/L has the dimension of /L.
    """
    return unit(code).dimension


def commensurable(code: str, other: str) -> bool:
    """Tell whether values in one unit can be said in the other; raises UnitError if either is no unit."""
    return unit(code).dimension == unit(other).dimension


def canonical(code: str) -> tuple[Fraction, str]:
    """Give factor and code of the same unit in base units: "mg/dL" is 10 times "g.m-3".

    Raises UnitError for what is no unit, and for special scales, which have no factor.
    """
    found = unit(code)
    if found.function:
        raise UnitError(f"{code} has a scale of its own, no factor")
    return found.factor, written(found.dimension)


def written(dimension: Dimension) -> str:
    """Write a dimension as a UCUM code: (("g", 1), ("m", -3)) is "g.m-3", () is "1"."""
    return ".".join(name if power == 1 else f"{name}{power}" for name, power in dimension) or "1"


def convert(value: Decimal | Fraction | int, source: str, target: str) -> Fraction:
    """Say `value` of the unit `source` in the unit `target`.

    Exact, but for logarithms, tangents and roots, which are right to 28 digits (tangents: 15).  Raises
    UnitError if either is no unit or if they measure different things.
    """
    from fractions import Fraction

    known, wanted = unit(source), unit(target)
    if known.dimension != wanted.dimension:
        unlike = f"{written(known.dimension)} is not {written(wanted.dimension)}"
        raise UnitError(f"{source} cannot be said in {target}: {unlike}")
    amount = Fraction(value)
    if source == target or not (known.function or wanted.function):
        return amount * known.factor / wanted.factor
    from bmkit.ucum.special import from_scale, to_scale

    based = from_scale(known.function, amount * known.prefix) * known.factor
    return to_scale(wanted.function, based / wanted.factor) / wanted.prefix
