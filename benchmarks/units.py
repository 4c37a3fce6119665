"""Units: how many official tests pass, and the time of a cold process beside ucumvert.

    python benchmarks/units.py [ROUNDS]

The official tests are read from the package ucumate; both packages are development dependencies.
"""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import zipfile
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree as ET

from bmkit.ucum.units import is_valid_unit, resolve_unit
from pairs import bar, interleaved, process

CODES = (
    *("mg", "ug", "g", "kg", "mL", "L", "mg/d", "ug/kg/min", "mg/(kg.d)", "%", "d", "wk", "mo", "a", "h"),
    *("min", "mm[Hg]", "mmol/L", "10*9/L", "[iU]/L"),
)
OURS = f"""\
from bmkit.ucum.units import is_valid_unit, resolve_unit
assert all(is_valid_unit(code) for code in {CODES!r})
assert 4 * resolve_unit("mg").factor / resolve_unit("ug").factor == 4000
"""
THEIRS = f"""\
from ucumvert import PintUcumRegistry
registry = PintUcumRegistry()
for code in {CODES!r}:
    registry.from_ucum(code)
assert round((4 * registry.from_ucum("mg")).to(registry.from_ucum("ug")).magnitude) == 4000
"""


def read_official_tests() -> ET.Element:
    """Return the official tests."""
    spec = importlib.util.find_spec("ucumate")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("ucumate is not installed: pip install bmkit[dev]")
    jars = os.path.join(spec.submodule_search_locations[0], "jars")
    (name,) = (name for name in os.listdir(jars) if name.endswith(".jar"))
    with zipfile.ZipFile(os.path.join(jars, name)) as jar:
        return ET.parse(io.BytesIO(jar.read("UcumFunctionalTests.xml"))).getroot()  # noqa: S314


def is_converted(case: dict[str, str]) -> bool:
    """Return whether a conversion gives the digits of its outcome."""
    source, target = resolve_unit(case["srcUnit"]), resolve_unit(case["dstUnit"])
    value = Fraction(case["value"]) * source.factor / target.factor
    expected = Decimal(case["outcome"])
    return abs(value - Fraction(expected)) <= Fraction(10) ** int(expected.as_tuple().exponent) / 2


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    cases = [case.attrib for case in read_official_tests().iter("case")]
    validations = [
        is_valid_unit(case["unit"]) == (case["valid"] == "true") for case in cases if "valid" in case
    ]
    conversions = [is_converted(case) for case in cases if "srcUnit" in case]
    print(f"U1 validations {sum(validations)}/{len(validations)}")
    print(f"U1 conversions {sum(conversions)}/{len(conversions)}")
    runs = {
        "bmkit": process(sys.executable, "-c", OURS),
        "ucumvert": process(sys.executable, "-c", THEIRS),
        "pass": process(sys.executable, "-c", "pass"),
    }
    for code in (OURS, THEIRS):
        if process(sys.executable, "-c", code)() != 0:
            print("a side fails")
            return 1
    times = interleaved(runs, rounds)
    print(f"bmkit : python -c pass is {times.ratio('bmkit', 'pass'):.2f}x")
    held = bar("U1 cold process : ucumvert", times.ratio("bmkit", "ucumvert"), 0.1)
    return 0 if held and all(validations) and all(conversions) else 1


if __name__ == "__main__":
    sys.exit(main())
