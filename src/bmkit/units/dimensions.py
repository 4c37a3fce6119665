"""Names of dimensions, as the schemas write them in x-unit."""

from __future__ import annotations

from bmkit.units.algebra import commensurable

DIMENSIONS = {
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


def measures(code: str, name: str) -> bool:
    """Tell whether a unit measures the named dimension.

    Raises UnitError if `code` is no unit, KeyError if no dimension has that name.
    """
    return commensurable(code, DIMENSIONS[name])
