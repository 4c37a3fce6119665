"""Names of dimensions, as the schemas write them in x-unit."""

from __future__ import annotations

import re

from bmkit.ucum.units import commensurable, dimension

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

# What decays in a second is a number a second; only its name tells it from how often something is done.
_OF_RADIOACTIVITY = r"(?:Bq|Ci)(?![A-Za-z])"


def measures(code: str, name: str) -> bool:
    """Tell whether a unit measures the named dimension.

    Raises UnitError if `code` is no unit, KeyError if no dimension has that name.
    """
    return commensurable(code, DIMENSIONS[name])


def dimension_of(code: str) -> str:
    """Give the name of the dimension that a unit measures, "" if none has a name of its own for it.

    Raises UnitError if `code` is no unit.
    """
    if re.search(_OF_RADIOACTIVITY, code) and commensurable(code, DIMENSIONS["radioactivity"]):
        return "radioactivity"
    # As pure numbers shares, counts and moles cannot be told apart.
    pure = not dimension(code)
    like = (
        name for name, one in DIMENSIONS.items() if code == one or (not pure and commensurable(code, one))
    )
    return next(like, "")
