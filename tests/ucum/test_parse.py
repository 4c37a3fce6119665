"""Codes are UCUM units or are refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.ucum.parse import MAX_CODE_LENGTH, UnitError
from bmkit.ucum.units import is_valid_unit, resolve_unit

# The last two are valid, though seldom meant: megagauss, one times five.
VALID = [
    *("mg", "ug", "mL", "L", "l", "dL", "mg/d", "mg/(kg.d)", "ug/kg/min", "/d", "1", "%", "{tablet}"),
    *("{tablet}/d", "Cel", "mCel", "Cel{skin}", "[degF]", "mm[Hg]", "[iU]/L", "10*9/L", "10*-3"),
    *("10^6", "m2", "m-2", "m+2", "(mg)", "((mg))", "kg{body_wt}", "dB[SPL]", "[pH]", "B[V]", "''"),
    *("KiBy", "dag", "mol/L", "{}", "8.h", "1{c}", "MG", "1.5"),
]  # fmt: skip
INVALID = [
    *("", " ", "mg ", " mg", "µg", "μg", "mcg", "Mg2+", "mgs", "IU", "iU", "cc", "hr", "sec", "m/"),
    *("m//s", ".m", "m.", "m s", "mg/12h", "2h", "10+3", "h2.", "(m", "m)", "()", "m(s)", "{a}m", "{a"),
    *("{é}", "{a b}", "{{a}}", "u%", "m[ft_i]", "kmin", "dda", "mmm", "Cel/h", "Cel2", "/Cel", "2.Cel"),
    *("Cel.m", "[M'U]", "0", "01", "-1", "[ft_i", "]", "m1000", "m" * 500, "(" * 100 + "m" + ")" * 100),
    *("mg\n", "\x00", "(8.h){shift}"),
]  # fmt: skip


@pytest.mark.parametrize("code", VALID)
def test_codes_are_valid(code: str) -> None:
    assert is_valid_unit(code)


@pytest.mark.parametrize("code", INVALID)
def test_codes_are_invalid_for_a_reason(code: str) -> None:
    assert not is_valid_unit(code)
    with pytest.raises(UnitError) as caught:
        resolve_unit(code)
    message = str(caught.value)
    assert message
    assert not message.endswith(".")
    assert len(message) < MAX_CODE_LENGTH + 100


@given(st.text(st.sampled_from("mgkuL[]{}().//1023*^+-dhCelB% '_iUaµ"), max_size=15))
def test_any_text_is_a_unit_or_is_refused(code: str) -> None:
    if is_valid_unit(code):
        assert resolve_unit(code).factor > 0
        assert code.isascii()
