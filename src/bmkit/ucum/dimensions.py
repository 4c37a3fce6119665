"""Names of dimensions, as the schemas write them in x-unit."""

from __future__ import annotations

import re

from bmkit.ucum.units import are_commensurable, find_dimension

UNIT_BY_DIMENSION = {
    "count": "1",
    "fraction": "%",
    "mass": "g",
    "mass-rate": "g/d",
    "volume": "L",
    "volume-rate": "L/h",
    "time": "s",
    "rate": "/d",
    "length": "m",
    "area": "m2",
    "temperature": "K",
    "mass-concentration": "g/L",
    "substance-concentration": "mol/L",
    "mass-per-mass": "g/kg",
    "mass-per-area": "g/m2",
    "pressure": "Pa",
    "radioactivity": "Bq",
    "absorbed-dose": "Gy",
    "arbitrary-units": "[iU]",
}
"""Each name with a unit that measures it."""

# Decays per second have the dimension of a frequency: only the symbol tells them apart.
_RADIOACTIVITY_SYMBOL_PATTERN = r"(?:Bq|Ci)(?![A-Za-z])"


def has_dimension(code: str, dimension_name: str) -> bool:
    """Return whether a unit measures the named dimension.

    Raises UnitError if `code` is not a unit, KeyError if no dimension has that name.
    """
    return are_commensurable(code, UNIT_BY_DIMENSION[dimension_name])


def name_dimension(code: str) -> str:
    """Return the name of the dimension that a unit measures, "" if it has no name.

    Raises UnitError if `code` is not a unit.
    """
    if re.search(_RADIOACTIVITY_SYMBOL_PATTERN, code) and are_commensurable(
        code, UNIT_BY_DIMENSION["radioactivity"]
    ):
        return "radioactivity"
    # Shares, counts and moles are all pure numbers.
    is_dimensionless = not find_dimension(code)
    matching_names = (
        dimension_name
        for dimension_name, typical_unit in UNIT_BY_DIMENSION.items()
        if code == typical_unit or (not is_dimensionless and are_commensurable(code, typical_unit))
    )
    return next(matching_names, "")
