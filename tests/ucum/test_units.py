"""Units measure something and are converted exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.ucum.essence import read_essence
from bmkit.ucum.parse import UnitError
from bmkit.ucum.units import (
    are_commensurable,
    convert_value,
    find_base_units,
    format_base_units,
    is_valid_unit,
    resolve_unit,
    to_base_units,
)

ROOT = "[m/s2/Hz^(1/2)]"
CONVERSIONS = [
    ("4", "mg", "ug", "4000"),
    ("0.1", "g", "mg", "100"),
    ("4", "mg", "kg", "0.000004"),
    ("3", "mo", "d", "91.3125"),
    ("1", "a", "d", "365.25"),
    ("52", "wk", "d", "364"),
    ("90", "min", "h", "1.5"),
    ("15", "min", "s", "900"),
    ("37", "Cel", "[degF]", "98.6"),
    ("98.6", "[degF]", "Cel", "37"),
    ("0", "Cel", "K", "273.15"),
    ("2500", "mCel", "Cel", "2.5"),
    ("25", "Cel", "mCel", "25000"),
    ("80", "[degRe]", "Cel", "100"),
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
    ("30", "dB", "B", "3"),
    ("40", "dB[V]", "V", "100"),
    ("7", "[pH]", "mol/L", "0.0000001"),
    ("100", "%[slope]", "deg", "45"),
    ("3", ROOT, "m2/s4/Hz", "9"),
    ("8", "bit_s", "1", "256"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "source", "target", "expected"), CONVERSIONS)
def test_values_are_converted_exactly(value: str, source: str, target: str, expected: str) -> None:
    result = convert_value(Decimal(value), source, target)
    if resolve_unit(source).function in {"", "Cel", "degF", "degRe"}:
        assert result == Fraction(expected)
    else:
        assert abs(result - Fraction(expected)) <= Fraction(expected) / 10**14


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("mg", "mL", "mg cannot be converted to mL: g is not m3"),
        ("[iU]", "mg", "[iU] cannot be converted to mg: [iU] is not g"),
        ("[iU]", "[arb'U]", "[iU] cannot be converted to [arb'U]: [iU] is not [arb'U]"),
        ("mg/d", "mg", "mg/d cannot be converted to mg: g.s-1 is not g"),
        ("mg", "mcg", "'mcg' is not a UCUM unit"),
        ("mg", "mg/mcg", "'mcg' in 'mg/mcg' is not a UCUM unit"),
        ("Cel/h", "K/h", "Cel in Cel/h is on a special scale and cannot be multiplied"),
    ],
)
def test_units_that_cannot_be_converted_are_refused(source: str, target: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        convert_value(1, source, target)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "source", "target"),
    [
        (0, "1", "B"),
        (-5, "1", "Np"),
        (10**9, "B", "1"),
        (10**400, "%[slope]", "deg"),
        (-1, "m2/s4/Hz", "[m/s2/Hz^0.5]"),
    ],
)
def test_values_outside_a_scale_are_refused(value: int, source: str, target: str) -> None:
    with pytest.raises(UnitError):
        convert_value(value, source, target)


def test_scales_are_left_and_entered_alike() -> None:
    for atom in read_essence().atoms.values():
        if atom.function:
            base = format_base_units(find_base_units(atom.code))
            there = convert_value(convert_value(Fraction("1.25"), atom.code, base), base, atom.code)
            assert abs(there - Fraction("1.25")) < Fraction(1, 10**12), atom.code


def test_arbitrary_units_go_with_themselves_only() -> None:
    assert are_commensurable("[iU]", "k[IU]")
    for other in ("1", "mg", "[arb'U]", "U"):
        assert not are_commensurable("[iU]", other)
    assert are_commensurable("mol/L", "/L")


@pytest.mark.parametrize(
    ("code", "factor", "base"),
    [
        ("mg/dL", "10", "g.m-3"), ("%", "0.01", "1"), ("h", "3600", "s"), ("N", "1000", "g.m.s-2"),
        ("K", "1", "K"),        ("{dose}", "1", "1"), ("[iU]/mL", "1000000", "[iU].m-3"),
    ],
)  # fmt: skip
def test_canonical_forms(code: str, factor: str, base: str) -> None:
    assert to_base_units(code) == (Fraction(factor), base)
    assert is_valid_unit(base)


def test_special_scales_have_no_canonical_factor() -> None:
    with pytest.raises(UnitError, match="Cel is on a special scale"):
        to_base_units("Cel")


CODES = st.sampled_from(["mg", "kg", "[lb_av]", "ug", "g", "t", "[oz_av]", "10.mg", "dg", "[gr]"])


@given(CODES, CODES, CODES, st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_detour_changes_nothing(first: str, second: str, third: str, value: Decimal) -> None:
    assert convert_value(convert_value(value, first, second), second, third) == convert_value(
        value, first, third
    )
