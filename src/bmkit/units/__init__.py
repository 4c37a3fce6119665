"""UCUM units: is a code valid, what does it measure, how much is it in another, and how do people say it."""

from bmkit.units.algebra import (
    Dimension,
    Unit,
    canonical,
    commensurable,
    convert,
    dimension,
    is_valid,
    unit,
    written,
)
from bmkit.units.dimensions import DIMENSIONS, measures
from bmkit.units.grammar import UnitError
from bmkit.units.words import WORDS, human

__all__ = [
    "DIMENSIONS",
    "WORDS",
    "Dimension",
    "Unit",
    "UnitError",
    "canonical",
    "commensurable",
    "convert",
    "dimension",
    "human",
    "is_valid",
    "measures",
    "unit",
    "written",
]
