"""A unit is so much of its base units, exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.ucum.algebra import are_commensurable, convert_by_algebra

from bmkit.ucum.parse import UnitError
from bmkit.ucum.units import is_valid_unit, resolve_unit

CONVERSIONS = [
    ("4", "mg", "ug", "4000"),
    ("0.1", "g", "mg", "100"),
    ("4", "mg", "kg", "0.000004"),
    ("3", "mo", "d", "91.3125"),
    ("1", "a", "d", "365.25"),
    ("52", "wk", "d", "364"),
    ("90", "min", "h", "1.5"),
    ("15", "min", "s", "900"),
    ("1", "dL", "mL", "100"),
    ("2.5", "mg/dL", "mg/L", "25"),
    ("1", "kg/m2", "g/cm2", "0.1"),
    ("4", "mg/d", "mg/wk", "28"),
    ("1", "[lb_av]", "g", "453.59237"),
    ("120", "mm[Hg]", "Pa", "15998.64"),
    ("50", "%", "1", "0.5"),
    ("1", "[iU]/mL", "[iU]/L", "1000"),
    ("1", "[IU]", "[iU]", "1"),
    ("1", "m[iU]", "[iU]", "0.001"),
    ("7", "{tablet}/d", "{dose}/wk", "49"),
    ("1", "Gy", "J/kg", "1"),
    ("1", "mL", "cm3", "1"),
    ("20", "[drp]", "mL", "1"),
    ("2500", "mCel", "Cel", "2.5"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "source", "target", "expected"), CONVERSIONS)
def test_values_are_converted_exactly(value: str, source: str, target: str, expected: str) -> None:
    assert convert_by_algebra(Decimal(value), source, target) == Fraction(expected)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("mcg", "'mcg' is not a UCUM unit"),
        ("mg/mcg", "'mcg' in 'mg/mcg' is not a UCUM unit"),
        ("Cel/h", "Cel in Cel/h is on a special scale and cannot be multiplied"),
        ("/Cel", "/Cel cannot be divided by: Cel is on a special scale"),
    ],
)
def test_what_is_no_unit_is_refused(code: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        resolve_unit(code)
    assert str(caught.value) == message


def test_arbitrary_units_go_with_themselves_only() -> None:
    assert are_commensurable("[iU]", "k[IU]")
    for other in ("1", "mg", "[arb'U]", "U"):
        assert not are_commensurable("[iU]", other)
    assert are_commensurable("mol/L", "/L")


@pytest.mark.parametrize(
    ("code", "factor", "base_units"),
    [
        ("mg/dL", "10", (("g", 1), ("m", -3))), ("%", "0.01", ()), ("h", "3600", (("s", 1),)),
        ("N", "1000", (("g", 1), ("m", 1), ("s", -2))), ("K", "1", (("K", 1),)), ("{dose}", "1", ()),
        ("[iU]/mL", "1000000", (("[iU]", 1), ("m", -3))), ("Cel", "1", (("K", 1),)),
    ],
)  # fmt: skip
def test_base_units(code: str, factor: str, base_units: tuple[tuple[str, int], ...]) -> None:
    assert resolve_unit(code) == (Fraction(factor), base_units)
    assert is_valid_unit(code)
