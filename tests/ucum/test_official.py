"""The official functional tests of UCUM, as the package ucumate ships them: every validation and conversion.

They are under the Eclipse Public License, so they are read where they are installed and not copied here.
"""

from __future__ import annotations

import importlib.util
import io
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.ucum.algebra import convert_by_algebra

from bmkit.ucum.units import is_valid_unit


def read_official_tests() -> ET.Element:
    """Return the tests in the Java archive; Java is not started."""
    spec = importlib.util.find_spec("ucumate")
    assert spec is not None, "ucumate, a development dependency, is not installed: make test installs it"
    assert spec.submodule_search_locations
    (archive,) = Path(spec.submodule_search_locations[0]).glob("jars/*.jar")
    with zipfile.ZipFile(archive) as jar:
        return ET.parse(io.BytesIO(jar.read("UcumFunctionalTests.xml"))).getroot()  # noqa: S314  (our own tool)


TESTS = read_official_tests()
VALIDATIONS = [
    (case.attrib["unit"], case.attrib["valid"] == "true")
    for case in TESTS.iter("case")
    if "valid" in case.attrib
]
CONVERSIONS = [
    (case.attrib["value"], case.attrib["srcUnit"], case.attrib["dstUnit"], case.attrib["outcome"])
    for case in TESTS.iter("case")
    if "srcUnit" in case.attrib
]  # fmt: skip


def test_the_tests_are_all_there() -> None:
    assert (len(VALIDATIONS), sum(not valid for _, valid in VALIDATIONS), len(CONVERSIONS)) == (529, 39, 30)


def test_every_validation_is_right() -> None:
    assert [code for code, valid in VALIDATIONS if is_valid_unit(code) != valid] == []


@pytest.mark.parametrize(("value", "source", "target", "outcome"), CONVERSIONS)
def test_a_conversion_gives_the_digits_of_the_outcome(
    value: str, source: str, target: str, outcome: str
) -> None:
    result = convert_by_algebra(Fraction(value), source, target)
    expected = Decimal(outcome)
    # Outcomes are written with as many digits as the value has: 25.2 is 25.
    step = Fraction(10) ** int(expected.as_tuple().exponent)
    assert abs(result - Fraction(expected)) <= step / 2
